// Filters look through every deployment of a project by what stands beside its blocks: what they count is what one would count by
// reading all of it, and what a verdict's filter finds is what the verdicts say.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENDED_AS, hasEnded, mark, scanned, scanOf, statusAt } from '../../src/keeper/store/scan.ts';
import { byTimes } from '../../src/keeper/views/by-times.ts';
import { readBranchBuild, readProjectPage } from '../../src/keeper/views/reads.ts';
import { buildStatus } from '../../src/pages-api/model.ts';
import { judge } from '../../src/policy/verdict.ts';
import type { ProjectQuery } from '../../src/reads.ts';
import { contextOf, factsOf, someAccount } from '../policy/accounts.ts';
import { NOW } from '../policy/fixture.ts';
import { addSite, drainOneBatch } from './accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

test('by times alone every deployment of any account has the verdict that it has', () => {
  const met = new Map<string, number>();
  fc.assert(
    fc.property(someAccount(), (account) => {
      const context = contextOf(account, factsOf(account));
      const verdictOf = byTimes(context, NOW);
      for (const row of account.deployments) {
        const scan = scanOf([row]);
        const kind = scanned.kind(scan, 0);
        const timed = {
          outcome: ENDED_AS[kind],
          finished: hasEnded(kind),
          createdAt: scanned.createdAt(scan, 0),
        };
        const { reason } = judge(row, context, NOW);
        const found = verdictOf(
          scanned.environment(scan, 0),
          scanned.branch(scan, 0),
          scanned.id(scan, 0),
          timed,
        );
        expect(found, JSON.stringify(row)).toBe(reason);
        expect(statusAt(kind, scanned.createdAt(scan, 0) || null, NOW)).toBe(
          buildStatus({ ...row, createdAt: Number.isFinite(row.createdAt) ? row.createdAt : null }, NOW),
        );
        met.set(reason, (met.get(reason) ?? 0) + 1);
      }
    }),
    { numRuns: 2_500 },
  );
  for (const reason of ['live', 'newest', 'latest', 'young', 'refused', 'expired', 'in-progress'])
    expect(met.get(reason) ?? 0, reason).toBeGreaterThan(20);
});

test('marks: none for no text, others for other texts', () => {
  expect(mark('')).toBe(0);
  const marks = new Set(Array.from({ length: 20_000 }, (_, index) => mark(`renovate/package-${index}`)));
  expect(marks.size).toBeGreaterThan(19_990);
  expect(marks.has(0)).toBe(false);
});

const see = (world: World, query: Partial<ProjectQuery>) =>
  world.keeper.view('docs', (view) => {
    const all = { page: 1, branch: null, environment: null, status: null, verdict: null };
    return readProjectPage(view, 'docs', { ...all, ...query });
  });

/** A project of which the branch `rare` has its deployments far below the newest 2,500. */
function addDeep(world: World) {
  const project = world.simulator.account.addProject({ name: 'docs' });
  for (let index = 0; index < 3_000; index += 1)
    project.add({
      createdAt: START - (3_001 - index) * 20 * MINUTE,
      branch: index < 99 ? 'rare' : index % 50 === 0 ? 'feature' : 'main',
      outcome: index % 7 === 0 ? 'failure' : 'success',
    });
  return project;
}

test('a branch below the newest 2,500 is found whole, counted, and its link leads to its build', async () => {
  const settings = {
    DRY_RUN: 'true',
    RULES: [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 5 } }],
  };
  await inWorld({ settings }, async (world) => {
    const project = addDeep(world);
    await world.tick(START, undefined, START + 30 * MINUTE);
    const rare = await see(world, { branch: 'rare', page: 4 });
    expect(rare).toMatchObject({ matching: 99, pages: 4, looked: null });
    expect(rare?.deployments).toHaveLength(24);
    const failed = project.deployments.filter(({ outcome }) => outcome === 'failure').length;
    expect(await see(world, { status: 'failed' })).toMatchObject({ matching: failed });
    const build = await world.keeper.view('docs', (view) => readBranchBuild(view, 'docs', 'rare'));
    expect(build?.deployment).toMatchObject({ branch: 'rare', stageStatus: 'success' });
    // What goes next is what the plan came to, and each of those shown says so itself.
    const next = await see(world, { verdict: 'next', page: 3 });
    expect(next?.matching).toBe(next?.summary.next);
    expect(next?.matching).toBeGreaterThan(500);
    const nextAt = next?.summary.nextPruneAt ?? 0;
    for (const { verdict } of next?.deployments ?? []) expect(verdict.expiresAt).toBeLessThanOrEqual(nextAt);
    const latest = await see(world, { verdict: 'latest', branch: 'main' });
    expect(latest?.matching).toBe(latest?.deployments.length);
    for (const { verdict } of latest?.deployments ?? []) expect(verdict.reason).toBe('latest');
  });
});

test('in mid-drain nothing that is gone is shown or counted, on any page', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 250 });
    await drainOneBatch(world);
    const left = project.deployments.map(({ id }) => id);
    const shown: string[] = [];
    for (let page = 1; page <= 9; page += 1) {
      const found = await see(world, { page });
      expect(found?.matching).toBe(left.length);
      shown.push(...(found?.deployments ?? []).map(({ deployment }) => deployment.id));
    }
    expect(shown).toEqual(left.slice(0, shown.length));
    expect(await see(world, { verdict: 'next' })).toMatchObject({ matching: left.length - 3 });
    const { forecast } = (await see(world, {})) ?? {};
    expect(forecast?.days[0]).toBe(left.length - 3);
    await world.run(START + HOUR);
    expect(await see(world, { verdict: 'next' })).toMatchObject({ matching: 0 });
    expect(project.deployments.every(({ createdAt }) => createdAt > START - 30 * DAY)).toBe(true);
  });
});
