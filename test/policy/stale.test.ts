// Stale branches, whose last deployments go too, and what the API refused to delete: the parts of a verdict that depend on
// what else there is.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { mayForce, needsForce, type PruneContext, undeletableOf } from '../../src/policy/verdict.ts';
import {
  ago,
  changed,
  DAY,
  deployment,
  FAILED,
  NEWER,
  NOW,
  ODD,
  PRODUCTION,
  reasonOf,
  refusedAsNow,
  SKIPPED,
  seen,
  under,
} from './fixture.ts';

describe('a stale branch', () => {
  const stale = under({ staleBranchesAfterDays: 60 });
  const only = (days: number, change: Partial<Deployment> = {}) =>
    deployment({ createdAt: ago(days), ...change });

  it('loses its latest too, from exactly its days on', () => {
    expect(reasonOf([only(60)], stale)).toBe('expired');
    expect(reasonOf([deployment({ createdAt: ago(60) + 1 })], stale)).toBe('newest');
    const rows: [Deployment, Deployment] = [only(90), only(60, { ...FAILED, id: 'head' })];
    expect([reasonOf(rows, stale), reasonOf([rows[1], rows[0]], stale)]).toEqual(['expired', 'expired']);
  });

  it('is never one of production', () => {
    const main = only(90, PRODUCTION);
    expect(reasonOf([main, only(80, { ...PRODUCTION, branch: 'trunk' })], stale)).toBe('newest');
  });

  it('is not one whose builds fail all week: its last working preview stays', () => {
    expect(reasonOf([only(90), only(1, { ...FAILED, id: 'broken' })], stale)).toBe('latest');
    expect(reasonOf([only(90), only(1, { ...SKIPPED, id: 'skipped' })], stale)).toBe('newest');
  });

  it('is not one of which a deployment has no date', () => {
    expect(reasonOf([only(90), only(80, { id: 'undated', createdAt: null })], stale)).toBe('newest');
  });

  it.each<[string, Partial<Deployment>, boolean]>([
    ['of no known environment', { environment: 'unknown', createdAt: ago(1) }, true],
    ['that nobody can place', { branch: '', createdAt: ago(1) }, true],
    ['of production that nobody can place', { ...PRODUCTION, branch: '', createdAt: ago(1) }, true],
    ['that nobody can place in time either', { branch: '', createdAt: null }, true],
    ['of no known environment, as old', { environment: 'unknown', createdAt: ago(60) }, false],
    ['that nobody can place, as old', { branch: '', createdAt: ago(60) }, false],
    ['of another branch', { branch: 'other', createdAt: ago(1) }, false],
    ['of the branch in production', { environment: 'production', createdAt: ago(1) }, false],
  ])('lives on by a deployment %s: %#', (_, change, alive) => {
    const reason = reasonOf([only(90), only(1, { id: 'odd-one', ...change })], stale);
    expect(reason).toBe(alive ? 'newest' : 'expired');
  });

  it('keeps what is live, under way or young', () => {
    expect(reasonOf([only(90)], { ...stale, canonicalId: 'the-one-in-question' })).toBe('live');
    expect(reasonOf([only(20)], under({ olderThanDays: 30, staleBranchesAfterDays: 10 }))).toBe('young');
  });

  it('is never stale without the setting', () => {
    expect(reasonOf([only(5_000)])).toBe('newest');
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

  it('is needed for one of which nobody knows, where the branch has no success', () => {
    const odd = deployment({ ...ODD, id: 'odd' });
    expect(needsForce(odd, seen([odd], context), NOW)).toBe(true);
  });

  it('is needed for each of several newest successes', () => {
    const twin = deployment({ id: 'twin' });
    const all = seen([deployment(), twin], context);
    expect([needsForce(deployment(), all, NOW), needsForce(twin, all, NOW)]).toEqual([true, true]);
  });

  it('is needed for what may be the newest success too, for then that holds the alias', () => {
    const odd = deployment({ ...ODD, id: 'odd', createdAt: ago(95) });
    const all = seen([deployment({ createdAt: ago(98) }), odd, older], context);
    expect(needsForce(odd, all, NOW)).toBe(true);
    expect(needsForce(deployment({ createdAt: ago(98) }), all, NOW)).toBe(true);
    expect(needsForce({ ...odd, createdAt: ago(99) }, all, NOW)).toBe(false);
  });

  it.each<[string, Partial<PruneContext>, boolean]>([
    ['since exactly its days', { gone: new Map([['feature', ago(7)]]) }, true],
    ['for a millisecond less', { gone: new Map([['feature', ago(7) + 1]]) }, false],
    ['as another one is', { gone: new Map([['other', ago(50)]]) }, false],
    ['by nobody’s word', {}, false],
  ])('is needed for the newest success of a branch that Git has no more %s', (_, change, is) => {
    const gone = under({ goneBranchesAfterDays: 7 });
    const all = seen([deployment(), older], { ...gone, ...change });
    expect([needsForce(deployment(), all, NOW), needsForce(older, all, NOW)]).toEqual([is, false]);
    expect([mayForce(deployment(), all, NOW), mayForce(older, all, NOW)]).toEqual([is, is]);
    const main = deployment(PRODUCTION);
    expect(mayForce(main, seen([main], { ...gone, ...change }), NOW)).toBe(false);
  });

  it('may be sent for anything of a stale branch, should the API call it aliased', () => {
    const all = seen([deployment(), older], context);
    expect([mayForce(older, all, NOW), mayForce(deployment(FAILED), all, NOW)]).toEqual([true, true]);
  });

  it.each([
    ['a failed head: the alias stays on the last success', deployment(FAILED), context],
    ['a branch that is not stale', deployment(), under({ staleBranchesAfterDays: 101 })],
    ['a policy without stale branches', deployment(), {}],
    ['production', deployment({ environment: 'production' }), context],
    ['what no policy covers', deployment(), under({ branches: ['x'], staleBranchesAfterDays: 60 })],
  ])('is not sent for %s', (_, one, change) => {
    expect(needsForce(one, seen([one], change), NOW)).toBe(false);
    if (one.stageStatus === 'success') expect(mayForce(one, seen([one], change), NOW)).toBe(false);
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
    const push = deployment({ ...FAILED, id: 'push', createdAt: NOW + 1 });
    expect(reasonOf([deployment(), NEWER, push], then)).toBe('expired');
  });

  it('is forgotten when its branch has become stale, for then it may be forced', () => {
    const one = deployment();
    const older = deployment({ id: 'older', createdAt: ago(120) });
    const stale = under({ staleBranchesAfterDays: 99 });
    const refusals = (at: number) => ({ [older.id]: undeletableOf(older, seen([older, one], stale), at) });
    expect(reasonOf([older, one], { ...stale, refusals: refusals(NOW - 2 * DAY) })).toBe('expired');
    expect(reasonOf([older, one], { ...stale, refusals: refusals(NOW) })).toBe('refused');
  });

  it('holds for its own id only', () => {
    expect(changed({ id: 'another-one' }, then)).toBe('expired');
  });
});
