// When what is here goes: as many as the verdicts say, on the days on which they do.

import { expect, test } from 'vitest';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import type { ProjectQuery } from '../../src/reads.ts';
import { begin } from './accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL: ProjectQuery = { page: 1, branch: null, environment: null, status: null, verdict: null };
const settings = {
  RULES: [
    {
      projects: ['*'],
      prune: [{ environment: 'production', olderThanDays: 20, keepLatest: 3 }, { olderThanDays: 30 }],
    },
  ],
};

const see = (world: World, query: Partial<ProjectQuery> = {}) =>
  world.keeper.view('docs', (view) => readProjectPage(view, 'docs', { ...ALL, ...query }));

test('is the young ones of every page, each on the day on which it expires, and the expired ones at the next run', async () => {
  for (const DRY_RUN of ['true', 'false'])
    await inWorld({ settings: { ...settings, DRY_RUN } }, async (world) => {
      const project = world.simulator.account.addProject({ name: 'docs' });
      for (let index = 220; index > 0; index -= 1)
        project.add({
          createdAt: START - index * 5 * HOUR,
          branch: index % 3 === 0 ? 'main' : `feature-${index % 4}`,
          outcome: index % 7 === 0 ? 'failure' : 'success',
        });
      await world.tick(START, undefined, START + HOUR);
      const wanted = Array.from({ length: 30 }, () => 0);
      const add = (day: number) => {
        if (day < 30) wanted[day] = (wanted[day] ?? 0) + 1;
      };
      const dayOf = (at: number) => Math.floor(at / DAY) - Math.floor(world.now() / DAY);
      const first = await see(world);
      let expired = 0;
      for (let page = 1; page <= (first?.pages ?? 0); page += 1)
        for (const { verdict } of (await see(world, { page }))?.deployments ?? []) {
          if (verdict.reason === 'young') add(dayOf(verdict.expiresAt ?? 0));
          if (verdict.reason !== 'expired') continue;
          add(dayOf(first?.summary.nextPruneAt ?? 0));
          expired += 1;
        }
      expect(first?.forecast).toEqual({ days: wanted, looked: null });
      expect(wanted.filter((day) => day > 0).length).toBeGreaterThan(15);
      expect(expired > 5).toBe(DRY_RUN === 'true');
    });
});

test('is told with the first page of all of them, and where something is pruned', async () => {
  await inWorld({ settings: { RULES: [{ projects: ['*'] }] } }, async (world) => {
    world.simulator.account.addProject({ name: 'docs' }).add({ createdAt: START - HOUR });
    await world.tick(START, undefined, START + MINUTE);
    // No run reads what no rule prunes: the first view has it read, and waits for that.
    const first = see(world);
    await world.run(START + 2 * MINUTE);
    expect(await first).toMatchObject({ matching: 1, forecast: null });
  });
  await inWorld({ settings }, async (world) => {
    world.simulator.account.addProject({ name: 'docs' }).add({ createdAt: START - HOUR });
    await world.tick(START, undefined, START + MINUTE);
    expect((await see(world))?.forecast?.days).toHaveLength(30);
    for (const query of [{ page: 2 }, { status: 'ready' }] as const)
      expect((await see(world, query))?.forecast).toBeNull();
  });
});

test('does not foretell the end of what production was rolled back to', async () => {
  await inWorld({ settings: { ...settings, DRY_RUN: 'true' } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    const builds = [28, 12, 11, 10, 9, 8].map((days) => project.add({ createdAt: START - days * DAY }));
    project.rollback(builds[1]?.id ?? '');
    await world.tick(START, undefined, START + HOUR);
    // Of the five others, the newest success and the three latest stay; two go.
    expect((await see(world))?.forecast?.days.reduce((sum, day) => sum + day, 0)).toBe(2);
    project.rollback(builds[5]?.id ?? '');
    world.setNow(world.now() + HOUR);
    await world.tick(START + HOUR, undefined, START + 2 * HOUR);
    expect((await see(world))?.forecast?.days.reduce((sum, day) => sum + day, 0)).toBe(3);
  });
});

test('looks at the newest five thousand, and says so', async () => {
  await inWorld({ settings: { ...settings, DRY_RUN: 'true' } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (let index = 5_200; index > 0; index -= 1)
      project.add({ createdAt: START - index * HOUR, branch: 'main' });
    await world.tick(START, undefined, START + HOUR);
    const forecast = (await see(world))?.forecast;
    expect(forecast?.looked).toBe(5_000);
    // Those of the last twenty days are young, but for the latest three.
    expect(forecast?.days.reduce((sum, day) => sum + day, 0)).toBe(5_000 - 3);
  });
});

