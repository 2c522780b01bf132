// When what is here goes: as many as the verdicts say, on the days on which they do.

import { expect, test } from 'vitest';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import type { ProjectQuery } from '../../src/reads.ts';
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
