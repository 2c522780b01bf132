// The verdicts by a branch's times, against those of verdict.ts: over random accounts they are the same, whichever branch.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinished, outcomeOf } from '../../src/pages-api/model.ts';
import { branchTimes, expiresFrom, reasonByTimes } from '../../src/policy/branch-times.ts';
import { addToFacts, dateOf, noFacts } from '../../src/policy/facts.ts';
import { judge, type PruneContext, type Reason } from '../../src/policy/verdict.ts';
import { factsOf, someAccount } from './accounts.ts';
import { ago, DAY, deployment, FAILED, NOW, PRODUCTION, policy, seen } from './fixture.ts';

type Row = ReturnType<typeof deployment>;

/** Why a deployment is kept by its branch's times; `null`: one that is not judged by them. */
function byTimes(row: Row, context: PruneContext): Reason | null {
  const { id, environment, branch } = row;
  const createdAt = dateOf(row);
  if (id === '' || branch === '' || createdAt === null || environment === 'unknown') return null;
  if (context.policies.length === 0 || id === context.canonicalId) return null;
  const times = branchTimes(environment, branch, context, NOW);
  return reasonByTimes({ outcome: outcomeOf(row), finished: isFinished(row), createdAt }, times, NOW);
}

test('by its times a branch comes to the same verdicts', () => {
  const reasons = new Map<Reason, number>();
  fc.assert(
    fc.property(someAccount({ refusals: false }), (account) => {
      const context = { ...account, facts: factsOf(account) };
      for (const row of account.deployments) {
        const reason = byTimes(row, context);
        if (reason === null) continue;
        expect(reason).toBe(judge(row, context, NOW).reason);
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }),
    { numRuns: 2_500 },
  );
  const met = [
    ...(['live', 'in-progress', 'excluded', 'newest', 'latest'] as const),
    ...(['young', 'expired', 'gone-branch'] as const),
  ];
  for (const reason of met) expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(10);
});

test('from when on it has expired is when the verdict says so, and not a millisecond before', () => {
  const met = { young: 0, expired: 0, 'gone-branch': 0, stale: 0, never: 0 };
  fc.assert(
    fc.property(someAccount({ refusals: false }), (account) => {
      const context = { ...account, facts: factsOf(account) };
      for (const row of account.deployments) {
        const now = byTimes(row, context);
        const { environment } = row;
        if (now === null || environment === 'unknown') continue;
        const times = branchTimes(environment, row.branch, context, NOW);
        const createdAt = dateOf(row) ?? 0;
        const from = expiresFrom({ outcome: outcomeOf(row), finished: isFinished(row), createdAt }, times);
        const at = (time: number) => judge(row, context, time).action;
        if (from === Number.POSITIVE_INFINITY) {
          expect(at(NOW + 10_000 * DAY)).toBe('keep');
          met.never += 1;
          continue;
        }
        expect([at(from - 1), at(from)]).toEqual(['keep', 'delete']);
        if (now === 'young' || now === 'expired' || now === 'gone-branch') met[now] += 1;
        else met.stale += 1;
      }
    }),
    { numRuns: 1_000 },
  );
  for (const many of Object.values(met)) expect(many, JSON.stringify(met)).toBeGreaterThan(10);
});

test('to the millisecond, as to a day, to what has expired, and to the latest', () => {
  const at = (createdAt: number, change: Partial<Row> = {}) => deployment({ createdAt, ...change });
  const building = { stage: 'build', stageStatus: 'active' } as const;
  const newer = [at(NOW, { id: 'newer' }), at(ago(1), { id: 'second' })];
  const edges = [ago(1), ago(30)].flatMap((time) => [time - 1, time, time + 1]);
  const rows = edges.flatMap((time) => [at(time), at(time, FAILED), at(time, building)]);
  for (const row of rows) {
    for (const context of [
      seen([row]),
      seen([row, ...newer]),
      seen([row, ...newer], { policies: [policy({ keepLatest: 2 })] }),
    ])
      expect(byTimes(row, context)).toBe(judge(row, context, NOW).reason);
  }
});

test('where the facts know no branch, no live one, or too few successes, everything is kept', () => {
  const row = deployment({ ...FAILED, createdAt: NOW - 90 * DAY });
  const context = seen([]);
  expect(byTimes(row, context)).toBe('latest');
  expect(byTimes(deployment(PRODUCTION), context)).toBe('live');
  const few = {
    ...seen([], { policies: [policy({ keepLatest: 3 })] }),
    facts: addToFacts(noFacts(1), [row, deployment({ id: 'a', createdAt: NOW })]),
  };
  expect(byTimes(deployment(), few)).toBe('latest');
});
