// How much is read, and when: page sizes that are refused, the weekly reading of everything, large projects, large accounts,
// and deletes whose fate must be known before totals are compared.

import { expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import {
  addSite,
  begin,
  deletesOf,
  drainOneBatch,
  idsOf,
  isList,
  knownIds,
  listsOf,
  names,
  oldIds,
} from './accounts.ts';
import { planned } from './under-way.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START } from './world.ts';

const REFUSED: Fault = { kind: 'status', status: 400, code: 8_000_024 };

/** Refuses `per_page` of more than `most`; `null`: any. */
const refusing = (most: number | null) => (call: FaultyCall) => {
  const size = call.query.per_page;
  const list = isList(call) || call.path.endsWith('/projects');
  return list && size !== undefined && (most === null || Number(size) > most) ? REFUSED : null;
};

test('where pages of 25 are refused it reads smaller ones, and deletes the same', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 30 }));
    world.simulator.fault = refusing(10);
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    const sizes = listsOf(world.simulator.calls).map(({ query }) => query.per_page);
    expect(sizes).toEqual(['25', '10', '10', '10', '10', '10']);
  });
});

test('where any page size is refused the bare call will do, if it shows everything', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 20 }));
    const large = addSite(world, { name: 'large', old: 40 });
    world.simulator.fault = refusing(null);
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(large.deployments).toHaveLength(43);
    expect(world.runs()[0]?.refusals).toMatchObject([{ project: 'large' }]);
    expect(world.simulator.calls.slice(0, 3).map(({ query }) => query.per_page)).toEqual([
      '10',
      '5',
      undefined,
    ]);
  });
});

test('a bare list that has a row twice is shown as far as it goes, and nothing of it is deleted', async () => {
  await inWorld({}, async (world) => {
    const whole = addSite(world, { old: 10 });
    const part = addSite(world, { name: 'large', old: 40 });
    const twice = (body: { result?: unknown }) => ({
      ...body,
      result: Array.isArray(body.result) ? [...body.result, body.result.at(-1)] : body.result,
    });
    world.simulator.fault = (call) =>
      refusing(null)(call) ?? (isList(call) ? { kind: 'alter', change: twice } : null);
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual([]);
    expect(knownIds(world, whole)).toEqual(idsOf(whole));
    // One page of many is not all there is.
    expect(knownIds(world, part)).toEqual([]);
  });
});

test('every seven days everything is read, in between one page', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 0, young: 60 });
    const lists: number[] = [];
    for (let day = 0; day < 9; day += 1) {
      const before = world.simulator.calls.length;
      await world.tick(START + day * DAY + (day === 7 ? 1_000 : 0));
      lists.push(listsOf(world.simulator.calls.slice(before)).length);
    }
    expect(lists).toEqual([4, 1, 1, 1, 1, 1, 1, 4, 1]);
  });
});

test('a known deployment that somebody deleted deep down has everything read again, until it is known to be gone', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 130 });
    const lists: number[] = [];
    for (let hour = 0; hour < 3; hour += 1) {
      if (hour === 1) project.remove(idsOf(project)[110] ?? '');
      const before = world.simulator.calls.length;
      await world.tick(START + hour * HOUR);
      lists.push(listsOf(world.simulator.calls.slice(before)).length);
      expect(knownIds(world, project)).toEqual(idsOf(project));
    }
    // The head tells that one is missing, everything read shows which; without it, it is read once more.
    expect(lists).toEqual([7, 1 + 7 + 7, 1]);
  });
});

test('a delete whose answer was lost is sent again before totals are compared: no second reading', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 100 });
    const [lost] = oldIds(project);
    world.simulator.fault = (call) => (call.deploymentId === lost ? { kind: 'drop-after' } : null);
    await drainOneBatch(world);
    world.simulator.fault = null;
    const before = world.simulator.calls.length;
    await begin(world, START + MINUTE);
    await world.run();
    const after = world.simulator.calls.slice(before);
    expect(names(after).slice(0, 3)).toEqual(['GET', 'DELETE docs', 'GET docs/deployments']);
    expect(after[1]?.deploymentId).toBe(lost);
    expect(listsOf(after)).toHaveLength(1);
    expect(project.deployments).toHaveLength(3);
    const recorded = world.runs().flatMap((run) => world.deletions(run.id));
    expect(recorded.filter(({ id }) => id === lost)).toMatchObject([{ outcome: 'gone' }]);
    expect(recorded).toHaveLength(100);
  });
});

