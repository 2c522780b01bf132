// Sequences that a second attacker tried, and that each made something go wrong once: a kill between two writes, an answer that
// lags or comes out of order, a list of projects that says more than the list of deployments.

import { describe, expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import {
  addSite,
  begin,
  deletesOf,
  drainOneBatch,
  idsOf,
  isList,
  knownIds,
  lagging,
  listsOf,
  oldIds,
} from './accounts.ts';
import { planned, queues } from './under-way.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null };
const STALE = { olderThanDays: 7, staleBranchesAfterDays: 14 };
const stale = { RULES: [{ projects: ['*'], prune: STALE }] };
/** Of a branch that is stale all but its head goes without force. */
const staleOfMany = { RULES: [{ projects: ['*'], prune: { ...STALE, keepLatest: 100 } }] };

/** An answer with other rows. */
const withRows = (change: (rows: Json[]) => Json[]): Fault => ({
  kind: 'alter',
  change: (body) => ({ ...body, result: change(body.result as Json[]) }),
});

/** Previews of one branch, the newest `days` old. */
function addPreviews(world: World, count: number, days = 40): void {
  const project = world.simulator.account.project('docs');
  for (let nth = count; nth > 0; nth -= 1)
    project.add({ createdAt: START - days * DAY - nth * 1_000, branch: 'dev' });
}

/** Somebody looks a minute later, so that the list of projects is read. */
async function look(world: World, project: string | null = null): Promise<void> {
  world.setNow(world.now() + 61_000);
  await world.keeper.view(project, () => null);
}

/** The process dies at the first call that is sent once this is so; whether it has, is the answer's `done`. */
function killOnce(world: World, when: () => boolean): { done: boolean } {
  const killed = { done: false };
  world.onPoint = (point) => {
    if (point !== 'send' || killed.done || !when()) return;
    killed.done = true;
    world.restart();
  };
  return killed;
}

/** DELETEs, the project `docs` by name, that a part of a story has sent. */
async function deletesIn(world: World, part: () => Promise<unknown>): Promise<string[]> {
  const before = deletesOf(world.simulator.calls).length;
  await part();
  return deletesOf(world.simulator.calls).slice(before);
}

describe('a stale branch comes alive', () => {
  test('and a delete of it that is in doubt is not sent again', async () => {
    const RULES = [{ projects: ['*'], prune: { ...STALE, keepLatest: 4 } }];
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 3);
      world.simulator.fault = ({ method }) => (method === 'DELETE' ? { kind: 'drop-before' } : null);
      await drainOneBatch(world);
      world.simulator.fault = null;
      project.push('dev', world.now());
      await begin(world, START + MINUTE, '1 * * * *');
      expect(await deletesIn(world, () => world.run(START + 50 * MINUTE))).toEqual([]);
    });
  });

  test('and the process dies before it is stored that its project is to be read', async () => {
    await inWorld({ settings: staleOfMany }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 100);
      await drainOneBatch(world);
      const { id } = project.push('dev', world.now());
      await look(world);
      const killed = killOnce(
        world,
        () => world.keeper.store.read('projects', project.id)?.project.latest?.id === id,
      );
      expect(await deletesIn(world, () => world.run(START + 50 * MINUTE))).toEqual([]);
      expect(killed.done).toBe(true);
    });
  });

  test('and the process dies once it was read, before its plan was ended', async () => {
    const RULES = [
      ...staleOfMany.RULES.map((rule) => ({ ...rule, projects: ['docs'] })),
      { projects: ['*'], prune: { olderThanDays: 7 } },
    ];
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 100);
      addSite(world, { name: 'blog', old: 60 });
      await drainOneBatch(world);
      const { id } = project.push('dev', world.now());
      await look(world, 'docs');
      const killed = killOnce(world, () => knownIds(world, project).includes(id));
      expect(await deletesIn(world, () => world.run(START + 50 * MINUTE))).toEqual([]);
      expect(killed.done).toBe(true);
    });
  });

  test('which only the list of projects says so far', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 1);
      const { id } = project.push('dev', START - 5_000);
      world.simulator.fault = (call) => (isList(call) ? lagging(id) : null);
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(deletesOf(world.simulator.calls)).toEqual([]);
      // And the page says what a run does.
      const page = await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL));
      expect(new Set(page?.deployments.map(({ verdict }) => verdict.action))).toEqual(new Set(['keep']));
      const going = await world.keeper.view('docs', (view) =>
        readProjectPage(view, 'docs', { ...ALL, verdict: 'next' }),
      );
      expect(going?.deployments).toEqual([]);
    });
  });

  test('in mid-run, which only the list of projects says so far', async () => {
    await inWorld({ settings: staleOfMany }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 100);
      await drainOneBatch(world);
      const { id } = project.push('dev', world.now());
      world.simulator.fault = (call) => (isList(call) ? lagging(id) : null);
      await look(world);
      expect(await deletesIn(world, () => world.run(START + 50 * MINUTE))).toEqual([]);
    });
  });

  test('in an answer that names the push below what is older, before force=true', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 1);
      let pushed = false;
      world.onPoint = (point) => {
        if (point !== 'send' || pushed || queues(world).length === 0) return;
        pushed = true;
        project.push('dev', world.now());
      };
      const swap = withRows(([first, second, ...rest]) => [second as Json, first as Json, ...rest]);
      world.simulator.fault = (call) => (isList(call) && pushed ? swap : null);
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(pushed).toBe(true);
      expect(deletesOf(world.simulator.calls)).toEqual([]);
    });
  });
});

