// One invocation: what is due is judged, or up to 45 calls are made, in the order of `spend`; then the runs that are done are
// closed and the overview is written. Sets no alarm: keeper.ts does, by what is stored afterwards.

import { type Config, ConfigError } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import { addCalls, callsAllowed } from '../policy/pace.ts';
import { type Context, openSlice, probe } from './calls.ts';
import { closeRuns } from './close.ts';
import { advanceWalks } from './deployments/read.ts';
import { callsWanted, hasPlanning, nextAlarm } from './due.ts';
import { notify } from './notify.ts';
import { advanceListing } from './projects/list.ts';
import { deleteBatch, resendLost } from './prune/delete.ts';
import { advancePlans } from './prune/plan.ts';
import { reviewQueues } from './prune/review.ts';
import { settleDoubts } from './rebuild/doubt.ts';
import { followBuilds } from './rebuild/follow.ts';
import { advanceRebuilds } from './rebuild/rebuild.ts';
import { noteOutcome, tallyCalls } from './runs.ts';
import { saveOverview } from './store/overview.ts';
import type { Store } from './store/store.ts';
import { warningsOf } from './views/warnings.ts';
import type { Work } from './work.ts';

/** What an invocation starts from, and what it needs from outside. */
export interface Invocation {
  readonly store: Store;
  readonly work: Work;
  /** Throws ConfigError. */
  readonly readConfig: () => Config;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  /** Stores `work`. */
  readonly save: () => void;
  /** Told of each run whose first look is over; `trouble`: why it failed. */
  readonly looked: (runId: string, trouble: string | null) => void;
}

// Under a broken configuration only a rebuild in doubt is worth looking again.
const CONFIG_RETRY_MS = 60_000;

/** Does what is due, as far as one invocation may. */
export async function invoke(invocation: Invocation): Promise<void> {
  const { work, log } = invocation;
  let config: Config;
  try {
    config = invocation.readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    failRuns(invocation, error);
    log({ level: 'error', event: 'config', message: error.message });
    return;
  }
  work.concurrentRebuilds = config.concurrentRebuilds;
  const idle = contextOf(invocation, config, 0);
  reviewQueues(idle);
  if (hasPlanning(work)) advancePlans(idle);
  report(invocation, idle);
  if (!hasPlanning(work)) await callApi(invocation, config);
  await notify(idle, invocation.fetch);
}

/** What the parts share, with the budget of `allowed` calls. */
function contextOf(
  { store, work, fetch, now, log, save }: Invocation,
  config: Config,
  allowed: number,
): Context {
  const slice = openSlice({ work, config, fetch, now, allowed, blocked: save });
  return { store, work, config, slice, now, log, touched: new Map() };
}

/** Reserves calls, spends them, counts them. */
async function callApi(invocation: Invocation, config: Config): Promise<void> {
  const { work, now } = invocation;
  const startedAt = now();
  const wanted = callsWanted(work, startedAt);
  const allowed = callsAllowed(work.pace, wanted, startedAt);
  if (allowed === 0) return;
  const budget = work.pace.blockedUntil > 0 ? wanted : allowed;
  const context = contextOf(invocation, config, budget);
  const { slice } = context;
  // Reserved before they are made: after a crash in between, the next invocation must not come too early.
  const before = work.pace;
  work.pace = addCalls(before, budget, startedAt, startedAt);
  invocation.save();
  try {
    await spend(context);
  } finally {
    const unreserved = { ...work.pace, log: before.log, due: before.due };
    work.pace = addCalls(unreserved, slice.calls(), startedAt, slice.lastCallAt());
    tallyCalls(work, slice.calls());
  }
  report(invocation, context);
  invocation.log(batchLine(work, slice.calls(), now()));
}

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

function report({ looked }: Invocation, context: Context): void {
  closeRuns(context, looked, () => warningsOf(context));
  saveOverview(context);
}

/** Ends what is under way, and has nothing due at once: an alarm that can do nothing must not fire again and again. */
function failRuns(invocation: Invocation, error: ConfigError): void {
  const { work, now } = invocation;
  for (const { record } of work.runs) {
    noteOutcome(work, record.id, { error: { kind: 'config', detail: error.message } });
  }
  Object.assign(work, { listing: null, walks: [], decisions: [], plans: [], follows: [] });
  for (const queue of work.queues) queue.suspended = true;
  for (const open of work.intents) open.due = Math.max(open.due, now() + CONFIG_RETRY_MS);
  closeRuns(invocation, invocation.looked, () => []);
}

/** The log line of an invocation that made calls. */
function batchLine(work: Work, calls: number, now: number): LogEntry {
  const remaining = work.queues.reduce((sum, queue) => sum + queue.remaining, 0);
  const next = nextAlarm(work, now);
  const run = work.runs.at(-1)?.record.id ?? null;
  return { level: 'debug', event: 'batch', run, calls, remaining, waitMs: next === null ? null : next - now };
}
