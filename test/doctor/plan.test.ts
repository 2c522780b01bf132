// What would go of a project and what stays, by which cron, and what the gate refuses; and the run that this makes.

import { describe, expect, test } from 'vitest';
import { firstRuns, monthlyBuilds } from '../../doctor/first-runs.ts';
import { deletionsOf, keptBy, needsReading } from '../../doctor/project-plan.ts';
import { ago, BUILDING, deployment, NOW, PRODUCTION, policy, SKIPPED } from '../policy/fixture.ts';
import { expired, HEAD, LIVE, plan, project, REBUILD, reading, rule } from './fixture.ts';

const HOURLY = '0 * * * *';
const NIGHTLY = '0 3 * * *';

describe('a project', () => {
  test('what has expired would go, and the rest stays for its reasons', () => {
    const one = plan([
      ...expired(4),
      deployment({ id: 'a-young-failure', createdAt: ago(5), stageStatus: 'failure' }),
    ]);
    const { goes, refusedWhy } = deletionsOf(one, null);
    expect(goes.map(({ deployment: { id } }) => id)).toEqual(expired(4).map(({ id }) => id));
    expect(refusedWhy).toBeNull();
    expect(Object.fromEntries(keptBy(one))).toEqual({ live: 1, newest: 1, young: 1 });
  });

  test('nothing would go of one whose live deployment the API does not name', () => {
    const one = plan(expired(4), { project: project({ canonical: null }) });
    expect(deletionsOf(one, null)).toMatchObject({ goes: [], refusedWhy: expect.stringContaining('live') });
  });

  test('nothing would go of one whose rule says dryRun, or that could not be read whole', () => {
    expect(deletionsOf(plan(expired(4), { rule: rule({ dryRun: true }) }), null).goes).toEqual([]);
    const unread = { kind: 'unread', why: 'because', calls: 9 } as const;
    const one = plan([], { reading: unread, rule: rule({ rebuild: REBUILD }) });
    expect(deletionsOf(one, null).goes).toEqual([]);
    expect(one.rebuild).toBeNull();
  });

  test('each goes on the cron of its policy', () => {
    const prune = [policy({ environment: 'production', cron: NIGHTLY }), policy()];
    const rows = [...expired(4), ...expired(2, { ...PRODUCTION, stageStatus: 'failure' })];
    const one = plan(rows, { rule: rule({ prune }) });
    expect([null, HOURLY, NIGHTLY].map((cron) => deletionsOf(one, cron).goes.length)).toEqual([6, 4, 6]);
  });

  test('what another cron deletes is kept on this one, so the gate sees what a run sees', () => {
    const prune = [policy({ branches: ['feature'], cron: NIGHTLY }), policy()];
    const of = rule({ prune });
    // Previews that were skipped: nothing but their age keeps them.
    const skipped = expired(1, SKIPPED);
    const one = plan([], { rule: of, reading: reading(skipped, of) });
    const why = 'the plan would leave no deployment at all';
    expect(deletionsOf(one, NIGHTLY).refusedWhy).toBe(why);
    expect(deletionsOf(one, HOURLY)).toMatchObject({ goes: [], expired: 1, refusedWhy: null });
    const rows = [...skipped, ...expired(1, { ...SKIPPED, branch: 'other' })];
    const both = plan([], { rule: of, reading: reading(rows, of) });
    expect(deletionsOf(both, HOURLY)).toMatchObject({ goes: [{}], expired: 2, refusedWhy: null });
  });

  test('its deployments are read where its rule needs them', () => {
    const upload = project({ source: null });
    expect(needsReading(project(), rule())).toBe(true);
    expect(needsReading(project(), rule({ prune: [], rebuild: REBUILD }))).toBe(true);
    expect(needsReading(upload, rule({ prune: [], rebuild: REBUILD }))).toBe(false);
    expect(needsReading(project(), rule({ prune: [] }))).toBe(false);
  });
});

