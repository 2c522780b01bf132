// Sequences that were tried to make the Keeper delete what stays, build twice, stop or spin for ever, lose or double a record.

import { describe, expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import {
  addSite,
  begin,
  deletesOf,
  drainOneBatch,
  idsOf,
  isList,
  knownIds,
  listsOf,
  oldIds,
} from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const STALE = { olderThanDays: 7, staleBranchesAfterDays: 14 };
const stale = { RULES: [{ projects: ['*'], prune: STALE }] };
const BLOCKED: Fault = { kind: 'status', status: 403, code: 8_000_119, message: 'blocked' };

/** Every deletion that any run's record holds. */
const recorded = (world: World) => world.runs().flatMap(({ id }) => world.deletions(id));
const idsRecorded = (world: World) =>
  recorded(world)
    .map(({ id }) => id)
    .sort();
/** Ids whose DELETE has taken effect. */
const gone = (world: World) => deletesOf(world.simulator.calls.filter(({ effect }) => effect)).sort();
const posts = (world: World) =>
  world.simulator.calls.filter(({ method, effect }) => method === 'POST' && effect);

/** The DELETEs of these, in place of their first answer. */
function once(ids: readonly string[], fault: Fault): (call: FaultyCall) => Fault | null {
  const left = new Set(ids);
  return ({ method, deploymentId }) =>
    method === 'DELETE' && left.delete(deploymentId ?? '') ? fault : null;
}

/** A list, its rows changed. */
const alterRows = (change: (row: Json) => Json): Fault => ({
  kind: 'alter',
  change: (body) => ({ ...body, result: (body.result as Json[]).map(change) }),
});
/** A list the other way round: the API's order is not newest first. */
const REVERSED: Fault = {
  kind: 'alter',
  change: (body) => ({ ...body, result: (body.result as Json[]).toReversed() }),
};

/** Somebody pushes, and somebody looks: the next alarm reads the list, sees the head moved, and reads that. */
async function pushAndLook(world: World, branch: string): Promise<void> {
  world.simulator.account.project('docs').push(branch, world.now());
  world.setNow(world.now() + 61_000);
  await world.keeper.view(null, () => null);
}

describe('a record', () => {
  test.each<[string, Fault, string]>([
    ['of which nobody knows go again', { kind: 'status', status: 500 }, 'dev'],
    ['that took effect are found gone', { kind: 'drop-after' }, 'main'],
  ])('is whole, and single, where the head moves and deletes %s', async (_, fault, branch) => {
    await inWorld({}, async (world) => {
      const planned = oldIds(addSite(world, { old: 90 }));
      world.simulator.fault = once([...planned.slice(3, 8), ...planned.slice(50, 55)], fault);
      await begin(world);
      while (deletesOf(world.simulator.calls).length < 90) await world.step();
      await pushAndLook(world, branch);
      await world.run(START + 50 * MINUTE);
      expect(idsRecorded(world)).toEqual(planned.sort());
    });
  });

  test('is kept of deletes in doubt when the run has come to MAX_DELETES_PER_RUN', async () => {
    await inWorld({ settings: { MAX_DELETES_PER_RUN: 10 } }, async (world) => {
      const planned = oldIds(addSite(world, { old: 30 }));
      world.simulator.fault = once(planned.slice(2, 5), { kind: 'drop-after' });
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(gone(world)).toHaveLength(10);
      expect(idsRecorded(world)).toEqual(gone(world));
      expect(world.runs()[0]?.refusals).toMatchObject([{ why: expect.stringContaining('20 more wait') }]);
    });
  });

  test('is kept of one project’s deletes in doubt when another one uses up MAX_DELETES_PER_RUN', async () => {
    await inWorld({ settings: { MAX_DELETES_PER_RUN: 10 } }, async (world) => {
      const one = oldIds(addSite(world, { name: 'docs', old: 5 }));
      addSite(world, { name: 'blog', old: 30 });
      world.simulator.fault = once(one, { kind: 'drop-after' });
      await world.tick(START, CRON, START + 50 * MINUTE);
      const all = deletesOf(
        world.simulator.calls.filter(({ effect }) => effect),
        'blog',
      );
      expect([...all, ...gone(world)]).toHaveLength(10);
      expect(idsRecorded(world)).toEqual([...all, ...gone(world)].sort());
    });
  });

  test('is kept of a forced delete whose answer was lost before the rules changed', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      const head = project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
      world.simulator.fault = once([head.id], { kind: 'drop-after' });
      await drainOneBatch(world);
      world.settings.RULES = [{ projects: ['*'], prune: { ...STALE, keepLatest: 2 } }];
      await world.run(START + 50 * MINUTE);
      expect(gone(world)).toEqual([head.id]);
      expect(idsRecorded(world)).toEqual([head.id]);
    });
  });

  test('counts what is settled when another run has taken over, and its own has ended', async () => {
    await inWorld({}, async (world) => {
      const planned = oldIds(addSite(world));
      const lost = new Set(planned.slice(0, 3));
      let isLost = true;
      let isUnread = false;
      world.simulator.fault = (call) => {
        const isOne = call.method === 'DELETE' && lost.has(call.deploymentId ?? '');
        return (isOne && isLost) || (isList(call) && isUnread) ? { kind: 'status', status: 500 } : null;
      };
      await drainOneBatch(world);
      isUnread = true;
      await begin(world, world.now(), '1 * * * *');
      await world.step();
      isLost = false;
      isUnread = false;
      await world.run(START + 50 * MINUTE);
      const counted = world.runs().map(({ counts }) => counts.deleted + counts.gone);
      expect(counted).toEqual(world.runs().map(({ id }) => world.deletions(id).length));
      expect(idsRecorded(world)).toEqual(planned.sort());
    });
  });

  test('is kept of a batch of which something cannot be remembered', async () => {
    await inWorld({}, async (world) => {
      const planned = oldIds(addSite(world));
      const { store } = world.keeper;
      const { write } = store;
      Object.assign(store, {
        write: (table: string, key: string, value: unknown) => {
          if (table === 'refusals') throw new Error('too large');
          write(table as never, key, value as never);
        },
      });
      world.simulator.fault = once(planned.slice(0, 1), {
        kind: 'status',
        status: 400,
        code: 8_000_034,
        message: 'live',
      });
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(gone(world)).toHaveLength(9);
      expect(idsRecorded(world)).toEqual(planned.sort());
    });
  });

  test('counts what was deleted, where the process dies while the operator is told', async () => {
    await inWorld({ settings: { NOTIFY_URL: 'https://hooks.example/x' } }, async (world) => {
      addSite(world);
      let isDown = true;
      let told = 0;
      world.simulator.fault = () => (isDown ? { kind: 'status', status: 500 } : null);
      world.webhook = () => {
        told += 1;
        if (told === 2) world.restart();
        return new Response(null, { status: 204 });
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      isDown = false;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(told).toBe(3);
      expect(world.runs()[0]).toMatchObject({
        outcome: 'done',
        counts: { deleted: 10, gone: 0, remaining: 0 },
      });
    });
  });

  test('says nothing is left to delete in a project that is no more', async () => {
    await inWorld({}, async (world) => {
      addSite(world, { old: 100 });
      addSite(world, { name: 'blog', old: 3 });
      await drainOneBatch(world);
      world.simulator.account.deleteProject('docs');
      world.setNow(world.now() + 61_000);
      await world.keeper.view(null, () => null);
      await world.run(START + 50 * MINUTE);
      expect(world.runs()).toMatchObject([{ counts: { remaining: 0 } }]);
    });
  });
});

