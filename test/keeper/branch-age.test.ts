// How old a branch is: by what was deployed to it last, be it deleted by now.

import { describe, expect, test } from 'vitest';
import { addSite, lagging } from './accounts.ts';
import { CRON, DAY, inWorld, MINUTE, START, type World } from './world.ts';

/** Previews of one branch, 30 days old. */
function addPreviews(world: World, count: number): void {
  const project = world.simulator.account.project('docs');
  for (let nth = count; nth > 0; nth -= 1)
    project.add({ createdAt: START - 30 * DAY - nth * 1_000, branch: 'dev' });
}

test('a build that the list left out when it was read keeps its branch, once it is seen before force=true', async () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 7, keepLatest: 2, staleBranchesAfterDays: 25 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addSite(world, { old: 0 });
    addPreviews(world, 1);
    const last = project.add({ createdAt: START - 6 * DAY, branch: 'dev', outcome: 'failure' });
    // Newer than it, so that it is not the head of the list.
    project.add({ createdAt: START - DAY, branch: 'other' });
    let lists = 0;
    world.simulator.fault = ({ method, path }) => {
      if (method !== 'GET' || !path.endsWith('/deployments')) return null;
      lists += 1;
      return lists > 1 ? null : lagging(last.id);
    };
    await world.tick(START, CRON, START + 30 * MINUTE);
    expect(lists).toBeGreaterThan(1);
    expect(project.deployments.filter(({ branch }) => branch === 'dev')).toHaveLength(2);
  });
});

describe('a branch gets no older by what is deleted of it', () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 7, keepLatest: 2, staleBranchesAfterDays: 25 } }];
  const runOn = async (world: World, days: number) => {
    const at = START + days * DAY;
    await world.tick(at, CRON, at + 30 * MINUTE);
  };

  test('a skipped push is pruned, and its time counts on: until then the newest successes stay', async () => {
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 3);
      project.add({ createdAt: START - 10 * DAY, branch: 'dev', outcome: 'skipped' });
      const left = () => project.deployments.filter(({ branch }) => branch === 'dev').length;
      await runOn(world, 0);
      expect(left()).toBe(2);
      // By each way in which its rows are counted again: put in order, and after a week read whole.
      for (const days of [1, 8, 14]) await runOn(world, days);
      expect(left()).toBe(2);
      await runOn(world, 15);
      expect(left()).toBe(0);
    });
  });

  test('nor by what a stranger deletes', async () => {
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 0 });
      addPreviews(world, 2);
      const last = project.add({ createdAt: START - 6 * DAY, branch: 'dev', outcome: 'failure' });
      await runOn(world, 0);
      project.remove(last.id);
      await runOn(world, 1);
      expect(project.deployments.filter(({ branch }) => branch === 'dev')).toHaveLength(2);
    });
  });
});
