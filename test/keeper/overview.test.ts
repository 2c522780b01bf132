// What `/`, `/runs` and `/healthz` are told of the account: each figure as the account has it.

import { expect, test } from 'vitest';
import { readIndex, writeIndex } from '../../src/keeper/store/overview-index.ts';
import { readOverviewPage, readProjectPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import { findShown, readStanding } from '../../src/keeper/views/shown.ts';
import type { ProjectSummary } from '../../src/report.ts';
import { run } from '../web/fixtures.ts';
import { addSite, begin, drainOneBatch, oldIds } from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const see = (world: World) => world.keeper.view(null, readOverviewPage);

/** A project as its row shows it. What is told of all projects at once says the same of it. */
async function summary(world: World, name = 'docs'): Promise<ProjectSummary | undefined> {
  const { projects, all } = await see(world);
  const found = projects.find(({ project }) => project.name === name);
  if (found === undefined) return undefined;
  const { total, next, left, rolledBack, failedSinceLive, nextPruneAt, nextRebuildAt } = found;
  expect(all.find((standing) => standing.name === name)).toMatchObject({
    ...{ total, next, left, rolledBack, failedSinceLive, nextPruneAt, nextRebuildAt },
    ...{ dryRun: found.dryRun, pruned: found.pruned, rebuilt: found.rebuilt },
  });
  return found;
}

/** Ticks, and stops before anything is due again. */
const tick = (world: World, at = START, cron = CRON) => world.tick(at, cron, at + 10 * MINUTE);

test('of a project: what there is, what is live, what would go', async () => {
  const RULES = [{ projects: ['docs'], dryRun: true, prune: { olderThanDays: 30 } }, { projects: ['*'] }];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'other' });
    await tick(world);
    expect(await summary(world)).toMatchObject({
      total: 13,
      next: 10,
      left: null,
      moreIfStale: 0,
      rolledBack: false,
      failedSinceLive: 0,
      nextPruneAt: START + HOUR,
      nextRebuildAt: null,
      reading: null,
      dryRun: true,
      pruned: true,
      rebuilt: false,
      live: { verdict: { action: 'keep', reason: 'live' } },
      latest: { verdict: { action: 'keep', reason: 'live' } },
    });
    expect(await summary(world, 'other')).toMatchObject({
      total: null,
      next: null,
      left: null,
      nextPruneAt: null,
      dryRun: false,
      pruned: false,
      live: { verdict: { action: 'keep', reason: 'unreadable' } },
    });
    const { plan } = await world.keeper.view(null, readRunsPage);
    expect(plan.map(({ project }) => project.name)).toEqual(['docs']);
  });
});

test('of a project in mid-drain: what is left', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 100 });
    await drainOneBatch(world);
    expect(project.deployments).toHaveLength(58);
    expect(await summary(world)).toMatchObject({ total: 58, dryRun: false });
    await world.run(START + HOUR);
    expect(await summary(world)).toMatchObject({ total: 3 });
  });
});

test('of a project that was rolled back: that it was', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0 });
    project.rollback(project.deployments[1]?.id ?? '');
    await tick(world);
    expect(await summary(world)).toMatchObject({
      rolledBack: true,
      live: { deployment: { id: project.deployments[1]?.id } },
    });
  });
});

test('of a project whose builds fail: how many of production since the live one', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 2 });
    project.add({ createdAt: START - 40 * MINUTE, branch: 'feature', outcome: 'failure' });
    await tick(world);
    expect(await summary(world)).toMatchObject({ failedSinceLive: 0 });
    project.add({ createdAt: START + 30 * MINUTE, outcome: 'failure' });
    project.add({ createdAt: START + 40 * MINUTE, branch: 'feature', outcome: 'failure' });
    project.add({ createdAt: START + 50 * MINUTE, outcome: 'failure' });
    await tick(world, START + HOUR);
    expect(await summary(world)).toMatchObject({ failedSinceLive: 2 });
    project.add({ createdAt: START + 90 * MINUTE });
    await tick(world, START + 2 * HOUR);
    expect(await summary(world)).toMatchObject({ failedSinceLive: 0 });
  });
});

