// What a plan rests on: when it changes, nothing more of the plan is carried out, whatever was under way.

import { describe, expect, test } from 'vitest';
import { readOverviewPage } from '../../src/keeper/views/reads.ts';
import { addSite, begin, deletesOf, drainOneBatch, idsOf, isList, oldIds } from './accounts.ts';
import { planned } from './under-way.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const STALE = { olderThanDays: 7, keepLatest: 3, staleBranchesAfterDays: 14 };
const stale = { RULES: [{ projects: ['*'], prune: STALE }] };
const lenient = [{ projects: ['*'], prune: { olderThanDays: 30, keepLatest: 2_000 } }];

/** Steps until a large project is being planned, its first blocks judged. */
async function planHalf(world: World): Promise<void> {
  const isHalf = () => planned(world).some(({ step, next }) => step === 'planning' && next > 0);
  while (!isHalf()) await world.step();
}

describe('in the middle of planning a large project', () => {
  const changes: [string, (world: World) => void, (world: World) => Promise<void> | void][] = [
    ['the rules change', (world) => Object.assign(world.settings, { RULES: lenient }), () => undefined],
    [
      'the rules change there and back, with a step between',
      (world) => Object.assign(world.settings, { RULES: [{ projects: ['other'] }] }),
      async (world) => {
        await world.step();
        Object.assign(world.settings, { RULES: lenient });
        await world.tick(START + MINUTE, '1 * * * *', START + MINUTE);
      },
    ],
    [
      'the dry run is switched on and off',
      (world) => Object.assign(world.settings, { DRY_RUN: 'true', RULES: lenient }),
      async (world) => {
        await world.step();
        Object.assign(world.settings, { DRY_RUN: 'false' });
      },
    ],
    [
      'the configuration breaks and is mended',
      (world) => Object.assign(world.settings, { RULES: 'broken' }),
      async (world) => {
        await world.step();
        Object.assign(world.settings, { RULES: lenient });
        await world.tick(START + MINUTE, '1 * * * *', START + MINUTE);
      },
    ],
  ];

  changes.push([
    'the configuration breaks, and the dry run ends in the middle of the next plan',
    (world) => Object.assign(world.settings, { RULES: 'broken' }),
    async (world) => {
      await world.step();
      Object.assign(world.settings, { RULES: lenient, DRY_RUN: 'true' });
      await begin(world, START + MINUTE, '1 * * * *');
      await planHalf(world);
      Object.assign(world.settings, { DRY_RUN: 'false' });
    },
  ]);

  test.each(changes)('%s: nothing goes that the new rules keep', async (_, change, then) => {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 2_600, young: 50 });
      await begin(world);
      await planHalf(world);
      change(world);
      await then(world);
      await world.run(START + 55 * MINUTE);
      await world.tick(START + HOUR, CRON, START + 3 * HOUR);
      // 2,000 successes are kept, 50 of them young.
      expect(project.deployments).toHaveLength(2_000);
      const kept = new Set(idsOf(project));
      expect(deletesOf(world.simulator.calls).filter((id) => kept.has(id))).toEqual([]);
    });
  });
});

describe('somebody rolls back in mid-run to what was planned to go', () => {
  const kept = { RULES: [{ projects: ['*'], prune: { olderThanDays: 30 } }] };

  test('once a view’s list has shown it, its DELETE is never sent', async () => {
    await inWorld({ settings: kept }, async (world) => {
      const project = addSite(world, { old: 300 });
      await drainOneBatch(world);
      const target = oldIds(project)[200] ?? '';
      project.rollback(target);
      world.setNow(world.now() + 61_000);
      await world.keeper.view(null, () => null);
      await world.run();
      expect(project.get(target)).not.toBeNull();
      expect(deletesOf(world.simulator.calls)).not.toContain(target);
      expect(oldIds(project)).toEqual([target]);
    });
  });

  test('nor when its answer was lost before and is sent again in the same alarm', async () => {
    await inWorld({ settings: kept }, async (world) => {
      const project = addSite(world, { old: 60 });
      const target = oldIds(project)[3] ?? '';
      world.simulator.fault = (call) =>
        call.method === 'DELETE' && call.deploymentId === target ? { kind: 'drop-before' } : null;
      await drainOneBatch(world);
      world.simulator.fault = null;
      const before = deletesOf(world.simulator.calls).filter((id) => id === target).length;
      project.rollback(target);
      await begin(world, START + MINUTE, '1 * * * *');
      await world.run();
      expect(deletesOf(world.simulator.calls).filter((id) => id === target)).toHaveLength(before);
      expect(project.get(target)).not.toBeNull();
    });
  });
});

