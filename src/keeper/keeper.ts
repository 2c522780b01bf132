// The Keeper: the single writer. Everything that calls the Pages API happens in `alarm()`; a tick and a view only store what
// is wanted and set the alarm.
//
//   observe   the project list; of the projects that need it, their deployments, until nothing is missing   (listing, reading)
//   decide    a verdict for every deployment, block by block; build or skip                  (planning, rebuilding; plan/)
//   check     the gate: no valid reading, no live deployment, nothing left: no deletion                     (plan/check)
//   act       post rebuilds, each after its stored intent; delete, a batch an invocation          (intents, deleting)
//   report    the run's record, the overview row, one log line                                              (runs, overview)
//
// It is level-driven: an invocation that stops anywhere loses nothing, since the next one starts from what is stored. Each
// may make 45 calls (Workers Free: 50 subrequests); the pace between them is plan/pace's.

import { type Config, ConfigError } from '../config.ts';
import type { LogEntry } from '../log.ts';
import { addCalls, callsAllowed } from '../plan/pace.ts';
import type { RunRecord } from '../plan/report.ts';
import { normalizeCron } from '../plan/rules.ts';
import { deleteBatch, resendLost, reviewQueues } from './deleting.ts';
import { followBuilds } from './following.ts';
import { areRowsOld, findProject, isOld, type View } from './freshness.ts';
import { readHealth } from './health.ts';
import { findCutOff, settleDoubts } from './intents.ts';
import { usableInventory } from './inventory.ts';
import { advanceListing, wantListing } from './listing.ts';
import { notify } from './notifying.ts';
import { saveOverview } from './overview.ts';
import { advancePlans } from './planning.ts';
import { wantWalk } from './queue.ts';
import { advanceWalks } from './reading.ts';
import { advanceRebuilds } from './rebuilding.ts';
import { closeRun, isFinishedRun, newRun, noteOutcome, runId, type Tick, tallyCalls } from './runs.ts';
import { type Context, openSlice, probe, TOKEN_ADVICE } from './slice.ts';
import { openStore, type Sql } from './store.ts';
import { warningsOf } from './warnings.ts';
import { callsWanted, countRows, hasPlanning, nextAlarm, noWork, rowsUsedUp, type Work } from './work.ts';

