// A deployment's place under its policy: for words only, and in step with the verdict.

import { expect, it } from 'vitest';
import { placeOf } from '../../src/policy/place.ts';
import { judge } from '../../src/policy/verdict.ts';
import { DAY, deployment, NOW, policy, seen } from './fixture.ts';

const successes = Array.from({ length: 4 }, (_, index) =>
  deployment({ id: `success-${index}`, createdAt: NOW - (100 + index) * DAY }),
);
const failed = deployment({
  id: 'failed',
  createdAt: NOW - 99 * DAY,
  stage: 'build',
  stageStatus: 'failure',
});
const three = policy({ keepLatest: 3 });

it('counts the successes that are newer, and stops where the policy does', () => {
  const context = seen([...successes, failed], { policies: [three] });
  const ranks = successes.map((row) => placeOf(row, context)?.rank);
  expect(ranks).toEqual([1, 2, 3, null]);
  expect(placeOf(failed, context)?.rank).toBeNull();
  // A place is what keeps it.
  expect(successes.map((row) => judge(row, context, NOW).reason)).toEqual([
    'latest',
    'latest',
    'latest',
    'expired',
  ]);
});

it('names the policy that it follows, and none where none does', () => {
  const policies = [
    policy({ environment: 'production' }),
    policy({ branches: ['feature'], olderThanDays: 7 }),
  ];
  const context = seen(successes, { policies });
  expect(placeOf(deployment(), context)).toMatchObject({ policy: 1, olderThanDays: 7, keepLatest: 1 });
  expect(placeOf(deployment({ branch: 'other' }), context)).toBeNull();
});

it('has no place in a branch that nobody counted, or counted too few of', () => {
  const context = seen(successes, { policies: [three] });
  expect(placeOf(deployment({ branch: 'unseen' }), context)?.rank).toBeNull();
  const tooFew = { ...context, policies: [policy({ keepLatest: 9 })] };
  expect(placeOf(deployment(), tooFew)?.rank).toBeNull();
});

it('has no place without a date, however many are kept', () => {
  const context = { ...seen(successes, { policies: [policy({ keepLatest: 9 })] }) };
  const enough = { ...context, facts: { ...context.facts, keep: 9 } };
  expect(placeOf(successes[3] ?? deployment(), enough)?.rank).toBe(4);
  expect(placeOf(deployment({ createdAt: null }), enough)?.rank).toBeNull();
});
