// The Keeper: the single writer. Everything that calls the Pages API happens in `alarm()`; a tick and a view only store what
// is wanted and set the alarm.
//
//   observe   the project list; of projects that need it, their deployments, until nothing is missing   (listing/, reading/)
//   decide    a verdict for every deployment, block by block; build or skip                   (planning/, rebuilding/; plan/)
//   check     the gate: no valid reading, no live deployment, nothing left: no deletion                          (plan/check)
//   act       post rebuilds, each after its stored intent; delete, a batch an invocation             (rebuilding/, deleting/)
//   report    the run's record, the overview row, one log line                                            (closing, overview)
//
// It is level-driven: an invocation that stops anywhere loses nothing, since the next one starts from what is stored. What
// one does, and in which order, is in invocation.ts. It may make 45 calls (Workers Free: 50 subrequests); the pace between
// them is plan/pace's.

import type { Config } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import { normalizeCron } from '../policy/rules.ts';
import { type Invocation, invoke } from './alarm.ts';
import { nextAlarm } from './due.ts';
import { wantListing } from './projects/list.ts';
import { countRows } from './quotas.ts';
import { findCutOff } from './rebuild/intent.ts';
import { newRun, runId, type Tick } from './runs.ts';
import { openStore, type Sql } from './store/store.ts';
import type { View } from './views/freshness.ts';
import { readHealth } from './views/health.ts';
import { askForLook } from './views/look.ts';
import { noWork, type Work } from './work.ts';

/** What a tick's first look came to; `ok: false` must fail the cron event. */
export type TickResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Everything the Keeper needs from outside. */
export interface KeeperDeps {
  readonly sql: Sql;
  /** The object's only alarm. Times are epoch ms. */
  readonly alarms: { set(at: number): Promise<void>; clear(): Promise<void> };
  /**
   * Read anew before every batch: the brake. Never kept, for an isolate may outlive a change of its settings (Cloudflare,
   * "Making changes to bindings"). Throws ConfigError.
   */
  readonly readConfig: () => Config;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

// After six failures of alarm() the platform drops the alarm: the next one is set before anything can fail.
const SAFETY_MS = 20_000;
const TICK_WAITS_MS = 25_000;
const FIRST_VIEW_WAITS_MS = 4_000;

/** Builds the Keeper over its storage. */
export function createKeeper(deps: KeeperDeps) {
  const store = openStore(deps.sql);
  const { readConfig, fetch, now, log } = deps;
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

  /** Answers the tick that waits for this run, if one does. */
  function answer(id: string, trouble: string | null): void {
    waiting.get(id)?.(trouble === null ? { ok: true } : { ok: false, message: trouble });
    waiting.delete(id);
  }

  /** Resolves when the next invocation has ended. */
  function nextLook(): Promise<void> {
    return new Promise((resolve) => viewers.push(resolve));
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
        const record = newRun({ ...tick, cron }, now(), readConfig().dryRun);
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
      const current = work();
      const invocation: Invocation = {
        store,
        work: current,
        readConfig,
        fetch,
        now,
        log,
        save,
        looked: answer,
      };
      findCutOff(invocation);
      try {
        // Both ended, whatever became of either: what is still at work must not store what is dropped below.
        const ends = await Promise.allSettled([safety, invoke(invocation)]);
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
        current.actedAt = now();
        save();
      } catch (error) {
        // What was changed in memory is not what is stored: start from that again. The safety alarm stands.
        loaded = null;
        const message = error instanceof Error ? error.message : String(error);
        log({ level: 'error', event: 'alarm', message });
        for (const id of [...waiting.keys()]) answer(id, message);
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
      const view = (): View => ({ store, work: work(), config: readConfig(), now: now() });
      const { unseen, asked } = askForLook(view(), projectName);
      if (asked) {
        save();
        await arm();
      }
      // No look may be coming: the credentials were refused, or the API has blocked us for minutes.
      const next = unseen ? nextAlarm(work(), now()) : null;
      if (next !== null && next <= now() + FIRST_VIEW_WAITS_MS)
        await Promise.race([nextLook(), deps.sleep(FIRST_VIEW_WAITS_MS)]);
      return read(view());
    },

    /** Whether the Keeper is well; asks for nothing. */
    health: () => readHealth({ work: work(), now: now() }),
  };
}

/** The Keeper over its storage. */
export type KeeperCore = ReturnType<typeof createKeeper>;