/** What a tick's first look came to; `ok: false` must fail the cron event. */
export type TickResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Everything the Keeper needs from outside. */
export interface KeeperDeps {
  readonly sql: Sql;
  /** The object's only alarm. Times are epoch ms. */
  readonly alarms: { set(at: number): Promise<void>; clear(): Promise<void> };
  /** Read anew before every batch: the brake. Throws ConfigError. */
  readonly readConfig: () => Config;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

// After six failures of alarm() the platform drops the alarm: the next one is set before anything can fail.
const SAFETY_MS = 20_000;
// Under a broken configuration only a rebuild in doubt is worth looking again.
const CONFIG_RETRY_MS = 60_000;
const TICK_WAITS_MS = 25_000;
const FIRST_VIEW_WAITS_MS = 4_000;

/** The order of an invocation: what a tick or a view waits for comes before deletes. */
async function spend(context: Context): Promise<void> {
  const { work } = context;
  if (work.pace.blockedUntil > 0 && !(await probe(context))) return;
  await advanceListing(context);
  if (work.halted) return;
  await settleDoubts(context);
  await resendLost(context);
  await advanceWalks(context);
  await advanceRebuilds(context);
  await followBuilds(context);
  await deleteBatch(context);
}

/** The log line of a closed run. */
function runLine(record: RunRecord): LogEntry {
  const { id, cron, outcome, dryRun, calls, counts, rebuilds, refusals, errorDetail } = record;
  const level = outcome === 'failed' ? 'error' : outcome === 'partial' ? 'warn' : 'info';
  return {
    level,
    event: 'run',
    run: id,
    cron,
    outcome,
    dryRun,
    calls,
    ...counts,
    rebuilds: rebuilds.length,
    refusals,
    errorDetail,
  };
}

/** The log line of an invocation that made calls. */
function batchLine(work: Work, calls: number, now: number): LogEntry {
  const remaining = work.queues.reduce((sum, queue) => sum + queue.remaining, 0);
  const next = nextAlarm(work, now);
  const run = work.runs.at(-1)?.record.id ?? null;
  return { level: 'debug', event: 'batch', run, calls, remaining, waitMs: next === null ? null : next - now };
}

/** Builds the Keeper over its storage. */
export function createKeeper(deps: KeeperDeps) {
  const store = openStore(deps.sql);
  const { now, log } = deps;
  const waiting = new Map<string, (result: TickResult) => void>();
  const viewers: (() => void)[] = [];
  let loaded: Work | null = null;
  // In this instance no invocation has run yet: what is marked as being posted was cut off.
  const work = () => (loaded ??= { ...noWork(), ...store.readState<Work>('work') });

  function save(): void {
    countRows(work(), store.takeRowsWritten() + 1, now());
    store.writeState('work', work());
  }

  async function setAlarm(at: number): Promise<void> {
    await deps.alarms.set(at);
    countRows(work(), 1, now());
  }

  /** Sets the alarm to when it is needed, by what is stored at this moment. */
  async function arm(): Promise<void> {
    const at = nextAlarm(work(), now());
    if (at === null) await deps.alarms.clear();
    else await setAlarm(at);
  }

  function answer(id: string, result: TickResult): void {
    waiting.get(id)?.(result);
    waiting.delete(id);
  }

  /** Closes the runs that are done, and tells those who wait what the first look came to. */
  function closeRuns(warnings: () => readonly string[]): void {
    const current = work();
    for (const run of [...current.runs]) {
      if (current.halted && run.listed && run.record.error === null) {
        const detail = current.trouble?.message ?? TOKEN_ADVICE;
        noteOutcome(current, run.record.id, { error: { kind: 'token', detail } });
      }
      const { record } = run;
      if (record.error !== null)
        answer(record.id, { ok: false, message: record.errorDetail ?? record.error });
      else if (run.listed) answer(record.id, { ok: true });
      if (isFinishedRun(current, run))
        log({ ...runLine(closeRun(store, current, run, now())), warnings: warnings() });
    }
  }

  function report(context: Context): void {
    closeRuns(() => warningsOf(context));
    saveOverview(context);
  }

  /** One invocation with calls: reserves them, spends them, counts them. */
  async function callApi(config: Config): Promise<void> {
    const current = work();
    const startedAt = now();
    const wanted = callsWanted(current, startedAt);
    const allowed = callsAllowed(current.pace, wanted, startedAt);
    if (allowed === 0) return;
    const budget = current.pace.blockedUntil > 0 ? wanted : allowed;
    const slice = openSlice({
      work: current,
      config,
      fetch: deps.fetch,
      now,
      allowed: budget,
      blocked: save,
    });
    const context: Context = { store, work: current, config, slice, now, log, touched: new Map() };
    // Reserved before they are made: after a crash in between, the next invocation must not come too early.
    const before = current.pace;
    current.pace = addCalls(before, budget, startedAt, startedAt);
    save();
    try {
      await spend(context);
    } finally {
      const unreserved = { ...current.pace, log: before.log, due: before.due };
      current.pace = addCalls(unreserved, slice.calls(), startedAt, slice.lastCallAt());
      tallyCalls(current, slice.calls());
    }
    report(context);
    log(batchLine(current, slice.calls(), now()));
  }

  /** Ends what is under way, and has nothing due at once: an alarm that can do nothing must not fire again and again. */
  function failRuns(error: ConfigError): void {
    const current = work();
    for (const { record } of current.runs) {
      noteOutcome(current, record.id, { error: { kind: 'config', detail: error.message } });
    }
    Object.assign(current, { listing: null, walks: [], decisions: [], plans: [], follows: [] });
    for (const queue of current.queues) queue.suspended = true;
    for (const open of current.intents) open.due = Math.max(open.due, now() + CONFIG_RETRY_MS);
    closeRuns(() => []);
  }

  async function invoke(): Promise<void> {
    const current = work();
    let config: Config;
    try {
      config = deps.readConfig();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      failRuns(error);
      log({ level: 'error', event: 'config', message: error.message });
      return;
    }
    current.concurrentRebuilds = config.concurrentRebuilds;
    const idle: Context = {
      ...{ store, work: current, config, now, log, touched: new Map() },
      slice: openSlice({ work: current, config, fetch: deps.fetch, now, allowed: 0 }),
    };
    reviewQueues(idle);
    if (hasPlanning(current)) advancePlans(idle);
    report(idle);
    if (!hasPlanning(current)) await callApi(config);
    await notify(idle, deps.fetch);
  }

  /** Resolves when the next invocation has ended. */
  function looked(): Promise<void> {
    return new Promise((resolve) => viewers.push(resolve));
  }

  /** Asks for a fresh look where what is known is old; `true`: nothing is known yet. */
  async function lookIfStale(projectName: string | null, view: View): Promise<boolean> {
    const current = work();
    const state = projectName === null ? null : findProject(view, projectName);
    const unread = state !== null && usableInventory(state) === null;
    const unseen = current.checkedAt === null || unread;
    if (rowsUsedUp(current, now())) return unseen;
    const before = current.walks.length + (current.listing === null ? 0 : 1);
    if (isOld(view)) {
      if (state !== null && !current.viewed.includes(state.project.id)) current.viewed.push(state.project.id);
      wantListing({ work: current, now });
    }
    if (state !== null && areRowsOld(view, state)) {
      current.rowsAskedAt[state.project.id] = now();
      wantWalk({ work: current }, state.project.id, false);
    }
    if (current.walks.length + (current.listing === null ? 0 : 1) !== before) {
      save();
      await arm();
    }
    return unseen;
  }

  return {
    store,
    work,

    /** Takes a tick: stores what is due, and waits for the first look at the account so that trouble fails the cron event. */
    async tick(tick: Tick): Promise<TickResult> {
      const current = work();
      const cron = normalizeCron(tick.cron);
      const id = runId({ ...tick, cron });
      current.ticks[cron] = tick.scheduledTime;
      current.halted = false;
      const known = current.runs.some(({ record }) => record.id === id) || store.read('runs', id) !== null;
      if (!known) {
        const { dryRun } = deps.readConfig();
        const record = newRun({ ...tick, cron }, now(), dryRun);
        current.runs.push({ record, listed: false, prune: [], sent: 0 });
        wantListing({ work: current, now });
      }
      save();
      await arm();
      if (known) return { ok: true };
      const first = new Promise<TickResult>((resolve) => waiting.set(id, resolve));
      return Promise.race([first, deps.sleep(TICK_WAITS_MS).then((): TickResult => ({ ok: true }))]);
    },

    /** The alarm: one invocation. Never ends without the next alarm set, if there is anything left to do. */
    async alarm(): Promise<void> {
      // Not awaited by itself: so it is stored in one go with what the invocation writes before its first call.
      const safety = setAlarm(now() + SAFETY_MS);
      findCutOff({ work: work(), now, log });
      try {
        await Promise.all([safety, invoke()]);
        work().actedAt = now();
        save();
      } catch (error) {
        // What was changed in memory is not what is stored: start from that again. The safety alarm stands.
        loaded = null;
        const message = error instanceof Error ? error.message : String(error);
        log({ level: 'error', event: 'alarm', message });
        for (const id of [...waiting.keys()]) answer(id, { ok: false, message });
        return;
      }
      await arm();
      for (const done of viewers.splice(0)) done();
    },

    /**
     * Answers a view from what is stored; asks for a fresh look where that is old. Only the very first view, of the account
     * or of a project, waits a few seconds for one.
     */
    async view<T>(projectName: string | null, read: (view: View) => T): Promise<T> {
      const view = (): View => ({ store, work: work(), config: deps.readConfig(), now: now() });
      const first = await lookIfStale(projectName, view());
      // No look may be coming: the credentials were refused, or the API has blocked us for minutes.
      const next = first ? nextAlarm(work(), now()) : null;
      if (next !== null && next <= now() + FIRST_VIEW_WAITS_MS)
        await Promise.race([looked(), deps.sleep(FIRST_VIEW_WAITS_MS)]);
      return read(view());
    },

    /** Whether the Keeper is well; asks for nothing. */
    health: () => readHealth({ work: work(), now: now() }),
  };
}

export type KeeperCore = ReturnType<typeof createKeeper>;
