// When a cron ticks next, as Cloudflare reads the expression.

import { describe, expect, test } from 'vitest';
import { nextOf, nextTick } from '../../src/plan/cron.ts';

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
    ['0 3 * * */2', '2026-11-26T03:00:00Z'],
  ])('%s ticks next at %s', (cron, expected) => {
    expect(nextTick(cron, NOW)).toBe(at(expected));
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

  test('a tick that is a little late is still to come', () => {
    expect(nextOf({ '0 * * * *': at('2026-11-24T19:00:00Z') }, NOW)).toBe(at('2026-11-24T21:00:00Z'));
  });
});
