// The verdicts by example: one valid deployment that has expired, and in each case the one change that keeps it.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import type { PrunePolicy } from '../../src/policy/rules.ts';
import { isLive, judge, type PruneContext, REASONS, type Reason } from '../../src/policy/verdict.ts';
import { describeReason } from '../../src/words/verdicts.ts';
import {
  ago,
  BUILDING,
  branchOf,
  changed,
  DAY,
  deployment,
  FAILED,
  HOUR,
  NEWER,
  NOW,
  ODD,
  PRODUCTION,
  policy,
  reasonOf,
  refusedAsNow,
  SKIPPED,
  seen,
  under,
} from './fixture.ts';

/** The refusal that the API gave under this policy, which is still the policy. */
const refusedUnder = (change: Partial<PrunePolicy>) => ({ ...refusedAsNow(under(change)), ...under(change) });

interface Case {
  readonly reason: Reason;
  readonly deployment?: Partial<Deployment>;
  readonly context?: Partial<PruneContext>;
}

// Each case also fits every reason further down that it can fit at once, so that the order shows.
const CASES: Record<string, Case> = {
  'a project without a policy': {
    reason: 'unmanaged',
    deployment: { id: '', createdAt: null },
    context: { policies: [] },
  },
  'a deployment without an id': { reason: 'unreadable', deployment: { id: '', ...PRODUCTION } },
  'a deployment without a branch': { reason: 'unreadable', deployment: { branch: '' } },
  'a deployment without a date': { reason: 'unreadable', deployment: { createdAt: null } },
  'a deployment with a date that is no number': {
    reason: 'unreadable',
    deployment: { createdAt: Number.NaN },
  },
  'the canonical deployment without a date': {
    reason: 'unreadable',
    deployment: { createdAt: null },
    context: { canonicalId: 'the-one-in-question' },
  },
  'the canonical deployment while it builds': {
    reason: 'live',
    deployment: { ...BUILDING, createdAt: ago(0) },
    context: { canonicalId: 'the-one-in-question' },
  },
  'a build under way that no policy covers': {
    reason: 'in-progress',
    deployment: { ...BUILDING, createdAt: ago(0) },
    context: under({ branches: ['other'] }),
  },
  'a young success that no policy covers': {
    reason: 'excluded',
    deployment: { createdAt: ago(2) },
    context: under({ branches: ['other'] }),
  },
  'a deployment of the other environment': {
    reason: 'excluded',
    context: under({ environment: 'production' }),
  },
  'a deployment without an environment': {
    reason: 'unreadable',
    deployment: { environment: 'unknown' },
    context: { canonicalId: 'the-one-in-question' },
  },
  'the newest of its branch, young': { reason: 'newest', deployment: { createdAt: ago(0) } },
  'the newest of its branch, which failed': {
    reason: 'newest',
    deployment: { ...FAILED, createdAt: ago(0) },
  },
  'one of the newest successes, old and refused': {
    reason: 'latest',
    context: refusedUnder({ keepLatest: 2 }),
  },
  'one that is young and was refused': {
    reason: 'young',
    deployment: { createdAt: ago(29) },
    context: refusedAsNow(),
  },
  'one that expired and was refused': { reason: 'refused', context: refusedAsNow() },
  'one of a branch that is gone from Git, young': {
    reason: 'gone-branch',
    deployment: { createdAt: ago(2) },
    context: { gone: new Map([['feature', ago(1)]]), ...under({ goneBranchesAfterDays: 1 }) },
  },
  'one that expired': { reason: 'expired' },
};