/** Of which days so many go: `[day, how many]`. */
const those = (days: readonly number[] = []) => days.flatMap((many, day) => (many > 0 ? [[day, many]] : []));

test.each([
  // At 20:00: what expires at 21:00 goes a day later, and what has expired today.
  ['0 20 * * *', undefined, [1, 2, 4]],
  // On Sundays only, and today is Tuesday, the 24th.
  ['0 20 * * *', '0 20 * * 1', [5, 5, 5]],
  ['*/7 * * * *', undefined, [0, 1, 3]],
])('goes with the runs of %s, of a policy with those of %s only', async (every, own, wanted) => {
  const prune = [{ olderThanDays: 30, ...(own === undefined ? {} : { cron: own }) }];
  await inWorld({ settings: { DRY_RUN: 'true', RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (const expires of [HOUR, DAY + HOUR, 3 * DAY + HOUR])
      project.add({ createdAt: START - 30 * DAY + expires });
    project.add({ createdAt: START - HOUR });
    await world.tick(START, every, START + MINUTE);
    // Where no run reads it, the first view has that done, and waits.
    const page = see(world);
    await world.run(START + 2 * MINUTE);
    const days = those((await page)?.forecast?.days).flatMap(([day, many]) => Array(many).fill(day));
    expect(days).toEqual(wanted);
  });
});

test('what is left of the run under way goes today, whenever the next one is', async () => {
  const limit = { calls: 120, windowMs: 300_000, blockMs: 300_000 };
  await inWorld({ settings, simulator: { limit } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (let index = 0; index < 200; index += 1)
      project.add({ createdAt: START - 60 * DAY - index * HOUR, branch: 'dev' });
    project.add({ createdAt: START - 30 * DAY + 2 * HOUR, branch: 'dev', outcome: 'failure' });
    project.add({ createdAt: START - HOUR, branch: 'dev' });
    project.add({ createdAt: START - HOUR });
    await begin(world, START, '0 20 * * *');
    for (let step = 0; step < 20 && project.deployments.length > 150; step += 1) await world.step();
    expect(project.deployments.length).toBeLessThan(200);
    const { forecast, summary } = (await see(world)) ?? {};
    const left = project.deployments.length - 3;
    expect([summary?.left, summary?.next]).toEqual([left, 1]);
    // What expires in two hours goes with tomorrow's.
    expect(those(forecast?.days)).toEqual([
      [0, left],
      [1, 1],
    ]);
  });
});

test('does not foretell a plan that would leave nothing', async () => {
  const prune = { olderThanDays: 5, staleBranchesAfterDays: 8 };
  await inWorld({ settings: { DRY_RUN: 'true', RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (const [age, branch] of [
      [7, 'old'],
      [4, 'dev'],
      [3, 'dev'],
    ] as const)
      project.add({ createdAt: START - age * DAY + 2 * HOUR, branch });
    await world.tick(START, '0 20 * * *', START + MINUTE);
    // In two days one of the branch that is stale then, and one that is older than another; that one in six, as the last of all.
    expect(those((await see(world))?.forecast?.days)).toEqual([[2, 2]]);
    // With a branch that lives on nothing is refused.
    project.add({ createdAt: START - HOUR });
    await world.tick(START + DAY, '0 20 * * *', START + DAY + MINUTE);
    expect(those((await see(world))?.forecast?.days)).toEqual([
      [1, 2],
      [5, 1],
    ]);
  });
});

test('what is left of the run under way goes, though the plan after it would leave nothing', async () => {
  const prune = { olderThanDays: 5, staleBranchesAfterDays: 8 };
  const limit = { calls: 120, windowMs: 300_000, blockMs: 300_000 };
  await inWorld(
    { settings: { RULES: [{ projects: ['*'], prune }] }, simulator: { limit } },
    async (world) => {
      const project = world.simulator.account.addProject({ name: 'docs' });
      for (let index = 0; index < 120; index += 1)
        project.add({ createdAt: START - 20 * DAY - index * HOUR, branch: 'old' });
      // Two hours later, on the same day, the last branch is stale as well.
      project.add({ createdAt: START - 8 * DAY + 2 * HOUR, branch: 'dev' });
      await begin(world, START);
      for (let step = 0; step < 20 && project.deployments.length > 100; step += 1) await world.step();
      const { forecast, summary } = (await see(world)) ?? {};
      const left = project.deployments.length - 1;
      expect(left).toBeGreaterThan(20);
      expect(summary?.left).toBe(left);
      expect(those(forecast?.days)).toEqual([[0, left]]);
      // Once that is over there is nothing that may go.
      await world.run(START + 30 * MINUTE);
      expect(those((await see(world))?.forecast?.days)).toEqual([]);
    },
  );
});
