// What a day and a month allow: rows written, and rebuilds started, counted in the stored row. Pure; calendar in UTC.

import { DAY } from '../time.ts';
import type { Quota } from './work.ts';

/** Rows that may be written in a day before deletes and refreshes wait (Free: 100,000). */
const ROWS_A_DAY = 80_000;

/** A number, not a date: it is asked for at every write. */
const dayOf = (now: number) => String(Math.floor(now / DAY));

/** Midnight UTC after `now`. */
export function nextMidnight(now: number): number {
  return Math.floor(now / DAY) * DAY + DAY;
}

/** Whether the day's rows are used up, so that deletes and refreshes wait for 00:00 UTC. */
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
