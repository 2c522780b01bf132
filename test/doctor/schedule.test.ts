// Ticks and builds of a month, from the crons.

import { expect, test } from 'vitest';
import { buildsOf, ticksOf } from '../../doctor/schedule.ts';
import { HOUR, NOW } from '../policy/fixture.ts';

const ticks = (...crons: string[]) => ticksOf(crons, NOW).ticks;

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

test('a cron that cannot be read is named, not counted as none', () => {
  expect(ticksOf(['every hour'], NOW)).toEqual({ ticks: [], unread: ['every hour'] });
  // The last day of the month.
  expect(ticksOf(['0 3 L * *'], NOW)).toEqual({ ticks: [Date.parse('2026-11-30T03:00:00Z')], unread: [] });
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
