// One alarm: what is due is planned, or up to 45 calls are made, in the order of `spend`; then the runs that are done are
// closed and the overview is written. Sets no alarm: keeper.ts does, by what is stored afterwards.

import { type Config, ConfigError } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import { addCalls, callsAllowed } from '../policy/pace.ts';
import { MINUTE } from '../time.ts';
import { fetchLog } from './build-log.ts';
import { Calls, probe } from './calls.ts';
import { closeRuns, type Looked } from './close.ts';
import type { Context } from './context.ts';
import { noteReadOnly, settleDoubt } from './credentials.ts';
import { advanceWalks } from './deployments/read.ts';
import { callsWanted, hasPlanning, mayDelete, turnsDue } from './due.ts';
import { advanceGit } from './git/ask.ts';
import { askNewest } from './newest.ts';
import { notify } from './notify.ts';
import { advanceListing } from './projects/list.ts';
import { findCutOffBatches } from './prune/cut-off.ts';
import { deleteBatch, resendLost, reserveBatch, takeBack } from './prune/delete.ts';
import { advancePlans } from './prune/plan.ts';
import { leftOf } from './prune/queue.ts';
import type { Reserved } from './prune/reserved.ts';
import { reviewQueues } from './prune/review.ts';
import { advanceRebuilds } from './rebuild/advance.ts';
import { startAsked } from './rebuild/asked.ts';
import { keepDoubtful } from './rebuild/open.ts';
import { findCutOff } from './rebuild/post.ts';
import { noteOutcome, stopWork, tallyCalls } from './runs.ts';
import { noteWaking } from './situation.ts';
import { saveOverview } from './store/overview.ts';
import type { Store } from './store/store.ts';
import { endReading, endWaiting } from './tasks.ts';
import { warningsOf } from './views/warnings.ts';
import type { Work } from './work.ts';

/** What an alarm starts from, and what it needs from outside. */
export interface Firing {
  readonly store: Store;
  readonly work: Work;
  /** Throws ConfigError. */
  readonly readConfig: () => Config;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  /** Stores `work`. */
  readonly save: () => void;
  readonly looked: Looked;
  /** Whether what is stored belongs to the account of these settings. */
  readonly isOurs: (config: Config) => boolean;
}

// Under a broken configuration only a rebuild in doubt is worth looking again.
const CONFIG_RETRY_MS = MINUTE;

/** Does what is due, as far as one alarm may. Gives the configuration by which it did; `null`: it was broken. */
export async function fire(firing: Firing): Promise<Config | null> {
  const { work, log } = firing;
  findCutOff(firing);
  findCutOffBatches(firing);
  let config: Config;
  try {
    config = firing.readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    failRuns(firing, error);
    log({ level: 'error', event: 'config', message: error.message });
    return null;
  }
  if (!firing.isOurs(config)) {
    abandon(firing, config);
    return config;
  }
  const { store, now, save } = firing;
  const context: Context = { store, work, config, now, log, save, touched: new Map() };
  noteWaking({ work, config, now: now() });
  startAsked(context);
  reviewQueues(context);
  if (hasPlanning(work, now())) await advancePlans(context);
  report(firing, context);
  if (!hasPlanning(work, now())) await callApi(firing, context);
  await notify(context, firing.fetch);
  return config;
}

/** Reserves calls, spends them, counts them. */
async function callApi(firing: Firing, context: Context): Promise<void> {
  const { work, now } = context;
  const startedAt = now();
  for (const id of turnsDue(work, startedAt)) endWaiting(work, id);
  const wanted = callsWanted(work, startedAt);
  const before = work.api.pace;
  const allowed = callsAllowed(before, wanted, startedAt);
  if (allowed === 0) return;
  const budget = before.blockedUntil > 0 ? wanted : allowed;
  const calls = new Calls(context, firing.fetch, budget);
  // Both reserved before they are made: after a crash in between, the next alarm must neither come too early nor count anew
  // what has left.
  const batch = mayDelete(work, startedAt, context.config.maxDeletesPerRun) ? reserveBatch(context) : null;
  work.api.pace = addCalls(before, budget, startedAt, startedAt);
  firing.save();
  try {
    await spend(context, calls, batch);
  } finally {
    const unreserved = { ...work.api.pace, log: before.log, due: before.due };
    work.api.pace = addCalls(unreserved, calls.made(), startedAt, calls.lastAt());
    tallyCalls(work, calls.made());
  }
  noteReadOnly(context);
  report(firing, context);
  const run = work.runs.at(-1)?.record.id ?? null;
  firing.log({ level: 'debug', event: 'batch', run, calls: calls.made(), remaining: leftOf(work) });
}

/** The order of an alarm: what a tick or a view waits for comes before deletes. */
async function spend(context: Context, calls: Calls, batch: Reserved | null): Promise<void> {
  const { work } = context;
  if (!(await isLetIn(context, calls))) {
    takeBack(context, batch);
    return;
  }
  await advanceListing(context, calls);
  if (work.api.halted) {
    takeBack(context, batch);
    return;
  }
  await advanceRebuilds(context, calls, 'in-doubt');
  await resendLost(context, calls);
  // An alarm that deletes does not read, but where a run has a limit: mayDelete says why.
  if (batch === null || context.config.maxDeletesPerRun !== null) await advanceWalks(context, calls);
  await advanceGit(context, calls);
  await advanceRebuilds(context, calls, 'waiting');
  await advanceRebuilds(context, calls, 'building');
  await fetchLog(context, calls);
  await deleteBatch(context, calls, batch);
  await askNewest(context, calls);
}

/** Whether the API lets us call at all: a block must be over, and a doubt about the credentials settled. */
async function isLetIn(context: Context, calls: Calls): Promise<boolean> {
  const { api } = context.work;
  if (api.pace.blockedUntil > 0 && !(await probe(context, calls))) return false;
  return api.halted || (await settleDoubt(context, calls));
}

function report({ looked }: Firing, context: Context): void {
  // First what is known of each project: a run that closes says how many deployments are stored.
  saveOverview(context);
  closeRuns(context, looked, () => warningsOf(context));
}

/** Ends what is under way, and has nothing due at once: an alarm that can do nothing must not fire again and again. */
function failRuns(firing: Firing, error: ConfigError): void {
  const { work, now } = firing;
  for (const { record } of work.runs) {
    noteOutcome(work, record.id, { error: { kind: 'config', detail: error.message } });
    stopWork(work, record.id);
  }
  work.listing = null;
  for (const id of work.tasks.keys()) endReading(work, id);
  // Builds that were started are not looked for: what they come to, the next look at the account says.
  keepDoubtful(work, now() + CONFIG_RETRY_MS);
  closeRuns(firing, firing.looked, () => []);
}

/** These settings are another account's: nothing that was planned for this one may be done with them. */
function abandon({ work, log }: Firing, { keeperName }: Config): void {
  log({ level: 'error', event: 'not-ours', account: work.account, settings: keeperName });
  work.listing = null;
  work.tasks.clear();
  work.rebuilds = [];
  work.logs.asked = [];
  // What could not be told before is not told with these settings either.
  for (const one of Object.values(work.telling.to)) one.againAt = null;
}
