// What a project that was read means for the plan under way: made anew, or gone on with. And which project is read next.

import { describe, expect, test } from 'vitest';
import { commit } from '../../src/keeper/deployments/commit.ts';
import { advanceWalks } from '../../src/keeper/deployments/read.ts';
import { startWalk } from '../../src/keeper/deployments/walk.ts';
import { wantReading } from '../../src/keeper/tasks.ts';
import type { Prune } from '../../src/keeper/work.ts';
import type { Deployment } from '../../src/pages-api/model.ts';
import { deployment } from '../policy/fixture.ts';
import { addSite, drainOneBatch } from './accounts.ts';
import { callsWith, contextOf } from './context.ts';
import { inWorld, START } from './world.ts';

describe('a project that was read while', () => {
  type Read = { kind: 'head' | 'full'; valid?: boolean; newer?: readonly Deployment[] };

  /** Commits a walk of a project of which 45 deletes were sent; gives the step of its plan, and what is marked as gone. */
  async function stepAfter(step: Prune['step'], { kind, valid = true, newer = [] }: Read) {
    let found: unknown = null;
    await inWorld({}, async (world) => {
      const site = addSite(world, { old: 100 });
      await drainOneBatch(world);
      const context = contextOf(world);
      const task = context.work.tasks.get(site.id);
      const state = context.store.read('projects', site.id);
      if (state === null || task?.prune?.step !== 'deleting') throw new Error('nothing is deleted');
      const { for: owed, queue } = task.prune;
      const { plan, basis } = queue;
      const steps: Record<Prune['step'], Prune> = {
        waiting: { step: 'waiting', for: owed, due: 0, lost: queue },
        reading: { step: 'reading', for: owed, lost: queue },
        compacting: { step: 'compacting', for: owed, next: 3, lost: queue },
        planning: { step: 'planning', for: owed, making: { plan, basis, write: true, next: 3 } as never },
        deleting: task.prune,
      };
      task.prune = steps[step];
      wantReading(context.work, { id: site.id, name: 'docs' }, 'run');
      const { reading } = task;
      if (reading === null) throw new Error('no reading is wanted');
      const from = state.inventory?.generation ?? null;
      const walk = { ...startWalk({ kind, startedAt: world.now(), from, keep: 1 }), met: true };
      expect(task.gone).toBeGreaterThan(0);
      commit({ context, reading, state, walk, known: null }, newer, { valid });
      const after = context.work.tasks.get(site.id);
      const next = after?.prune?.step === 'compacting' ? after.prune.next : null;
      found = { step: after?.prune?.step, next, gone: (after?.gone ?? 0) > 0, reading: after?.reading };
    });
    return found;
  }

  const again = { step: 'compacting', next: 0, reading: null };

  test('it is deleted in, and nothing is new: it goes on', async () => {
    expect(await stepAfter('deleting', { kind: 'head' })).toEqual({
      ...{ step: 'deleting', next: null, gone: true, reading: null },
    });
  });

  test('it is deleted in, and there are builds of branches that no plan took for stale: it goes on', async () => {
    const newer = [
      deployment({ id: 'push', environment: 'production', branch: 'main', createdAt: START }),
      deployment({ id: 'fix', environment: 'preview', branch: 'fix', createdAt: START }),
    ];
    expect(await stepAfter('deleting', { kind: 'head', newer })).toMatchObject({
      ...{ step: 'deleting', gone: true, reading: null },
    });
  });

  test('it is deleted in, and there is something that may be of any branch: planned anew', async () => {
    const newer = [deployment({ id: 'stray', branch: '', createdAt: START })];
    expect(await stepAfter('deleting', { kind: 'head', newer })).toEqual({ ...again, gone: true });
  });

  test.each(['waiting', 'reading', 'planning'] as const)('its plan was at %s: planned anew', async (step) => {
    expect(await stepAfter(step, { kind: 'head' })).toEqual({ ...again, gone: true });
  });

  test('its blocks are put in order: that goes on', async () => {
    expect(await stepAfter('compacting', { kind: 'head' })).toMatchObject({ step: 'compacting', next: 3 });
  });

  test.each(['waiting', 'reading', 'compacting', 'planning', 'deleting'] as const)(
    'its plan was at %s, and it was read whole: planned anew, and nothing is marked any more',
    async (step) => {
      expect(await stepAfter(step, { kind: 'full' })).toEqual({ ...again, gone: false });
    },
  );

  test.each(['reading', 'deleting'] as const)(
    'its plan was at %s, for the page only: as before',
    async (step) => {
      expect(await stepAfter(step, { kind: 'full', valid: false })).toMatchObject({ step });
    },
  );
});

test.each([
  [
    [5, 5, 1],
    [2, 1, 3],
    ['b', 'c'],
  ],
  [
    [5, 5, 1],
    [1, 2, 3],
    ['a', 'c'],
  ],
  [[5, 6, 7], [3, 2, 1], ['c']],
  [
    [5, 4, 1],
    [2, 1, 3],
    ['a', 'b', 'c'],
  ],
  [
    [4, 4, 4],
    [1, 2, 3],
    ['a', 'b', 'c'],
  ],
])('of readings of %j pages, begun at %j, these go on: %j', async (pages, begun, expected) => {
  await inWorld({}, async (world) => {
    const sites = ['a', 'b', 'c'].map((name) => addSite(world, { name, old: 0 }));
    await world.tick();
    const context = contextOf(world);
    for (const [at, { id, name }] of sites.entries()) {
      wantReading(context.work, { id, name }, 'run');
      const { reading } = context.work.tasks.get(id) ?? {};
      const startedAt = world.now() + (begun[at] ?? 0);
      Object.assign(reading ?? {}, { due: 0, pages: pages[at], begunAt: startedAt });
      context.store.write('walks', id, startWalk({ kind: 'full', startedAt, keep: 1 }));
    }
    const { calls, sent } = callsWith({ kind: 'spent' });
    await advanceWalks(context, calls);
    const read = sent.map(
      (about) => sites.find(({ id }) => id === (about as { project: string }).project)?.name,
    );
    expect(read.sort()).toEqual(expected);
  });
});