describe('nothing goes for ever', () => {
  test('where the head that is read before force=true is not the account’s to read', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
      let lists = 0;
      world.simulator.fault = (call) => (isList(call) && lists++ > 0 ? BLOCKED : null);
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(listsOf(world.simulator.calls).length).toBeLessThan(8);
      expect(world.runs()[0]).toMatchObject({
        outcome: 'partial',
        refusals: [{ project: 'docs', what: 'prune' }],
      });
      expect(world.keeper.health().ok).toBe(true);
    });
  });

  test('where a deployment without an id stands at the head of a stale branch', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = world.simulator.account.addProject({ name: 'docs' });
      project.add({ createdAt: START - 50 * DAY });
      project.add({ createdAt: START - 41 * DAY, branch: 'dev' });
      const nameless = project.add({ createdAt: START - 40 * DAY, branch: 'dev', outcome: 'failure' });
      world.simulator.fault = (call) =>
        isList(call) ? alterRows((row) => (row.id === nameless.id ? { ...row, id: 7 } : row)) : null;
      await world.tick(START, CRON, START + 10 * MINUTE);
      expect(world.simulator.calls.length).toBeLessThan(20);
      expect(world.runs()[0]?.finishedAt).not.toBeNull();
    });
  });

  test('where a build in doubt meets a token that may no longer write', async () => {
    const RULES = [{ projects: ['*'], rebuild: {} }];
    await inWorld({ settings: { RULES } }, async (world) => {
      addSite(world, { old: 0 });
      addSite(world, { name: 'blog', old: 0 });
      let lost = false;
      world.simulator.fault = ({ method }) => {
        if (method !== 'POST') return null;
        if (lost) return { kind: 'status', status: 403, code: 10_000, message: 'Authentication error' };
        lost = true;
        return { kind: 'drop-before' };
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      await world.tick(START + HOUR, CRON, START + DAY);
      expect(world.simulator.calls.length).toBeLessThan(60);
      expect(posts(world)).toEqual([]);
    });
  });
});

