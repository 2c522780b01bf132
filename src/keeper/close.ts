// Closing runs: those that are done move to the store and to the log, and who waits for a run's first look is told how it
// went. No calls.

import type { LogEntry } from '../log.ts';
import type { RunRecord } from '../report.ts';
import { type Context, TOKEN_ADVICE } from './calls.ts';
import { closeRun, isFinishedRun, noteOutcome } from './runs.ts';

/** Closes the runs that are done. `looked` is told of each run whose first look is over; `trouble`: why it failed. */
export function closeRuns(
  { store, work, now, log }: Pick<Context, 'store' | 'work' | 'now' | 'log'>,
  looked: (runId: string, trouble: string | null) => void,
  warnings: () => readonly string[],
): void {
  for (const run of [...work.runs]) {
    if (work.halted && run.listed && run.record.error === null) {
      const detail = work.trouble?.message ?? TOKEN_ADVICE;
      noteOutcome(work, run.record.id, { error: { kind: 'token', detail } });
    }
    const { record } = run;
    if (record.error !== null) looked(record.id, record.errorDetail ?? record.error);
    else if (run.listed) looked(record.id, null);
    if (isFinishedRun(work, run))
      log({ ...runLine(closeRun(store, work, run, now())), warnings: warnings() });
  }
}

/** The log line of a closed run. */
function runLine(record: RunRecord): LogEntry {
  const { id, cron, outcome, dryRun, calls, counts, rebuilds, refusals, errorDetail } = record;
  const level = outcome === 'failed' ? 'error' : outcome === 'partial' ? 'warn' : 'info';
  return {
    ...{ level, event: 'run', run: id, cron, outcome, dryRun, calls },
    ...counts,
    ...{ rebuilds: rebuilds.length, refusals, errorDetail },
  };
}
