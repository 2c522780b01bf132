// When a cron expression ticks next, as Cloudflare reads it: UTC, and weekdays count from 1 = Sunday.
// Pure: `now` (epoch ms) is passed in; nothing is scheduled here.

import { Cron } from 'croner';

const HOUR = 3_600_000;

/** The next tick strictly after `from` (epoch ms), or `null` when the expression has none, or is none. */
export function nextTick(cron: string, from: number): number | null {
  try {
    const job = new Cron(cron, { paused: true, timezone: 'UTC', alternativeWeekdays: true });
    return job.nextRun(new Date(from))?.getTime() ?? null;
  } catch {
    return null;
  }
}

/**
 * The earliest next tick of these crons. `ticks`: when each last ticked. One that has missed its time by more than an hour
 * and a whole interval is not in `[triggers]` any more: the Worker cannot see those, it remembers the ticks.
 */
export function nextOf(ticks: Readonly<Record<string, number>>, now: number): number | null {
  const next = Object.entries(ticks).flatMap(([cron, last]) => {
    const due = nextTick(cron, last);
    if (due === null || now - due > Math.max(HOUR, due - last)) return [];
    return due > now ? [due] : (nextTick(cron, now) ?? []);
  });
  return next.length === 0 ? null : Math.min(...next);
}