describe('a rebuild', () => {
  const rebuilt = (ifOlderThanMinutes = 0) => rule({ rebuild: { ...REBUILD, ifOlderThanMinutes } });
  const decision = (...about: Parameters<typeof plan>) => plan(...about).rebuild?.decision;

  test('is decided as the Worker decides it', () => {
    expect(decision([], { rule: rebuilt() })).toEqual({ kind: 'build' });
    expect(decision([], { rule: rebuilt(2 * 1_440) })).toEqual({ kind: 'skip', reason: 'fresh' });
    expect(decision([], { rule: rebuilt(), dryRun: true })).toEqual({ kind: 'skip', reason: 'dry-run' });
    const upload = { rule: rebuilt(), project: project({ source: null }) };
    expect(decision([], upload)).toEqual({ kind: 'skip', reason: 'direct-upload' });
    const building = deployment({ ...PRODUCTION, ...BUILDING, id: 'building-now', createdAt: NOW - 60_000 });
    expect(decision([building], { rule: rebuilt() })).toEqual({ kind: 'skip', reason: 'building' });
  });

  test('of another branch looks at that branch', () => {
    const branch = rule({ rebuild: { ...REBUILD, branch: 'feature', ifOlderThanMinutes: 1.5 * 1_440 } });
    expect(plan([], { rule: branch })).toMatchObject({
      rebuild: { branch: 'feature', decision: { kind: 'build' } },
      lastBuiltAt: HEAD.createdAt,
    });
  });
});

describe('the first run', () => {
  const OPTIONS = { crons: [HOURLY], now: NOW, maxDeletes: null, monthlyLimit: null, listCalls: 2 };

  test('costs the lists, the readings, a call for each delete and each build', () => {
    const builds = rule({ rebuild: REBUILD });
    const plans = [
      plan(expired(4)),
      plan(expired(5), { rule: builds }),
      plan([], { dryRun: true, rule: builds }),
    ];
    expect(firstRuns(plans, OPTIONS)).toEqual([
      {
        cron: HOURLY,
        at: NOW + 3_600_000,
        deletes: 9,
        later: 0,
        projects: 2,
        builds: 2,
        calls: 2 + 9 + 9 + 2,
      },
    ]);
  });

  test('reads the list once more before it takes aliases down', () => {
    const stale = rule({ prune: [policy({ staleBranchesAfterDays: 60 })] });
    const one = plan(expired(3, { branch: 'stale' }), { rule: stale });
    expect(firstRuns([one], OPTIONS)).toMatchObject([{ deletes: 3, calls: 2 + 3 + 3 + 1 }]);
  });

  test('stops at MAX_DELETES_PER_RUN and REBUILDS_PER_MONTH', () => {
    const plans = [1, 2].map(() => plan(expired(4), { rule: rule({ rebuild: REBUILD }) }));
    expect(firstRuns(plans, { ...OPTIONS, maxDeletes: 5, monthlyLimit: 1 })).toMatchObject([
      { deletes: 5, later: 3, builds: 1, calls: 2 + 6 + 5 + 1 },
    ]);
  });

  test('of each cron does what is due on it, the soonest first', () => {
    const nightly = plan(expired(4), { rule: rule({ prune: [policy({ cron: '0 9 * * *' })] }) });
    const runs = firstRuns([nightly], { ...OPTIONS, crons: ['0 9 * * *', HOURLY] });
    expect(runs).toMatchObject([
      { cron: HOURLY, deletes: 0, calls: 2 },
      { cron: '0 9 * * *', deletes: 4, calls: 2 + 3 + 4 },
    ]);
  });
});

test('builds a month: every tick of every cron, or of its own, up to REBUILDS_PER_MONTH', () => {
  const own = { ...REBUILD, cron: NIGHTLY };
  const rules = [
    rule({ rebuild: REBUILD }),
    rule({ rebuild: own }),
    rule({ rebuild: REBUILD, dryRun: true }),
  ];
  const plans = rules.map((each) => plan([], { rule: each, reading: reading([LIVE], each) }));
  const options = { crons: [HOURLY, NIGHTLY], now: NOW, maxDeletes: null, monthlyLimit: null, listCalls: 1 };
  expect(monthlyBuilds(plans, options)).toMatchObject({ total: 750, limited: false });
  expect([...monthlyBuilds(plans, options).byProject.values()]).toEqual([720, 30]);
  expect(monthlyBuilds(plans, { ...options, monthlyLimit: 500 })).toMatchObject({
    total: 500,
    limited: true,
  });
});
