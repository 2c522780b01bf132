// Builds that are asked for, by the real Keeper: once, after a quiet time, never lost, never too many, and nothing deleted by it.

import { expect, test } from 'vitest';
import { readRunsPage } from '../../src/keeper/views/reads.ts';
import { acts, CRON, DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const SECOND = 1_000;
const rule = { projects: ['docs'], rebuild: { cron: 'none', hook: true }, prune: { olderThanDays: 30 } };

/** A world whose list was read, with `docs` that has a build of yesterday and an old one to delete. */
async function asking(use: (world: World) => Promise<void>, settings: Settings = {}): Promise<void> {
  await inWorld({ settings: { RULES: [rule], ...settings } }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs' });
    docs.add({ createdAt: START - 40 * DAY });
    docs.add({ createdAt: START - DAY });
    await world.tick(START, CRON, START + 10 * MINUTE);
    world.setNow(START + HOUR);
    await use(world);
  });
}

const ask = (world: World, more: { branch?: string; project?: string; by?: 'hook' | 'button' } = {}) =>
  world.keeper.ask({ project: 'docs', branch: null, by: 'hook', ...more });
const posts = (world: World) => acts(world.simulator).filter((act) => act.startsWith('POST'));
const hookRuns = (world: World) => world.runs().filter(({ cron }) => cron === 'hook');

test('nine calls in nine seconds are one build, thirty seconds after the last, and its run is told apart', async () => {
  await asking(async (world) => {
    for (let call = 0; call < 9; call += 1) {
      world.setNow(START + HOUR + call * SECOND);
      expect(await ask(world)).toMatchObject({ kind: 'asked', project: 'docs', branch: 'main' });
    }
    await world.run(START + HOUR + 30 * SECOND);
    expect(posts(world)).toEqual([]);
    await world.run(START + 2 * HOUR);
    expect(posts(world)).toEqual(['POST docs main']);
    expect(hookRuns(world)).toMatchObject([
      { cron: 'hook', outcome: 'done', rebuilds: [{ project: 'docs', branch: 'main' }] },
    ]);
  });
});

test('calls that do not end are built ten minutes after the first', async () => {
  await asking(async (world) => {
    for (let at = 0; at <= 11 * MINUTE; at += 20 * SECOND) {
      world.setNow(START + HOUR + at);
      await ask(world);
      await world.run(START + HOUR + at);
    }
    expect(posts(world)).toEqual(['POST docs main']);
  });
});

test('a call during a build is one more after its end', async () => {
  await asking(async (world) => {
    world.simulator.account.project('docs').buildMs = 10 * MINUTE;
    await ask(world);
    await world.run(START + HOUR + 40 * SECOND);
    expect(posts(world)).toHaveLength(1);
    for (let call = 0; call < 3; call += 1) {
      world.setNow(world.now() + 6 * SECOND);
      await ask(world);
    }
    await world.run(START + HOUR + 3 * MINUTE);
    // Nobody waits for the API meanwhile.
    const { progress } = await world.keeper.view(null, (view) => readRunsPage(view));
    expect(progress).toMatchObject({ phase: 'building', of: null });
    await world.run(START + 3 * HOUR);
    expect(posts(world)).toHaveLength(2);
    const docs = world.simulator.account.project('docs');
    const [second, first] = docs.deployments
      .filter(({ createdAt }) => createdAt > START)
      .toSorted((a, b) => b.createdAt - a.createdAt);
    expect((second?.createdAt ?? 0) - (first?.createdAt ?? 0)).toBeGreaterThanOrEqual(docs.buildMs);
  });
});

test.each([1, 40])('a process killed %i s after the answer builds it', async (seconds) => {
  await asking(async (world) => {
    await ask(world);
    expect(world.alarmAt()).toBe(START + HOUR + 30 * SECOND);
    world.setNow(START + HOUR + seconds * SECOND);
    world.restart();
    await world.run(START + 2 * HOUR);
    expect(posts(world)).toEqual(['POST docs main']);
  });
});

test('who may not is told so, and nothing is stored', async () => {
  const others = [
    { projects: ['plain'], rebuild: {} },
    { projects: ['hidden'], show: false, rebuild: { hook: true } },
    { projects: ['upload'], rebuild: { hook: true } },
  ];
  await inWorld({ settings: { RULES: [rule, ...others] } }, async (world) => {
    expect(await ask(world)).toEqual({ kind: 'starting' });
    for (const name of ['docs', 'plain', 'hidden', 'ruleless']) world.simulator.account.addProject({ name });
    world.simulator.account.addProject({ name: 'upload', source: null });
    await world.tick(START, CRON, START + 10 * MINUTE);
    const alarm = world.alarmAt();
    expect(await ask(world, { project: 'plain' })).toEqual({ kind: 'unknown' });
    expect(await ask(world, { project: 'ruleless' })).toEqual({ kind: 'unknown' });
    expect(await ask(world, { project: 'nobody' })).toEqual({ kind: 'unknown' });
    expect(await ask(world, { project: 'upload' })).toEqual({ kind: 'no-source' });
    expect([world.alarmAt(), world.keeper.store.hookIds()]).toEqual([alarm, []]);
    expect(await ask(world, { project: 'hidden' })).toMatchObject({ kind: 'asked' });
  });
});

