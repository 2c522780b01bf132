// More projects than can be worked off while a plan holds: each is read and planned again when its turn comes, and not all of them
// each hour. And an alarm that reads a page here and there deletes nothing.

import { expect, test } from 'vitest';
import type { Call } from '../../simulator/simulator.ts';
import { readProjectPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import { fakeGit } from '../git/answers.ts';
import { addSite, isList, listsOf, oldIds } from './accounts.ts';
import { CRON, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null } as const;
const PROJECTS = 40;
const OLD = 180;
// 1,080 calls an hour: a plan holds for eight projects of three batches each.
const LIMIT = { calls: 100, windowMs: 300_000, blockMs: 300_000 };
const READY = 8;

const addSites = (world: World, upload = false) =>
  Array.from({ length: PROJECTS }, (_, index) => addSite(world, { name: `site-${index}`, old: OLD, upload }));

const at = (n: number) => START + n * HOUR;
/** The n-th hour, its tick first; `until`: so long. */
const hour = (world: World, n: number, until = HOUR) => world.tick(at(n), CRON, at(n) + until - 1);

/** The calls of each alarm, in order. */
function alarmsOf({ slices, simulator }: World): Call[][] {
  let from = 0;
  return slices.map((many) => {
    from += many;
    return simulator.calls.slice(from - many, from);
  });
}

test('of many projects those are read again whose turn it is, all are pruned to their end, none far ahead', async () => {
  await inWorld({ simulator: { limit: LIMIT } }, async (world) => {
    const sites = addSites(world);
    // Until all are read for the first time.
    for (let n = 0; n < 2; n += 1) await hour(world, n);
    const read = world.slices.length;
    let hours = 2;
    for (; hours < 12 && sites.some((site) => oldIds(site).length > 0); hours += 1) {
      const before = world.simulator.calls.length;
      await hour(world, hours);
      const lists = world.simulator.calls
        .slice(before)
        .filter((call) => isList({ ...call, index: 0 }) && call.at < at(hours) + 40 * MINUTE);
      // As many as are kept ready, twelve in an alarm; later some were worked off, and others took their place.
      if (hours === 2)
        expect(new Set(lists.map(({ project }) => project)).size).toBeLessThanOrEqual(READY + 12);
      const left = sites.map((site) => oldIds(site).length).filter((many) => many > 0);
      expect(left.length === 0 ? 0 : Math.max(...left) - Math.min(...left)).toBeLessThanOrEqual(4 * 45);
    }
    expect(sites.map((site) => oldIds(site).length)).toEqual(sites.map(() => 0));
    // As fast as the limit lets it: 7,200 deletes and what is read, 1,080 calls an hour.
    expect(hours).toBeLessThanOrEqual(8);
    const mixed = alarmsOf(world)
      .slice(read)
      .filter(
        (calls) =>
          calls.some(({ method }) => method === 'DELETE') && calls.some(({ method }) => method === 'GET'),
      );
    expect(mixed).toEqual([]);
  });
});

test('a long walk and the deletes of others take turns: no alarm does both, no batch is cut, neither waits for the other', async () => {
  await inWorld({}, async (world) => {
    const small = addSite(world, { name: 'small', old: 450 });
    addSite(world, { name: 'large', old: 5_000 });
    await world.tick();
    expect(oldIds(small)).toEqual([]);
    const alarms = alarmsOf(world);
    const isDelete = ({ method }: Call) => method === 'DELETE';
    const batches = alarms.map((calls) => calls.filter(isDelete).length).filter((many) => many > 0);
    expect(batches.slice(0, 10)).toEqual(Array(10).fill(45));
    expect(alarms.filter((calls) => calls.some(isDelete) && !calls.every(isDelete))).toEqual([]);
    const walk = alarms.flatMap((calls, nth) => (listsOf(calls, 'large').length > 1 ? [nth] : []));
    const deletes = alarms.flatMap((calls, nth) =>
      calls.some(({ project }) => project === 'small') && calls.some(isDelete) ? [nth] : [],
    );
    expect(deletes).toHaveLength(10);
    // While it goes on every other alarm is theirs.
    const within = walk.filter((nth) => nth > (deletes[0] ?? 0) && nth < (deletes.at(-1) ?? 0));
    expect(within).toHaveLength(9);
  });
});

test('walks that need more than an hour, and so never end, hold up nobody', async () => {
  // 200 calls an hour: the turn of one or two projects.
  const limit = { calls: 20, windowMs: 300_000, blockMs: 300_000 };
  await inWorld({ simulator: { limit } }, async (world) => {
    const small = Array.from({ length: 3 }, (_, index) =>
      addSite(world, { name: `small-${index}`, old: 90 }),
    );
    for (const name of ['huge', 'vast']) addSite(world, { name, old: 8_000 });
    for (let n = 0; n < 12; n += 1) await hour(world, n);
    expect(small.map((site) => oldIds(site).length)).toEqual([0, 0, 0]);
  });
});

/** Two hours whole, and what of the third it takes until every queue is planned that will be: the rest waits for its turn. */
async function untilInTurn(world: World): Promise<void> {
  for (let n = 0; n < 2; n += 1) await hour(world, n);
  await hour(world, 2, 10 * MINUTE);
}

/** Projects that wait for their turn. */
const waiting = (world: World): string[] =>
  [...world.keeper.work().tasks.values()].flatMap(({ name, prune }) =>
    prune?.step === 'waiting' ? [name] : [],
  );

test('while some wait for their turn nobody says how much there is to do, nor when it ends', async () => {
  await inWorld({ simulator: { limit: LIMIT } }, async (world) => {
    addSites(world);
    await untilInTurn(world);
    const [name = '', ...others] = waiting(world);
    expect(others.length).toBeGreaterThan(4);
    const { progress, runs } = await world.keeper.view(null, (view) => readRunsPage(view));
    expect(runs[0]?.counts.deleted).toBeGreaterThan(0);
    expect(progress).toMatchObject({
      phase: 'deleting',
      done: runs[0]?.counts.deleted,
      of: null,
      endsAt: null,
    });
    const own = await world.keeper.view(name, (view) => readProjectPage(view, name, ALL)?.progress);
    expect(own).toMatchObject({ phase: 'reading', done: 0, of: null });
    // Nor when what is known of a project goes: the others come in between.
    const [ready = ''] = [...world.keeper.work().tasks.values()].flatMap((task) =>
      task.prune?.step === 'deleting' ? [task.name] : [],
    );
    const going = await world.keeper.view(ready, (view) => readProjectPage(view, ready, ALL)?.progress);
    expect(going).toMatchObject({ phase: 'deleting', endsAt: null });
    expect(going?.of).toBeGreaterThan(45);
  });
});

test('a project that somebody looks at does not wait to be read', async () => {
  await inWorld({ simulator: { limit: LIMIT } }, async (world) => {
    addSites(world);
    await untilInTurn(world);
    const name = waiting(world).at(-1) ?? '';
    const before = listsOf(world.simulator.calls, name).length;
    await world.run(at(2) + 30 * MINUTE);
    expect(listsOf(world.simulator.calls, name)).toHaveLength(before);
    world.simulator.account.project(name).add({ createdAt: world.now(), branch: 'main' });
    await world.keeper.view(name, (view) => readProjectPage(view, name, ALL));
    await world.run(at(2) + 40 * MINUTE);
    expect(listsOf(world.simulator.calls, name).length).toBeGreaterThan(before);
  });
});

test('a rebuild does not wait for the turn of its project', async () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 30 }, rebuild: { cron: '10 22 * * *' } }];
  await inWorld({ settings: { RULES }, simulator: { limit: LIMIT } }, async (world) => {
    addSites(world);
    await untilInTurn(world);
    expect(waiting(world).length).toBeGreaterThan(4);
    const from = world.simulator.calls.length;
    await world.tick(at(2) + 10 * MINUTE, '10 22 * * *', at(2) + 50 * MINUTE);
    const built = world.simulator.calls.slice(from).filter(({ method }) => method === 'POST');
    expect(new Set(built.map(({ project }) => project)).size).toBe(PROJECTS);
  });
});

test('Git is asked about a project whose turn has not come', async () => {
  const RULES = [
    {
      projects: ['*'],
      repository: 'https://git.example/acme/site',
      prune: { olderThanDays: 30, goneBranchesAfterDays: 9 },
    },
  ];
  await inWorld({ settings: { RULES }, simulator: { limit: LIMIT } }, async (world) => {
    let asked = 0;
    world.source = async (request) => {
      asked += 1;
      const body = new TextDecoder().decode(await request.arrayBuffer());
      const refs = [{ name: 'refs/heads/main', commit: 'a'.repeat(40) }];
      return fakeGit({ refs })(request.url, request.method === 'POST' ? { body } : {});
    };
    addSites(world, true);
    for (let n = 0; n < 2; n += 1) await hour(world, n);
    asked = 0;
    await hour(world, 2, 10 * MINUTE);
    const inTurn = [...world.keeper.work().tasks.values()].filter(({ prune }) => prune?.step === 'waiting');
    expect(inTurn.length).toBeGreaterThan(4);
    expect(asked).toBeGreaterThan(0);
    expect(inTurn.filter(({ git }) => git !== null)).toEqual([]);
  });
});
