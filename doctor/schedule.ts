// How often the crons tick in a month, and how many builds that makes. Pure; `now` is epoch ms.

import { nextTick } from '../src/policy/schedule.ts';
import { DAY, MINUTE } from '../src/time.ts';

/** The month that is counted. */
export const MONTH_DAYS = 30;
const MONTH_MS = MONTH_DAYS * DAY;

/** What Pages Free includes in a month, for all projects of the account, pushes included. */
export const FREE_BUILDS = 500;

/** The ticks of these crons in the month from `now` on, each minute once. */
export function ticksOf(crons: readonly string[], now: number): readonly number[] {
  const ticks = new Set<number>();
  for (const cron of crons) {
    for (let at = nextTick(cron, now); at !== null && at <= now + MONTH_MS; at = nextTick(cron, at)) {
      ticks.add(at);
    }
  }
  return [...ticks].sort((a, b) => a - b);
}

/** Builds that these ticks start when nobody pushes. */
export function buildsOf(
  ticks: readonly number[],
  lastBuiltAt: number | null,
  ifOlderThanMinutes: number,
): number {
  let last = lastBuiltAt ?? Number.NEGATIVE_INFINITY;
  let builds = 0;
  for (const at of ticks) {
    if (at - last < ifOlderThanMinutes * MINUTE) continue;
    last = at;
    builds += 1;
  }
  return builds;
}

/** Crons that never tick, a sentence each: what Cloudflare would refuse, or what names a day that no month has. */
export function brokenCrons(crons: readonly string[]): string[] {
  return crons
    .filter((cron) => nextTick(cron, 0) === null)
    .map(
      (cron) =>
        `The cron "${cron}" in [triggers] never ticks: it takes five fields (minute, hour, day, month, weekday; UTC), such as "0 * * * *".`,
    );
}