describe('an account that takes no pages of any size, for one tick', () => {
  const refuse = (world: World) => {
    world.simulator.fault = (call) =>
      isList(call) && call.query.per_page !== undefined
        ? { kind: 'status', status: 400, code: 8_000_024, message: 'Invalid list options' }
        : null;
  };

  test('is read in large pages again on the next one', async () => {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 60 });
      refuse(world);
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(oldIds(project)).toHaveLength(60);
      world.simulator.fault = null;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(oldIds(project)).toEqual([]);
    });
  });

  test('has lost nothing of what was known before', async () => {
    await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
      const project = addSite(world, { old: 60 });
      await world.tick(START, CRON, START + 50 * MINUTE);
      refuse(world);
      project.push('main', START + HOUR - MINUTE);
      await world.tick(START + HOUR, CRON, START + 110 * MINUTE);
      expect(knownIds(world, project)).toHaveLength(63);
    });
  });
});

describe('no DELETE leaves', () => {
  test('under DRY_RUN for what was in doubt before it was switched on', async () => {
    await inWorld({}, async (world) => {
      addSite(world);
      world.simulator.fault = (call) => (call.method === 'DELETE' ? { kind: 'status', status: 500 } : null);
      await drainOneBatch(world);
      world.simulator.fault = (call) =>
        call.method === 'DELETE' || isList(call) ? { kind: 'status', status: 500 } : null;
      await begin(world, START + MINUTE, '1 * * * *');
      await world.step();
      world.settings.DRY_RUN = 'true';
      const before = deletesOf(world.simulator.calls).length;
      await world.run(START + 50 * MINUTE);
      expect(deletesOf(world.simulator.calls)).toHaveLength(before);
    });
  });

  test('by force, where something was pushed since whose branch cannot be read', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      const head = project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
      let pushed = '';
      world.simulator.fault = (call) =>
        isList(call)
          ? alterRows((row) => (row.id === pushed ? { ...row, deployment_trigger: null } : row))
          : null;
      world.onPoint = (point) => {
        const isPlanned = world.keeper.work().tasks.get(project.id)?.prune?.step === 'deleting';
        if (point === 'send' && pushed === '' && isPlanned) pushed = project.push('dev', world.now()).id;
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(pushed).not.toBe('');
      expect(idsOf(project)).toContain(head.id);
    });
  });

  test('by force in an account in no order, where a push to the stale branch stands at the end of the list', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      const head = project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
      let pushed = false;
      world.simulator.fault = (call) => {
        return isList(call) ? REVERSED : null;
      };
      world.onPoint = (point) => {
        const isPlanned = world.keeper.work().tasks.get(project.id)?.prune?.step === 'deleting';
        if (point !== 'send' || pushed || !isPlanned) return;
        pushed = true;
        project.push('dev', world.now());
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(idsOf(project)).toContain(head.id);
    });
  });
});

describe('one build', () => {
  test('of an account in no order whose answer was lost', async () => {
    const RULES = [{ projects: ['*'], rebuild: {} }];
    await inWorld({ settings: { RULES } }, async (world) => {
      addSite(world, { old: 0, young: 30 });
      let lost = false;
      world.simulator.fault = (call) => {
        if (isList(call)) return REVERSED;
        if (call.method !== 'POST' || lost) return null;
        lost = true;
        return { kind: 'drop-after' };
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(posts(world)).toHaveLength(1);
    });
  });

  test('where the project list does not say what is newest, and somebody has pushed', async () => {
    const RULES = [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 55 } }];
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 0 });
      world.simulator.fault = ({ method, path }) =>
        method === 'GET' && path.endsWith('/projects')
          ? alterRows((row) => ({ ...row, latest_deployment: null, canonical_deployment: null }))
          : null;
      await world.tick(START, CRON, START + 30 * MINUTE);
      project.push('main', START + 50 * MINUTE);
      await world.tick(START + HOUR, CRON, START + 90 * MINUTE);
      expect(world.runs()[0]?.skips).toMatchObject([{ reason: 'fresh' }]);
    });
  });
});
