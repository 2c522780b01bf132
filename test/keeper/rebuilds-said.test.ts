// What is called a rebuild: on the pages, in JSON and in the log. What cannot be built, or was not, is none.

import { expect, test } from 'vitest';
import { readOverviewPage } from '../../src/keeper/views/reads.ts';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const summary = async (world: World, name: string) =>
  (await world.keeper.view(null, readOverviewPage)).projects.find(({ project }) => project.name === name);

/** A page in words. */
const words = async (world: World, path: string) =>
  (await (await pagesOf(world).request(path)).text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('what is uploaded is rebuilt by no rule: neither it nor the next run says so', async () => {
  const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    for (const name of ['docs', 'blog']) addSite(world, { name });
    for (const name of ['brochure', 'leaflet', 'poster']) addSite(world, { name, upload: true });
    // One of which a commit keeps failing: it is not tried again either.
    addSite(world, { name: 'flyer', old: 0, young: 5, upload: true, outcome: 'failure', hash: 'abc1234def' });
    await world.tick(START, CRON, START + 10 * MINUTE);
    expect(await summary(world, 'docs')).toMatchObject({ rebuilt: true, nextRebuildAt: START + HOUR });
    for (const name of ['brochure', 'leaflet', 'poster', 'flyer'])
      expect(await summary(world, name)).toMatchObject({
        ...{ rebuilt: false, nextRebuildAt: null, nextPruneAt: START + HOUR, paused: null },
      });
    expect(await words(world, '/')).toMatch(/Next run \S+( \S+)? [^:]*: 2 rebuilds Last run/);
    expect(await words(world, '/projects/brochure')).toContain(
      'Next rebuild None Direct upload, nothing to build from',
    );
    expect(await words(world, '/projects/docs')).not.toContain('nothing to build from');
  });
});

test('what the API refuses to build, or of which nobody knows, is no rebuild of its run, its day or the log', async () => {
  const RULES = [{ projects: ['*'], rebuild: {} }];
  await inWorld({ settings: { RULES } }, async (world) => {
    for (const name of ['docs', 'blog', 'shop', 'lost']) addSite(world, { name, old: 0, young: 1 });
    world.simulator.fault = ({ method, project }) => {
      if (method !== 'POST' || project === 'docs') return null;
      return project === 'lost' ? { kind: 'status', status: 500 } : { kind: 'status', status: 400 };
    };
    await world.tick(START, CRON, START + HOUR / 2);
    const [run] = world.runs();
    expect(run?.rebuilds.map(({ project, status }) => [project, status])).toEqual(
      expect.arrayContaining([
        ['docs', 'ready'],
        ['blog', 'refused'],
        ['shop', 'refused'],
        ['lost', 'in-doubt'],
      ]),
    );
    const runs = await words(world, '/runs');
    expect(runs).toContain('0 deleted, 1 rebuild ');
    expect(runs).toContain('Rebuilds started: docs Rebuild of');
    expect(await words(world, '/feed.atom')).not.toMatch(/started: [^<]*(blog|shop|lost)/);
    expect(world.log.find(({ event }) => event === 'run')).toMatchObject({ rebuilds: 1 });
    const { days } = await world.keeper.view(null, readOverviewPage);
    expect(days).toMatchObject([{ rebuilds: 1 }]);
  });
});