test('a delete that fails until the blocks are written anew marks no other row as gone when it goes through', async () => {
  await inWorld({}, async (world) => {
    const large = world.simulator.account.addProject({ name: 'large', createdAt: START + DAY });
    // Nineteen blocks, of the twenty that one invocation plans.
    for (let row = 1_875; row > 0; row -= 1) large.add({ createdAt: START - row * MINUTE });
    await world.tick(START, CRON, START + MINUTE);
    expect(world.keeper.store.read('projects', large.id)?.inventory?.blocks).toHaveLength(19);
    const project = addSite(world, { old: 40, young: 60 });
    const stuck = oldIds(project)[29];
    world.simulator.fault = (call) => (call.deploymentId === stuck ? { kind: 'status', status: 500 } : null);
    await begin(world, START + HOUR, '1 * * * *');
    await world.run(START + HOUR + 20_000);
    // The next tick has the blocks written anew. There the configuration breaks.
    await begin(world, START + HOUR + MINUTE, '2 * * * *');
    const isPlanned = () => planned(world).some((one) => one.project === project.id);
    while (!isPlanned() && (await world.step()));
    expect(isPlanned()).toBe(true);
    const { RULES: rules } = world.settings;
    world.settings.RULES = 'broken';
    await world.step();
    expect(planned(world).every((one) => one.for.run === null)).toBe(true);
    world.settings.RULES = rules;
    world.simulator.fault = null;
    await begin(world, START + HOUR + 2 * MINUTE, '3 * * * *');
    await world.run();
    expect(knownIds(world, project)).toEqual(idsOf(project));
    expect(idsOf(project)).toHaveLength(60);
  });
});

test('everything read again for a rebuild in mid-drain has the queue planned again: what it deletes is known to be gone', async () => {
  const rules = [
    { projects: ['*'], rebuild: { cron: '1 20 * * *' }, prune: { olderThanDays: 30, cron: CRON } },
  ];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const project = addSite(world, { old: 100, young: 10 });
    await drainOneBatch(world);
    // The head has moved, and the total does not explain it: somebody deleted another one.
    project.remove(idsOf(project)[5] ?? '');
    project.push('main', world.now());
    await world.tick(START + MINUTE, '1 20 * * *');
    expect(project.deployments).toHaveLength(9 + 2);
    expect(knownIds(world, project)).toHaveLength(9 + 2);
    expect(world.runs().map(({ counts }) => counts.deleted)).toEqual([0, 100]);
  });
});

test('a project of more than 100 blocks is read, planned and pruned; the next run reads one page', async () => {
  await inWorld({}, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    // 10,060 deployments within 30 days and an hour.
    for (let row = 10_060; row > 0; row -= 1)
      project.add({ createdAt: START - Math.round((row * (30 * DAY + HOUR)) / 10_060) });
    const planned = oldIds(project);
    expect(planned.length).toBeGreaterThan(5);
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(world.keeper.store.read('projects', project.id)?.inventory?.blocks.length).toBeGreaterThan(100);
    const before = world.simulator.calls.length;
    await world.tick(START + HOUR, CRON, START + 2 * HOUR);
    expect(listsOf(world.simulator.calls.slice(before))).toHaveLength(1);
  });
});

test('an account of 130 projects, more pages than one invocation may list, is looked at whole', async () => {
  await inWorld({}, async (world) => {
    for (let index = 0; index < 130; index += 1) addSite(world, { name: `site-${index}`, old: 1, young: 1 });
    await world.tick();
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 130 } });
    expect(world.simulator.account.projects.map(({ deployments }) => deployments.length)).toEqual(
      Array(130).fill(1),
    );
    // Listed once, each project read once: 13 + 130 lists, and a delete each.
    expect(world.simulator.calls).toHaveLength(13 + 130 + 130);
  });
});
