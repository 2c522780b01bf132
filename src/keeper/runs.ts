// Runs: what a tick did, from its start to its closing. The record is what `/runs` shows; the API is never called here.

import type { SkipReason } from '../policy/rebuild.ts';
import type { RebuildRecord, RunRecord } from '../report.ts';
import { DAY } from '../time.ts';
import { changeClosed, writeClosed } from './closed-run.ts';
import { withRun, withSettled } from './days.ts';
import { takeWaiting } from './rebuild/open.ts';
import { withinBytes, withinMost, withRebuild, withRefusal } from './run-lists.ts';
import { readIndex } from './store/overview-index.ts';
import type { Store } from './store/store.ts';
import { endGit, endPrune, isOwed, owedOf, servedQueue } from './tasks.ts';
import type { OpenRun, Work } from './work.ts';

const RUNS_KEPT_MS = 90 * DAY;

/** A tick as the platform reports it: its cron expression (normalized) and the time it was scheduled for (epoch ms). */
export interface Tick {
  readonly cron: string;
  readonly scheduledTime: number;
}

// Two crons may tick at the same minute; the same tick may come twice. So: the minute, then the cron.
function cronMark(cron: string): string {
  let hash = 0;
  for (const char of cron) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash.toString(36).padStart(7, '0');
}

/** A run's id: sorts by time, is the same for the same tick. */
export function runId(tick: Tick): string {
  return `${new Date(tick.scheduledTime).toISOString().slice(0, 16).replace(':', '-')}-${cronMark(tick.cron)}`;
}

/** The id of what a hook or the button asks for: among the runs of its minute, with its project's. */
export function askedRunId(firstAt: number, projectId: string, branch: string): string {
  return `${runId({ cron: `${firstAt} ${branch}`, scheduledTime: firstAt })}-${projectId}`;
}

/** The id of the run of a second try of a build that failed: with the project's and that build's. */
export function secondTryRunId(at: number, projectId: string, failedId: string): string {
  return `${runId({ cron: `retry ${failedId}`, scheduledTime: at })}-${projectId}`;
}

/** Whether a tick began it: neither a call for a build, nor one that failed. A cron has five fields. */
export function isTicked({ cron }: Pick<RunRecord, 'cron'>): boolean {
  return cron !== 'hook' && cron !== 'retry';
}

/** The record of a run that has just begun. */
export function newRun(tick: Tick, now: number, dryRun: boolean): RunRecord {
  return {
    id: runId(tick),
    cron: tick.cron,
    scheduledAt: tick.scheduledTime,
    startedAt: now,
    finishedAt: null,
    outcome: 'running',
    dryRun,
    calls: 0,
    counts: { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 0 },
    rebuilds: [],
    skips: [],
    refusals: [],
    warnings: [],
    error: null,
    errorDetail: null,
  };
}

/** A run that has not ended. */
export function runOf(work: Work, id: string | null): OpenRun | undefined {
  return work.runs.find(({ record }) => record.id === id);
}

function change(work: Work, id: string, record: (before: RunRecord) => RunRecord): void {
  const run = runOf(work, id);
  if (run) run.record = record(run.record);
}

type Counts = RunRecord['counts'];

function withMore(record: RunRecord, more: Partial<Counts>): RunRecord {
  const counts = { ...record.counts };
  for (const [key, n] of Object.entries(more) as [keyof Counts, number][]) counts[key] += n;
  return { ...record, counts };
}

/** Adds to an open run's counts. */
export function tally(work: Work, id: string, more: Partial<Counts>): void {
  change(work, id, (record) => withMore(record, more));
}

/** Adds to a run's counts, be it open or closed: what a run has sent may be settled after its end. */
export function tallySettled(store: Store, work: Work, id: string, more: Partial<Counts>): void {
  tally(work, id, more);
  const closed = runOf(work, id) === undefined ? store.read('runs', id) : null;
  if (closed === null) return;
  store.write('runs', id, withMore(closed, more));
  work.days = withSettled(work.days, closed, more.deleted ?? 0);
}

/** Adds calls to the open runs: to the newest, for it is the one whose batch this was. */
export function tallyCalls(work: Work, calls: number): void {
  const id = work.runs.at(-1)?.record.id;
  if (id !== undefined) change(work, id, (record) => ({ ...record, calls: record.calls + calls }));
}

