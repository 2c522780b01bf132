// Where a branch leads, from what the Keeper knows: to its newest ready deployment; while there is none, to why.

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { mark } from '../../src/keeper/store/scan.ts';
import { readBranchBuild } from '../../src/keeper/views/reads.ts';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { HOUR, inWorld, MINUTE, START } from './world.ts';

const settings = { RULES: [{ projects: ['*', '!hidden'], prune: { olderThanDays: 30 } }] };

test('is the newest that succeeded, whichever failed or build since', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    const add = (age: number, outcome: 'success' | 'failure') =>
      project.add({ createdAt: START - age, branch: 'feature/x', outcome });
    add(5 * HOUR, 'success');
    const wanted = add(4 * HOUR, 'success');
    add(3 * HOUR, 'failure');
    project.push('feature/x', START - 1_000);
    addSite(world, { name: 'hidden' });
    await world.tick(START, undefined, START + MINUTE);
    const app = pagesOf(world);
    const to = async (path: string) => {
      const response = await app.request(path);
      return response.headers.get('location') ?? response.status;
    };
    expect(await to('/go/docs/feature/x')).toBe(`https://${wanted.id.slice(0, 8)}.docs.pages.dev`);
    expect(await to('/go/docs/main')).toBe('https://docs.pages.dev');
    expect(await to('/go/docs/nothing')).toBe(404);
    expect(await to('/go/hidden/main')).toBe(404);
    expect(await to('/go/nobody/main')).toBe(404);
  });
});

test('a build that the list of projects shows already is taken before its deployments are read', async () => {
  const rules = [{ projects: ['*'], rebuild: { cron: '1 1 1 1 *' } }];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const { id } = addSite(world, { old: 0 }).add({ createdAt: START - MINUTE, branch: 'feature/x' });
    await world.tick(START, undefined, START + MINUTE);
    const { store } = world.keeper;
    const view = { store, work: world.keeper.work(), config: readConfig(world.settings), now: world.now() };
    expect(readBranchBuild(view, 'docs', 'feature/x')?.deployment.id).toBe(id);
  });
});

test('a branch that builds, one that failed and one that is not there get three answers', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    project.add({ createdAt: START - 2 * HOUR, branch: 'broken', outcome: 'failure' });
    project.add({ createdAt: START - 3 * HOUR, branch: 'broken', outcome: 'canceled' });
    project.add({ createdAt: START - 4 * HOUR, branch: 'left-out', outcome: 'skipped' });
    project.push('under-way', START - 1_000);
    await world.tick(START, undefined, START + 5_000);
    const app = pagesOf(world);
    const answers = ['under-way', 'broken', 'left-out', 'nothing'].map(async (branch) => {
      const response = await app.request(`/go/docs/${branch}`);
      return [branch, response.status, response.headers.get('retry-after')];
    });
    expect(await Promise.all(answers)).toEqual([
      ['under-way', 503, '30'],
      ['broken', 409, null],
      ['left-out', 409, null],
      ['nothing', 404, null],
    ]);
  });
});

/** Two branches that the Keeper cannot tell apart by the mark that stands for a branch beside a block. */
function twoOfOneMark(): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 0; ; index += 1) {
    const name = `topic/${index}`;
    const other = seen.get(mark(name));
    if (other !== undefined) return [other, name];
    seen.set(mark(name), name);
  }
}

test('of two branches that share a mark each leads to its own build, or to none', async () => {
  const [one, other] = twoOfOneMark();
  expect(mark(one)).toBe(mark(other));
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    const wanted = project.add({ createdAt: START - 3 * HOUR, branch: one });
    project.add({ createdAt: START - 2 * HOUR, branch: other, outcome: 'failure' });
    for (let minute = 9; minute > 0; minute -= 3)
      project.add({ createdAt: START - minute * MINUTE, branch: other });
    addSite(world, { name: 'blog' }).add({ createdAt: START - HOUR, branch: other });
    await world.tick(START, undefined, START + MINUTE);
    const to = async (path: string) => {
      const response = await pagesOf(world).request(path);
      return response.headers.get('location') ?? response.status;
    };
    expect(await to(`/go/docs/${one}`)).toBe(`https://${wanted.id.slice(0, 8)}.docs.pages.dev`);
    expect(await to(`/go/blog/${one}`)).toBe(404);
  });
});
