// A build that failed is tried once more, by the real Keeper: after ten minutes, once whatever happens meanwhile, and only while
// the rules still want it and nothing newer was built.

import { expect, test } from 'vitest';
import { acts, CRON, DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const ruleWith = (rebuild: object) => [{ projects: ['docs'], rebuild: { retryFailed: true, ...rebuild } }];
const posts = (world: World) => world.simulator.calls.filter(({ method }) => method === 'POST');
const retries = (world: World) => world.runs().filter(({ cron }) => cron === 'retry');
const docsOf = (world: World) => world.simulator.account.project('docs');

/** A tick whose build of two minutes fails, worked on until that is seen. */
async function failed(
  use: (world: World) => Promise<void>,
  { rebuild = {}, settings = {} }: { rebuild?: object; settings?: Settings } = {},
): Promise<void> {
  await inWorld({ settings: { RULES: ruleWith(rebuild), ...settings } }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
    docs.add({ createdAt: START - DAY });
    docs.buildMs = 2 * MINUTE;
    await world.tick(START, CRON, START + 5 * MINUTE);
    expect(posts(world)).toHaveLength(1);
    await use(world);
  });
}

test('ten minutes later, in a run of its own, and never a third time', async () => {
  await failed(async (world) => {
    await world.run(START + 11 * MINUTE);
    expect(posts(world)).toHaveLength(1);
    await world.run(START + 50 * MINUTE);
    expect(acts(world.simulator)).toEqual(['POST docs main', 'POST docs main']);
    const [first, second] = posts(world).map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(12 * MINUTE);
    expect(retries(world)).toMatchObject([
      { outcome: 'done', rebuilds: [{ project: 'docs', branch: 'main', status: 'failed' }] },
    ]);
    await world.run(START + 4 * HOUR);
    expect(posts(world)).toHaveLength(2);
  });
});

test('however young the build that failed is, and what it comes to is told', async () => {
  await failed(
    async (world) => {
      docsOf(world).buildOutcome = 'success';
      await world.run(START + 50 * MINUTE);
      expect(retries(world)).toMatchObject([{ rebuilds: [{ status: 'ready' }], skips: [] }]);
    },
    { rebuild: { ifOlderThanMinutes: 55 } },
  );
});

test.each<[string, object]>([
  ['a rule that does not say so', { retryFailed: false }],
  ['a build that succeeds', {}],
])('%s: nothing more', async (name, rebuild) => {
  await inWorld({ settings: { RULES: ruleWith(rebuild) } }, async (world) => {
    const buildOutcome = name === 'a build that succeeds' ? 'success' : 'failure';
    world.simulator.account.addProject({ name: 'docs', buildOutcome }).add({ createdAt: START - DAY });
    await world.tick(START, CRON, START + 3 * HOUR);
    expect([posts(world).length, retries(world).length]).toEqual([1, 0]);
  });
});

test.each<[string, (world: World) => void]>([
  ['somebody pushed', (world) => docsOf(world).push('main', world.now(), { outcome: 'failure' })],
  ['the rule changed', (world) => (world.settings.RULES = ruleWith({ retryFailed: false }))],
  ['another branch is built now', (world) => (world.settings.RULES = ruleWith({ branch: 'next' }))],
  ['the brake is on', (world) => (world.settings.DRY_RUN = 'true')],
  ['the month is used up', (world) => (world.settings.REBUILDS_PER_MONTH = '1')],
])('%s: nothing more', async (_name, change) => {
  await failed(async (world) => {
    change(world);
    await world.run(START + 3 * HOUR);
    expect(posts(world)).toHaveLength(1);
  });
});

test('a push of another branch is none of its business', async () => {
  await failed(async (world) => {
    docsOf(world).push('feature/a', world.now());
    await world.run(START + HOUR);
    expect(posts(world)).toHaveLength(2);
  });
});

test('a commit that keeps failing is not tried again', async () => {
  await inWorld({ settings: { RULES: ruleWith({}) } }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
    for (const days of [3, 2]) docs.add({ createdAt: START - days * DAY, outcome: 'failure', hash: 'bad' });
    await world.tick(START, CRON, START + 5 * MINUTE);
    await world.run(START + HOUR);
    expect(posts(world)).toHaveLength(1);
    expect(retries(world)).toMatchObject([{ skips: [{ project: 'docs', reason: 'failing' }] }]);
  });
});

