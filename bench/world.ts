// The real Keeper on a Durable Object's SQLite in virtual time, all of it counted: calls of each invocation, rows, alarms.
// Decides nothing. test/keeper/world.ts is the same for tests of behaviour; this one is made for 50,000 calls in seconds.

import { type Limit, REAL_LIMIT } from '../simulator/limits.ts';
import { type Call, Simulator } from '../simulator/simulator.ts';
import { configOnce } from '../src/config/config.ts';
import { KeeperCore } from '../src/keeper/keeper.ts';
import { VirtualClock } from './clock.ts';
import { countingSql, type SqlCount } from './counting.ts';
import { KEEP_DAYS, START, seededLatency } from './scenario.ts';

export const CRON = '0 * * * *';

/** Settings of the Worker: the shipped ones, gone live. */
export const SETTINGS: Readonly<Record<string, unknown>> = {
  CLOUDFLARE_ACCOUNT_ID: 'account',
  CLOUDFLARE_API_TOKEN: 'test-token',
  CLOUDFLARE_API_BASE_URL: 'https://api.test/client/v4',
  DRY_RUN: 'false',
  STATUS_PAGE: 'public',
  RULES: [{ projects: ['*'], prune: { olderThanDays: KEEP_DAYS } }],
};

/** A Keeper, its account and its clock. */
export interface BenchWorld {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly keeper: KeeperCore;
  readonly rows: SqlCount;
  readonly settings: Record<string, unknown>;
  /** The calls of each invocation that made any, in order. */
  readonly slices: (readonly Call[])[];
  /** Ticks at `at` and runs until nothing is due before `until`. */
  tick(at: number, until: number): Promise<void>;
  run(until: number): Promise<void>;
}

/** A simulated account in virtual time. */
export function benchSimulator(
  clock: VirtualClock,
  seed: number,
  limit: Limit | null = REAL_LIMIT,
): Simulator {
  const latency = seededLatency(seed);
  return new Simulator({ now: () => clock.now, sleep: (ms) => clock.nap(ms), latency, limit, seed });
}

/** Builds the Keeper over `sql`. */
export function openBench(
  sql: Pick<SqlStorage, 'exec'>,
  options: { seed: number; settings?: Readonly<Record<string, unknown>> },
): BenchWorld {
  const clock = new VirtualClock(START);
  const simulator = benchSimulator(clock, options.seed);
  const settings = { ...SETTINGS, ...options.settings };
  const { counting, count } = countingSql(sql);
  let alarm: number | null = null;
  const keeper = new KeeperCore({
    storage: { sql: counting, transactionSync: (writes) => writes() },
    alarms: {
      async set(at) {
        count.written += 1;
        alarm = at;
      },
      async clear() {
        alarm = null;
      },
    },
    readConfig: () => configOnce(settings),
    fetch: (url, init) => clock.fetch(simulator, url, init),
    now: () => clock.now,
    log: () => {},
    sleep: (ms) => clock.sleep(ms),
  });
  const slices: (readonly Call[])[] = [];
  const due = (until: number): number | null => (alarm !== null && alarm <= until ? alarm : null);

  async function run(until: number): Promise<void> {
    for (let at = due(until); at !== null; at = due(until)) {
      clock.now = Math.max(clock.now, at);
      alarm = null;
      const before = simulator.calls.length;
      await clock.settle(keeper.alarm());
      if (simulator.calls.length > before) slices.push(simulator.calls.slice(before));
    }
  }

  return {
    ...{ clock, simulator, keeper, rows: count, settings, slices, run },
    async tick(at, until) {
      clock.now = Math.max(clock.now, at);
      const ticking = keeper.tick({ cron: CRON, scheduledTime: at });
      await new Response('').text();
      await run(until);
      await clock.settle(ticking);
    },
  };
}