describe('a reading in mid-run', () => {
  test('that fails its totals ends the plan, and nothing goes before it was read whole', async () => {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 300 });
      await drainOneBatch(world);
      const before = deletesOf(world.simulator.calls).length;
      world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 2 } : null);
      project.push('main', world.now());
      world.setNow(world.now() + 61_000);
      await world.keeper.view('docs', () => null);
      await world.run(START + 50 * MINUTE);
      expect(deletesOf(world.simulator.calls)).toHaveLength(before);
      expect(world.runs()[0]?.refusals).toMatchObject([{ project: 'docs', what: 'prune' }]);
      world.simulator.fault = null;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(oldIds(project)).toEqual([]);
    });
  });

  test.each([
    ['a failed build', 'failure'],
    ['a success', 'success'],
  ] as const)(
    'that shows a push to a stale branch, %s: nothing more of that branch goes',
    async (_, outcome) => {
      await inWorld({ settings: stale }, async (world) => {
        const project = addSite(world, { old: 0 });
        for (let row = 0; row < 120; row += 1)
          project.add({ createdAt: START - 40 * DAY + row * MINUTE, branch: 'dev' });
        await drainOneBatch(world);
        project.push('dev', world.now(), { outcome });
        world.setNow(world.now() + 61_000);
        await world.keeper.view('docs', () => null);
        const successes = () =>
          project.deployments.filter((one) => one.branch === 'dev' && one.isSuccessful(world.now()));
        // Alive again: its newest three successes stay.
        const kept = successes()
          .slice(0, 3)
          .map(({ id }) => id);
        await world.run(START + 55 * MINUTE);
        expect(successes().map(({ id }) => id)).toEqual(kept);
      });
    },
  );
});

test('the settings of another account: an object that is not theirs does nothing but say so', async () => {
  for (const change of [
    { CLOUDFLARE_ACCOUNT_ID: 'other' },
    { CLOUDFLARE_API_BASE_URL: 'https://api.other/client/v4' },
  ]) {
    await inWorld({}, async (world) => {
      addSite(world, { old: 300 });
      await drainOneBatch(world);
      const before = world.simulator.calls.length;
      Object.assign(world.settings, change);
      await world.run();
      expect(world.simulator.calls).toHaveLength(before);
      expect(world.alarmAt()).toBeNull();
      expect(world.log.some(({ event }) => event === 'not-ours')).toBe(true);
      const tick = await world.keeper.tick({ cron: CRON, scheduledTime: START + HOUR });
      expect(tick.ok).toBe(false);
      await expect(world.keeper.view(null, () => null)).rejects.toThrow('another account');
      expect(world.simulator.calls).toHaveLength(before);
    });
  }
});

