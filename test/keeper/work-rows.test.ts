// What is under way in the storage: rows that are bounded, of which only those are written that changed, and that read as what was written.

import { expect, test } from 'vitest';
import { largestValue } from '../../bench/size.ts';
import { noWork, workFrom } from '../../src/keeper/idle.ts';
import { addRebuild } from '../../src/keeper/rebuild/open.ts';
import { newRun } from '../../src/keeper/runs.ts';
import { WorkRows } from '../../src/keeper/store/work-rows.ts';
import { endReading, toTheBack, wantPrune } from '../../src/keeper/tasks.ts';
import type { Queue, Task } from '../../src/keeper/work.ts';
import { CRON, inWorld, START } from './world.ts';

const BOUND = 512 * 1_024;
const NOTHING: Omit<Task, 'name'> = { reading: null, prune: null, gone: 1, git: null };

test('what is under way in a thousand projects is stored in pieces, read again in its order, and only changes are written', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const work = noWork();
    for (let index = 0; index < 1_000; index += 1) {
      const id = `${String(index).padStart(8, '0')}-1111-4222-8333-444455556666`;
      wantPrune(work, { id, name: `site-${index}` }, { run: 'run', crons: [CRON] });
      addRebuild(work, {
        ...{ key: `${START} ${id} main`, run: 'run', project: id, name: `site-${index}`, branch: 'main' },
        ...{ scheduledAt: START, due: START, state: { is: 'waiting', again: false } },
      });
    }
    const rows = new WorkRows(store);
    rows.write(work);
    expect(largestValue(sql)).toBeLessThanOrEqual(150_000);
    toTheBack(work, [...work.tasks.keys()][3] ?? '');
    rows.write(work);
    const again = new WorkRows(store).read();
    expect(again).toEqual(work);
    expect([...(again?.tasks ?? [])]).toEqual([...work.tasks]);
    // The row itself, and the one that holds the task.
    store.takeRowsWritten();
    endReading(work, [...work.tasks.keys()][500] ?? '');
    rows.write(work);
    expect(store.takeRowsWritten()).toBeLessThanOrEqual(2);
    expect(new WorkRows(store).read()).toEqual(work);
    Object.assign(work, { tasks: new Map(), rebuilds: [] });
    rows.write(work);
    expect(sql.exec("SELECT key FROM state WHERE key LIKE 'work %'").toArray()).toEqual([]);
    expect(new WorkRows(store).read()).toEqual(work);
  });
});

test('of a thousand tasks those that came one after the other stand together, and what has its turn writes only theirs', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.keeper;
    const work = noWork();
    const owed = { run: 'run', crons: [CRON] };
    const id = (index: number) => `${(index * 7_919) % 1_009}-site`;
    for (let index = 0; index < 1_000; index += 1)
      wantPrune(work, { id: id(index), name: `site-${index}` }, owed);
    const rows = new WorkRows(store);
    const written = (change: () => void): number => {
      change();
      store.takeRowsWritten();
      rows.write(work);
      return store.takeRowsWritten();
    };
    rows.write(work);
    const twelve = Array.from({ length: 12 }, (_, nth) => id(500 + nth));
    const read = (many: readonly string[]) => {
      for (const one of many) endReading(work, one);
    };
    // The row itself, and the one or two in which these stand.
    expect(written(() => read(twelve))).toBeLessThanOrEqual(3);
    expect(written(() => toTheBack(work, id(900)))).toBe(2);
    expect(written(() => {})).toBeLessThanOrEqual(1);
    // Those that end make room for those that come: what a Keeper starts from knows their places too.
    for (const one of twelve) work.tasks.delete(one);
    rows.write(work);
    expect(new WorkRows(store).read()).toEqual(work);
    const again = new WorkRows(store);
    again.read();
    for (let nth = 0; nth < 12; nth += 1) wantPrune(work, { id: `new-${nth}`, name: `new-${nth}` }, owed);
    store.takeRowsWritten();
    again.write(work);
    expect(store.takeRowsWritten()).toBeLessThanOrEqual(3);
    expect(new WorkRows(store).read()).toEqual(work);
  });
});

test('what is under way and grows with what is asked for takes as many rows as it needs, no character cut in two', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const work = noWork();
    // Builds of two thousand projects that a CMS asks for at once are as many runs.
    for (let index = 0; index < 2_000; index += 1) {
      const record = newRun({ cron: 'hook', scheduledTime: START + index }, START, false);
      work.runs.push({ record, listed: true, sent: 0 });
    }
    // Of which one place or the next is within a character, wherever the text is cut.
    work.telling.refused = '🚀'.repeat(100_000);
    work.telling.failedRun = `x${work.telling.refused}`;
    const rows = new WorkRows(store);
    rows.write(work);
    expect(largestValue(sql)).toBeLessThanOrEqual(BOUND);
    expect(new WorkRows(store).read()).toEqual(work);
    work.runs = work.runs.slice(0, 500);
    rows.write(work);
    expect(new WorkRows(store).read()).toEqual(work);
    Object.assign(work, { runs: [], telling: noWork().telling });
    rows.write(work);
    expect(sql.exec("SELECT key FROM state WHERE key LIKE 'work %'").toArray()).toEqual([]);
  });
});

