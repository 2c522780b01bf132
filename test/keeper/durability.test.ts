// What the Keeper survives: death at any moment, ticks that overlap, rules and brake changed in mid-drain, a week of sleep.

import { expect, test } from 'vitest';
import { addSite, begin, deletesOf, drainOneBatch, listsOf, names, oldIds } from './accounts.ts';
import { acts, CRON, DAY, HOUR, inWorld, MINUTE, type Point, START, type World } from './world.ts';

const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
const LATER = '30 * * * *';

const effects = (world: World, method: string) =>
  world.simulator.calls.filter((call) => call.method === method && call.effect);

test('the first thing an invocation does is to set an alarm 20 s ahead', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    const points: Point[] = [];
    let first: number | null = null;
    world.onPoint = (point) => {
      points.push(point);
      if (points.length === 1) first = world.alarmAt();
    };
    await begin(world);
    await world.step();
    expect(points[0]).toBe('alarm');
    expect(first).toBe(START + 20_000);
  });
});

test('killed at any moment it leaves an alarm, goes on by itself, deletes the planned set and builds once', async () => {
  let moments = 0;
  for (let victim = 1; ; victim += 1) {
    let seen = 0;
    await inWorld({ settings: { RULES } }, async (world) => {
      const project = addSite(world, { old: 4, young: 2 });
      const planned = oldIds(project);
      // What is written between two of these moments is committed together.
      world.onPoint = (point) => {
        if (point === 'write') return;
        seen += 1;
        if (seen === victim) world.restart();
      };
      await begin(world);
      // Until it dies, its next one follows, or it has ended.
      while (seen < victim && (await world.step()));
      if (seen >= victim) expect(world.alarmAt(), `alarm after death at ${victim}`).not.toBeNull();
      await world.run();
      const what = `death at ${victim}`;
      expect(
        effects(world, 'DELETE')
          .map((call) => call.deploymentId)
          .sort(),
        what,
      ).toEqual(planned.sort());
      expect(effects(world, 'POST'), what).toHaveLength(1);
      const [run] = world.runs();
      expect(run, what).toMatchObject({ outcome: 'done', counts: { failed: 0, remaining: 0 } });
      expect(
        world
          .deletions(run?.id ?? '')
          .map(({ id }) => id)
          .sort(),
        what,
      ).toEqual(planned);
    });
    moments = victim;
    if (seen < victim) break;
  }
  expect(moments).toBeGreaterThan(20);
});

test('death in a batch repeats no more than that batch', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 150 }));
    world.simulator.fault = () => {
      if (deletesOf(world.simulator.calls).length === 70) world.restart();
      return null;
    };
    await world.tick();
    const sent = deletesOf(world.simulator.calls);
    expect([...new Set(sent)].sort()).toEqual(planned.sort());
    expect(sent.length).toBeLessThanOrEqual(150 + 45);
    const run = world.runs()[0];
    expect(run?.counts.deleted).toBeGreaterThanOrEqual(150 - 45);
    expect((run?.counts.deleted ?? 0) + (run?.counts.gone ?? 0)).toBe(150);
  });
});

test('a write that fails at any moment leaves an alarm, and the work is done all the same', async () => {
  let writes = Number.POSITIVE_INFINITY;
  for (let victim = 1; victim <= writes; victim += 1) {
    await inWorld({ settings: { RULES } }, async (world) => {
      const planned = oldIds(addSite(world, { old: 2, young: 1 }));
      let seen = 0;
      world.onPoint = (point) => {
        seen += point === 'write' ? 1 : 0;
        if (point !== 'write' || seen !== victim) return;
        seen += 1_000_000;
        throw new Error('disk I/O error');
      };
      await begin(world);
      while (seen < victim && (await world.step()));
      if (seen < victim) writes = seen;
      await world.run(START + HOUR - 1);
      const built = effects(world, 'POST').length;
      expect(built, `builds after write ${victim}`).toBeLessThanOrEqual(1);
      // Where it was a project's own write, that project is left out of this run, which says so; the next one makes up for it.
      const isDone = effects(world, 'DELETE').length === planned.length;
      const [run] = world.runs();
      const said = run?.refusals.some(({ why }) => why.includes('disk I/O error')) ?? false;
      const isGap = (run?.warnings ?? []).length > 0;
      const skipped = run?.skips.some(({ reason }) => reason === 'requested') ?? false;
      expect((isDone && built === 1) || said || isGap || skipped, `after write ${victim}`).toBe(true);
      await world.tick(START + HOUR, undefined, START + 2 * HOUR);
      expect(effects(world, 'DELETE').map((call) => call.deploymentId)).toEqual(planned);
    });
  }
  expect(writes).toBeGreaterThan(10);
});

