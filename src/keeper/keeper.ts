// The Keeper: the single writer. Everything that calls the Pages API happens in `alarm()`; a tick and a view only store what
// is wanted and set the alarm.
//
//   observe   the project list; of projects that need it, their deployments, until nothing is missing (projects/, deployments/)
//   decide    a verdict for every deployment, block by block; build or skip                        (prune/, rebuild/; policy/)
//   check     the gate: no valid reading, no live deployment, nothing left: no deletion                         (policy/gate)
//   act       post rebuilds, each after it was stored; delete, a batch an alarm                             (rebuild/, prune/)
//   report    the run's record, the overview row, one log line                                              (close, store/)
//
// It is level-driven: an alarm that stops anywhere loses nothing, since the next one starts from what is stored. What one does,
// and in which order, is in alarm.ts. It may make 45 calls (Workers Free: 50 subrequests); the pace between them is
// policy/pace's.

import type { Asked, BuildRequest } from '../asks.ts';
import type { Config } from '../config/config.ts';
import type { Health } from '../report.ts';
import { MINUTE } from '../time.ts';
import { fire } from './alarm.ts';
import type { KeeperDeps, TickResult } from './deps.ts';
import { nextAlarm } from './due.ts';
import { workFrom } from './idle.ts';
import { countRows } from './quotas.ts';
import { takeCall } from './rebuild/asked.ts';
import type { Tick } from './runs.ts';
import { noteWaking } from './situation.ts';
import { openStore, type Store } from './store/store.ts';
import { WorkRows } from './store/work-rows.ts';
import { takeTick } from './tick.ts';
import { readHealth } from './views/health.ts';
import { askForLook } from './views/look.ts';
import type { View } from './views/view.ts';
import { OK, Waiters } from './waiters.ts';
import type { Work } from './work.ts';

// After six failures of alarm() the platform drops the alarm: the next one is set before anything can fail.
const SAFETY_MS = 20_000;
const LONGEST_SAFETY_MS = 10 * MINUTE;
const TICK_WAITS_MS = 25_000;
const FIRST_VIEW_WAITS_MS = 4_000;

const NOT_OURS =
  'The settings name another account or API host than the one this Keeper was made for: nothing is done here.';