test('one answer out of order makes no account in no order: the alias of a stale branch goes at the next run', async () => {
  await inWorld({ settings: stale }, async (world) => {
    const project = addSite(world, { old: 0 });
    addPreviews(world, 1);
    let lists = 0;
    const swap = withRows(([first, second, ...rest]) => [second as Json, first as Json, ...rest]);
    world.simulator.fault = (call) => (isList(call) && lists++ === 0 ? swap : null);
    await world.tick(START, CRON, START + 50 * MINUTE);
    expect(lists).toBeGreaterThan(1);
    expect(idsOf(project)).toHaveLength(3);
    expect(world.runs()[0]?.refusals).toEqual([]);
  });
});

describe('a plan is made again', () => {
  test('where another branch is production since', async () => {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 100);
      await drainOneBatch(world);
      project.renameProductionBranch('dev');
      await look(world);
      const lists = listsOf(world.simulator.calls).length;
      const deletes = deletesOf(world.simulator.calls).length;
      while (deletesOf(world.simulator.calls).length === deletes && (await world.step()));
      expect(listsOf(world.simulator.calls).length).toBeGreaterThan(lists);
    });
  });

  test('and the list of projects read with it, where that is older than what a plan may rest on', async () => {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 300 });
      await drainOneBatch(world);
      const target = oldIds(project)[250] ?? '';
      const until = world.now() + 90 * MINUTE;
      world.simulator.fault = () =>
        world.now() < until ? { kind: 'status', status: 429, retryAfter: 3_600 } : null;
      project.rollback(target);
      await world.run(START + 5 * HOUR);
      expect(oldIds(project)).toEqual([target]);
      expect(deletesOf(world.simulator.calls)).not.toContain(target);
    });
  });

  test('not for ever, where its base is another one each time it is looked at', async () => {
    await inWorld({ settings: stale }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 1);
      const ghost = withRows(([first, ...rest]) => {
        const deployment_trigger = { type: 'push', metadata: { branch: 'dev' } };
        return [
          { ...first, id: 'ffffffff-0000-4000-8000-000000000001', deployment_trigger },
          first as Json,
          ...rest,
        ];
      });
      world.simulator.fault = (call) => {
        const isLook =
          queues(world).length > 0 && world.keeper.work().tasks.get(project.id)?.reading === null;
        return isList(call) && isLook ? ghost : null;
      };
      await world.tick(START, CRON, START + 10 * MINUTE);
      expect(world.simulator.calls.length).toBeLessThan(40);
      expect(world.runs()[0]).toMatchObject({ outcome: 'partial', refusals: [{ project: 'docs' }] });
    });
  });

  test('but not its rows beside those that are there, where an alarm fails in the middle of it', async () => {
    await inWorld({}, async (world) => {
      addSite(world, { old: 2_600 });
      await begin(world);
      while (!planned(world).some(({ step, next }) => step === 'planning' && next > 0)) await world.step();
      let failed = false;
      world.onPoint = (point) => {
        if (point !== 'alarm' || failed) return;
        failed = true;
        throw new Error('no alarm');
      };
      await world.run(START + 50 * MINUTE);
      expect(deletesOf(world.simulator.calls)).toHaveLength(2_600);
      expect(failed).toBe(true);
    });
  });
});

test('what somebody else deleted counts for nothing, where the process dies as it is seen and the total lags', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    const project = addSite(world, { old: 0 });
    addPreviews(world, 2);
    await world.tick(START, CRON, START + 50 * MINUTE);
    world.settings.DRY_RUN = 'false';
    const [newest = '', older = ''] = idsOf(project).slice(-2);
    project.remove(newest);
    world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 1 } : null);
    const killed = killOnce(world, () => world.log.some(({ event }) => event === 'walk-again'));
    await world.tick(START + HOUR, CRON, START + 110 * MINUTE);
    expect(killed.done).toBe(true);
    expect(deletesOf(world.simulator.calls)).not.toContain(older);
  });
});

test('what one answer left out is known again once the next one has it', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    const project = addSite(world, { old: 0, young: 17 });
    await world.tick(START, CRON, START + 50 * MINUTE);
    let lists = 0;
    const { id } = project.deployments[0] ?? { id: '' };
    world.simulator.fault = (call) => (isList(call) && lists++ === 0 ? lagging(id) : null);
    await world.tick(START + HOUR, CRON, START + HOUR);
    expect(lists).toBeGreaterThan(1);
    expect(knownIds(world, project)).toEqual(idsOf(project));
  });
});

