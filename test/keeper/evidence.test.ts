// What is recorded is not forgotten by one answer, and what is deleted takes no evidence with it.

import { describe, expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { readOverviewPage } from '../../src/keeper/views/reads.ts';
import { addSite, deletesOf, idsOf, isList, knownIds, listsOf } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const summary = async (world: World) =>
  (await world.keeper.view(null, (view) => readOverviewPage(view))).projects[0];

describe('pruning the failed builds of a project', () => {
  /** Succeeded until 60 days ago, failed nine times until 32 days ago; nothing has been built since. */
  function addShop(world: World) {
    const shop = world.simulator.account.addProject({ name: 'shop', source: null });
    for (let day = 70; day >= 60; day -= 1) shop.add({ createdAt: START - day * DAY });
    for (let build = 0; build < 9; build += 1)
      shop.add({ createdAt: START - (58 - build * 3) * DAY, outcome: 'failure', hash: `bad${build % 2}` });
    return shop;
  }

  test('leaves production as far behind as it was, and tells no recovery', async () => {
    const told: string[] = [];
    const NOTIFY_URL = 'https://hooks.example/x';
    await inWorld({ settings: { NOTIFY_URL, DRY_RUN: 'true' } }, async (world) => {
      world.webhook = (body) => {
        told.push(body);
        return new Response(null, { status: 204 });
      };
      const shop = addShop(world);
      await world.tick(START, CRON, START + 10 * MINUTE);
      const before = await summary(world);
      expect(before).toMatchObject({ failedSinceLive: 9 });
      world.settings.DRY_RUN = 'false';
      for (let hour = 1; hour < 4; hour += 1)
        await world.tick(START + hour * HOUR, CRON, START + hour * HOUR + 50 * MINUTE);
      expect(deletesOf(world.simulator.calls, 'shop').length).toBeGreaterThan(8);
      const after = await summary(world);
      expect(after).toMatchObject({ failedSinceLive: 9, builds: before?.builds });
      // The newest says how things stand: it is kept.
      expect(shop.deployments[0]?.outcome).toBe('failure');
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('shop: production is behind, the last 9 production builds failed.');
    });
  });

  test('does not make a commit that keeps failing one that may be built again', async () => {
    const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 1 } }];
    await inWorld({ settings: { RULES } }, async (world) => {
      const docs = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
      docs.add({ createdAt: START - 9 * DAY });
      for (let hour = 12; hour > 0; hour -= 1)
        docs.add({ createdAt: START - 2 * DAY - hour * HOUR, outcome: 'failure', hash: 'bad' });
      docs.add({ createdAt: START - HOUR, outcome: 'failure', hash: 'bad' });
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(world.runs()[0]?.skips).toMatchObject([{ reason: 'failing' }]);
      expect(deletesOf(world.simulator.calls)).toHaveLength(12);
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(world.runs()[0]?.skips).toMatchObject([{ reason: 'failing' }]);
      expect((await summary(world))?.paused).toMatchObject({ failures: 13 });
    });
  });
});

describe('a project of which nothing is live, when its newest build has failed and goes with its stale branch', () => {
  const stale = { olderThanDays: 1, staleBranchesAfterDays: 1 };
  const RULES = [{ projects: ['*'], prune: [{ ...stale, branches: ['topic'] }] }];

  /** A preview that is ready, a newer one that failed on a branch that is stale by now; `last`: what comes after that. */
  async function afterPruning(last: { outcome?: 'success'; branch?: string } | null) {
    let seen: unknown[] = [];
    await inWorld({ settings: { RULES, DRY_RUN: 'true' } }, async (world) => {
      const docs = world.simulator.account.addProject({ name: 'docs' });
      docs.add({ createdAt: START - 4 * DAY, branch: 'kept' });
      docs.add({ createdAt: START - 3 * DAY, branch: 'topic', outcome: 'failure' });
      await world.tick(START, CRON, START + 10 * MINUTE);
      const said = async () => {
        const pages = pagesOf(world);
        const text = async (path: string) => (await pages.request(path)).text();
        const { projects } = JSON.parse(await text('/status.json?status=failed'));
        const { status } = JSON.parse(await text('/projects/docs.json'));
        const page = await text('/projects/docs');
        return {
          ...{
            status,
            failed: projects.length,
            badge: (await text('/projects/docs/badge.svg')).includes('failed'),
          },
          ...{
            title: /<title>(\w+)/.exec(page)?.[1],
            newer: page.includes('A newer one failed, and is deleted'),
          },
        };
      };
      const before = await said();
      world.settings.DRY_RUN = 'false';
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(deletesOf(world.simulator.calls)).toHaveLength(1);
      if (last !== null) docs.add({ createdAt: START + 2 * HOUR, ...last });
      await world.tick(START + 3 * HOUR, CRON, START + 4 * HOUR);
      seen = [before, await said()];
    });
    return seen;
  }

  const failed = { status: 'failed', failed: 1, badge: true, title: 'Failed', newer: false };
  const ready = { status: 'ready', failed: 0, badge: false, title: 'Ready', newer: false };

  test('looks no better for that, on no page', async () => {
    expect(await afterPruning(null)).toEqual([failed, { ...failed, newer: true }]);
  });

  test('looks better once something newer is built, of a branch or of production', async () => {
    expect(await afterPruning({ branch: 'kept' })).toEqual([failed, ready]);
    expect(await afterPruning({ outcome: 'success' })).toEqual([failed, ready]);
  });
});

