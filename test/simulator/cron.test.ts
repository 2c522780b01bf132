// The demo's cron fires when the page says that it will.

import { expect, test } from 'vitest';
import { CRON, scheduledAt, untilNext } from '../../simulator/cron.ts';
import { nextTick } from '../../src/policy/schedule.ts';

const FULL = Date.UTC(2026, 10, 26, 12, 0);

test.each([0, 1, 500, 29_999, 30_000, 58_999])('%i ms after the minute', (ms) => {
  const now = FULL + ms;
  expect(scheduledAt(now)).toBe(FULL);
  expect(now + untilNext(now)).toBe(nextTick(CRON, scheduledAt(now)));
});

test.each([1, 20, 999])(
  'a timer that fires %i ms before the minute is of that minute, and fires once',
  (ms) => {
    const now = FULL - ms;
    expect(scheduledAt(now)).toBe(FULL);
    expect(now + untilNext(now)).toBe(FULL + 60_000);
  },
);
