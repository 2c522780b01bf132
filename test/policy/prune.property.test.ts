// The verdicts over random accounts: what must hold for every account there can be.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { judge, needsForce, REASONS, type Verdict } from '../../src/policy/verdict.ts';
import { contextOf, factsInParts, factsOf, someAccount } from './accounts.ts';
import { DAY, NOW } from './fixture.ts';
import { type Account, isLiveFor, secondOpinion } from './second-opinion.ts';

const RUNS = { numRuns: 2_500 };
const parts = fc.array(fc.nat({ max: 9 }), { minLength: 24, maxLength: 24 });

function verdicts(account: Account, facts = factsOf(account)): Verdict[] {
  const context = contextOf(account, facts);
  return account.deployments.map((one) => judge(one, context, NOW));
}

function deleted(account: Account, seen: Account = account): Set<Deployment> {
  const context = contextOf(account, factsOf(seen));
  return new Set(account.deployments.filter((one) => judge(one, context, NOW).action === 'delete'));
}

const isSuccessful = ({ stage, stageStatus, skipped }: Deployment) =>
  stage === 'deploy' && stageStatus === 'success' && !skipped;
const branchKey = ({ environment, branch }: Deployment) => `${environment} ${branch}`;
const isNewer = (a: Deployment, b: Deployment) => (a.createdAt ?? 0) > (b.createdAt ?? 0);

describe('for every account', () => {
  it('a second opinion, written plainly from the table, comes to the same verdicts', () => {
    const reasons = new Map<string, number>();
    fc.assert(
      fc.property(someAccount(), (account) => {
        const found = verdicts(account);
        expect(found).toEqual(account.deployments.map((one) => secondOpinion(account, one, NOW)));
        for (const { reason } of found) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }),
      { numRuns: 5_000 },
    );
    // The accounts are worth judging: every reason is met, and none is rare.
    for (const reason of REASONS) expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(30);
  });

  it('each deployment has exactly one verdict, and is deleted exactly if it is `expired` or `gone-branch`', () => {
    fc.assert(
      fc.property(someAccount(), (account) => {
        for (const { action, reason, expiresAt } of verdicts(account)) {
          expect(REASONS).toContain(reason);
          expect(action).toBe(['expired', 'gone-branch'].includes(reason) ? 'delete' : 'keep');
          expect(expiresAt === null).toBe(reason !== 'young' && reason !== 'expired');
          if (expiresAt !== null) expect(expiresAt <= NOW).toBe(reason === 'expired');
        }
      }),
      RUNS,
    );
  });

  it('what is live in production is never deleted', () => {
    fc.assert(
      fc.property(someAccount(), (account) => {
        const gone = deleted(account);
        for (const one of account.deployments) {
          const live = one.id === account.canonicalId || isLiveFor(account, one);
          if (live) expect(gone.has(one)).toBe(false);
        }
      }),
      RUNS,
    );
  });

  it('of each branch that loses a success, as many newer ones stay as some policy keeps', () => {
    fc.assert(
      fc.property(someAccount({ stale: false }), (account) => {
        const gone = deleted(account);
        const successes = account.deployments.filter(isSuccessful);
        const fewest = Math.min(...account.policies.map(({ keepLatest }) => keepLatest));
        for (const one of successes.filter((success) => gone.has(success))) {
          const kept = successes.filter(
            (other) => branchKey(other) === branchKey(one) && isNewer(other, one) && !gone.has(other),
          );
          expect(kept.length).toBeGreaterThanOrEqual(fewest);
        }
      }),
      RUNS,
    );
  });

  it('seeing fewer deployments only ever keeps more', () => {
    fc.assert(
      fc.property(someAccount({ stale: false, refusals: false }), parts, (account, unseen) => {
        const fewer = account.deployments.filter((_, i) => (unseen[i] ?? 0) > 2);
        const withAll = deleted(account);
        // Whether the deployment itself was seen or comes from an older list: it is not deleted.
        for (const one of deleted(account, { ...account, deployments: fewer })) {
          expect(withAll.has(one)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('the order in which deployments are seen does not matter', () => {
    fc.assert(
      fc.property(someAccount(), parts, (account, keys) => {
        const order = account.deployments.map((one, i) => ({ one, key: keys[i] ?? 0 }));
        const deployments = order.sort((a, b) => a.key - b.key).map(({ one }) => one);
        expect(factsOf({ ...account, deployments })).toEqual(factsOf(account));
        const shuffled = verdicts({ ...account, deployments });
        const same = deployments.map((one) => verdicts(account)[account.deployments.indexOf(one)]);
        expect(shuffled).toEqual(same);
      }),
      RUNS,
    );
  });

  it('facts that were folded in parts and merged give the same verdicts', () => {
    fc.assert(
      fc.property(someAccount(), parts, (account, where) => {
        expect(verdicts(account, factsInParts(account, where))).toEqual(verdicts(account));
      }),
      RUNS,
    );
  });

  it('force is needed at most for the newest successes of previews that are stale or gone, all of which go or are kept', () => {
    fc.assert(
      fc.property(someAccount(), (account) => {
        const context = contextOf(account);
        for (const one of account.deployments) {
          if (!needsForce(one, context, NOW)) continue;
          expect(one.environment).toBe('preview');
          const branch = account.deployments.filter(
            (other) => other.environment === 'preview' && other.branch === one.branch,
          );
          const newest = Math.max(...branch.map(({ createdAt }) => createdAt ?? Number.NaN));
          const isGone = (account.gone.get(one.branch) ?? Number.POSITIVE_INFINITY) <= NOW;
          if (!isGone) expect(NOW - newest).toBeGreaterThanOrEqual(DAY);
          expect(judge(one, context, NOW).reason).not.toBe('latest');
        }
      }),
      RUNS,
    );
  });
});
