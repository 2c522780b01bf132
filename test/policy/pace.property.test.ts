// The pace over time: simulated invocations, with alarms that are late or early, hold every limit over every window, and yet
// use what they may.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../simulator/limits.ts';
import {
  addBlock,
  addCalls,
  addHeaders,
  callsAllowed,
  endBlock,
  NO_PACE,
  nextCallsAt,
  type Pace,
} from '../../src/policy/pace.ts';
import type { LimitPolicy } from '../../src/policy/ratelimit.ts';
import { NOW } from './fixture.ts';

/** One invocation: how many calls it wants, how long it takes, how late (or, negative, early) its alarm is. */
interface Invocation {
  readonly wanted: number;
  readonly took: number;
  readonly late: number;
}

/** As `expect`, where it is asked a million times. */
function hold(condition: boolean, what: string): void {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

/** Runs the invocations one after another; gives when each call went. `answer` is told of each call. */
function run(start: Pace, invocations: readonly Invocation[], answer?: (pace: Pace, at: number) => Pace) {
  const calls: number[] = [];
  let pace = start;
  let now = NOW;
  for (const { wanted, took, late } of invocations) {
    const at = nextCallsAt(pace, wanted, now);
    hold(at >= now, 'never in the past');
    now = Math.max(now, at + late);
    const allowed = callsAllowed(pace, wanted, now);
    hold(allowed <= wanted, 'never more than wanted');
    hold(now >= at || allowed < wanted, 'never all of them before their time');
    hold(now < at || allowed >= 1, 'at their time, one at least');
    const startedAt = now;
    for (let i = 0; i < allowed; i += 1) {
      now = startedAt + Math.floor((took * i) / allowed);
      calls.push(now);
      if (answer) pace = answer(pace, now);
    }
    pace = addCalls(pace, allowed, startedAt, now);
    now = startedAt + took;
  }
  return { calls, pace };
}

/** The most calls that went within any window of `w` ms, its ends included. */
function mostWithin(calls: readonly number[], w: number): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of calls.entries()) {
    while ((calls[first] ?? at) < at - w) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const somePolicy: fc.Arbitrary<LimitPolicy> = fc.record({
  name: fc.constantFrom('a', 'b'),
  q: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 2_000 })),
  w: fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1_000),
});

const invocation: fc.Arbitrary<Invocation> = fc.record({
  wanted: fc.integer({ min: 1, max: 60 }),
  took: fc.nat({ max: 4_000 }),
  late: fc.oneof(fc.nat({ max: 200 }), fc.integer({ min: -2_000, max: 60_000 })),
});

describe('over any series of invocations', () => {
  const invocations = fc.array(invocation, { minLength: 1, maxLength: 120, size: 'max' });

  it('no window of any policy holds more than 0.9 of its calls', () => {
    fc.assert(
      fc.property(fc.array(somePolicy, { maxLength: 3 }), invocations, (policies, series) => {
        const { calls } = run({ ...NO_PACE, policies }, series);
        const limits = policies.length > 0 ? policies : [{ q: 1_200, w: 300_000 }];
        for (const { q, w } of limits) {
          expect(mostWithin(calls, w)).toBeLessThanOrEqual(Math.max(1, Math.floor(0.9 * q)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('the next calls may go at a whole millisecond, and then at least one does', () => {
    fc.assert(
      fc.property(fc.array(somePolicy, { maxLength: 3 }), invocations, (policies, series) => {
        const { pace } = run({ ...NO_PACE, policies }, series);
        const at = nextCallsAt(pace, 1, NOW);
        expect(Number.isSafeInteger(at)).toBe(true);
        expect(callsAllowed(pace, 45, at)).toBeGreaterThanOrEqual(1);
        if (at > NOW) expect(callsAllowed(pace, 45, at - 1)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('what is remembered stays small, and can be stored as JSON', () => {
    fc.assert(
      fc.property(fc.array(somePolicy, { maxLength: 3 }), invocations, (policies, series) => {
        const { pace } = run({ ...NO_PACE, policies }, series);
        expect(JSON.parse(JSON.stringify(pace))).toEqual(pace);
        expect(pace.log.length).toBeLessThanOrEqual(series.length);
      }),
      { numRuns: 200 },
    );
  });
});

/** Slices of 45 calls, as a long queue makes them. */
const slices = fc.array(
  fc.record({
    wanted: fc.constant(45),
    took: fc.integer({ min: 2_000, max: 3_000 }),
    late: fc.nat({ max: 200 }),
  }),
  { minLength: 150, maxLength: 160, size: 'max' },
);

describe('a long queue at 1,200 calls per 300 s', () => {
  it('goes at 0.97 of the allowed pace or more, from start to end', () => {
    fc.assert(
      fc.property(slices, (series) => {
        const { calls } = run(NO_PACE, series);
        expect(calls).toHaveLength(series.length * 45);
        const took = (calls.at(-1) ?? 0) - NOW;
        expect(calls.length / took).toBeGreaterThanOrEqual((0.97 * 0.9 * 1_200) / 300_000);
        // 24 slices make up what a window allows: whole windows, from the second on.
        const settled = (calls[45 * 24 * 6] ?? 0) - (calls[45 * 24] ?? 0);
        expect((45 * 24 * 5) / settled).toBeGreaterThanOrEqual((0.97 * 0.9 * 1_200) / 300_000);
      }),
      { numRuns: 25 },
    );
  });

  it('never meets a block, even while others use up to a tenth of the limit', () => {
    const others = fc.array(fc.nat({ max: 299 }), { maxLength: 119 });
    fc.assert(
      fc.property(slices, others, (series, seconds) => {
        const limit = new RateLimit({ calls: 1_200, windowMs: 300_000, blockMs: 300_000 });
        // The same calls of others in each window of 300 s.
        const foreign = Array.from({ length: 12 }, (_, window) =>
          seconds.toSorted((a, b) => a - b).map((second) => NOW + (window * 300 + second) * 1_000),
        ).flat();
        const take = (at: number) => hold(limit.take(at) === null, 'no call is refused');
        run(NO_PACE, series, (pace, at) => {
          while ((foreign[0] ?? Number.POSITIVE_INFINITY) <= at) take(foreign.shift() ?? at);
          take(at);
          return addHeaders(pace, new Headers(limit.headers(at)), at);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('goes on after a block with one call, then at its pace', () => {
    const many = Array.from({ length: 30 }, () => ({ wanted: 45, took: 2_500, late: 100 }));
    const before = run(NO_PACE, many);
    const until = (before.calls.at(-1) ?? 0) + 300_000;
    const blocked = addBlock(before.pace, until, until - 300_000);
    const probe = run(blocked, [{ wanted: 45, took: 500, late: 0 }]);
    expect(probe.calls).toEqual([until]);
    const after = run(endBlock(probe.pace), many);
    expect(mostWithin([...before.calls, ...probe.calls, ...after.calls], 300_000)).toBeLessThanOrEqual(1_080);
  });
});
