// A project's page: which deployments it shows, how many match, and what they can be filtered by.

import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { blocksOf } from '../../src/keeper/store/inventory.ts';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import type { ProjectQuery } from '../../src/reads.ts';
import { idsOf } from './accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const settings = { RULES: [{ projects: ['*'], prune: { olderThanDays: 30 } }], DRY_RUN: 'true' };

/** 230 deployments, one an hour: every third a preview of `feature`, every fifth failed. Three blocks. */
function addLarge(world: World): SimulatedProject {
  const project = world.simulator.account.addProject({ name: 'docs' });
  for (let index = 0; index < 230; index += 1)
    project.add({
      createdAt: START - (231 - index) * HOUR,
      branch: index % 3 === 0 ? 'feature' : 'main',
      outcome: index % 5 === 0 ? 'failure' : 'success',
    });
  return project;
}

const see = (world: World, query: Partial<ProjectQuery> = {}) =>
  world.keeper.view('docs', (view) =>
    readProjectPage(view, 'docs', {
      page: 1,
      branch: null,
      environment: null,
      status: null,
      verdict: null,
      ...query,
    }),
  );

test('pages of 25, newest first, from the first to the last', async () => {
  await inWorld({ settings }, async (world) => {
    const ids = idsOf(addLarge(world));
    await world.tick(START, undefined, START + MINUTE);
    const seen: string[] = [];
    for (let page = 1; page <= 10; page += 1) {
      const found = await see(world, { page });
      expect(found).toMatchObject({ page, pages: 10, matching: 230, branches: ['main', 'feature'] });
      seen.push(...(found?.deployments ?? []).map(({ deployment }) => deployment.id));
    }
    expect(seen).toEqual(ids);
    expect((await see(world, { page: 11 }))?.deployments).toEqual([]);
  });
});

test('where nothing is filtered no block is looked through, however many there are', async () => {
  await inWorld({ settings }, async (world) => {
    const ids = idsOf(addLarge(world));
    await world.tick(START, undefined, START + MINUTE);
    const query = { page: 9, branch: null, environment: null, status: null, verdict: null } as const;
    const page = await world.keeper.view('docs', ({ store, ...view }) => {
      const readScans = () => {
        throw new Error('looked through');
      };
      return readProjectPage({ ...view, store: { ...store, readScans } }, 'docs', query);
    });
    expect(page?.deployments.map(({ deployment }) => deployment.id)).toEqual(ids.slice(200, 225));
    expect(page).toMatchObject({ matching: 230, looked: null });
  });
});

test.each([
  [1_999, null],
  [2_000, 200_000],
  [2_300, 200_000],
])('of %i blocks a filter says how far it looked, where that was not to the end', async (blocks, looked) => {
  await inWorld({ settings }, async (world) => {
    addLarge(world);
    await world.tick(START, undefined, START + MINUTE);
    const query = { page: 1, branch: 'main', environment: null, status: null, verdict: null } as const;
    const page = await world.keeper.view('docs', ({ store, ...view }) => {
      // The newest block is a whole one: as many of it as the project is to have.
      const [id = 0] = store
        .projectIds()
        .flatMap((one) => blocksOf(store.read('projects', one)).map((it) => it.id))
        .slice(1);
      const [one] = [...store.readScans([id])];
      if (one === undefined) throw new Error('no such block');
      const readScans = () => Array.from({ length: blocks }, () => one).values();
      return readProjectPage({ ...view, store: { ...store, readScans } as typeof store }, 'docs', query);
    });
    expect(page?.looked).toBe(looked);
    expect(page?.matching).toBeGreaterThan(0);
  });
});

test.each<[string, Partial<ProjectQuery>, (one: SimulatedProject['deployments'][number]) => boolean]>([
  ['a branch', { branch: 'feature' }, ({ branch }) => branch === 'feature'],
  ['an environment', { environment: 'preview' }, ({ environment }) => environment === 'preview'],
  ['a status', { status: 'failed' }, ({ outcome }) => outcome === 'failure'],
  [
    'two of them',
    { branch: 'main', status: 'failed' },
    ({ branch, outcome }) => branch === 'main' && outcome === 'failure',
  ],
  ['what none has', { status: 'canceled' }, () => false],
])('filtered by %s it shows and counts what matches', async (_, query, fits) => {
  await inWorld({ settings }, async (world) => {
    const ids = addLarge(world)
      .deployments.filter(fits)
      .map(({ id }) => id);
    await world.tick(START, undefined, START + MINUTE);
    const pages = Math.max(1, Math.ceil(ids.length / 25));
    for (let page = 1; page <= pages; page += 1) {
      const found = await see(world, { ...query, page });
      expect(found).toMatchObject({ pages, matching: ids.length });
      expect(found?.deployments.map(({ deployment }) => deployment.id)).toEqual(
        ids.slice((page - 1) * 25, page * 25),
      );
    }
  });
});

test('each deployment has its verdict as of now', async () => {
  await inWorld({ settings }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (const days of [60, 50, 2, 1]) project.add({ createdAt: START - days * DAY });
    await world.tick(START, undefined, START + MINUTE);
    const verdicts = (await see(world))?.deployments.map(({ verdict }) => verdict.reason);
    expect(verdicts).toEqual(['live', 'young', 'expired', 'expired']);
  });
});

test('what could not be shown to be whole is shown all the same', async () => {
  await inWorld({ settings }, async (world) => {
    const ids = idsOf(addLarge(world));
    world.simulator.fault = ({ path }) =>
      path.endsWith('/deployments') ? { kind: 'total-count', by: 3 } : null;
    await world.tick(START, undefined, START + HOUR);
    expect(world.runs()[0]?.refusals).toMatchObject([{ project: 'docs' }]);
    const found = await see(world);
    expect(found?.deployments.map(({ deployment }) => deployment.id)).toEqual(ids.slice(0, 25));
    expect(found).toMatchObject({ matching: 230 });
  });
});

test('a project that no rule shows, or that is not there, has no page', async () => {
  const RULES = [{ projects: ['docs'], show: false, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { ...settings, RULES } }, async (world) => {
    addLarge(world);
    await world.tick(START, undefined, START + MINUTE);
    expect(await see(world)).toBeNull();
    const other = { page: 1, branch: null, environment: null, status: null, verdict: null };
    expect(await world.keeper.view('x', (view) => readProjectPage(view, 'x', other))).toBeNull();
  });
});

test('sixty branches are offered to filter by, the newest', async () => {
  await inWorld({ settings }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (let index = 0; index < 75; index += 1)
      project.add({ createdAt: START - (76 - index) * HOUR, branch: `feature-${index}` });
    await world.tick(START, undefined, START + MINUTE);
    const wanted = Array.from({ length: 60 }, (_, place) => `feature-${74 - place}`);
    expect((await see(world))?.branches).toEqual(wanted);
  });
});
