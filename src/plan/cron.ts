// When a cron expression ticks next, as Cloudflare reads it: UTC, and weekdays count from 1 = Sunday.
// Pure: `now` (epoch ms) is passed in; nothing is scheduled here.

import { parseCronExpression } from 'cron-schedule';

const HOUR = 3_600_000;
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Weekdays by name: the library counts them from 0, Cloudflare from 1. */
function withNamedWeekdays(cron: string): string {
  const fields = cron.split(' ');
  const weekday = fields.pop() ?? '';
  // A number behind a slash is a step, no weekday.
  const named = weekday.replace(/(?<![/\d])[1-7](?!\d)/g, (day) => WEEKDAYS[Number(day) - 1] ?? day);
  return [...fields, named].join(' ');
}

/**
 * The next tick strictly after `from` (epoch ms); `null` when the expression has none, or is one that this cannot read
 * (`L`, `W` and `#`, which Cloudflare takes): then no time is shown, and nothing else changes.
 */
export function nextTick(cron: string, from: number): number | null {
  try {
    // The library works in local time, which in a Worker is UTC.
    return parseCronExpression(withNamedWeekdays(cron)).getNextDate(new Date(from)).getTime();
  } catch {
    return null;
  }
}

/** Whether every cron that can be read has missed its time: nothing fires any more. One that cannot be read proves nothing. */
export function isOverdue(ticks: Readonly<Record<string, number>>, now: number): boolean {
  const readable = Object.entries(ticks).every(([cron, last]) => nextTick(cron, last) !== null);
  return readable && Object.keys(ticks).length > 0 && nextOf(ticks, now) === null;
}

/**
 * The earliest next tick of these crons. `ticks`: when each last ticked. One that has missed its time by more than an hour
 * and a whole interval is not in `[triggers]` any more: the Worker cannot see those, it remembers the ticks.
 * `from`: ticks at or after this moment only, where it is later than `now`.
 */
export function nextOf(ticks: Readonly<Record<string, number>>, now: number, from = now): number | null {
  const next = Object.entries(ticks).flatMap(([cron, last]) => {
    const due = nextTick(cron, last);
    if (due === null || now - due > Math.max(HOUR, due - last)) return [];
    const after = Math.max(now, from - 1);
    return due > after ? [due] : (nextTick(cron, after) ?? []);
  });
  return next.length === 0 ? null : Math.min(...next);
}
