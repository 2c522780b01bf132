// Ticks and builds of a month, from the crons.

import { expect, test } from 'vitest';
import { brokenCrons, buildsOf, ticksOf } from '../../doctor/schedule.ts';
import { HOUR, NOW } from '../policy/fixture.ts';

const ticks = (...crons: string[]) => ticksOf(crons, NOW);

test.each([
  [['0 * * * *'], 720],
  [['*/15 * * * *'], 2_880],
  [['0 3 * * *'], 30],
  [['0 3 1 * *'], 1],
  // Both tick at 03:00.
  [['0 3 * * *', '0 * * * *'], 720],
  [['30 3 * * *', '0 * * * *'], 750],
])('%j ticks %i times in 30 days', (crons, expected) => {
  expect(ticks(...crons)).toHaveLength(expected);
});

test('the last day of the month, and crons that never tick', () => {
  expect(ticks('0 3 L * *')).toEqual([Date.parse('2026-11-30T03:00:00Z')]);
  expect(ticks('every hour')).toEqual([]);
  expect(brokenCrons(['0 3 L * *', '15 3 * * SUN'])).toEqual([]);
  expect(brokenCrons(['every hour', '0 0 30 2 *', '0 0 * *'])).toEqual([
    expect.stringContaining('"every hour" in [triggers] never ticks'),
    expect.stringContaining('"0 0 30 2 *"'),
    expect.stringContaining('"0 0 * *"'),
  ]);
});

test.each([
  [0, 720],
  [55, 720],
  [60, 720],
  [61, 360],
  [24 * 60, 30],
])('hourly, if older than %i minutes: %i builds', (minutes, expected) => {
  expect(buildsOf(ticks('0 * * * *'), null, minutes)).toBe(expected);
});

test('a build of just now puts the first one off', () => {
  expect(buildsOf([NOW + HOUR, NOW + 3 * HOUR], NOW, 120)).toBe(1);
});
