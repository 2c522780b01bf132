// What a run's record says went wrong, in its words; and what a tick is answered.

import { expect, test } from 'vitest';
import type { Json } from '../../simulator/wire.ts';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import { addSite, begin, deletesOf, drainOneBatch, isList, listsOf } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { planned } from './under-way.ts';
import type { Settings } from './world.ts';
import { acts, CRON, DAY, HOUR, inWorld, MINUTE, START } from './world.ts';

test.each<[string, Settings, string]>([
  ['DRY_RUN', { DRY_RUN: 'true' }, 'DRY_RUN was switched on, so its queue was dropped'],
  [
    'the rule’s dryRun',
    { RULES: [{ projects: ['*'], dryRun: true, prune: { olderThanDays: 30 } }] },
    'DRY_RUN was switched on, so its queue was dropped',
  ],
  ['no rule any more', { RULES: [{ projects: ['other'] }] }, 'no rule matches it any more'],
])('%s in mid-drain: the project and why', async (_, settings, why) => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    Object.assign(world.settings, settings);
    await world.run(START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', refusals: [{ project: 'docs', why }] });
    expect(deletesOf(world.simulator.calls)).toHaveLength(45);
  });
});

test('a project whose rebuild could not be decided: the project and why', async () => {
  const RULES = [{ projects: ['*'], rebuild: {} }];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world, { old: 0, young: 60 });
    world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 3 } : null);
    await world.tick(START, undefined, START + HOUR);
    const [run] = world.runs();
    expect(run?.refusals).toHaveLength(1);
    expect(run?.refusals[0]?.project).toBe('docs');
    expect(run?.refusals[0]?.why).toMatch(/\d+ were read, the API says \d+/);
    expect(world.simulator.calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

test('what is uploaded is never rebuilt: that is told, though it could not be read', async () => {
  const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world, { upload: true });
    world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 3 } : null);
    await world.tick(START, undefined, START + HOUR);
    const [run] = world.runs();
    expect(run?.skips).toMatchObject([{ project: 'docs', reason: 'direct-upload' }]);
    expect(run?.refusals).toMatchObject([{ project: 'docs', what: 'prune' }]);
  });
});

test('a rebuild that waits its turn is not left out for what a view could not read', async () => {
  const settings = { RULES: [{ projects: ['*'], rebuild: {} }], CONCURRENT_REBUILDS: '1' };
  await inWorld({ settings }, async (world) => {
    const { account } = world.simulator;
    account.addProject({ name: 'slow', createdAt: START - HOUR, buildMs: 30 * MINUTE });
    const docs = account.addProject({ name: 'docs', createdAt: START - HOUR });
    await world.tick(START, CRON, START + 2 * MINUTE);
    docs.push('feature', START + 3 * MINUTE);
    world.setNow(START + 4 * MINUTE);
    world.simulator.fault = (call) =>
      isList(call) && call.project === 'docs' ? { kind: 'status', status: 500 } : null;
    const query = { page: 1, branch: null, environment: null, status: null, verdict: null } as const;
    await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', query));
    await world.run(START + 25 * MINUTE);
    expect(world.log.filter(({ event }) => event === 'walk-failed')).toMatchObject([{ project: 'docs' }]);
    world.simulator.fault = null;
    await world.run(START + 2 * HOUR);
    expect(acts(world.simulator)).toEqual(['POST slow main', 'POST docs main']);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', refusals: [] });
  });
});

test('a run that has ended is one line in the log: what, when, how it went, and what is left', async () => {
  await inWorld(
    { settings: { RULES: [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }] } },
    async (world) => {
      addSite(world, { old: 50 });
      await world.tick(START, undefined, START + HOUR);
      const [run] = world.runs();
      expect(world.log.filter(({ event }) => event === 'run')).toEqual([
        {
          ...{ level: 'info', event: 'run', run: run?.id, cron: CRON, outcome: 'done', dryRun: false },
          ...{ calls: run?.calls, deleted: 50, gone: 0, refused: 0, failed: 0, remaining: 0 },
          ...{ rebuilds: 1, refusals: [], errorDetail: null, warnings: [] },
        },
      ]);
    },
  );
});