test('of stale branches that no rule asks for: what would go if one did', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0 });
    for (const [branch, days] of [
      ['stale', 40],
      ['stale', 45],
      ['long-gone', 90],
      ['alive', 20],
      ['alive', 50],
    ] as const)
      project.add({ createdAt: START - days * DAY, branch });
    await tick(world);
    // The two that had expired are gone.
    expect(await summary(world)).toMatchObject({ next: 0, moreIfStale: 2 });
  });
});

test('what would go if one did leaves out what is live, and what a policy calls stale already', async () => {
  const stale = { olderThanDays: 30, staleBranchesAfterDays: 60 };
  for (const [prune, expired, ifStale] of [
    [{ olderThanDays: 30 }, 1, 2],
    [stale, 2, 0],
  ] as const) {
    const settings = { DRY_RUN: 'true', RULES: [{ projects: ['*'], prune }] };
    await inWorld({ settings }, async (world) => {
      const project = world.simulator.account.addProject({ name: 'docs', productionBranch: 'main' });
      // Two of a branch that is stale in any case, the live one, and a branch that is stale after 30 days, not after 60.
      project.add({ createdAt: START - 200 * DAY, branch: 'old' });
      project.add({ createdAt: START - 190 * DAY, branch: 'old' });
      project.add({ createdAt: START - 180 * DAY, branch: 'main' });
      project.add({ createdAt: START - 40 * DAY, branch: 'younger' });
      await tick(world);
      expect(await summary(world)).toMatchObject({ next: expired, moreIfStale: ifStale });
    });
  }
});

test('nor what the API has refused to delete', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0 });
    const refused = project.add({ createdAt: START - 90 * DAY, branch: 'stale' });
    project.add({ createdAt: START - 80 * DAY, branch: 'stale' });
    world.simulator.fault = ({ method, deploymentId }) =>
      method === 'DELETE' && deploymentId === refused.id
        ? { kind: 'status', status: 400, code: 8_000_035 }
        : null;
    await tick(world);
    await tick(world, START + HOUR);
    expect(await summary(world)).toMatchObject({ next: 0, moreIfStale: 1 });
  });
});

test('a project that is no more is gone', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    addSite(world, { name: 'other' });
    await tick(world);
    world.simulator.account.deleteProject('other');
    await tick(world, START + HOUR);
    const { projects, accountProjects } = await see(world);
    expect(projects.map(({ project }) => project.name)).toEqual(['docs']);
    expect(accountProjects).toBe(1);
  });
});

test('a policy whose cron has stopped ticking is due at no time', async () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 30, cron: '0 3 * * *' } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    await tick(world);
    // Nothing is known of it yet, so it is believed to be in [triggers].
    expect(await summary(world)).toMatchObject({ nextPruneAt: START + 7 * HOUR });
    await tick(world, START + 7 * HOUR, '0 3 * * *');
    expect(await summary(world)).toMatchObject({ nextPruneAt: START + 31 * HOUR });
    await tick(world, START + 5 * DAY);
    expect(await summary(world)).toMatchObject({ nextPruneAt: null });
  });
});

test('warnings: of rules that match nothing, and of crons that have not ticked', async () => {
  const prune = (cron?: string) => ({ olderThanDays: 30, ...(cron ? { cron } : {}) });
  const RULES = [
    { projects: ['docs', 'nothing-*'], prune: [prune(), prune(CRON)] },
    { projects: ['gone'] },
    { projects: ['other'], prune: prune('15 4 * * *'), rebuild: {} },
    { projects: ['docs'] },
  ];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world);
    addSite(world, { name: 'other' });
    await tick(world);
    expect((await see(world)).warnings).toEqual([
      'RULES[0].projects: "nothing-*" matches no project.',
      'RULES[1] matches no project.',
      'RULES[2] waits for the cron "15 4 * * *", which has not ticked yet: is it in [triggers]?',
      'RULES[3] never applies: an earlier rule matches all its projects.',
    ]);
  });
});

