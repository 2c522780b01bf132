// Stale branches, whose last deployments go too, and what the API refused to delete: the parts of a verdict that depend on
// what else there is.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { needsForce } from '../../src/policy/verdict.ts';
import {
  ago,
  changed,
  deployment,
  FAILED,
  NEWER,
  NOW,
  PRODUCTION,
  reasonOf,
  refusedAsNow,
  seen,
  under,
} from './fixture.ts';

describe('a stale branch', () => {
  const stale = under({ staleBranchesAfterDays: 60 });
  const only = (days: number, change: Partial<Deployment> = {}) =>
    deployment({ createdAt: ago(days), ...change });

  it('loses its latest too, from exactly its days on', () => {
    expect(reasonOf([only(60)], stale)).toBe('expired');
    expect(reasonOf([deployment({ createdAt: ago(60) + 1 })], stale)).toBe('latest');
  });

  it('is never one of production', () => {
    const main = only(90, PRODUCTION);
    expect(reasonOf([main, only(80, { ...PRODUCTION, branch: 'trunk' })], stale)).toBe('latest');
  });

  it('is not one whose builds fail all week: its last working preview stays', () => {
    expect(reasonOf([only(90), only(1, { ...FAILED, id: 'broken' })], stale)).toBe('latest');
    expect(reasonOf([only(90), only(1, { skipped: true, id: 'skipped' })], stale)).toBe('latest');
  });

  it('is not one of which a deployment has no date', () => {
    expect(reasonOf([only(90), only(80, { id: 'undated', createdAt: null })], stale)).toBe('latest');
  });

  it('keeps what is live, under way or young', () => {
    expect(reasonOf([only(90)], { ...stale, canonicalId: 'the-one-in-question' })).toBe('live');
    expect(reasonOf([only(20)], under({ olderThanDays: 30, staleBranchesAfterDays: 10 }))).toBe('young');
  });

  it('is never stale without the setting', () => {
    expect(reasonOf([only(5_000)])).toBe('latest');
  });
});

describe('force', () => {
  const context = under({ staleBranchesAfterDays: 60 });
  const older = deployment({ id: 'older', createdAt: ago(120) });

  it('is needed for the newest success of a stale branch, which holds its alias', () => {
    const all = seen([deployment(), older], context);
    expect(needsForce(deployment(), all, NOW)).toBe(true);
    expect(needsForce(older, all, NOW)).toBe(false);
  });

  it('is needed for each of several newest successes', () => {
    const twin = deployment({ id: 'twin' });
    const all = seen([deployment(), twin], context);
    expect([needsForce(deployment(), all, NOW), needsForce(twin, all, NOW)]).toEqual([true, true]);
  });

  it.each([
    ['a failed head: the alias stays on the last success', deployment(FAILED), context],
    ['a branch that is not stale', deployment(), under({ staleBranchesAfterDays: 101 })],
    ['a policy without stale branches', deployment(), {}],
    ['production', deployment({ environment: 'production' }), context],
    ['what no policy covers', deployment(), under({ branches: ['x'], staleBranchesAfterDays: 60 })],
  ])('is not sent for %s', (_, one, change) => {
    expect(needsForce(one, seen([one], change), NOW)).toBe(false);
  });

  it('is not sent for a branch that the facts do not know', () => {
    expect(needsForce(deployment(), seen([], context), NOW)).toBe(false);
  });
});

describe('a refusal', () => {
  const then = refusedAsNow();

  it('is remembered while all is as it was', () => {
    expect(changed({}, then)).toBe('refused');
  });

  it.each([
    ['another deployment is canonical', { canonicalId: 'another' }],
    ['the policy is another', under({ olderThanDays: 31 })],
  ])('is forgotten when %s', (_, change) => {
    expect(changed({}, { ...then, ...change })).toBe('expired');
  });

  it('is forgotten when the branch has a newer deployment, of any status', () => {
    const push = deployment({ ...FAILED, id: 'push', createdAt: NOW });
    expect(reasonOf([deployment(), NEWER, push], then)).toBe('expired');
  });

  it('holds for its own id only', () => {
    expect(changed({ id: 'another-one' }, then)).toBe('expired');
  });
});