test('the same tick again is answered at once, and well', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await world.tick(START, undefined, START + HOUR);
    const calls = world.simulator.calls.length;
    expect(await world.keeper.tick({ cron: CRON, scheduledTime: START })).toEqual({ ok: true });
    await world.run(START + HOUR);
    expect(world.simulator.calls).toHaveLength(calls);
    expect(world.runs()).toHaveLength(1);
  });
});

test('a tick whose first look takes too long is answered well after 25 s', async () => {
  await inWorld({ simulator: { latency: () => 29_000 } }, async (world) => {
    addSite(world);
    expect(await world.tick(START, undefined, START + HOUR)).toEqual({ ok: true });
  });
});

test('what is no mistake of the configuration fails no run: it is tried again', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await begin(world);
    const { RULES } = world.settings;
    Object.defineProperty(world.settings, 'RULES', {
      configurable: true,
      get() {
        throw new RangeError('out of memory');
      },
    });
    await world.step();
    expect(world.log).toMatchObject([{ level: 'error', event: 'alarm', message: 'out of memory' }]);
    expect(world.runs()[0]).toMatchObject({ outcome: 'running', error: null });
    Object.defineProperty(world.settings, 'RULES', { value: RULES });
    await world.run(START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 10 } });
  });
});

test('after a block the probe’s invocation goes on with what there is to do', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    world.simulator.fault = () => ({ kind: 'block' });
    await world.step();
    world.simulator.fault = null;
    const before = world.slices.length;
    await world.run(START + HOUR);
    expect(world.slices.slice(before).find((calls) => calls > 0)).toBeGreaterThan(1);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 100 } });
  });
});

test('an empty project that gets its first deployment is read once', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 0 });
    await world.tick(START, undefined, START + MINUTE);
    project.push('main', START + HOUR - MINUTE);
    world.simulator.calls.length = 0;
    await world.tick(START + HOUR, undefined, START + HOUR + MINUTE);
    expect(listsOf(world.simulator.calls)).toHaveLength(1);
  });
});

test('what came on top while it was read is counted: the next run reads one page', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 60 });
    let pushed = false;
    world.simulator.fault = (call) => {
      if (isList(call) && call.query.page === '2' && !pushed) {
        pushed = true;
        project.push('main', world.now());
      }
      return null;
    };
    await world.tick(START, undefined, START + 10 * MINUTE);
    expect(pushed).toBe(true);
    world.simulator.calls.length = 0;
    await world.tick(START + HOUR, undefined, START + HOUR + MINUTE);
    expect(listsOf(world.simulator.calls)).toHaveLength(1);
  });
});

test('rules that go while a large project is being planned end its part of the run', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 2_500 });
    await begin(world);
    const isPlanned = () => planned(world).some(({ step, next }) => step === 'planning' && next > 0);
    while (!isPlanned()) await world.step();
    world.settings.RULES = [{ projects: ['other'] }];
    await world.run(START + DAY);
    expect(world.log.filter(({ event }) => event === 'alarm')).toEqual([]);
    expect(world.runs()[0]?.outcome).not.toBe('running');
    expect(deletesOf(world.simulator.calls)).toEqual([]);
  });
});

test('a run has made the calls that were sent before its end: what a view asks for is sent after it', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 0 });
    await begin(world);
    // The list, and the project's deployments; then nobody fires for a while.
    await world.step();
    expect(world.simulator.calls).toHaveLength(2);
    world.setNow(START + 20 * MINUTE);
    await pagesOf(world).request('/');
    await world.step();
    expect(world.simulator.calls).toHaveLength(3);
    const { runs } = await (await pagesOf(world).request('/runs.json')).json<{ runs: Json[] }>();
    expect(runs).toMatchObject([{ outcome: 'done', calls: 2, finishedAt: '2026-11-24T20:20:00.000Z' }]);
  });
});