test('the same tick twice, at once and later, is one run with one build and one delete each', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    const planned = oldIds(addSite(world));
    void world.keeper.tick({ cron: CRON, scheduledTime: START });
    await begin(world, START, '0  *  * * *');
    expect(world.keeper.work().runs).toHaveLength(1);
    await world.run();
    const before = world.simulator.calls.length;
    await world.tick(START, CRON);
    expect(world.simulator.calls).toHaveLength(before);
    expect(world.runs()).toHaveLength(1);
    expect(acts(world.simulator).filter((act) => act.startsWith('POST'))).toHaveLength(1);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
  });
});

test('a tick that comes during the very last call of all is not lost', async () => {
  await inWorld({ settings: { RULES: [{ projects: ['*'], rebuild: {} }] } }, async (world) => {
    addSite(world);
    world.simulator.fault = ({ method, deploymentId }) => {
      // The look at how the build went: nothing is due after it.
      if (method === 'GET' && deploymentId !== null && world.runs().length === 1)
        void world.keeper.tick({ cron: LATER, scheduledTime: START + 30 * MINUTE });
      return null;
    };
    await world.tick(START);
    expect(world.runs().map(({ cron, outcome }) => [cron, outcome])).toEqual([
      [LATER, 'done'],
      [CRON, 'done'],
    ]);
  });
});

test('a tick in the middle of the last batch takes the rest over', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 3 });
    const last = oldIds(project).at(-1);
    world.simulator.fault = ({ method, deploymentId }) => {
      if (method === 'DELETE' && deploymentId === last)
        void world.keeper.tick({ cron: LATER, scheduledTime: START + 30 * MINUTE });
      return null;
    };
    await world.tick(START);
    expect(world.runs().map(({ cron, outcome }) => [cron, outcome])).toEqual([
      [LATER, 'done'],
      [CRON, 'done'],
    ]);
  });
});

test('a newer prune tick takes over: the older queue goes no further before everything was planned again', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 200 }));
    await drainOneBatch(world);
    const before = world.simulator.calls.length;
    await world.tick(START + MINUTE);
    const after = names(world.simulator.calls.slice(before));
    expect(after.slice(0, 3)).toEqual(['GET', 'GET docs/deployments', 'DELETE docs']);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(world.runs().map(({ outcome }) => outcome)).toEqual(['done', 'superseded']);
    expect(world.runs().map(({ counts }) => counts.deleted)).toEqual([200 - 45, 45]);
    expect(world.runs().map(({ counts }) => counts.remaining)).toEqual([0, 0]);
  });
});

test('rules changed in mid-drain are read and planned again before the next delete', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 100 });
    for (let days = 59; days > 30; days -= 1) project.add({ createdAt: START - days * DAY - HOUR });
    await drainOneBatch(world);
    world.settings.RULES = [{ projects: ['*'], prune: { olderThanDays: 50 } }];
    const before = world.simulator.calls.length;
    await world.run();
    expect(names(world.simulator.calls.slice(before)).slice(0, 2)).toEqual([
      'GET docs/deployments',
      'DELETE docs',
    ]);
    expect(oldIds(project, 50)).toEqual([]);
    expect(oldIds(project, 30)).toHaveLength(19);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 110, remaining: 0 } });
  });
});