describe('an answer in words that nobody knows', () => {
  const settings = { RULES: [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 10 } }] };
  const asked: [string, Json][] = [
    ['no stage', { latest_stage: null }],
    ['a stage without a name', { latest_stage: { status: 'success' } }],
    ['another word', { latest_stage: { name: 'deploy', status: 'complete' } }],
    ['another stage', { latest_stage: { name: 'publish', status: 'success' } }],
    ['the same in capitals', { latest_stage: { name: 'Deploy', status: 'Success' } }],
    ['skipped, and deployed', { is_skipped: true }],
    ['no environment', { environment: null }],
  ];

  function speak(world: World, words: Json): void {
    world.simulator.fault = (call) =>
      isList(call)
        ? {
            kind: 'alter',
            change: (body) => ({
              ...body,
              result: (body.result as Json[]).map((row) => ({ ...row, ...words })),
            }),
          }
        : null;
  }

  test.each(asked)('%s: of twenty old successes none goes, and the run says why, once', async (_, words) => {
    await inWorld({ settings }, async (world) => {
      const project = addSite(world, { old: 20, young: 0 });
      speak(world, words);
      await world.tick(START, CRON, START + 50 * MINUTE);
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(idsOf(project)).toHaveLength(20);
      const warnings = world.runs().flatMap((run) => run.warnings);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatchObject({ project: 'docs', text: expect.stringContaining('does not know') });
    });
  });

  test.each(asked)('%s, after a day on which all were ready: none of those goes', async (_, words) => {
    await inWorld({ settings: { ...settings, DRY_RUN: 'true' } }, async (world) => {
      const project = addSite(world, { old: 20, young: 0 });
      await world.tick(START, CRON, START + 50 * MINUTE);
      world.settings.DRY_RUN = 'false';
      speak(world, words);
      // By the head of the list, and then all of it, a week later.
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      const [run] = world.runs();
      expect([...(run?.refusals ?? []), ...(run?.warnings ?? [])].map(({ project }) => project)).toContain(
        'docs',
      );
      await world.tick(START + 8 * DAY, CRON, START + 8 * DAY + HOUR);
      const rescued = idsOf(project).slice(0, 10);
      expect(rescued).toHaveLength(10);
      expect(deletesOf(world.simulator.calls).filter((id) => rescued.includes(id))).toEqual([]);
      // Said in its own words again, what has expired goes.
      world.simulator.fault = null;
      await world.tick(START + 16 * DAY, CRON, START + 16 * DAY + HOUR);
      expect(idsOf(project)).toEqual(rescued);
    });
  });
});

describe('one answer that says something else, where previews are nobody’s business', () => {
  const prune = { environment: 'production', olderThanDays: 30, keepLatest: 5 };
  const settings = { RULES: [{ projects: ['*'], rebuild: {}, prune }] };
  const isProjects = (call: FaultyCall) => call.method === 'GET' && call.path.endsWith('/projects');
  /** What is said, of which list, and whether it can be told from the truth by an answer that is nobody's second. */
  const said: [string, (call: FaultyCall) => boolean, Json, boolean][] = [
    ['an environment is missing', isList, { environment: null }, true],
    ['an environment has another name', isList, { environment: 'staging' }, true],
    ['an environment is another one', isList, { environment: 'production' }, false],
    ['the production branch is missing', isProjects, { production_branch: null }, false],
    ['the ids are in other letters', isList, {}, true],
  ];
  const alter = (words: Json): Fault => ({
    kind: 'alter',
    change: (body) => ({
      ...body,
      result: (body.result as Json[]).map((row) => ({
        ...row,
        ...(Object.keys(words).length === 0 ? { id: String(row.id).toUpperCase() } : words),
      })),
    }),
  });
  const times = said.flatMap(([words, isOne, row, isFirst]) => [
    ...(isFirst ? [[words, 'at the first look', isOne, row] as const] : []),
    [words, 'of what is known', isOne, row] as const,
  ]);

  test.each(times)('%s, %s: no preview goes, and of production what must', async (_, when, isOne, words) => {
    await inWorld({ settings: { ...settings, DRY_RUN: 'true' } }, async (world) => {
      const project = addSite(world, { old: 20, young: 0 });
      for (let row = 0; row < 20; row += 1)
        project.add({ createdAt: START - 50 * DAY + row * MINUTE, branch: 'dev' });
      const [production, previews] = ['main', 'dev'].map((branch) =>
        project.deployments.filter((one) => one.branch === branch).map(({ id }) => id),
      );
      if (when === 'of what is known') await world.tick(START, CRON, START + 50 * MINUTE);
      const posts = world.simulator.calls.filter(({ method }) => method === 'POST').length;
      const lists = listsOf(world.simulator.calls).length;
      world.settings.DRY_RUN = 'false';
      world.simulator.fault = (call) => (isOne(call) ? alter(words) : null);
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      if (when === 'of what is known')
        expect(listsOf(world.simulator.calls).length - lists).toBeLessThanOrEqual(3);
      world.simulator.fault = null;
      await world.tick(START + 8 * DAY, CRON, START + 8 * DAY + 2 * HOUR);
      const kept = new Set([...(previews ?? []), ...(production ?? []).slice(0, 4)]);
      expect(deletesOf(world.simulator.calls).filter((id) => kept.has(id.toLowerCase()))).toEqual([]);
      expect(idsOf(project)).toEqual(expect.arrayContaining([...kept]));
      expect(idsOf(project)).not.toContain(production?.[8]);
      expect(new Set(knownIds(world, project)).size).toBe(knownIds(world, project).length);
      // It was built once for each of the two ticks, by its own branch.
      const built = world.simulator.calls.filter(({ method }) => method === 'POST').slice(posts);
      expect(built.filter(({ effect }) => effect)).toHaveLength(2);
      expect(project.deployments.filter(({ branch }) => !['main', 'dev'].includes(branch))).toEqual([]);
    });
  });
});
