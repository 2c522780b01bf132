// Builds that are asked for: calls that come close together are one, so many branches wait, and six builds go an hour.

import { describe, expect, test } from 'vitest';
import { dueAt, MOST_BRANCHES, nextBuildAt, recentOf, type Wait, withCall } from '../../src/policy/hooks.ts';
import { HOUR, MINUTE } from '../../src/time.ts';

const NOW = Date.UTC(2026, 10, 26, 20);
const SECOND = 1_000;
const wait = (branch: string, change: Partial<Wait> = {}): Wait => ({
  ...{ branch, by: 'hook', firstAt: NOW - MINUTE, lastAt: NOW - MINUTE },
  ...change,
});

test.each([
  ['the first call', 0, 30 * SECOND],
  ['calls that go on', 5 * MINUTE, 5 * MINUTE + 30 * SECOND],
  ['calls that go on for nearly ten minutes', 9 * MINUTE + 29 * SECOND, 10 * MINUTE - SECOND],
  ['calls that go on for ten minutes', 9 * MINUTE + 31 * SECOND, 10 * MINUTE],
  ['calls that never end', HOUR, 10 * MINUTE],
])('%s: decided half a minute after the last, ten minutes after the first at the latest', (_, last, due) => {
  expect(dueAt({ firstAt: NOW, lastAt: NOW + last }) - NOW).toBe(due);
});

describe('one more call', () => {
  const call = (waits: readonly Wait[], branch: string, by: Wait['by'] = 'hook') =>
    withCall(waits, { branch, by, now: NOW });

  test('of a branch that does not wait yet is put behind the others', () => {
    const waits = [wait('main'), wait('next')];
    const added = { branch: 'fix', by: 'button', firstAt: NOW, lastAt: NOW };
    expect(call(waits, 'fix', 'button')).toEqual([...waits, added]);
    expect(call([], 'fix')).toEqual([{ ...added, by: 'hook' }]);
  });

  test('of a branch that waits moves its end only, and only its own', () => {
    const waits = [wait('main'), wait('next')];
    expect(call(waits, 'next')).toEqual([waits[0], { ...waits[1], lastAt: NOW }]);
  });

  test.each([
    ['hook', 'hook', 'hook'],
    ['hook', 'button', 'button'],
    ['button', 'hook', 'button'],
    ['button', 'button', 'button'],
  ] as const)('after the %s, by the %s: it counts as the %s', (before, by, after) => {
    expect(call([wait('main', { by: before })], 'main', by)).toEqual([
      wait('main', { by: after, lastAt: NOW }),
    ]);
  });

  test.each([
    [4_999, 'hook', true],
    [5_000, 'hook', false],
    [4_999, 'button', false],
    [0, 'hook', true],
  ] as const)('%d ms after the last, by the %s: stored already: %j', (after, by, isStored) => {
    const waits = [wait('main', { lastAt: NOW - after }), wait('next')];
    const found = call(waits, 'main', by);
    expect(found === waits).toBe(isStored);
    if (!isStored) expect(found).toEqual([wait('main', { by, lastAt: NOW }), waits[1]]);
  });

  test('where twenty branches wait no other may, and those go on', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => wait(`branch-${n}`));
    expect(call(some(MOST_BRANCHES - 1), 'main')).toHaveLength(MOST_BRANCHES);
    expect(call(some(MOST_BRANCHES), 'main')).toBeNull();
    expect(call(some(MOST_BRANCHES + 1), 'main')).toBeNull();
    expect(call(some(MOST_BRANCHES), 'branch-3')).toHaveLength(MOST_BRANCHES);
    expect(MOST_BRANCHES).toBe(20);
  });
});

describe('six builds an hour', () => {
  /** When builds were started, in minutes before now. */
  const at = (...minutes: number[]) => minutes.map((minute) => NOW - minute * MINUTE);

  test.each([
    ['none was started', [], 0],
    ['five were', [50, 40, 30, 20, 10], 0],
    ['six were', [59, 40, 30, 20, 10, 1], 1],
    ['the first of six is an hour old', [60, 40, 30, 20, 10, 1], 0],
    ['six of seven are of this hour', [70, 50, 40, 30, 20, 10, 1], 10],
    ['more than six were', [50, 45, 40, 30, 20, 10, 1], 15],
  ] as const)('%s', (_, minutes, wait) => {
    expect(nextBuildAt(at(...minutes), NOW)).toBe(NOW + wait * MINUTE);
  });

  test.each([
    [[], []],
    [
      [61, 60, 59, 1],
      [59, 1],
    ],
    [
      [55, 50, 45, 40, 30, 20, 10, 1],
      [45, 40, 30, 20, 10, 1],
    ],
  ])('of those started %j minutes ago the last six of the hour are remembered: %j', (minutes, recent) => {
    expect(recentOf(at(...minutes), NOW)).toEqual(at(...recent));
  });
});