test('progress: reading, then deleting until when, then none', async () => {
  await inWorld({}, async (world) => {
    // Two projects of more pages than one invocation may list.
    addSite(world, { old: 400 });
    addSite(world, { name: 'other', old: 10 });
    await begin(world);
    const runId = world.runs()[0]?.id;
    const progress = async () => (await see(world)).progress;
    await world.step();
    // Of both: what is read already of one of them is in the sum.
    expect(await progress()).toMatchObject({ runId, phase: 'reading', of: 403 + 13 });
    while ((await progress())?.phase !== 'deleting') await world.step();
    const first = await progress();
    expect(first).toMatchObject({ runId, of: 410 });
    const left = 410 - (first?.done ?? 0);
    // 1,080 calls in five minutes.
    expect(first?.endsAt).toBeCloseTo(world.now() + (left * 300_000) / 1_080, -1);
    await world.step();
    const second = await progress();
    expect(second?.of).toBe(410);
    expect(second?.done).toBeGreaterThan(first?.done ?? 0);
    await world.run();
    expect(await progress()).toBeNull();
  });
});

test('progress: waiting while the API has blocked us', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    world.simulator.fault = ({ method }) => (method === 'DELETE' ? { kind: 'block' } : null);
    await world.step();
    expect((await see(world)).progress).toMatchObject({ phase: 'waiting', endsAt: null });
    expect((await see(world)).trouble).toMatchObject({ kind: 'blocked' });
    expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'blocked' });
    world.simulator.fault = null;
    await world.run();
    expect((await see(world)).trouble).toBeNull();
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 100 } });
  });
});

test('health: when a run last ended, and when one last went well', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    expect(world.keeper.health()).toMatchObject({ ok: true, reason: 'starting', lastRunAt: null });
    await tick(world);
    const good = world.keeper.health();
    expect(good).toMatchObject({ ok: true, reason: null, lastSuccessAt: good.lastRunAt });
    expect(good.lastRunAt).toBeGreaterThanOrEqual(START);
    world.settings.CLOUDFLARE_API_TOKEN = 'refused-token';
    await tick(world, START + HOUR);
    const bad = world.keeper.health();
    expect(bad).toMatchObject({ ok: false, reason: 'token', lastSuccessAt: good.lastSuccessAt });
    expect(bad.lastRunAt).toBeGreaterThanOrEqual(START + HOUR);
  });
});

test('the numbers of a project hold before, during and after its pruning, each project’s own', async () => {
  await inWorld({}, async (world) => {
    const docs = addSite(world, { old: 120 });
    const other = addSite(world, { name: 'other', old: 60 });
    const see = async (name: string) => {
      const all = { page: 1, branch: null, environment: null, status: null, verdict: null };
      return world.keeper.view(name, (view) => readProjectPage(view, name, all));
    };
    await begin(world);
    let looked = 0;
    for (let step = 0; step < 200 && (await world.step()); step += 1) {
      for (const [project, name, of] of [
        [docs, 'docs', 120],
        [other, 'other', 60],
      ] as const) {
        const page = await see(name);
        const left = oldIds(project).length;
        if (page?.progress?.phase !== 'deleting') continue;
        looked += 1;
        expect(page.progress).toMatchObject({ done: of - left, of });
        expect(page.summary).toMatchObject({ total: project.deployments.length, left, next: 0 });
      }
    }
    expect(looked).toBeGreaterThan(2);
    for (const name of ['docs', 'other'])
      expect(await see(name)).toMatchObject({ progress: null, summary: { total: 3, left: null, next: 0 } });
  });
});