test('once, through kills, the same tick again and a lost answer', async () => {
  await failed(async (world) => {
    let lost = 0;
    world.simulator.fault = ({ method }) =>
      method === 'POST' && lost++ === 0 ? { kind: 'drop-after' } : null;
    for (let at = START + 6 * MINUTE; at <= START + 50 * MINUTE; at += MINUTE) {
      world.restart();
      void world.keeper.tick({ cron: CRON, scheduledTime: START });
      await world.run(at);
    }
    expect(lost).toBe(1);
    expect(posts(world)).toHaveLength(2);
  });
});

test('two rebuilds of which nobody knew which one was started are one second try', async () => {
  await inWorld({ settings: { RULES: ruleWith({}) } }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
    docs.add({ createdAt: START - DAY });
    docs.buildMs = 5 * MINUTE;
    let sent = 0;
    world.simulator.fault = ({ method }) => {
      if (method !== 'POST' || sent >= 2) return null;
      sent += 1;
      return { kind: sent === 1 ? 'drop-before' : 'drop-after' };
    };
    await world.tick(START, CRON, START + 30_000);
    await world.tick(START + MINUTE, CRON, START + 9 * MINUTE);
    const started = () => posts(world).filter(({ effect }) => effect).length;
    expect([sent, started()]).toEqual([2, 1]);
    const ended = world.runs().flatMap(({ rebuilds }) => rebuilds.map(({ status }) => status));
    expect(ended).toEqual(['failed', 'failed']);
    await world.run(START + HOUR);
    expect(started()).toBe(2);
    expect(retries(world)).toMatchObject([{ rebuilds: [{ project: 'docs' }], skips: [] }]);
  });
});

test('a build that was asked for is tried again too, after a call that comes meanwhile it is not', async () => {
  const rebuild = { cron: 'none', hook: true, retryFailed: true };
  for (const again of [false, true])
    await inWorld({ settings: { RULES: [{ projects: ['docs'], rebuild }] } }, async (world) => {
      const docs = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
      docs.add({ createdAt: START - DAY });
      await world.tick(START, CRON, START + 5 * MINUTE);
      const ask = () => world.keeper.ask({ project: 'docs', branch: null, by: 'hook' });
      world.setNow(START + HOUR);
      await ask();
      await world.run(START + HOUR + 6 * MINUTE);
      expect(posts(world)).toHaveLength(1);
      docs.buildOutcome = 'success';
      if (again) await ask();
      await world.run(START + HOUR + 9 * MINUTE);
      // The call is not swallowed by the second try that waits.
      expect(posts(world)).toHaveLength(again ? 2 : 1);
      await world.run(START + 3 * HOUR);
      expect(posts(world)).toHaveLength(2);
    });
});

test('while nobody knows whether another one was started it is overtaken', async () => {
  const rebuild = { hook: true };
  await failed(
    async (world) => {
      docsOf(world).buildOutcome = 'success';
      let lost = 0;
      world.simulator.fault = ({ method }) =>
        method === 'POST' && lost++ === 0 ? { kind: 'drop-before' } : null;
      world.setNow(START + 11 * MINUTE);
      await world.keeper.ask({ project: 'docs', branch: null, by: 'hook' });
      await world.run(START + 2 * HOUR);
      expect(posts(world).filter(({ effect }) => effect)).toHaveLength(2);
      expect(retries(world)).toMatchObject([{ rebuilds: [], skips: [{ project: 'docs', reason: 'fresh' }] }]);
    },
    { rebuild },
  );
});

test('the tick that comes meanwhile builds, and then it is overtaken', async () => {
  await failed(async (world) => {
    docsOf(world).buildOutcome = 'success';
    await world.tick(START + 6 * MINUTE, CRON, START + HOUR);
    expect(posts(world)).toHaveLength(2);
    expect(retries(world)).toMatchObject([{ skips: [{ project: 'docs', reason: 'fresh' }], rebuilds: [] }]);
  });
});

test('it is no run of a cron: neither the health nor the last run follow from it', async () => {
  await failed(async (world) => {
    const { lastRunAt } = world.keeper.work();
    await world.run(START + HOUR);
    expect([retries(world).length, world.keeper.work().lastRunAt]).toEqual([1, lastRunAt]);
  });
});
