// What is left in the storage when the work is done: nothing that belongs to nobody, whatever went wrong on the way.

import { expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { addToFacts, noFacts, type ProjectFacts } from '../../src/policy/facts.ts';
import { addSite, begin, deletesOf, isList, knownIds, oldIds } from './accounts.ts';
import { planned } from './under-way.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

interface Left {
  readonly blocks: number[];
  readonly queue: unknown[];
  readonly walks: unknown[];
  readonly facts: unknown[];
}

/** What is in the storage, but the blocks that a project's inventory names. */
function leftIn(world: World, sql: SqlStorage): Left {
  const { store } = world.keeper;
  const known = store
    .projectIds()
    .flatMap((id) => store.read('projects', id)?.inventory?.blocks.map((block) => block.id) ?? []);
  const all = sql.exec<{ id: number }>('SELECT id FROM blocks ORDER BY id').toArray();
  const facts = sql.exec<{ id: string }>('SELECT id FROM facts').toArray();
  return {
    blocks: all.map(({ id }) => id).filter((id) => !known.includes(id)),
    queue: sql.exec('SELECT project, seq FROM queue').toArray(),
    walks: sql.exec('SELECT id FROM walks').toArray(),
    facts: facts.map(({ id }) => id).filter((id) => !store.projectIds().includes(id)),
  };
}

const NOTHING: Left = { blocks: [], queue: [], walks: [], facts: [] };

/** How many deployments in the blocks of all projects were deleted. */
function holes(world: World): number {
  const { store } = world.keeper;
  const blocks = store.projectIds().flatMap((id) => store.read('projects', id)?.inventory?.blocks ?? []);
  return blocks.reduce(
    (sum, { id }) => sum + store.readWholeBlock(id).length - store.readBlock(id).length,
    0,
  );
}

test('after a drain the blocks are in order again, and hold what is there', async () => {
  await inWorld({}, async (world, sql) => {
    const project = addSite(world, { old: 150, young: 250 });
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toHaveLength(150);
    expect(holes(world)).toBe(0);
    expect(world.keeper.work().tasks.size).toBe(0);
    expect(knownIds(world, project)).toEqual(project.deployments.map(({ id }) => id));
    expect(leftIn(world, sql)).toEqual(NOTHING);
    const blocks = world.keeper.store.read('projects', project.id)?.inventory?.blocks ?? [];
    expect(blocks.reduce((sum, { n }) => sum + n, 0)).toBe(250);
  });
});

const lists = (fault: Fault) => (call: FaultyCall) => (isList(call) ? fault : null);

test.each<[string, (call: FaultyCall) => Fault | null]>([
  ['its totals never fit', lists({ kind: 'total-count', by: 3 })],
  [
    'it stops to be readable in the middle',
    (call) => (isList(call) && call.query.page === '7' ? { kind: 'status', status: 500 } : null),
  ],
  [
    'it is found to be no more in the middle',
    (call) =>
      isList(call) && call.query.page === '7' ? { kind: 'status', status: 404, code: 8_000_007 } : null,
  ],
])('of a project of which %s nothing is left lying about', async (_, fault) => {
  await inWorld({}, async (world, sql) => {
    addSite(world, { old: 230 });
    world.simulator.fault = fault;
    await world.tick(START, undefined, START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', refusals: [{ project: 'docs' }] });
    expect(leftIn(world, sql)).toEqual(NOTHING);
    expect(deletesOf(world.simulator.calls)).toEqual([]);
  });
});

test('a reading that was left lying for half an hour is begun anew, and its blocks go', async () => {
  await inWorld({}, async (world, sql) => {
    const project = addSite(world, { old: 500 });
    await begin(world);
    while (sql.exec('SELECT id FROM walks').toArray().length === 0) await world.step();
    expect(leftIn(world, sql).blocks.length).toBeGreaterThan(0);
    world.setNow(START + 31 * MINUTE);
    await world.run(START + 2 * HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 500 } });
    expect(leftIn(world, sql)).toEqual(NOTHING);
    expect(knownIds(world, project)).toHaveLength(3);
  });
});

test('a project that is no more takes everything with it, in the middle of its reading or its drain', async () => {
  for (const until of ['a walk', 'a delete']) {
    await inWorld({}, async (world, sql) => {
      addSite(world, { old: 500 });
      addSite(world, { name: 'other', old: 0 });
      await begin(world);
      const reached = () =>
        until === 'a walk'
          ? sql.exec('SELECT id FROM walks').toArray().length > 0
          : deletesOf(world.simulator.calls).length > 0;
      while (!reached()) await world.step();
      world.simulator.account.deleteProject('docs');
      await world.run(START + HOUR);
      await world.tick(START + 2 * HOUR, undefined, START + 3 * HOUR);
      expect([until, leftIn(world, sql)]).toEqual([until, NOTHING]);
      expect(world.keeper.store.projectIds()).toHaveLength(1);
      expect(world.keeper.work().tasks.size).toBe(0);
    });
  }
});

