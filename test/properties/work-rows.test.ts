// What is under way in a large account, in the storage: whatever happens to its tasks, in whatever order, and whatever writes are taken
// back meanwhile, what is read is what was written last.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noWork, workFrom } from '../../src/keeper/idle.ts';
import type { Store } from '../../src/keeper/store/store.ts';
import { WorkRows } from '../../src/keeper/store/work-rows.ts';
import * as tasks from '../../src/keeper/tasks.ts';
import type { Planning, Queue, Work } from '../../src/keeper/work.ts';
import { inWorld } from '../keeper/world.ts';
import { cases } from '../long.ts';

const CASES = cases({ usually: 120, long: 2_000 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_127);
/** Both more than stand in the row itself. */
const [FIRST, LATER] = [350, 260];

const basis = (generation: number): Queue['basis'] => ({
  ...{ account: 'a', rules: 'r', name: 'n', productionBranch: 'main', at: 1, walkedAt: 1, listedAt: 1 },
  ...{ generation, canonicalId: null, gitReadAt: null },
});
const queueOf = (plan: number): Queue => ({
  ...{
    plan,
    run: 'r',
    basis: basis(plan),
    listHead: 'h',
    left: 9,
    of: 9,
    due: 0,
    sending: null,
    stopped: false,
  },
});
const making = (plan: number) =>
  ({ plan, basis: basis(plan), write: true, next: 0, rows: {}, counts: {} }) as unknown as Planning;

/** What happens to the task of a project, as the Keeper's own code does it: by a step, or in place. `v`: any number. */
const EVENTS: Readonly<Record<string, (work: Work, id: string, v: number) => void>> = {
  pruned: (work, id, v) => tasks.wantPrune(work, { id, name: id }, { run: `run-${v}`, crons: [`cron-${v}`] }),
  looked: (work, id) => tasks.wantReading(work, { id, name: id }, 'view'),
  forecast: (work, id) => tasks.wantForecast(work, { id, name: id }),
  asked: (work, id) => tasks.wantGit(work, { id, name: id }, 'run'),
  read: (work, id) => tasks.endReading(work, id),
  answered: (work, id) => tasks.endGit(work, id),
  onTurn: (work, id) => tasks.endWaiting(work, id),
  replanned: (work, id) => tasks.replan(work, id),
  planned: (work, id, v) => tasks.startPlanning(work, id, making(v)),
  queued: (work, id, v) => tasks.startDeleting(work, id, queueOf(v)),
  renewed: (work, id) => tasks.renew(work, id),
  ended: (work, id) => tasks.endPrune(work, id),
  toTheBack: (work, id) => tasks.toTheBack(work, id),
  forgotten: (work, id) => void work.tasks.delete(id),
  inQueue(work, id, v) {
    const queue = tasks.queueOf(work.tasks.get(id));
    if (queue)
      Object.assign(
        queue,
        [
          { left: v },
          { due: v },
          { stopped: v > 2 },
          { unread: v },
          { beyond: v },
          { basis: basis(v) },
          { sending: queue.sending ? null : { lane: 0, seq: v, count: v } },
        ][v % 7],
      );
  },
  inStep(work, id, v) {
    const prune = work.tasks.get(id)?.prune;
    if (prune?.step === 'waiting') prune.due = v;
    if (prune?.step === 'compacting') prune.next = v;
    if (prune?.step === 'planning') prune.making.next = v;
  },
  inTask(work, id, v) {
    const task = work.tasks.get(id);
    if (task) Object.assign(task, { gone: v, name: `${id}-${v}` });
  },
  inReading(work, id, v) {
    tasks.wantReading(work, { id, name: id }, 'run');
    const reading = work.tasks.get(id)?.reading;
    if (reading) Object.assign(reading, { pages: v, due: v });
  },
};

const STEPS = ['pruned', 'read', 'replanned', 'planned', 'queued', 'pruned'];

/** Most have a queue, or wait with one; some are read, or planned. */
function fill(work: Work, many: number): void {
  for (let n = 0; n < many; n += 1)
    for (const event of STEPS.slice(0, n % 4 === 0 ? n % STEPS.length : 5 + (n % 2)))
      EVENTS[event]?.(work, `${n}-site`, 1);
}

const drawn = fc.array(
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        event: fc.oneof(
          fc.constantFrom(...Object.keys(EVENTS)),
          fc.constantFrom('inQueue', 'inQueue', 'inStep', 'inTask', 'inReading'),
        ),
        first: fc.constantFrom(0, 100, 200, 300),
        many: fc.constantFrom(1, 3, 40),
        v: fc.integer({ min: 1, max: 21 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'written',
        'written',
        'taken back',
        'taken back within',
        'read anew',
        'fewer',
        'more',
        'large',
      ),
    },
  ),
  { maxLength: 60, size: 'max' },
);

function failing(store: Store, writes: () => void): void {
  expect(() =>
    store.atomically(() => {
      writes();
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
}

const plain = (work: Work) =>
  JSON.parse(JSON.stringify({ ...work, tasks: [...work.tasks].sort(([a], [b]) => (a < b ? -1 : 1)) }));

test('what is read of a large account is what was written last, whatever happened to it', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    let checked = 0;
    fc.assert(
      fc.property(drawn, (happenings) => {
        sql.exec("DELETE FROM state WHERE key LIKE 'work%'");
        let [rows, work] = [new WorkRows(store), noWork()];
        const writeAndRead = () => {
          rows.write(work);
          checked += 1;
          expect(plain(workFrom(new WorkRows(store).read()))).toEqual(plain(work));
        };
        fill(work, FIRST);
        for (const one of happenings) {
          if (one === 'written') writeAndRead();
          else if (one === 'taken back') failing(store, () => rows.write(work));
          else if (one === 'taken back within')
            store.atomically(() => {
              rows.write(work);
              EVENTS.inQueue?.(work, '5-site', 1);
              failing(store, () => rows.write(work));
            });
          else if (one === 'read anew') {
            writeAndRead();
            rows = new WorkRows(store);
            work = workFrom(rows.read());
          } else if (one === 'fewer')
            for (const id of [...work.tasks.keys()].slice(150)) work.tasks.delete(id);
          else if (one === 'more') fill(work, LATER);
          else if (one === 'large') work.telling.refused = work.telling.refused ? null : 'z'.repeat(160_000);
          else if (typeof one !== 'string')
            for (let n = 0; n < one.many; n += 1) EVENTS[one.event]?.(work, `${one.first + n}-site`, one.v);
        }
        writeAndRead();
      }),
      { numRuns: CASES, seed: SEED },
    );
    expect(checked).toBeGreaterThan(CASES);
  });
});
