// Closing runs: those that are done move to the store and to the log, and who waits for a run's first look is told how it
// went. No calls.

import type { LogEntry } from '../log.ts';
import { wasStarted } from '../policy/rebuild.ts';
import type { RunRecord } from '../report.ts';
import type { Context } from './context.ts';
import { closeRun, isFinishedRun, isTicked, noteOutcome } from './runs.ts';

/** Told of each run whose first look is over; `trouble`: why it failed. */
export type Looked = (runId: string, trouble: string | null) => void;

/** Closes the runs that are done. `warnings`: what of the configuration takes no effect, for the log. */
export function closeRuns(
  { store, work, now, log }: Pick<Context, 'store' | 'work' | 'now' | 'log'>,
  looked: Looked,
  warnings: () => readonly string[],
): void {
  failUnauthorized(work);
  for (const run of [...work.runs]) {
    const { record } = run;
    if (record.error !== null) looked(record.id, record.errorDetail ?? record.error);
    else if (run.listed) looked(record.id, null);
    if (!isFinishedRun(work, run)) continue;
    const closed = closeRun(store, work, run, now());
    if (isTicked(closed)) noteClosed(work, closed, now());
    log({ ...runLine(closed), warnings: warnings(), ...untold(work) });
  }
}

/** Destinations that did not take the last notice, for the log line of a run. */
function untold({ telling }: Context['work']): { untold?: string[] } {
  const names = Object.entries(telling.to).flatMap(([name, { why }]) =>
    why === null ? [] : [`${name}: ${why}`],
  );
  return names.length === 0 ? {} : { untold: names };
}

/** How it went: for the health, and for the notices. */
function noteClosed(work: Context['work'], { outcome, error, errorDetail }: RunRecord, now: number): void {
  const { telling } = work;
  work.lastRunAt = now;
  telling.due = true;
  // A run that another one took over has come to nothing: it neither failed nor went well.
  if (outcome === 'superseded') return;
  const failed = outcome === 'failed';
  work.failedInARow = failed ? work.failedInARow + 1 : 0;
  if (failed) {
    // Refused credentials are reported by themselves: why an earlier run failed stays as it was.
    if (error !== 'token') telling.failedRun = errorDetail;
    return;
  }
  work.lastSuccessAt = now;
  telling.failedRun = null;
  telling.stalledAt = null;
}

/** Without credentials that do what is to be done, every run has failed. */
function failUnauthorized(work: Context['work']): void {
  const { halted, standing, trouble } = work.api;
  if (trouble?.kind !== 'token' || !(halted || standing.writes === 'no')) return;
  for (const { record } of work.runs)
    if (record.error === null)
      noteOutcome(work, record.id, { error: { kind: 'token', detail: trouble.message } });
}

/** The log line of a closed run. */
function runLine(record: RunRecord): LogEntry {
  const { id, cron, outcome, dryRun, calls, counts, rebuilds, refusals, errorDetail } = record;
  const level = outcome === 'failed' ? 'error' : outcome === 'partial' ? 'warn' : 'info';
  return {
    ...{ level, event: 'run', run: id, cron, outcome, dryRun, calls },
    ...counts,
    ...{ rebuilds: rebuilds.filter(wasStarted).length, refusals, errorDetail },
    ...(record.warnings.length > 0 ? { notes: record.warnings } : {}),
  };
}