/** Something a run's record says beside its counts. */
export interface Outcome {
  readonly rebuild?: RebuildRecord;
  readonly skip?: { readonly project: string; readonly reason: SkipReason };
  /** Nothing is done in this project, or not all of it, and why. */
  readonly refusal?: RunRecord['refusals'][number];
  /** Something to look at that stopped nothing; `project`: whom it is about, `null` for the account. */
  readonly warning?: RunRecord['warnings'][number];
  readonly error?: { readonly kind: NonNullable<RunRecord['error']>; readonly detail: string };
  readonly superseded?: true;
}

/** Notes an outcome in an open run's record; a rebuild of the same project and branch is replaced. */
export function noteOutcome(work: Work, id: string, outcome: Outcome): void {
  const { rebuild, skip, refusal, warning, error, superseded } = outcome;
  change(work, id, (record) => ({
    ...record,
    ...withinMost({
      rebuilds: rebuild ? withRebuild(record.rebuilds, rebuild) : record.rebuilds,
      skips: skip ? [...record.skips, skip] : record.skips,
      refusals: refusal ? withRefusal(record.refusals, refusal) : record.refusals,
      warnings: warning ? [...record.warnings, warning] : record.warnings,
      unlisted: record.unlisted ?? 0,
    }),
    error: error ? error.kind : record.error,
    errorDetail: error ? error.detail : record.errorDetail,
    outcome: superseded ? 'superseded' : record.outcome,
  }));
}

/** Notes how a build went, in the record of an open or a closed run. */
export function noteBuild(
  store: Store,
  work: Work,
  id: string,
  deploymentId: string,
  status: RebuildRecord['status'],
): void {
  const noted = (one: RebuildRecord) => (one.deploymentId === deploymentId ? { ...one, status } : one);
  change(work, id, (record) => ({ ...record, rebuilds: record.rebuilds.map(noted) }));
  changeClosed(store, id, noted);
}

function outcomeOfRun(record: RunRecord): RunRecord['outcome'] {
  if (record.error !== null) return 'failed';
  if (record.outcome === 'superseded') return 'superseded';
  const { failed, remaining } = record.counts;
  const left = failed > 0 || record.refusals.length > 0 || (remaining > 0 && !record.dryRun);
  return left || record.warnings.some(({ project }) => project === null) ? 'partial' : 'done';
}

/** Deployments that are known, of all projects; `null`: of none. */
function storedIn(store: Store, { tasks }: Work): number | null {
  const counts = readIndex(store).flatMap(({ id, count }) =>
    count === null ? [] : count - (tasks.get(id)?.gone ?? 0),
  );
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** Moves a run's record to the store. What it leaves undone is stopped; records of more than 90 days are forgotten. */
export function closeRun(store: Store, work: Work, run: OpenRun, now: number): RunRecord {
  const closed = withinBytes({ ...run.record, finishedAt: now, outcome: outcomeOfRun(run.record) });
  writeClosed(store, closed);
  work.days = withRun(work.days, closed, storedIn(store, work));
  work.runs = work.runs.filter((other) => other !== run);
  stopWork(work, closed.id);
  const past = new Date(now - RUNS_KEPT_MS).toISOString().slice(0, 16);
  store.forgetBefore(past.replace(':', '-'), past);
  return closed;
}

/** Stops what is under way for a run: its queue waits for the next tick, nothing else is left of it. */
export function stopWork(work: Work, runId: string): void {
  for (const [id, task] of work.tasks) {
    if (task.git?.run === runId) endGit(work, id);
    if (owedOf(task)?.run !== runId) continue;
    const queue = servedQueue(task);
    if (queue === null) endPrune(work, id);
    else queue.stopped = true;
  }
  takeWaiting(work, { run: runId });
}

/** Whether nothing is left to do for an open run. A build that was started is followed beyond its run's end. */
export function isFinishedRun(work: Work, { record, listed }: OpenRun): boolean {
  const open = work.rebuilds.filter(({ run, state }) => run === record.id && state.is !== 'building');
  if (record.error !== null) return open.every(({ state }) => state.is === 'waiting');
  return listed && open.length === 0 && work.tasks.values().every((task) => !isOwed(task, record.id));
}
