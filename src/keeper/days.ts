// What the runs of each day came to, for ninety days: counted as they close, so that no view has to read them all. Kept in what is
// under way, which is written anyway. Counts only.

import { wasStarted } from '../policy/rebuild.ts';
import type { DayRecord, RunRecord } from '../report.ts';

/** Thirteen weeks, today included. */
export const DAYS_KEPT = 91;

const NOTHING: Omit<DayRecord, 'day'> = {
  runs: 0,
  failed: 0,
  well: 0,
  deleted: 0,
  rebuilds: 0,
  stored: null,
};

/** The day of a run, `2026-11-25` (UTC): the one that it was scheduled on. */
export const dayOf = ({ id }: Pick<RunRecord, 'id'>): string => id.slice(0, 10);

/** A day as it was stored: 1.0.0 did not count what went well, but for what failed. */
const whole = (day: DayRecord): DayRecord => ({ ...day, well: day.well ?? day.runs - day.failed });

function changed(
  days: readonly DayRecord[],
  day: string,
  change: (before: DayRecord) => DayRecord,
): DayRecord[] {
  const before = whole(days.find((one) => one.day === day) ?? { day, ...NOTHING });
  return [...days.filter((one) => one.day !== day), change(before)]
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .slice(-DAYS_KEPT);
}

/** A day with what a run did. */
function withDone(day: DayRecord, { counts, rebuilds }: Pick<RunRecord, 'counts' | 'rebuilds'>): DayRecord {
  return {
    ...day,
    deleted: day.deleted + counts.deleted,
    rebuilds: day.rebuilds + rebuilds.filter(wasStarted).length,
  };
}

/**
 * The days with a run that has closed. One that a newer one took over is not counted: its work goes on in that. `stored`: deployments
 * that are known then; `null`: not known.
 */
export function withRun(days: readonly DayRecord[], run: RunRecord, stored: number | null): DayRecord[] {
  return changed(days, dayOf(run), (before) => ({
    ...withDone(before, run),
    runs: before.runs + (run.outcome === 'superseded' ? 0 : 1),
    failed: before.failed + (run.outcome === 'failed' ? 1 : 0),
    well: before.well + (run.outcome === 'done' ? 1 : 0),
    stored: stored ?? before.stored,
  }));
}

/** The days with deletions that a run had sent and that were settled after its end. */
export function withSettled(days: readonly DayRecord[], run: RunRecord, deleted: number): DayRecord[] {
  if (deleted === 0) return [...days];
  return changed(days, dayOf(run), (before) => ({ ...before, deleted: before.deleted + deleted }));
}

/** The days, with what the runs that have not closed did so far, newest first. */
export function knownDays(
  days: readonly DayRecord[],
  open: readonly Pick<RunRecord, 'id' | 'counts' | 'rebuilds'>[],
): DayRecord[] {
  const sofar = open.reduce(
    (known, run) => changed(known, dayOf(run), (before) => withDone(before, run)),
    days.map(whole),
  );
  return sofar.reverse();
}