describe('the first reason that applies', () => {
  it.each(Object.entries(CASES))('to %s', (_, { reason, deployment: change = {}, context }) => {
    expect(changed(change, context)).toBe(reason);
  });

  it('is shown by an example for every reason there is', () => {
    expect(new Set(Object.values(CASES).map(({ reason }) => reason))).toEqual(new Set(REASONS));
  });

  it('has words of its own', () => {
    expect(new Set(REASONS.map(describeReason)).size).toBe(REASONS.length);
    expect(describeReason('expired')).toBe('expired');
  });

  it('keeps, unless it is `expired` or its branch is gone', () => {
    for (const { reason, deployment: change = {}, context } of Object.values(CASES)) {
      const one = deployment(change);
      const { action } = judge(one, seen([one, { ...NEWER, ...branchOf(change) }], context), NOW);
      expect(action).toBe(['expired', 'gone-branch'].includes(reason) ? 'delete' : 'keep');
    }
  });
});

describe('live', () => {
  const old = deployment({ ...PRODUCTION, id: 'rolled-back-to', createdAt: ago(90) });
  const newest = deployment({ ...PRODUCTION, id: 'newest-success', createdAt: ago(40) });
  const between = deployment({ ...PRODUCTION, id: 'between', createdAt: ago(60) });

  it('after a rollback is both the canonical deployment and the newest success', () => {
    const context = seen([old, between, newest], { canonicalId: 'rolled-back-to' });
    const reasons = [old, between, newest].map((one) => judge(one, context, NOW).reason);
    expect(reasons).toEqual(['live', 'expired', 'live']);
    expect([old, between, newest].map((one) => isLive(one, context))).toEqual([true, false, true]);
  });

  it('is the newest success of any production branch: the branch may have been renamed', () => {
    const renamed = deployment({ ...PRODUCTION, branch: 'trunk', createdAt: ago(35) });
    expect(reasonOf([renamed, newest])).toBe('live');
    expect(reasonOf([{ ...newest, createdAt: ago(80) }, { ...newest, id: 'other' }, renamed])).toBe(
      'expired',
    );
  });

  it('is not a newer production build that failed', () => {
    expect(reasonOf([newest, deployment({ ...PRODUCTION, ...FAILED, id: 'f', createdAt: ago(31) })])).toBe(
      'live',
    );
    const between = deployment({ ...PRODUCTION, ...FAILED, createdAt: ago(41) });
    expect(reasonOf([between, newest])).toBe('expired');
  });

  it('is not a preview, however new', () => {
    expect(isLive(deployment({ createdAt: ago(0) }), seen([deployment()]))).toBe(false);
  });

  it('are all that were created at the same moment as the newest', () => {
    const twin = { ...newest, id: 'twin' };
    expect([reasonOf([newest, twin]), reasonOf([twin, newest])]).toEqual(['live', 'live']);
  });

  it('is nothing because of an empty canonical id', () => {
    expect(isLive(deployment({ id: '' }), seen([], { canonicalId: '' }))).toBe(false);
  });
});

