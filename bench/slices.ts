// Slices against bare loops, inside the Bench object: the real Keeper's alarm over real `fetch`, storage and alarms, in memory
// from slice to slice as on the platform; and the loops with which it is compared. Measured from outside (cpu.ts).
import { configOnce } from '../src/config/config.ts';
import { KeeperCore } from '../src/keeper/keeper.ts';
import type { Task } from '../src/keeper/work.ts';
import { CRON, SETTINGS } from './world.ts';

const YEAR = 365 * 86_400_000;

/** What a slice is asked for. `at`: the time it believes in. */
export interface SliceOrder {
  readonly at: number;
  readonly baseUrl: string;
  readonly dryRun: boolean;
  /** Begin a run first. */
  readonly tick?: boolean;
  /** So many other projects wait for their turn. */
  readonly waiting: number;
}

/** What a slice did. */
export interface SliceDone {
  readonly lists: number;
  readonly deletes: number;
  readonly alarmAt: number | null;
}

/** A bare loop: these requests, so many at a time. */
export interface BareOrder {
  readonly method: 'GET' | 'DELETE';
  readonly urls: readonly string[];
  readonly inFlight: number;
}

const HEADERS = { authorization: 'Bearer test-token' };

/** `fetch` and `json()`, nothing else. */
async function bare({ method, urls, inFlight }: BareOrder): Promise<number> {
  let ok = 0;
  const waiting = urls.values();
  const loop = async () => {
    for (const url of waiting) {
      const response = await fetch(url, { method, headers: HEADERS });
      const body = (await response.json()) as { success: boolean };
      if (body.success) ok += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return ok;
}

/** A project whose turn does not come: as large as any. */
function waiting(n: number, at: number): Task {
  const id = `01234567-89ab-4cde-8f01-${String(n).padStart(12, '0')}`;
  const run = '2026-11-24T20-00-0abcdef';
  const basis = {
    ...{ account: `${'a'.repeat(32)}@api.cloudflare.com`, rules: '0'.repeat(16), name: `site-${n}` },
    ...{
      productionBranch: 'main',
      at,
      walkedAt: at,
      listedAt: at,
      generation: 1,
      canonicalId: id,
      gitReadAt: null,
    },
  };
  const lost = { plan: n, run, basis, listHead: id, left: 0, of: 884, due: 0, sending: null, stopped: false };
  return {
    ...{ name: `site-${n}`, reading: null, gone: 45, git: null, renewed: 0 },
    prune: { step: 'waiting', for: { run, crons: [CRON] }, due: at + YEAR, lost },
  };
}

/** The routes. */
export class Slices {
  readonly #storage: DurableObjectStorage;
  #alarmAt: number | null = null;
  #keeper: KeeperCore | null = null;
  /** The time that the Keeper believes in, less the real one (ms). */
  #ahead = 0;
  #count = { lists: 0, deletes: 0 };

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  answer(what: string, body: unknown): Promise<unknown> {
    if (what === 'bare') return bare(body as BareOrder);
    if (what === 'slice') return this.#slice(body as SliceOrder);
    return Promise.resolve(null);
  }

  #build({ baseUrl, dryRun }: SliceOrder): KeeperCore {
    const settings = { ...SETTINGS, DRY_RUN: dryRun, CLOUDFLARE_API_BASE_URL: baseUrl };
    return new KeeperCore({
      storage: {
        sql: this.#storage.sql,
        transactionSync: (writes) => this.#storage.transactionSync(writes),
      },
      alarms: {
        set: (time) => {
          this.#alarmAt = time;
          return this.#storage.setAlarm(time + YEAR);
        },
        clear: () => {
          this.#alarmAt = null;
          return this.#storage.deleteAlarm();
        },
      },
      readConfig: () => configOnce(settings),
      fetch: (url, init) => {
        this.#count[init.method === 'DELETE' ? 'deletes' : 'lists'] += 1;
        return fetch(url, init);
      },
      now: () => Date.now() + this.#ahead,
      log: (entry) => console.log(JSON.stringify(entry)),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
  }

  async #slice(order: SliceOrder): Promise<SliceDone> {
    this.#count = { lists: 0, deletes: 0 };
    this.#ahead = order.at - Date.now();
    if (this.#keeper === null) {
      this.#keeper = this.#build(order);
      for (let n = 0; n < order.waiting; n += 1)
        this.#keeper.work().tasks.set(`waiting-${n}`, waiting(n, order.at));
    }
    const ticked = order.tick ? this.#keeper.tick({ cron: CRON, scheduledTime: order.at }) : null;
    await this.#keeper.alarm();
    await ticked;
    return { ...this.#count, alarmAt: this.#alarmAt };
  }
}
