// How the builds stand that a run has started: as every page has it, whoever has heard of it first.

import { expect, test } from 'vitest';
import { noteBuild } from '../../src/keeper/runs.ts';
import type { RebuildRecord } from '../../src/report.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

/** A project whose builds take ten minutes; the Keeper asks how one goes after 1, 2, 4, 8 and 16. */
const addSlow = (world: World) =>
  world.simulator.account.addProject({ name: 'docs', createdAt: START - HOUR, buildMs: 10 * MINUTE });

/** What is built goes live, or is a preview. */
const BRANCHES = ['main', 'dev'] as const;
const rules = (branch: string) => [{ projects: ['*'], rebuild: { branch } }];

/** How a run says that its builds stand: on its own page in words, in its JSON and in that of all runs. */
async function said(world: World): Promise<RebuildRecord['status'][]> {
  const get = async (path: string) => (await pagesOf(world).request(path)).text();
  const [run] = world.runs();
  const own = JSON.parse(await get(`/runs/${run?.id}.json`));
  const { runs } = JSON.parse(await get('/runs.json'));
  expect(runs[0].rebuilds).toEqual(own.rebuilds);
  const statuses = own.rebuilds.map(({ status }: RebuildRecord) => status);
  const words = (await get(`/runs/${run?.id}`)).replaceAll(/<[^>]*>/g, '');
  for (const { project, branch, status } of own.rebuilds)
    expect(words).toContain(`${project}, ${branch}: ${status}`);
  return statuses;
}

/** A view that finds what is known too old, and what it asks for. */
async function look(world: World, at: number, path = '/'): Promise<void> {
  world.setNow(at);
  await pagesOf(world).request(path);
  await world.run(at + MINUTE / 2);
}

test.each(BRANCHES)('what the list of projects says of it: of %s', async (branch) => {
  await inWorld({ settings: { RULES: rules(branch) } }, async (world) => {
    addSlow(world);
    await world.tick(START, CRON, START + 9 * MINUTE);
    expect(await said(world)).toEqual(['building']);
    await look(world, START + 11 * MINUTE);
    expect(world.runs()[0]?.rebuilds).toMatchObject([{ status: 'building' }]);
    expect(await said(world)).toEqual(['ready']);
  });
});

test.each(BRANCHES)(
  'what a reading of its project says of it, once another build is the newest: of %s',
  async (branch) => {
    await inWorld({ settings: { RULES: rules(branch) } }, async (world) => {
      const docs = addSlow(world);
      await world.tick(START, CRON, START + 9 * MINUTE);
      docs.push('other', START + 9 * MINUTE);
      await look(world, START + 11 * MINUTE, '/projects/docs');
      await look(world, START + 12.5 * MINUTE, '/projects/docs');
      expect(world.runs()[0]?.rebuilds).toMatchObject([{ status: 'building' }]);
      expect(await said(world)).toEqual(['ready']);
    });
  },
);

test('what its run was told already, where nothing else has heard as much', async () => {
  await inWorld({ settings: { RULES: rules('main') } }, async (world) => {
    addSlow(world);
    await world.tick(START, CRON, START + 30_000);
    const [run] = world.runs();
    expect(await said(world)).toEqual(['queued']);
    noteBuild(
      world.keeper.store,
      world.keeper.work(),
      run?.id ?? '',
      run?.rebuilds[0]?.deploymentId ?? '',
      'building',
    );
    expect(await said(world)).toEqual(['building']);
  });
});

test('of one that is gone before anybody has seen how it went nobody knows', async () => {
  await inWorld({ settings: { RULES: rules('main') } }, async (world) => {
    const docs = addSlow(world);
    await world.tick(START, CRON, START + 3 * MINUTE);
    const id = world.runs()[0]?.rebuilds[0]?.deploymentId ?? '';
    docs.remove(id);
    docs.add({ createdAt: START + 4 * MINUTE });
    // The configuration is broken as it is looked for: nobody does so any more.
    world.keeper.work().rebuilds = [];
    await look(world, START + 20 * MINUTE, '/projects/docs');
    await look(world, START + 22 * MINUTE, '/projects/docs');
    expect(await said(world)).toEqual(['building']);
    await look(world, START + 2 * DAY, '/projects/docs');
    expect(await said(world)).toEqual(['unknown']);
  });
});