describe('the newest of a branch', () => {
  const head = (days: number, change: Partial<Deployment> = {}) =>
    deployment({ id: `head-${days}`, createdAt: ago(days), ...change });

  it.each([
    ['a success', {}],
    ['a failure', FAILED],
    ['cancelled', { stage: 'build', stageStatus: 'canceled' }],
    ['a build that never finished', { stage: 'queued', stageStatus: 'idle' }],
    ['in words that nobody knows', ODD],
  ])('stays, whatever its age, where it is %s', (_, change) => {
    expect(reasonOf([head(900, change), head(950)])).toBe('newest');
    expect(reasonOf([head(900, { ...change, ...PRODUCTION }), head(950, PRODUCTION)])).toMatch(
      /^(newest|live)$/,
    );
  });

  it('is evidence of how things stand: the failures before it are not', () => {
    const failures = [40, 50, 60].map((days) => head(days, FAILED));
    const context = seen([...failures, head(70)]);
    expect(failures.map((one) => judge(one, context, NOW).reason)).toEqual(['newest', 'expired', 'expired']);
    expect(judge(head(70), context, NOW).reason).toBe('latest');
  });

  it('is not outdone by one that was skipped, nor by one of which nobody knows', () => {
    expect(reasonOf([head(50, FAILED), head(40, SKIPPED), head(35, ODD)])).toBe('newest');
    expect(reasonOf([head(50, FAILED), head(40, FAILED)])).toBe('expired');
    expect(reasonOf([head(50, FAILED), head(40, BUILDING)])).toBe('expired');
  });

  it('is not a preview that was skipped, but in production the newest skipped one stays', () => {
    expect(reasonOf([head(40, SKIPPED)])).toBe('expired');
    const skipped = [40, 50].map((days) => head(days, { ...SKIPPED, ...PRODUCTION }));
    const context = seen([...skipped, head(35, PRODUCTION)]);
    expect(skipped.map((one) => judge(one, context, NOW).reason)).toEqual(['newest', 'expired']);
  });

  it.each([
    ['neither a stage nor a status', { stage: '', stageStatus: '' }],
    ['a word that nobody knows', ODD],
    ['neither yes nor no for is_skipped', { ...SKIPPED, skipped: null }],
  ])('is, in production, what may be the newest skipped one: %s', (_, lost) => {
    const success = head(35, PRODUCTION);
    expect(reasonOf([head(40, { ...lost, ...PRODUCTION }), success])).toBe('newest');
    expect(reasonOf([head(40, lost), head(35)])).toBe('expired');
    const skipped = head(38, { ...SKIPPED, ...PRODUCTION });
    expect(reasonOf([head(40, { ...lost, ...PRODUCTION }), success, skipped])).toBe('expired');
  });

  it('are all that were created at the same moment', () => {
    const twin = head(40, { ...FAILED, id: 'twin' });
    expect([reasonOf([head(40, FAILED), twin]), reasonOf([twin, head(40, FAILED)])]).toEqual([
      'newest',
      'newest',
    ]);
  });

  it('is counted apart in each branch and environment', () => {
    expect(reasonOf([head(50, FAILED), head(40, { branch: 'other' })])).toBe('newest');
    expect(reasonOf([head(50, FAILED), head(40, { environment: 'production' })])).toBe('newest');
    expect(reasonOf([head(50, FAILED), head(40, { environment: 'unknown' })])).toBe('newest');
  });
});

describe('the latest of a branch', () => {
  const success = (days: number, change: Partial<Deployment> = {}) =>
    deployment({ id: `success-${days}`, createdAt: ago(days), ...change });
  const head = deployment({ ...FAILED, id: 'the-head', createdAt: ago(35) });

  it('are as many successes as the policy keeps, whatever their age', () => {
    const all = [50, 60, 70, 80].map((days) => success(days));
    const context = seen([head, ...all], under({ keepLatest: 3 }));
    expect(all.map((one) => judge(one, context, NOW).reason)).toEqual([
      'latest',
      'latest',
      'latest',
      'expired',
    ]);
  });

  it('are more where several were created at the same moment', () => {
    const twins = ['a', 'b', 'c'].map((id) => success(50, { id }));
    const context = seen([head, ...twins, success(60)], under({ keepLatest: 2 }));
    expect(twins.map((one) => judge(one, context, NOW).reason)).toEqual(['latest', 'latest', 'latest']);
    expect(judge(success(60), context, NOW).reason).toBe('expired');
  });

  it.each([
    ['failed', FAILED],
    ['canceled', { stage: 'build', stageStatus: 'canceled' }],
    ['skipped', SKIPPED],
    ['never finished', { stage: 'queued', stageStatus: 'idle' }],
  ])('are not pushed out by one that %s, and that one goes', (_, change) => {
    const other = success(40, { id: 'other', ...change });
    expect(reasonOf([success(50), head, other])).toBe('latest');
    expect(reasonOf([other, head, success(50)])).toBe('expired');
  });

  it.each<[string, Partial<Deployment>]>([
    ['no stage at all', { stage: '', stageStatus: '' }],
    ['a stage without a name', { stage: '', stageStatus: 'success' }],
    ['deploy/complete', ODD],
    ['Deploy/Success', { stage: 'Deploy', stageStatus: 'Success' }],
    ['deploy/Success', { stageStatus: 'Success' }],
    ['publish/success', { stage: 'publish' }],
    ['publish/active', { stage: 'publish', stageStatus: 'active' }],
    ['is_skipped beside deploy/success', { skipped: true }],
    ['neither yes nor no for is_skipped', { skipped: null }],
    [
      'a failure, having been a success',
      {
        ...FAILED,
        recorded: { environment: 'preview', branch: 'feature', createdAt: ago(40), success: true },
      },
    ],
  ])('count one with %s where that keeps it, and as nothing where it would push one out', (_, change) => {
    const other = success(40, { id: 'other', ...change });
    expect(reasonOf([success(50), head, other])).toBe('latest');
    expect(reasonOf([other, head, success(50)])).toBe('latest');
    // Pushed out by what is known it goes, like any success.
    expect(reasonOf([other, head, success(36)])).toBe('expired');
  });

  it('are counted apart in each branch and environment', () => {
    expect(reasonOf([success(50), head, success(40, { branch: 'other' })])).toBe('latest');
    expect(reasonOf([success(50), head, success(40, { environment: 'production' })])).toBe('latest');
    expect(reasonOf([success(50), head, success(40, { environment: 'unknown' })])).toBe('latest');
  });

  it('are all successes when fewer were counted than the policy keeps', () => {
    const { facts } = seen([head, success(50), success(60)]);
    expect(judge(success(60), { ...seen([]), facts, ...under({ keepLatest: 2 }) }, NOW).reason).toBe(
      'latest',
    );
  });

  it('is everything of a branch that the facts do not know', () => {
    expect(judge(deployment(FAILED), seen([]), NOW).reason).toBe('latest');
  });
});

