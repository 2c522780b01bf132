// Which rebuilds wait: those of a commit that keeps failing, and those behind others when few may be under way at once.

import { expect, test } from 'vitest';
import { readOverviewPage } from '../../src/keeper/views/reads.ts';
import { acts, CRON, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const RULES = [{ projects: ['*'], rebuild: {} }];
const posts = (world: World) => world.simulator.calls.filter(({ method }) => method === 'POST');
const hourly = async (world: World, from: number, to: number) => {
  for (let hour = from; hour <= to; hour += 1)
    await world.tick(START + hour * HOUR, CRON, START + (hour + 1) * HOUR - 1);
};
const hours = (world: World) => posts(world).map(({ at }) => Math.round((at - START) / HOUR));

function addFailing(world: World) {
  return world.simulator.account.addProject({
    name: 'api',
    buildOutcome: 'failure',
    createdAt: START - HOUR,
  });
}

test('after three failures of one commit it is tried after 2, 4, 8, 16 and then every 24 hours', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addFailing(world).push('main', START - HOUR / 2);
    await hourly(world, 0, 60);
    // The push and two rebuilds failed; from then on it waits.
    expect(hours(world)).toEqual([0, 1, 3, 7, 15, 31, 55]);
    expect(world.runs()[0]?.skips).toEqual([{ project: 'api', reason: 'failing' }]);
  });
});

test('the page says why it waits, and when the next try is', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addFailing(world).push('main', START - HOUR / 2, { hash: 'abc1234def' });
    await hourly(world, 0, 2);
    const [project] = (await world.keeper.view(null, readOverviewPage)).projects;
    expect(project?.paused).toMatchObject({ branch: 'main', commit: 'abc1234def', failures: 3 });
    expect(project?.nextRebuildAt).toBe(START + 3 * HOUR);
  });
});

test('a push ends the wait, and so does a success', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addFailing(world);
    project.push('main', START - HOUR / 2);
    await hourly(world, 0, 2);
    expect(hours(world)).toEqual([0, 1]);
    project.push('main', START + 2.5 * HOUR, { outcome: 'failure' });
    await hourly(world, 3, 4);
    expect(hours(world)).toEqual([0, 1, 3, 4]);
    await hourly(world, 5, 5);
    expect(hours(world)).toEqual([0, 1, 3, 4]);
  });
});

test('one at a time: the next is posted when the one before has ended, and never two', async () => {
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    for (let n = 0; n < 6; n += 1)
      world.simulator.account.addProject({ name: `p${n}`, createdAt: START - HOUR, buildMs: 5 * MINUTE });
    await world.tick(START, CRON, START + HOUR - 1);
    const sent = posts(world);
    expect(new Set(sent.map(({ project }) => project)).size).toBe(6);
    for (const [n, { at }] of sent.entries())
      if (n > 0) expect(at - (sent[n - 1]?.at ?? 0)).toBeGreaterThanOrEqual(5 * MINUTE);
    expect((sent.at(-1)?.at ?? 0) - START).toBeLessThan(45 * MINUTE);
    expect(world.runs()[0]?.outcome).toBe('done');
    expect(Math.max(...world.slices)).toBeLessThan(15);
  });
});

test('without a limit all are posted at once', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    for (let n = 0; n < 6; n += 1)
      world.simulator.account.addProject({ name: `p${n}`, createdAt: START - HOUR, buildMs: 5 * MINUTE });
    await world.tick(START, CRON, START + HOUR - 1);
    expect(posts(world).at(-1)?.at).toBeLessThan(START + MINUTE);
  });
});

test('what was pushed while it waited is seen: then it builds nothing', async () => {
  const rules = [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 55 } }];
  await inWorld({ settings: { RULES: rules, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'first', createdAt: START - HOUR, buildMs: 5 * MINUTE });
    const second = account.addProject({ name: 'second', createdAt: START - HOUR, buildMs: MINUTE });
    await world.tick(START, CRON, START + 2 * MINUTE);
    second.push('main', START + 3 * MINUTE);
    await world.run(START + HOUR - 1);
    expect(acts(world.simulator)).toEqual(['POST first main']);
    expect(world.runs()[0]?.skips).toEqual([{ project: 'second', reason: 'fresh' }]);
  });
});

test('the next tick does not queue a rebuild that still waits a second time', async () => {
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    for (let n = 0; n < 4; n += 1)
      world.simulator.account.addProject({ name: `p${n}`, createdAt: START - HOUR, buildMs: 25 * MINUTE });
    await world.tick(START, CRON, START + HOUR - 1);
    await world.tick(START + HOUR, CRON, START + HOUR + 10 * MINUTE);
    const second = world.runs().find(({ scheduledAt }) => scheduledAt === START + HOUR);
    expect(second?.skips.filter(({ reason }) => reason === 'requested')).not.toEqual([]);
    await world.run(START + 6 * HOUR);
    for (const [n, { at }] of posts(world).entries())
      if (n > 0) expect(at - (posts(world)[n - 1]?.at ?? 0)).toBeGreaterThanOrEqual(25 * MINUTE);
  });
});

test('a build that never ends holds up the others for an hour at most, and a crash loses nobody’s turn', async () => {
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'stuck', createdAt: START - HOUR, buildMs: 300 * HOUR });
    account.addProject({ name: 'next', createdAt: START - HOUR });
    await world.tick(START, CRON, START + MINUTE);
    world.restart();
    await world.run(START + 2 * HOUR);
    expect(acts(world.simulator)).toEqual(['POST stuck main', 'POST next main']);
  });
});

test('one that waits is built once, as the rule names its branch by then, though another tick asks meanwhile', async () => {
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'first', createdAt: START - HOUR, buildMs: 90 * MINUTE });
    const second = account.addProject({ name: 'second', createdAt: START - HOUR });
    second.push('next', START - HOUR / 2);
    await world.tick(START, CRON, START + HOUR - 1);
    world.settings.RULES = [
      { projects: ['first'], rebuild: { cron: 'none' } },
      { projects: ['*'], rebuild: { branch: 'next' } },
    ];
    await world.tick(START + HOUR, CRON, START + 2 * HOUR - 1);
    expect(acts(world.simulator)).toEqual(['POST first main', 'POST second next']);
    expect(world.runs()[0]?.skips).toEqual([{ project: 'second', reason: 'requested' }]);
  });
});

test('a token that may build no more is told, though a build of before is under way still', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'slow', createdAt: START - HOUR, buildMs: 50 * MINUTE });
    for (const name of ['docs', 'blog']) account.addProject({ name, createdAt: START - HOUR });
    world.simulator.fault = ({ method, project }) =>
      method === 'POST' && project !== 'slow'
        ? { kind: 'status', status: 403, code: 10_000, message: 'Authentication error' }
        : null;
    await world.tick(START, CRON, START + 45 * MINUTE);
    expect(world.keeper.work().rebuilds).toMatchObject([{ name: 'slow', state: { is: 'building' } }]);
    expect(world.keeper.work().api.trouble).toMatchObject({ kind: 'token' });
    expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'token' });
  });
});