test('its last run is one that a tick began, whatever was asked for since', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await tick(world);
    const { store } = world.keeper;
    for (let minute = 1; minute <= 60; minute += 1) {
      const id = `${new Date(START + minute * MINUTE).toISOString().slice(0, 16).replace(':', '-')}-0000000-docs`;
      store.write(
        'runs',
        id,
        run({ id, cron: minute % 2 === 0 ? 'hook' : 'retry', scheduledAt: START + minute * MINUTE }),
      );
    }
    const query = { page: 1, size: 50, find: null, status: null, order: 'need' } as const;
    const last = (runs: number) =>
      world.keeper.view(null, (view) => readOverviewPage(view, { ...query, runs }).runs.map(({ id }) => id));
    const ticked = world.runs().filter(({ cron }) => cron === CRON);
    expect(ticked).toHaveLength(1);
    expect(await last(1)).toEqual([ticked[0]?.id]);
    expect(await last(20)).toEqual([ticked[0]?.id]);
    expect(await last(0)).toEqual([]);
  });
});

test('the index that a view reads is the stored one, also when a write was taken back', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await tick(world);
    const { store } = world.keeper;
    const before = [...readIndex(store)];
    expect(before.map(({ name }) => name)).toEqual(['docs']);
    const renamed = before.map((entry) => ({ ...entry, name: 'other' }));
    expect(() =>
      store.atomically(() => {
        writeIndex(store, renamed);
        expect(readIndex(store)).toEqual(renamed);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(readIndex(store)).toEqual(before);
    writeIndex(store, renamed);
    expect(readIndex(store)).toEqual(renamed);
    // Nothing was written since: nothing is parsed again.
    expect(readIndex(store)).toBe(readIndex(store));
  });
});

test('a badge says of a project what its page says, whatever the rules show', async () => {
  const RULES = [
    { projects: ['secret'], show: false },
    { projects: ['*'], prune: { olderThanDays: 30 } },
  ];
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addSite(world, { old: 0, young: 2 });
    addSite(world, { name: 'secret' });
    await tick(world);
    const standing = (name: string) => world.keeper.view(name, (view) => readStanding(view, name));
    expect(await standing('docs')).toMatchObject({ name: 'docs', status: 'ready', total: 2 });
    expect([await standing('secret'), await standing('nobody')]).toEqual([null, null]);
    project.add({ createdAt: START + 30 * MINUTE, outcome: 'failure' });
    await tick(world, START + HOUR);
    expect(await standing('docs')).toMatchObject({ status: 'failed', failedSinceLive: 1 });
  });
});

test('of the projects that are shown those that a viewer asked for, in the order that was asked for', () => {
  const shown = (
    [
      ['Docs', 'failed', 3],
      ['blog', 'ready', null],
      ['docs-old', 'ready', 2],
      ['shop', 'ready', 5],
    ] as const
  ).map(
    ([name, status, createdAt]) =>
      ({ id: name, standing: { name, status, latest: createdAt === null ? null : { createdAt } } }) as never,
  );
  const found = (query: { find?: string; status?: string; order?: 'need' | 'newest' }) =>
    findShown([...shown], { find: null, status: null, order: 'need', ...query } as never).map(({ id }) => id);
  expect(found({})).toEqual(['Docs', 'blog', 'docs-old', 'shop']);
  expect(found({ find: 'DOC' })).toEqual(['Docs', 'docs-old']);
  expect(found({ status: 'ready' })).toEqual(['blog', 'docs-old', 'shop']);
  expect(found({ status: 'ready', find: 'o', order: 'newest' })).toEqual(['shop', 'docs-old', 'blog']);
  expect(found({ status: 'building' })).toEqual([]);
});

test('the index is stored whatever the branches of a thousand projects are called', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await tick(world);
    const { store } = world.keeper;
    const [one] = readIndex(store);
    if (one === undefined) throw new Error('nothing is known');
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      ...one,
      id: `${String(index).padStart(8, '0')}${one.id.slice(8)}`,
      name: `site-${index}`,
      productionBranch: '語'.repeat(1_000),
    }));
    writeIndex(store, many);
    expect(readIndex(store)).toEqual(many);
    writeIndex(store, many.slice(0, 700));
    expect(readIndex(store)).toHaveLength(700);
  });
});