describe('two policies with two crons', () => {
  const NIGHTLY = '0 20 * * *';
  const prune = [
    { environment: 'production', olderThanDays: 30, cron: NIGHTLY },
    { environment: 'preview', olderThanDays: 7, cron: CRON },
  ];
  const settings = { RULES: [{ projects: ['*'], prune }] };

  test.each([
    ['in the same minute', 0],
    ['in the middle of the night’s run', 1],
  ])('the hourly one that takes over the nightly one’s project %s carries out both', async (_, later) => {
    await inWorld({ settings }, async (world) => {
      const project = addSite(world, { old: 200 });
      for (let row = 0; row < 60; row += 1)
        project.add({ createdAt: START - 20 * DAY + row * MINUTE, branch: 'dev' });
      await begin(world, START, NIGHTLY);
      if (later === 1) while (deletesOf(world.simulator.calls).length === 0) await world.step();
      await begin(world, START + later * MINUTE, CRON);
      await world.run(START + 55 * MINUTE);
      expect(oldIds(project)).toEqual([]);
      expect(project.deployments.filter(({ branch }) => branch === 'dev')).toHaveLength(1);
      expect(
        world
          .runs()
          .map(({ outcome }) => outcome)
          .sort(),
      ).toEqual(['done', 'superseded']);
    });
  });
});

const limited = (days: number) => [{ projects: ['*'], prune: { olderThanDays: days } }];

test.each<[string, (settings: World['settings'], death: number) => void]>([
  ['the rules change', (settings, death) => Object.assign(settings, { RULES: limited(29 - death) })],
  [
    'the dry run comes and goes',
    (settings, death) => Object.assign(settings, { DRY_RUN: String(death % 2 === 0) }),
  ],
])('killed between answers and record while %s: no more than the limit, all recorded', async (_, change) => {
  await inWorld({ settings: { MAX_DELETES_PER_RUN: 10, RULES: limited(30) } }, async (world) => {
    addSite(world, { old: 100 });
    await begin(world);
    let deaths = 0;
    for (let death = 0; death < 4; death += 1) {
      const sent = deletesOf(world.simulator.calls).length;
      let isDead = false;
      world.onPoint = (point) => {
        if (isDead || point !== 'write' || deletesOf(world.simulator.calls).length < sent + 10) return;
        // Every delete is answered, and nothing of it is written down.
        isDead = true;
        deaths += 1;
        change(world.settings, death);
        world.restart();
      };
      for (let step = 0; step < 60 && !isDead; step += 1) if (!(await world.step())) break;
    }
    expect(deaths).toBeGreaterThan(0);
    world.onPoint = null;
    world.settings.DRY_RUN = 'false';
    await world.run(START + 50 * MINUTE);
    const gone = new Set(deletesOf(world.simulator.calls.filter(({ effect }) => effect)));
    expect(gone.size).toBeLessThanOrEqual(10);
    const recorded = world
      .runs()
      .flatMap((run) => world.deletions(run.id))
      .map(({ id }) => id);
    expect(new Set(recorded)).toEqual(gone);
    expect(gone.size).toBeGreaterThan(0);
  });
});

test('an older event of a cron that comes after a newer one does not set its clock back', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await world.tick(START + 2 * HOUR, CRON, START + 3 * HOUR);
    await world.tick(START + HOUR, CRON, START + 4 * HOUR);
    expect(world.keeper.work().looked.ticks[CRON]).toBe(START + 2 * HOUR);
  });
});

test('nor is anything told by it: neither a next run that is past, nor runs that are overdue, nor of another cron', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    const nightly = '0 2 * * *';
    await world.tick(START + 6 * HOUR, nightly, START + 6 * HOUR + MINUTE);
    await world.tick(START + 7 * HOUR, CRON, START + 7 * HOUR + MINUTE);
    // Late by far more than an hour, each of them.
    await world.tick(START + HOUR, CRON, START + 7 * HOUR + 2 * MINUTE);
    await world.tick(START - 18 * HOUR, nightly, START + 7 * HOUR + 3 * MINUTE);
    expect(world.keeper.health()).toMatchObject({ ok: true, reason: null });
    const [docs] = (await world.keeper.view(null, (view) => readOverviewPage(view))).projects;
    expect(docs?.nextPruneAt).toBe(START + 8 * HOUR);
    expect(world.keeper.work().looked.ticks[nightly]).toBe(START + 6 * HOUR);
  });
});