/** The Keeper over its storage. */
export class KeeperCore {
  readonly store: Store;
  readonly #deps: KeeperDeps;
  readonly #rows: WorkRows;
  readonly #waiters = new Waiters();
  #loaded: Work | null = null;
  /** Alarms that failed, one after the other. */
  #failures = 0;
  /** Rows of the last save that were counted before they were written. */
  #foreseen = 0;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.store = openStore(deps.storage);
    this.#rows = new WorkRows(this.store);
  }

  /** What is under way. */
  work(): Work {
    this.#loaded ??= workFrom(this.#rows.read());
    return this.#loaded;
  }

  #save(): void {
    const work = this.work();
    // The row that is written now holds the count: counted before it is.
    countRows(work.quota, this.store.takeRowsWritten() + 1 - this.#foreseen, this.#deps.now());
    this.#foreseen = 1;
    this.#rows.write(work);
  }

  async #setAlarm(at: number): Promise<void> {
    await this.#deps.alarms.set(at);
    countRows(this.work().quota, 1, this.#deps.now());
  }

  /** Stores what is under way, and sets the alarm to when that needs it. `config`: `null` where it is broken. */
  async #rest(config: Config | null): Promise<void> {
    const work = this.work();
    work.alarmAt = nextAlarm(work, this.#deps.now(), config);
    this.#save();
    if (work.alarmAt === null) await this.#deps.alarms.clear();
    else await this.#setAlarm(work.alarmAt);
  }

  /** What is known at this moment. */
  #view(config: Config): View {
    return { store: this.store, work: this.work(), config, now: this.#deps.now() };
  }

  /** Whether what is stored belongs to the account of these settings: the first use says whose it is. */
  #isOurs({ keeperName }: Config): boolean {
    const work = this.work();
    work.account ??= keeperName;
    return work.account === keeperName;
  }

  /** Takes a tick: stores what is due, and waits for the first look at the account so that trouble fails the cron event. */
  async tick(tick: Tick): Promise<TickResult> {
    const config = this.#deps.readConfig();
    if (!this.#isOurs(config)) return { ok: false, message: NOT_OURS };
    const { id, isNew } = takeTick(this.#view(config), tick);
    await this.#rest(config);
    if (!isNew) return OK;
    return Promise.race([this.#waiters.tick(id), this.#deps.sleep(TICK_WAITS_MS).then(() => this.#soFar())]);
  }

  /** What a tick is told that can wait no longer: its look may be failing. */
  #soFar(): TickResult {
    const said = this.work().listing?.said ?? null;
    if (said === null) return OK;
    return { ok: false, message: `The project list could not be read so far (${said}). It is tried again.` };
  }

  /** The alarm. Never ends without the next one set, if there is anything left to do. */
  async alarm(): Promise<void> {
    const { now, log, readConfig, fetch } = this.#deps;
    // Not awaited by itself: so it is stored in one go with what the alarm writes before its first call.
    const safety = this.#setAlarm(now() + Math.min(SAFETY_MS * 2 ** this.#failures, LONGEST_SAFETY_MS));
    // What cannot even be read fails as a promise, or nobody would take what became of the other.
    const firing = (async () =>
      fire({
        ...{ store: this.store, work: this.work(), readConfig, fetch, now, log },
        isOurs: (one) => this.#isOurs(one),
        save: () => this.#save(),
        looked: (id, trouble) => this.#waiters.answer(id, trouble),
      }))();
    try {
      // Both ended, whatever became of either: what is still at work must not store what is dropped below.
      const [set, fired] = await Promise.allSettled([safety, firing]);
      if (fired.status === 'rejected') throw fired.reason;
      if (set.status === 'rejected') throw set.reason;
      this.#failures = 0;
      await this.#rest(fired.value);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#waiters.looked();
  }

  /** What was changed in memory is not what is stored: start from that again, later each time. The safety alarm stands. */
  #fail(error: unknown): void {
    this.#loaded = null;
    this.#failures += 1;
    const message = error instanceof Error ? error.message : String(error);
    this.#deps.log({ level: 'error', event: 'alarm', message, failures: this.#failures });
    this.#waiters.fail(message);
  }

  /**
   * Answers a view from what is stored; asks for a fresh look where that is old. Only the very first view, of the account
   * or of a project, waits a few seconds for one. `wants`: stores what else what was found asks for; whether that is new.
   */
  async view<T>(
    projectName: string | null,
    read: (view: View) => T,
    wants: (found: T, view: View) => boolean = () => false,
  ): Promise<T> {
    const { readConfig, now, sleep } = this.#deps;
    let config = readConfig();
    if (!this.#isOurs(config)) throw new Error(NOT_OURS);
    const { unseen, asked } = askForLook(this.#view(config), projectName);
    if (asked) {
      noteWaking(this.#view(config));
      await this.#rest(config);
    }
    // No look may be coming: the credentials were refused, or the API has blocked us for minutes.
    const next = unseen ? this.work().alarmAt : null;
    if (next !== null && next <= now() + FIRST_VIEW_WAITS_MS) {
      await Promise.race([this.#waiters.look(), sleep(FIRST_VIEW_WAITS_MS)]);
      config = readConfig();
    }
    const last = this.#view(config);
    const found = read(last);
    if (wants(found, last)) await this.#rest(last.config);
    return found;
  }

  /** Takes a call for a build: stored, with its alarm, in one write before it is answered. */
  async ask(request: BuildRequest): Promise<Asked> {
    const config = this.#deps.readConfig();
    if (!this.#isOurs(config)) throw new Error(NOT_OURS);
    const { answer, stored } = takeCall(this.#view(config), request);
    if (stored) await this.#rest(config);
    return answer;
  }

  /** Whether the Keeper is well; asks for nothing. */
  health(): Health {
    return readHealth(this.#view(this.#deps.readConfig()));
  }
}
