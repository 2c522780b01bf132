// The Keeper's three jobs end to end on the simulated account: what is sent, what is not, and what the record says.

import { expect, test } from 'vitest';
import { acts, DAY, HOUR, inWorld, MINUTE, START } from './world.ts';

test('a prune tick deletes what has expired, oldest first, and nothing else', async () => {
  await inWorld({}, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    for (let age = 60; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY - HOUR });
    const expired = project.deployments.filter(({ createdAt }) => START - createdAt >= 30 * DAY);
    const result = await world.tick(START);
    expect(result).toEqual({ ok: true });
    expect(acts(world.simulator)).toEqual([...expired].reverse().map(({ id }) => `DELETE docs ${id}`));
    expect(project.deployments).toHaveLength(30);
    const [run] = world.runs();
    expect(run).toMatchObject({
      outcome: 'done',
      counts: { deleted: 31, gone: 0, refused: 0, failed: 0, remaining: 0 },
    });
    expect(run?.calls).toBe(world.simulator.calls.length);
    expect(world.alarmAt()).toBeNull();
  });
});

test('a second run reads one page and deletes what has expired since', async () => {
  await inWorld({}, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    for (let age = 300; age >= 0; age -= 1) project.add({ createdAt: START - age * 12 * HOUR - MINUTE });
    await world.tick(START);
    const before = world.simulator.calls.length;
    await world.tick(START + DAY);
    expect(world.simulator.calls.slice(before).map(({ method }) => method)).toEqual([
      'GET',
      'GET',
      'DELETE',
      'DELETE',
    ]);
  });
});

test('a rebuild tick posts one build per Git project and none for Direct Upload', async () => {
  const settings = { RULES: [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 55 } }] };
  await inWorld({ settings }, async (world) => {
    const { account } = world.simulator;
    account
      .addProject({ name: 'site', source: 'github', productionBranch: 'main' })
      .add({ createdAt: START - DAY });
    account
      .addProject({ name: 'blog', source: 'gitlab', productionBranch: 'trunk' })
      .add({ createdAt: START - DAY, branch: 'trunk' });
    account.addProject({ name: 'upload', source: null }).add({ createdAt: START - DAY });
    await world.tick(START, undefined, START + 10 * MINUTE);
    expect(acts(world.simulator)).toEqual(['POST site main', 'POST blog trunk']);
    const [run] = world.runs();
    expect(run?.skips).toEqual([{ project: 'upload', reason: 'direct-upload' }]);
    expect(run?.rebuilds.map(({ status }) => status)).toEqual(['ready', 'ready']);
    await world.tick(START + 30 * MINUTE, '30 * * * *', START + 40 * MINUTE);
    expect(acts(world.simulator)).toHaveLength(2);
    expect(
      world
        .runs()[0]
        ?.skips.map(({ reason }) => reason)
        .sort(),
    ).toEqual(['direct-upload', 'fresh', 'fresh']);
  });
});

test('under DRY_RUN nothing is sent but GET, and the plan is counted', async () => {
  const rules = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { DRY_RUN: 'true', RULES: rules } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    for (let age = 60; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY - HOUR });
    await world.tick(START);
    expect(acts(world.simulator)).toEqual([]);
    const [run] = world.runs();
    expect(run).toMatchObject({ outcome: 'done', dryRun: true, counts: { deleted: 0, remaining: 31 } });
    expect(run?.skips).toEqual([{ project: 'docs', reason: 'dry-run' }]);
  });
});

test('a project that no rule matches is neither read nor touched', async () => {
  const settings = { RULES: [{ projects: ['docs'], prune: { olderThanDays: 1 } }] };
  await inWorld({ settings }, async (world) => {
    for (const name of ['docs', 'other']) {
      const project = world.simulator.account.addProject({ name, source: 'github' });
      for (let age = 9; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY - HOUR });
    }
    await world.tick(START);
    expect(world.simulator.calls.filter(({ project }) => project === 'other')).toEqual([]);
    expect(world.simulator.account.project('other')?.deployments).toHaveLength(10);
    expect(world.simulator.account.project('docs')?.deployments).toHaveLength(1);
  });
});

test('a refused token fails the tick with the command that mends it, and nothing is deleted', async () => {
  await inWorld({ settings: { CLOUDFLARE_API_TOKEN: 'wrong-token-of-somebody' } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    for (let age = 60; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY });
    const result = await world.tick(START);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).toContain('npx wrangler secret put CLOUDFLARE_API_TOKEN');
    expect(acts(world.simulator)).toEqual([]);
    expect(world.runs()[0]).toMatchObject({ outcome: 'failed', error: 'token' });
    expect(JSON.stringify(world.log)).not.toContain('wrong-token');
  });
});

test('a stale branch goes whole, its alias by force and last', async () => {
  const prune = { olderThanDays: 7, staleBranchesAfterDays: 14 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    project.add({ createdAt: START - HOUR });
    const stale = [20, 19, 18].map((age) => project.add({ createdAt: START - age * DAY, branch: 'old' }).id);
    project.add({ createdAt: START - 20 * DAY, branch: 'active' });
    project.add({ createdAt: START - 2 * DAY, branch: 'active', outcome: 'failure' });
    await world.tick(START);
    expect(acts(world.simulator)).toEqual([
      `DELETE docs ${stale[0]}`,
      `DELETE docs ${stale[1]}`,
      `DELETE docs ${stale[2]} force`,
    ]);
  });
});