test('a project that is no more takes with it what was refused, what failed, what was built of it and its logs', async () => {
  const RULES = [
    {
      projects: ['*'],
      rebuild: { ifChanged: 'https://cms.example.test/feed' },
      prune: { olderThanDays: 30 },
    },
  ];
  await inWorld({ settings: { RULES } }, async (world, sql) => {
    const docs = addSite(world);
    addSite(world, { name: 'other', old: 0 });
    const [refused = ''] = oldIds(docs);
    world.source = () => Promise.resolve(new Response(`${world.now()}`));
    world.simulator.fault = ({ method, deploymentId }) =>
      method === 'DELETE' && deploymentId === refused
        ? { kind: 'status', status: 400, code: 8_000_034 }
        : null;
    await world.tick(START, CRON, START + 50 * MINUTE);
    docs.buildOutcome = 'failure';
    await world.tick(START + HOUR, CRON, START + 2 * HOUR - 1);
    const held = (table: string) =>
      JSON.stringify(sql.exec(`SELECT * FROM ${table}`).toArray()).includes(docs.id);
    const { telling } = world.keeper.work();
    expect([held('refusals'), held('content'), held('facts'), telling.failedBuilds]).toEqual([
      ...[true, true, true],
      { docs: 'main' },
    ]);
    world.simulator.account.deleteProject('docs');
    await world.tick(START + 2 * HOUR, CRON, START + 3 * HOUR);
    // What was asked for once is not asked for again, and is known for as long as that may happen.
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('_cf') && name !== 'posted');
    expect(tables.length).toBeGreaterThan(9);
    expect(tables.filter(held)).toEqual([]);
    expect(world.keeper.work().telling.failedBuilds).toEqual({});
  });
});

test('a plan that is refused leaves no queue, forced rows included', async () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 7, staleBranchesAfterDays: 14 } }];
  await inWorld({ settings: { RULES } }, async (world, sql) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (let age = 200; age > 100; age -= 1) project.add({ createdAt: START - age * DAY, branch: 'feature' });
    // Nothing live is named, so nothing may be deleted.
    await world.tick(START, undefined, START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', refusals: [{ project: 'docs' }] });
    expect(leftIn(world, sql)).toEqual(NOTHING);
    expect(deletesOf(world.simulator.calls)).toEqual([]);
  });
});

/** The facts of a project's known rows, gathered from nothing. */
function factsAnew(world: World, id: string): ProjectFacts {
  const { store } = world.keeper;
  const blocks = store.read('projects', id)?.inventory?.blocks ?? [];
  const rows = [...blocks].reverse().flatMap((block) => store.readBlock(block.id));
  return addToFacts(noFacts(store.readFacts(id, [])?.keep ?? 0), rows);
}

test.each([false, true])(
  'written anew over several invocations, the facts are those of what is left; configuration broken in the middle: %s',
  async (broken) => {
    const RULES = [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 3 } }];
    await inWorld({ settings: { RULES } }, async (world, sql) => {
      const project = world.simulator.account.addProject({ name: 'docs' });
      // One branch is in the oldest blocks only, the other goes through to the newest.
      for (let minute = 0; minute < 90; minute += 1)
        project.add({ createdAt: START - 60 * DAY + minute * MINUTE, branch: 'main' });
      for (let minute = 0; minute < 30; minute += 1)
        project.add({ createdAt: START - 20 * DAY + minute * MINUTE, branch: 'first' });
      for (let minute = 0; minute < 2_400; minute += 1)
        project.add({ createdAt: START - 5 * DAY + minute * MINUTE, branch: 'main' });
      await begin(world);
      const alone = () => planned(world).find((one) => one.for.run === null);
      while ((alone()?.next ?? 0) === 0) await world.step();
      if (broken) {
        world.settings.RULES = 'none';
        await world.step();
        world.settings.RULES = RULES;
        expect(planned(world).every((one) => one.for.run === null)).toBe(true);
        await world.tick(START + HOUR, undefined, START + 2 * HOUR);
      }
      await world.run(START + 2 * HOUR);
      expect(holes(world)).toBe(0);
      expect(world.keeper.store.readFacts(project.id, 'all')).toEqual(factsAnew(world, project.id));
      expect(leftIn(world, sql)).toEqual(NOTHING);
    });
  },
);

test('a project of more than twenty blocks, drained and then pruned by another rule, keeps what that keeps', async () => {
  await inWorld({}, async (world, sql) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    const branches = ['main', 'a', 'b', 'c'];
    for (let index = 0; index < 2_400; index += 1)
      project.add({
        createdAt: START - (index < 300 ? 60 * DAY - index * MINUTE : (2_400 - index) * 5 * MINUTE),
        branch: branches[index % 4] ?? '',
      });
    expect(oldIds(project)).toHaveLength(300);
    await world.tick(START, undefined, START + DAY);
    expect(project.deployments).toHaveLength(2_100);
    expect(holes(world)).toBe(0);
    world.settings.RULES = [{ projects: ['*'], prune: { olderThanDays: 1, keepLatest: 5 } }];
    await world.tick(START + 20 * DAY, undefined, START + 22 * DAY);
    expect(project.deployments).toHaveLength(4 * 5);
    expect(leftIn(world, sql)).toEqual(NOTHING);
  });
});
