// Whole runs of the real Keeper over random accounts, rules, events and faults. `CASES=10000 npx vitest run --project worker
// test/properties` plays more; the seed is fixed unless SEED names another.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Event, play, type Story } from './story.ts';

const CASES = Number(import.meta.env.VITE_CASES ?? 300);
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_124);

const branch = fc.constantFrom('main', 'dev', 'feature/a', '__proto__');

const policy = fc
  .record({
    environment: fc.constantFrom('all' as const, 'production' as const, 'preview' as const),
    branches: fc.constantFrom(['*'], ['main'], ['*', '!dev'], ['feature/*', 'dev']),
    olderThanDays: fc.integer({ min: 1, max: 8 }),
    keepLatest: fc.integer({ min: 1, max: 3 }),
    stale: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  })
  .map(({ stale, ...rest }) => ({
    ...rest,
    ...(stale === undefined || rest.environment === 'production'
      ? {}
      : { staleBranchesAfterDays: rest.olderThanDays + stale }),
  }));

const fault = fc.constantFrom<Extract<Event, { do: 'fault' }>['fault'][]>(
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, body: 'html' },
  { kind: 'status', status: 404, body: 'html' },
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'success-false' },
  { kind: 'truncated' },
  { kind: 'redirect', location: 'https://elsewhere.test/' },
  { kind: 'total-count', by: 1 },
  { kind: 'total-count', by: -1 },
);

const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fault' as const), fault }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      branch,
      ends: fc.constantFrom('success' as const, 'failure' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: fc.nat(80) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rollback' as const), nth: fc.nat(80) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rules' as const), rules: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('brake' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { do: 'again' as const },
      { do: 'block' as const },
      { do: 'recreate' as const },
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), branch }) },
);

const event = fc
  .tuple(happening, fc.nat(12), fc.nat(3))
  .map(([what, calls, project]) => ({ ...what, calls, project }) as Event);

const story: fc.Arbitrary<Story> = fc.record({
  projects: fc.array(
    fc.record({
      upload: fc.boolean(),
      rows: fc.array(
        fc.record({
          days: fc.double({ min: 0.001, max: 20, noNaN: true }),
          branch,
          outcome: fc.constantFrom('success', 'success', 'success', 'failure', 'canceled', 'skipped', 'idle'),
        }),
        { minLength: 1, maxLength: 90 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  rules: fc.array(fc.array(policy, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  rebuild: fc.boolean(),
  events: fc.array(event, { maxLength: 14 }),
  ticks: fc.integer({ min: 1, max: 3 }),
});

test(`${CASES} random whole runs (seed ${SEED}) keep what the rules keep, and end where the rules say`, {
  timeout: 3_600_000,
}, async () => {
  let played = 0;
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      await play(one);
      played += 1;
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: false, interruptAfterTimeLimit: 3_500_000 },
  );
  expect(played).toBeGreaterThanOrEqual(CASES);
});