test('what is under way in names of three bytes a character is bounded by its bytes', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const work = noWork();
    const branch = '語'.repeat(1_000);
    for (let index = 0; index < 39; index += 1) work.telling.failedBuilds[`site-${index}`] = branch;
    for (let index = 0; index < 240; index += 1)
      addRebuild(work, {
        ...{
          key: `${START} ${index} ${branch}`,
          run: 'run',
          project: `${index}`,
          name: `site-${index}`,
          branch,
        },
        ...{ scheduledAt: START, due: START, state: { is: 'waiting', again: false } },
      });
    const rows = new WorkRows(store);
    rows.write(work);
    expect(largestValue(sql)).toBeLessThanOrEqual(BOUND);
    expect(sql.exec("SELECT key FROM state WHERE key = 'work telling'").toArray()).toHaveLength(1);
    expect(new WorkRows(store).read()).toEqual(work);
  });
});

test('what a larger write has taken back is stored again, though nothing of it has changed since', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const work = noWork();
    const rows = new WorkRows(store);
    work.telling.refused = 'x'.repeat(50_000);
    rows.write(work);
    work.telling.refused = 'y'.repeat(500_000);
    expect(() =>
      store.atomically(() => {
        rows.write(work);
        throw new Error('too large');
      }),
    ).toThrow('too large');
    rows.write(work);
    expect(new WorkRows(store).read()?.telling?.refused?.length).toBe(500_000);
    // Nor does anything stay behind of what was taken away in a write that was taken back.
    const { telling } = noWork();
    expect(() =>
      store.atomically(() => {
        rows.write({ ...work, telling });
        throw new Error('too large');
      }),
    ).toThrow('too large');
    rows.write({ ...work, telling });
    expect(sql.exec("SELECT key FROM state WHERE key LIKE 'work %'").toArray()).toEqual([]);
  });
});

test('of a task that waits for its turn whatever changes is written, be it in the task, its step or its queue', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.keeper;
    const work = noWork();
    const queue: Queue = {
      ...{
        plan: 1,
        run: 'run',
        basis: {} as Queue['basis'],
        listHead: 'a',
        left: 7,
        of: 9,
        beyond: 1,
        due: 0,
      },
      ...{ sending: { lane: 0, seq: 1, count: 2 }, unread: 1, stopped: false },
    };
    for (let index = 0; index < 300; index += 1) {
      const task: Task = {
        ...{ name: `site-${index}`, reading: null, gone: 3, git: null, renewed: 1 },
        prune: { step: 'waiting', for: { run: 'run', crons: [] }, due: 0, lost: structuredClone(queue) },
      };
      work.tasks.set(`id-${index}`, task);
    }
    const rows = new WorkRows(store);
    rows.write(work);
    const { prune } = work.tasks.get('id-7') as Task;
    if (prune?.step !== 'waiting') throw new Error('it waits');
    const changed = (value: unknown) => {
      if (typeof value === 'number') return value + 1;
      return typeof value === 'boolean' ? !value : `${typeof value === 'string' ? value : ''}!`;
    };
    let changes = 0;
    for (const part of [prune.lost, prune, work.tasks.get('id-7')] as Record<string, unknown>[])
      for (const [key, before] of Object.entries(part)) {
        part[key] = changed(before);
        rows.write(work);
        expect([key, new WorkRows(store).read()?.tasks]).toEqual([key, work.tasks]);
        part[key] = before;
        rows.write(work);
        changes += 1;
      }
    expect(changes).toBe(21);
    expect(new WorkRows(store).read()).toEqual(work);
    // Nothing has: the row itself, and nothing beside.
    store.takeRowsWritten();
    rows.write(work);
    expect(store.takeRowsWritten()).toBeLessThanOrEqual(1);
  });
});

test('fewer tasks that are pruned for many crons are stored in pieces as well', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const work = noWork();
    const crons = Array.from({ length: 250 }, (_, n) => `${n % 60} ${n % 24} * * 1,2,3,4,5`);
    for (let index = 0; index < 250; index += 1)
      wantPrune(work, { id: `id-${index}`, name: `site-${index}` }, { run: 'run', crons });
    const rows = new WorkRows(store);
    rows.write(work);
    expect(largestValue(sql)).toBeLessThanOrEqual(BOUND);
    expect(new WorkRows(store).read()).toEqual(work);
    for (const { prune } of work.tasks.values()) if (prune) prune.for = { run: 'run', crons: [CRON] };
    rows.write(work);
    expect(sql.exec("SELECT key FROM state WHERE key LIKE 'work %'").toArray()).toEqual([]);
    expect(new WorkRows(store).read()).toEqual(work);
  });
});

test('what was stored before tasks had turns is read, and its order is not kept beside them', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.keeper;
    const { tasks: _, turns: __, ...before } = noWork();
    const named = Array.from(
      { length: 3 },
      (_, n) => [`id-${n}`, { ...NOTHING, name: `site-${n}` }] as const,
    );
    store.writeStateText('work tasks 0', JSON.stringify(Object.fromEntries(named)));
    store.writeState('work', { ...before, tasks: {}, parts: ['tasks 0'], order: ['id-2', 'id-0', 'id-1'] });
    const rows = new WorkRows(store);
    const work = workFrom(rows.read());
    expect([...work.tasks]).toEqual(named);
    toTheBack(work, 'id-0');
    rows.write(work);
    expect(store.readState('work')).toHaveProperty('turns');
    expect(store.readState('work')).not.toHaveProperty('order');
    expect([...(new WorkRows(store).read()?.tasks?.keys() ?? [])]).toEqual(['id-1', 'id-2', 'id-0']);
  });
});