test.each([
  ['DRY_RUN', (world: World) => Object.assign(world.settings, { DRY_RUN: 'true' })],
  [
    'a rule’s dryRun',
    (world: World) =>
      Object.assign(world.settings, {
        RULES: [{ projects: ['*'], dryRun: true, prune: { olderThanDays: 30 } }],
      }),
  ],
  ['a rule taken away', (world: World) => Object.assign(world.settings, { RULES: [] })],
])('%s in mid-drain drops the queue: nothing is sent, not even after it is taken back', async (_, brake) => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    const settings = { ...world.settings };
    const before = world.simulator.calls.length;
    brake(world);
    await world.step();
    Object.assign(world.settings, settings);
    await world.run();
    expect(world.simulator.calls.slice(before)).toEqual([]);
    const [run] = world.runs();
    expect(run).toMatchObject({ outcome: 'partial', counts: { deleted: 45, remaining: 0 } });
    expect(run?.refusals).toHaveLength(1);
    await world.tick(START + HOUR);
    expect(world.simulator.account.project('docs').deployments).toHaveLength(3);
  });
});

test('a Keeper that slept for a week in mid-drain reads again before any delete, and keeps what became newest', async () => {
  const settings = { RULES: [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 3 } }] };
  await inWorld({ settings }, async (world) => {
    const project = addSite(world, { old: 100, young: 0 });
    for (let age = 4; age > 0; age -= 1) project.add({ createdAt: START - age * HOUR });
    await drainOneBatch(world);
    world.setNow(START + 7 * DAY);
    // Meanwhile somebody deleted the newest: of the old ones, two are among the newest three now.
    for (const { id } of project.deployments.slice(1, 4)) project.remove(id);
    const stays = project.deployments.slice(0, 3).map(({ id }) => id);
    const before = world.simulator.calls.length;
    await world.run();
    const after = world.simulator.calls.slice(before);
    expect(after.findIndex(({ method }) => method === 'DELETE')).toBeGreaterThanOrEqual(1);
    // What is live first: an hour-old list of projects does not say.
    expect(names(after.slice(0, 2))).toEqual(['GET', 'GET docs/deployments']);
    expect(project.deployments.map(({ id }) => id)).toEqual(stays);
  });
});

test.each([
  [59, 0],
  [61, 1],
])('a queue planned %d min ago is read again before the next delete: %d lists', async (minutes, lists) => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 100, young: 10 }));
    await drainOneBatch(world);
    world.setNow(START + minutes * MINUTE);
    const before = world.simulator.calls.length;
    await world.run();
    const until = world.simulator.calls.findIndex(({ method }, at) => at >= before && method === 'DELETE');
    expect(listsOf(world.simulator.calls.slice(before, until))).toHaveLength(lists);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
  });
});

test('a configuration that breaks in mid-drain ends the run with the reason, and does not spin', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 100 }));
    await drainOneBatch(world);
    const { RULES: rules } = world.settings;
    world.settings.RULES = [{ projects: ['*'], prune: { olderThanDays: 0 } }];
    const invocations = world.slices.length;
    for (let step = 0; step < 20 && (await world.step()); step += 1);
    expect(world.slices.length - invocations).toBe(1);
    expect(world.runs()[0]).toMatchObject({ outcome: 'failed', error: 'config', counts: { remaining: 55 } });
    expect(world.runs()[0]?.errorDetail).toContain('RULES[0].prune.olderThanDays');
    world.settings.RULES = rules;
    await world.tick(START + HOUR);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
  });
});

test('credentials refused in mid-drain end the run with what to do; the next tick drains on', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 100 }));
    await drainOneBatch(world);
    world.simulator.fault = () => ({
      kind: 'status',
      status: 403,
      code: 10_000,
      message: 'Authentication error',
    });
    await world.run();
    expect(world.runs()[0]).toMatchObject({ outcome: 'failed', error: 'token', counts: { deleted: 45 } });
    expect(world.runs()[0]?.errorDetail).toContain('npx wrangler secret put CLOUDFLARE_API_TOKEN');
    const sent = deletesOf(world.simulator.calls).length;
    expect(sent).toBeLessThanOrEqual(45 + 6);
    world.simulator.fault = null;
    await world.tick(START + HOUR);
    expect(effects(world, 'DELETE').map((call) => call.deploymentId)).toEqual(planned);
  });
});

test('an alarm that cannot be set costs time, and nothing else', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 100 }));
    let failures = 0;
    world.onPoint = (point) => {
      if (point !== 'alarm' || failures >= 5) return;
      failures += 1;
      throw new Error('storage is down');
    };
    await world.tick();
    expect(failures).toBe(5);
    expect([...new Set(deletesOf(world.simulator.calls))]).toEqual(planned);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { remaining: 0, failed: 0 } });
  });
});