test('a call in the minute of a build by cron is built as well', async () => {
  const both = { ...rule, rebuild: { hook: true } };
  await asking(
    async (world) => {
      const before = posts(world).length;
      await ask(world);
      await world.tick(START + HOUR, CRON, START + 3 * HOUR);
      expect(posts(world).length - before).toBe(2);
    },
    { RULES: [both] },
  );
});

test('a call for another branch that still waits its turn takes none from the cron', async () => {
  const HALF = '30 * * * *';
  const RULES = [
    { projects: ['slow'], rebuild: { cron: CRON } },
    { ...rule, rebuild: { hook: true, cron: HALF } },
  ];
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'slow', createdAt: START - HOUR, buildMs: 50 * MINUTE });
    account.addProject({ name: 'docs' }).add({ createdAt: START - DAY });
    await world.tick(START, CRON, START + 5 * MINUTE);
    await ask(world, { branch: 'next' });
    await world.run(START + 30 * MINUTE);
    await world.tick(START + 30 * MINUTE, HALF, START + 4 * HOUR);
    expect(posts(world).toSorted()).toEqual(['POST docs main', 'POST docs next', 'POST slow main']);
  });
});

test('calls that wait their turn are one build of each branch of each project', async () => {
  const RULES = [
    { projects: ['slow'], rebuild: {} },
    { ...rule, projects: ['*'] },
  ];
  await inWorld({ settings: { RULES, CONCURRENT_REBUILDS: '1' } }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'slow', createdAt: START - HOUR, buildMs: 20 * MINUTE });
    for (const name of ['docs', 'blog']) account.addProject({ name }).add({ createdAt: START - DAY });
    await world.tick(START, CRON, START + 2 * MINUTE);
    const calls = [{}, { branch: 'next' }, { project: 'blog' }, { branch: 'next' }, {}];
    for (const [at, call] of calls.entries()) {
      world.setNow(START + (2 + at) * MINUTE);
      await ask(world, call);
      await world.run(START + (3 + at) * MINUTE);
    }
    expect(posts(world)).toEqual(['POST slow main']);
    await world.run(START + 2 * HOUR);
    expect(posts(world).slice(1).toSorted()).toEqual(['POST blog main', 'POST docs main', 'POST docs next']);
  });
});

test('neither its age nor its failures hold back what is asked for; what has not changed does, but for the button', async () => {
  const eager = {
    ...rule,
    rebuild: { hook: true, ifOlderThanMinutes: 10_000, ifChanged: 'https://cms.example.test/' },
  };
  await asking(
    async (world) => {
      world.source = () => new Response('same');
      await ask(world);
      await world.run(START + 2 * HOUR);
      expect(posts(world)).toHaveLength(1);
      world.setNow(START + 3 * HOUR);
      await ask(world);
      await world.run(START + 4 * HOUR);
      expect(posts(world)).toHaveLength(1);
      expect(hookRuns(world)[0]?.skips).toEqual([{ project: 'docs', reason: 'unchanged' }]);
      world.setNow(START + 5 * HOUR);
      await ask(world, { by: 'button' });
      await world.run(START + 6 * HOUR);
      expect(posts(world)).toHaveLength(2);
    },
    { RULES: [eager] },
  );
});

test('a build that calls its own hook is held at six an hour, and the run says so', async () => {
  await asking(async (world) => {
    const ends = START + HOUR + 59 * MINUTE;
    for (let at = START + HOUR; at < ends; at += MINUTE) {
      world.setNow(Math.max(at, world.now()));
      await ask(world);
      await world.run(at + MINUTE);
    }
    expect(posts(world).length).toBe(6);
    expect(JSON.stringify(world.runs())).toContain('six builds were asked for by hooks within an hour');
    await world.run(START + 3 * HOUR);
    expect(posts(world).length).toBe(7);
  });
});

test('twenty branches may wait', async () => {
  await asking(async (world) => {
    for (let at = 0; at < 20; at += 1)
      expect(await ask(world, { branch: `b${at}` })).toMatchObject({ kind: 'asked' });
    expect(await ask(world, { branch: 'one-more' })).toEqual({ kind: 'full' });
    expect(await ask(world, { branch: 'b7' })).toMatchObject({ kind: 'asked' });
  });
});

test('under a dry run nothing is built, and by no call is anything deleted', async () => {
  for (const dryRun of ['true', 'false']) {
    await inWorld({ settings: { RULES: [rule], DRY_RUN: dryRun } }, async (world) => {
      const docs = world.simulator.account.addProject({ name: 'docs' });
      docs.add({ createdAt: START - DAY });
      await world.tick(START, CRON, START + 10 * MINUTE);
      docs.add({ createdAt: START - 90 * DAY });
      docs.add({ createdAt: START - 80 * DAY });
      const deletes = () => acts(world.simulator).filter((act) => act.startsWith('DELETE')).length;
      const before = deletes();
      world.setNow(START + HOUR);
      await ask(world);
      await world.run(START + HOUR + 50 * MINUTE);
      expect([posts(world).length, deletes()]).toEqual([dryRun === 'true' ? 0 : 1, before]);
      expect(world.keeper.work().lastRunAt).toBeLessThan(START + HOUR);
    });
  }
});