test('a build under way that one answer left out is known again, though somebody deletes another one meanwhile', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    const project = addSite(world, { old: 0, young: 30 });
    project.buildMs = 5 * HOUR;
    project.push('main', START - MINUTE);
    await world.tick(START, CRON, START + 50 * MINUTE);
    let lists = 0;
    const [newest = ''] = idsOf(project);
    world.simulator.fault = (call) => {
      if (!isList(call)) return null;
      lists += 1;
      if (lists === 4) project.remove(idsOf(project).at(-1) ?? '');
      return lists === 1 ? lagging(newest) : null;
    };
    await world.tick(START + HOUR, CRON, START + HOUR + MINUTE);
    expect(lists).toBeGreaterThan(4);
    expect(knownIds(world, project)).toEqual(idsOf(project));
  });
});

describe('MAX_DELETES_PER_RUN', () => {
  test('holds for forced deletes before which the head of the list could not be read once', async () => {
    await inWorld({ settings: { ...stale, MAX_DELETES_PER_RUN: 10 } }, async (world) => {
      const project = addSite(world, { old: 0 });
      for (let nth = 0; nth < 30; nth += 1)
        project.add({ createdAt: START - 40 * DAY - nth * 1_000, branch: `dev-${nth}` });
      let failures = 0;
      world.simulator.fault = (call) =>
        isList(call) && queues(world).length > 0 && failures++ === 0 ? { kind: 'status', status: 500 } : null;
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(failures).toBeGreaterThan(1);
      expect(deletesOf(world.simulator.calls)).toHaveLength(10);
    });
  });
});

test('thousands of deletes that are in doubt are given up, and everything goes on', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 3_500 });
    world.simulator.fault = ({ method }) => (method === 'DELETE' ? { kind: 'status', status: 500 } : null);
    await begin(world);
    while (deletesOf(world.simulator.calls).length < 3_300) await world.step();
    world.settings.DRY_RUN = 'true';
    await world.run(START + 50 * MINUTE);
    expect(world.log.filter(({ event }) => event === 'alarm')).toEqual([]);
    expect(world.runs()[0]?.counts.failed).toBeGreaterThan(3_000);
    expect(world.deletions(world.runs()[0]?.id ?? '')).toHaveLength(world.runs()[0]?.counts.failed ?? 0);
  });
});

test('a build that is asked for and turned away by the limit counts once among the six of an hour', async () => {
  const RULES = [{ projects: ['*'], rebuild: { cron: 'none', hook: true } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addSite(world, { old: 0 });
    await world.tick(START, CRON, START + 10 * MINUTE);
    world.setNow(START + HOUR);
    let turned = 0;
    world.simulator.fault = ({ method }) =>
      method === 'POST' && turned++ < 3 ? { kind: 'status', status: 429, retryAfter: 1 } : null;
    await world.keeper.ask({ project: 'docs', branch: null, by: 'hook' });
    await world.run(START + 75 * MINUTE);
    expect(turned).toBe(4);
    expect(world.keeper.store.read('hooks', project.id)?.started).toHaveLength(1);
  });
});

test('a list that shows once more what was deleted: each deployment is recorded once', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 100 });
    await drainOneBatch(world);
    const ghosts = deletesOf(world.simulator.calls).slice(-3);
    const showAgain = (page: string | undefined): Fault => ({
      kind: 'alter',
      change: (body) => {
        const rows = body.result as Json[];
        const info = body.result_info as Json;
        const isLast = Number(page) === Math.ceil(Number(info.total_count) / 25);
        const created_on = new Date(START - 61 * DAY).toISOString();
        const again = isLast ? ghosts.map((id) => ({ ...rows.at(-1), id, created_on })) : [];
        const total_count = Number(info.total_count) + ghosts.length;
        return { ...body, result: [...rows, ...again], result_info: { ...info, total_count } };
      },
    });
    world.simulator.fault = (call) => (isList(call) ? showAgain(call.query.page) : null);
    project.push('main', world.now());
    await look(world);
    await world.run(START + 50 * MINUTE);
    expect(deletesOf(world.simulator.calls)).toHaveLength(100 + ghosts.length);
    expect(world.deletions(world.runs()[0]?.id ?? '')).toHaveLength(100);
    expect(world.runs()).toMatchObject([
      { outcome: 'done', counts: { deleted: 100, gone: 0, remaining: 0 } },
    ]);
  });
});

test('a clock that goes back five minutes while a tick waits for the list has it read once more, not for five minutes', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    const isProjects = ({ method, path }: { method: string; path: string }) =>
      method === 'GET' && path.endsWith('/projects');
    void world.keeper.view(null, () => null);
    let ticked = false;
    world.simulator.fault = (call) => {
      if (!isProjects(call) || ticked) return null;
      ticked = true;
      world.setNow(START + 1);
      void world.keeper.tick({ cron: CRON, scheduledTime: START });
      world.setNow(START - 5 * MINUTE);
      return null;
    };
    for (let second = 0; second < 20; second += 1) {
      await world.keeper.alarm();
      world.setNow(START - 5 * MINUTE + second * 1_000);
    }
    expect(world.simulator.calls.filter(isProjects)).toHaveLength(2);
  });
});
