// When a cron ticks next, as Cloudflare reads the expression.

import { describe, expect, test } from 'vitest';
import { isOverdue, nextOf, nextTick } from '../../src/plan/cron.ts';

const at = (iso: string) => Date.parse(iso);
// 2026-11-24 is a Tuesday.
const NOW = at('2026-11-24T20:30:00Z');

describe('nextTick', () => {
  test.each([
    ['0 * * * *', '2026-11-24T21:00:00Z'],
    ['*/15 * * * *', '2026-11-24T20:45:00Z'],
    ['0 3 * * *', '2026-11-25T03:00:00Z'],
    ['0 3 * * 1', '2026-11-29T03:00:00Z'],
    ['0 3 * * 7', '2026-11-28T03:00:00Z'],
    ['0 3 * * SUN', '2026-11-29T03:00:00Z'],
    ['0 3 1 * *', '2026-12-01T03:00:00Z'],
    ['0 3 * * 2-4', '2026-11-25T03:00:00Z'],
    ['0 3 * * 5-6', '2026-11-26T03:00:00Z'],
    ['0 3 * * 1,4', '2026-11-25T03:00:00Z'],
    ['0 3 * * */2', '2026-11-26T03:00:00Z'],
  ])('%s ticks next at %s', (cron, expected) => {
    expect(nextTick(cron, NOW)).toBe(at(expected));
  });

  test.each([
    [1, '2026-11-29T03:00:00Z'],
    [2, '2026-11-30T03:00:00Z'],
    [3, '2026-12-01T03:00:00Z'],
    [4, '2026-11-25T03:00:00Z'],
    [5, '2026-11-26T03:00:00Z'],
    [6, '2026-11-27T03:00:00Z'],
    [7, '2026-11-28T03:00:00Z'],
  ])('weekday %i is next at %s: they count from Sunday', (weekday, expected) => {
    expect(nextTick(`0 3 * * ${weekday}`, NOW)).toBe(at(expected));
  });

  test('what is no cron expression, or one beyond us, has no time', () => {
    expect(nextTick('whenever', NOW)).toBeNull();
    expect(nextTick('0 3 L * *', NOW)).toBeNull();
  });
});

describe('nextOf', () => {
  test('the earliest of those that tick counts', () => {
    const ticks = { '0 3 * * *': at('2026-11-24T03:00:00Z'), '0 * * * *': at('2026-11-24T20:00:00Z') };
    expect(nextOf(ticks, NOW)).toBe(at('2026-11-24T21:00:00Z'));
  });

  test('a cron that has stopped ticking was taken out', () => {
    expect(nextOf({ '0 * * * *': at('2026-11-24T15:00:00Z') }, NOW)).toBeNull();
  });

  test('a cron may miss its time by an hour, or by its interval where that is longer', () => {
    const hourly = { '0 * * * *': at('2026-11-24T19:00:00Z') };
    expect(nextOf(hourly, at('2026-11-24T21:00:00Z'))).toBe(at('2026-11-24T22:00:00Z'));
    expect(nextOf(hourly, at('2026-11-24T21:00:00.001Z'))).toBeNull();
    const daily = { '0 3 * * *': at('2026-11-22T03:00:00Z') };
    expect(nextOf(daily, at('2026-11-24T03:00:00Z'))).toBe(at('2026-11-25T03:00:00Z'));
    expect(nextOf(daily, at('2026-11-24T03:00:00.001Z'))).toBeNull();
  });

  test('the tick of this very moment is not to come any more', () => {
    const ticks = { '0 * * * *': at('2026-11-24T19:00:00Z') };
    expect(nextOf(ticks, at('2026-11-24T20:00:00Z'))).toBe(at('2026-11-24T21:00:00Z'));
  });

  test('a tick that is a little late is still to come', () => {
    expect(nextOf({ '0 * * * *': at('2026-11-24T19:00:00Z') }, NOW)).toBe(at('2026-11-24T21:00:00Z'));
  });
});

describe('nothing fires any more', () => {
  const WEEK = 7 * 86_400_000;
  test.each<[string, Record<string, number>, boolean]>([
    ['when the only cron has missed its time', { '0 * * * *': NOW - WEEK }, true],
    ['not while one of two still ticks', { '0 * * * *': NOW - WEEK, '*/5 * * * *': NOW - 60_000 }, false],
    ['not by a cron that this cannot read', { '0 0 L * *': NOW - WEEK }, false],
    ['nor by that beside one that missed its time', { '0 0 L * *': NOW, '0 * * * *': NOW - WEEK }, false],
    ['not before the first tick', {}, false],
  ])('%s', (_, ticks, overdue) => {
    expect(isOverdue(ticks, NOW)).toBe(overdue);
  });
});
