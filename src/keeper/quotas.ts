// What a day and a month allow: rows written, rebuilds started and builds seen, counted in the stored row. Pure; calendar in UTC.

import type { Build } from '../policy/builds.ts';
import { DAY } from '../time.ts';

/** What a day and a month allow, counted. */
export interface Quota {
  day: string;
  rows: number;
  month: string;
  rebuilds: number;
  /** Builds that were seen to end in a month. */
  seen?: { readonly month: string; readonly builds: number };
}

/** Rows that may be written in a day before deletes, what they are planned by, and refreshes wait (Free: 100,000). */
const ROWS_A_DAY = 80_000;

/** A number, not a date: it is asked for at every write. */
const dayOf = (now: number) => String(Math.floor(now / DAY));

/** Midnight UTC after `now`. */
export function nextMidnight(now: number): number {
  return Math.floor(now / DAY) * DAY + DAY;
}

/** Whether the day's rows are used up, so that these wait for 00:00 UTC. */
export function rowsUsedUp(quota: Quota, now: number): boolean {
  return quota.rows >= ROWS_A_DAY && quota.day === dayOf(now);
}

/** Counts rows written; a new day starts at 0. */
export function countRows(quota: Quota, rows: number, now: number): void {
  const today = dayOf(now);
  quota.rows = (quota.day === today ? quota.rows : 0) + rows;
  quota.day = today;
}

/** The calendar month (UTC), `2026-11`. */
export const monthOf = (now: number) => new Date(now).toISOString().slice(0, 7);

/** Rebuilds started in this calendar month (UTC). */
export function rebuildsThisMonth(quota: Quota, now: number): number {
  return quota.month === monthOf(now) ? quota.rebuilds : 0;
}

/** Counts a rebuild, or takes back (-1) one that was refused; a new month starts at 0. */
export function countRebuild(quota: Quota, by: 1 | -1, now: number): void {
  quota.rebuilds = Math.max(0, rebuildsThisMonth(quota, now) + by);
  quota.month = monthOf(now);
}

/** Builds of this calendar month (UTC) that were seen to end, in all projects that are read: of the account at least so many. */
export function buildsThisMonth({ seen }: Quota, now: number): number {
  return seen?.month === monthOf(now) ? seen.builds : 0;
}

/** Counts those of `builds` that are of this month and were not known `before`. */
export function countBuilds(
  quota: Quota,
  before: readonly Pick<Build, 'id'>[],
  builds: readonly Pick<Build, 'id' | 'at'>[],
  now: number,
): void {
  const known = new Set(before.map(({ id }) => id));
  const month = monthOf(now);
  const ended = builds.filter(({ id, at }) => !known.has(id) && monthOf(at) === month);
  if (ended.length > 0) quota.seen = { month, builds: buildsThisMonth(quota, now) + ended.length };
}
