// What a day and a month allow: rows written, and rebuilds started, counted in the stored row. Pure; calendar in UTC.

import type { Work } from './work.ts';

/** Rows that may be written in a day before deletes and refreshes wait (Free: 100,000). */
const ROWS_A_DAY = 80_000;

const DAY = 86_400_000;
/** A number, not a date: it is asked for at every write. */
const dayOf = (now: number) => String(Math.floor(now / DAY));

/** Midnight UTC after `now`. */
export function nextMidnight(now: number): number {
  return Math.floor(now / DAY) * DAY + DAY;
}

/** Whether the day's rows are used up, so that deletes and refreshes wait for 00:00 UTC. */
export function rowsUsedUp(work: Work, now: number): boolean {
  return work.rowsToday >= ROWS_A_DAY && work.day === dayOf(now);
}

/** Counts rows written; a new day starts at 0. */
export function countRows(work: Work, rows: number, now: number): void {
  const today = dayOf(now);
  work.rowsToday = (work.day === today ? work.rowsToday : 0) + rows;
  work.day = today;
}

/** The calendar month (UTC), `2026-11`. */
export const monthOf = (now: number) => new Date(now).toISOString().slice(0, 7);

/** Rebuilds started in this calendar month (UTC). */
export function rebuildsThisMonth(work: Work, now: number): number {
  return work.month === monthOf(now) ? work.rebuildsThisMonth : 0;
}

/** Counts a rebuild, or takes back (-1) one that was refused; a new month starts at 0. */
export function countRebuild(work: Work, by: 1 | -1, now: number): void {
  work.rebuildsThisMonth = Math.max(0, rebuildsThisMonth(work, now) + by);
  work.month = monthOf(now);
}
