// What is looked for: among what is stored and what was deleted, never among what the rules hide.

import { expect, test } from 'vitest';
import { readDeploymentPage } from '../../src/keeper/views/deployment.ts';
import { readFound } from '../../src/keeper/views/find.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const settings = {
  RULES: [
    { projects: ['secret'], show: false, prune: { olderThanDays: 30 } },
    {
      projects: ['d*', '*'],
      prune: [{ environment: 'production', olderThanDays: 90 }, { olderThanDays: 30 }],
    },
  ],
};

/** In `docs` and `secret` alike: a branch of three builds, of which the oldest goes, and production. */
function addProjects(world: World) {
  return ['docs', 'secret'].map((name) => {
    const project = world.simulator.account.addProject({ name });
    project.add({ createdAt: START - 70 * DAY, branch: 'Feat/Search' });
    project.add({ createdAt: START - 60 * DAY, branch: 'Feat/Search' });
    project.add({ createdAt: START - 2 * HOUR, branch: 'main' });
    project.add({ createdAt: START - HOUR, branch: 'Feat/Search' });
    return project;
  });
}

const find = (world: World, text: string, page = 1) =>
  world.keeper.view(null, (view) => readFound(view, text, page));
const see = (world: World, name: string, id: string) =>
  world.keeper.view(name, (view) => readDeploymentPage(view, name, id, false));

test('finds projects, branches, ids and what was deleted, and nothing that is hidden', async () => {
  await inWorld({ settings }, async (world) => {
    const [docs, secret] = addProjects(world);
    const [kept, , , gone] = docs?.deployments ?? [];
    const ids = docs?.deployments.map(({ id }) => id) ?? [];
    const hidden = secret?.deployments.map(({ id }) => id) ?? [];
    await world.tick(START, undefined, START + MINUTE);
    expect((await find(world, 'oc')).projects.map(({ project }) => project.name)).toEqual(['docs']);
    expect((await find(world, 'secret')).projects).toEqual([]);

    const byBranch = await find(world, 't/sea');
    expect(byBranch.branches).toMatchObject([
      { project: 'docs', branch: 'Feat/Search', environment: 'preview', newestAt: START - HOUR },
    ]);
    expect(byBranch.gone.length).toBeGreaterThan(0);
    for (const { deletion, run } of byBranch.gone)
      expect([deletion.project, run, ids.includes(deletion.id)]).toEqual(['docs', world.runs()[0]?.id, true]);

    const byId = await find(world, kept?.id.slice(0, 8) ?? '');
    expect(byId.deployments.map(({ judged }) => judged.deployment.id)).toEqual([kept?.id]);
    expect(byId.looked).toBe(2);
    for (const id of hidden) {
      const found = await find(world, id);
      expect([found.deployments, found.gone]).toEqual([[], []]);
    }
    const deleted = await find(world, gone?.id ?? '');
    expect(deleted.gone.map(({ deletion }) => deletion.id)).toEqual([gone?.id]);
    expect(deleted.deployments).toEqual([]);
  });
});

test('one deployment: as it is, what became of it, and none of a hidden project', async () => {
  await inWorld({ settings }, async (world) => {
    const [docs, secret] = addProjects(world);
    const [kept, live, , gone] = docs?.deployments ?? [];
    await world.tick(START, undefined, START + MINUTE);
    expect(await see(world, 'docs', kept?.id ?? '')).toMatchObject({
      deployment: {
        deployment: { branch: 'Feat/Search' },
        verdict: { reason: 'newest' },
        place: { policy: 1, olderThanDays: 30, keepLatest: 1, rank: 1 },
      },
      gone: null,
      rule: { index: 1, pattern: 'd*' },
    });
    expect(await see(world, 'docs', live?.id ?? '')).toMatchObject({
      deployment: { verdict: { reason: 'live' }, place: { policy: 0 } },
    });
    expect(await see(world, 'docs', gone?.id ?? '')).toMatchObject({
      deployment: null,
      gone: { run: world.runs()[0]?.id, deletion: { reason: 'expired' } },
    });
    for (const { id } of secret?.deployments ?? []) {
      expect(await see(world, 'secret', id)).toBeNull();
      expect(await see(world, 'docs', id)).toBeNull();
    }
    expect(await see(world, 'docs', kept?.id.slice(0, 8) ?? '')).toBeNull();
    expect(await see(world, 'docs', '')).toBeNull();
  });
});

test('an id in another deployment’s words is not it', async () => {
  await inWorld({ settings }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    project.add({ createdAt: START - 3 * HOUR, branch: 'main' });
    const [first] = project.deployments;
    // The newer ones are in blocks of their own, which are looked through before.
    for (let index = 0; index < 150; index += 1)
      project.add({ createdAt: START - HOUR + index, branch: `again-${first?.id}` });
    await world.tick(START, undefined, START + MINUTE);
    expect((await see(world, 'docs', first?.id ?? ''))?.deployment?.deployment.branch).toBe('main');
    const { deployments } = await find(world, first?.id ?? '');
    expect(deployments.map(({ judged }) => judged.deployment.branch)).toEqual(['main']);
  });
});

test('branches: the one that is meant first, then the newest, of all projects', async () => {
  await inWorld({ settings }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs' });
    const blog = world.simulator.account.addProject({ name: 'blog' });
    for (const [project, branch, hours] of [
      [docs, 'fix-old', 5],
      [docs, 'FIX', 6],
      [blog, 'fix-new', 2],
      [docs, 'fix-newest', 1],
      [blog, 'other', 3],
    ] as const)
      project.add({ createdAt: START - hours * HOUR, branch });
    await world.tick(START, undefined, START + MINUTE);
    const found = (await find(world, 'fix')).branches.map(({ project, branch }) => `${project} ${branch}`);
    expect(found).toEqual(['docs FIX', 'docs fix-newest', 'blog fix-new', 'docs fix-old']);
  });
});

test('what was deleted: the last first, of whichever project', async () => {
  await inWorld({ settings, simulator: { latency: () => 100 } }, async (world) => {
    for (const name of ['docs', 'blog']) {
      const project = world.simulator.account.addProject({ name });
      for (let days = 60; days > 50; days -= 1) project.add({ createdAt: START - days * DAY, branch: 'fix' });
      project.add({ createdAt: START - HOUR, branch: 'fix' });
    }
    await world.tick(START, undefined, START + HOUR - 1);
    const { gone } = await find(world, 'fix');
    const times = gone.map(({ deletion }) => deletion.deletedAt);
    expect(times).toHaveLength(20);
    expect(new Set(times).size).toBeGreaterThan(1);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });
});