describe('the boundaries', () => {
  it.each([
    ['a moment before 30 x 24 h is young', { createdAt: ago(30) + 1 }, 'young'],
    ['at exactly 30 x 24 h has expired', { createdAt: ago(30) }, 'expired'],
    [
      'a build that never finished, a moment before 24 h, is under way',
      { ...BUILDING, createdAt: ago(1) + 1 },
      'in-progress',
    ],
    ['a build that never finished is stuck at exactly 24 h', { ...BUILDING, createdAt: ago(1) }, 'young'],
    ['a build that is stuck goes like any other', BUILDING, 'expired'],
    ['one of the future is young', { ...SKIPPED, createdAt: NOW + HOUR }, 'young'],
  ])('%s', (_, change, reason) => {
    expect(changed(change)).toBe(reason);
  });

  it.each([1, 7, 365])('hold for %i days', (olderThanDays) => {
    const age = (extra: number) =>
      changed({ ...FAILED, createdAt: ago(olderThanDays) + extra }, under({ olderThanDays }));
    expect([age(1), age(0)]).toEqual(['young', 'expired']);
  });
});

describe('expiresAt', () => {
  it.each([
    ['young', { createdAt: ago(2) }],
    ['expired', {}],
  ])('is created + N x 24 h for what is %s', (reason, change) => {
    const one = deployment(change);
    const verdict = judge(one, seen([one, NEWER]), NOW);
    expect(verdict).toMatchObject({ reason, expiresAt: (one.createdAt ?? 0) + 30 * DAY });
  });

  it('is null for every other reason', () => {
    for (const { reason, deployment: change = {}, context } of Object.values(CASES)) {
      if (reason === 'young' || reason === 'expired') continue;
      const one = deployment(change);
      expect(judge(one, seen([one, NEWER], context), NOW).expiresAt).toBeNull();
    }
  });

  it('follows the first policy that matches', () => {
    const policies = [policy({ olderThanDays: 90, branches: ['feature'] }), policy({ olderThanDays: 7 })];
    const one = deployment({ createdAt: ago(10) });
    expect(judge(one, seen([one, NEWER], { policies }), NOW).expiresAt).toBe(ago(10) + 90 * DAY);
  });
});
