// The real Keeper on the storage of a real Durable Object, the simulated account behind it, and a clock that the test owns.
// Nothing here decides anything: it fires the alarm when it is due, and can kill the Keeper at any moment. What no invocation
// may ever do fails in every test: more than 45 calls, 12 lists, 6 calls in flight, a list and a delete at the same time.

import { env, runInDurableObject } from 'cloudflare:test';
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { TickResult } from '../../src/keeper/deps.ts';
import { KeeperCore } from '../../src/keeper/keeper.ts';
import type { Deletion, RunRecord } from '../../src/report.ts';

export const START = Date.UTC(2026, 10, 24, 20, 0, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const CRON = '0 * * * *';

let objects = 0;

/** Settings of the Worker as text or values; what a test does not name is the shipped default, gone live. */
export type Settings = Record<string, unknown>;

const SETTINGS: Settings = {
  CLOUDFLARE_ACCOUNT_ID: 'account',
  CLOUDFLARE_API_TOKEN: 'test-token',
  CLOUDFLARE_API_BASE_URL: 'https://api.test/client/v4',
  DRY_RUN: 'false',
  RULES: [{ projects: ['*'], prune: { olderThanDays: 30 } }],
};

/** Where an invocation touches the world: the moments at which a process can die. */
export type Point = 'alarm' | 'write' | 'send' | 'answer';

const MOST_CALLS = 45;
const MOST_LISTS = 12;
const MOST_IN_FLIGHT = 6;

export interface World {
  readonly simulator: Simulator;
  readonly settings: Settings;
  readonly log: Record<string, unknown>[];
  keeper: KeeperCore;
  /** Answers notices; by default they are lost. */
  webhook: (body: string, request: Request) => Response;
  /** Answers what a rule's `ifChanged` asks, and for Git. */
  source: (request: Request) => Response | Promise<Response>;
  now(): number;
  setNow(at: number): void;
  alarmAt(): number | null;
  /** The platform drops the alarm, as it does after six failures. */
  dropAlarm(): void;
  /** Calls that each invocation of `alarm()` made, in order. */
  readonly slices: number[];
  /** Called at each such moment within `alarm()`; may kill the Keeper, or throw what the platform would. */
  onPoint: ((point: Point) => void) | null;
  /** Changes an answer on its way to the Keeper: a header, say. */
  onAnswer: ((response: Response) => Response) | null;
  rowsWritten(): number;
  rowsRead(): number;
  /** Ticks at `at` (the clock moves there) and runs until nothing is due before `until` (default: a day later). */
  tick(at?: number, cron?: string, until?: number): Promise<TickResult>;
  /** Fires the alarm once, the clock moved to it; `false` when none is set. */
  step(): Promise<boolean>;
  /** Fires alarms until none is due before `until`. */
  run(until?: number): Promise<void>;
  /** The process dies and another one starts: memory is lost, storage stays. */
  restart(): void;
  runs(): RunRecord[];
  deletions(runId: string): Deletion[];
}

/** Opens a world and closes it after `use`. */
export async function inWorld(
  options: { settings?: Settings; simulator?: SimulatorOptions; start?: number },
  use: (world: World, sql: SqlStorage) => Promise<void>,
): Promise<void> {
  objects += 1;
  const stub = env.KEEPER.getByName(`world-${objects}-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_instance, state) => {
    await use(openWorld(state.storage, options), state.storage.sql);
  });
}

/** A world on the storage of any SQLite Durable Object. */
export function openWorld(
  storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>,
  options: { settings?: Settings; simulator?: SimulatorOptions; start?: number; alarm?: number | null },
): World {
  const { sql } = storage;
  let now = options.start ?? START;
  let alarm: number | null = options.alarm ?? null;
  let rows = 0;
  let rowsRead = 0;
  let generation = 0;
  const timers: { at: number; fire: () => void }[] = [];
  let invoking = false;
  let sending = 0;
  let delayed = 0;
  let elsewhere = 0;
  const flying = new Set<string>();
  const breaches: string[] = [];
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      timers.push({ at: now + ms, fire: resolve });
    });
  const delay = async (ms: number) => {
    delayed += 1;
    await sleep(ms);
    delayed -= 1;
  };
  const simulator = new Simulator({ now: () => now, sleep: delay, limit: null, ...options.simulator });
  const settings: Settings = { ...SETTINGS, ...options.settings };
  const log: Record<string, unknown>[] = [];
  const slices: number[] = [];
  const counting: Pick<SqlStorage, 'exec'> = {
    exec(query, ...bindings) {
      const cursor = sql.exec(query, ...bindings);
      return new Proxy(cursor, {
        get(target, key) {
          if (key === 'toArray') {
            return () => {
              const found = target.toArray();
              rows += target.rowsWritten;
              rowsRead += target.rowsRead;
              return found;
            };
          }
          const value = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }) as never;
    },
  };

  /** Notes what may never be in flight together: a list answered after a delete would bring its row back. */
  function take(call: string): void {
    flying.add(call);
    const kinds = [...flying].map((one) => (one.startsWith('DELETE') ? 'delete' : one));
    const lists = kinds.some((kind) => /^GET .*\/deployments /.test(kind));
    if (flying.size > MOST_IN_FLIGHT) breaches.push(`${flying.size} calls in flight`);
    if (lists && kinds.includes('delete')) breaches.push('a list and a delete in flight together');
  }

  /** Fails when an invocation did what none may do. */
  function checkSlice(from: number): void {
    const calls = simulator.calls.slice(from);
    const lists = calls.filter(
      ({ method, path }) => method === 'GET' && /\/(projects|deployments)$/.test(path),
    );
    if (calls.length + elsewhere > MOST_CALLS)
      breaches.push(`${calls.length} calls and ${elsewhere} requests elsewhere in one invocation`);
    if (lists.length > MOST_LISTS) breaches.push(`${lists.length} lists in one invocation`);
    if (breaches.length > 0) throw new Error(breaches.join('; '));
  }

  function start(): KeeperCore {
    generation += 1;
    const mine = generation;
    // A killed process neither sends nor stores anything any more.
    const alive = () => {
      if (mine !== generation) throw new Error('killed');
    };
    const pass = (point: Point) => {
      alive();
      if (invoking) world.onPoint?.(point);
      alive();
    };
    return new KeeperCore({
      storage: {
        sql: {
          exec(query, ...bindings) {
            if (query.startsWith('SELECT')) alive();
            else pass('write');
            return counting.exec(query, ...bindings);
          },
        },
        transactionSync: (writes) => storage.transactionSync(writes),
      },
      alarms: {
        async set(at) {
          alive();
          rows += 1;
          alarm = at;
          pass('alarm');
        },
        async clear() {
          pass('alarm');
          alarm = null;
        },
      },
      readConfig: (): Config => readConfig(settings),
      async fetch(url, init) {
        pass('send');
        const isElsewhere = !url.startsWith(String(settings.CLOUDFLARE_API_BASE_URL));
        if (isElsewhere && init.method === 'POST' && !url.endsWith('/git-upload-pack'))
          return world.webhook(String(init.body), new Request(url, init));
        if (isElsewhere) {
          elsewhere += 1;
          return world.source(new Request(url, init));
        }
        sending += 1;
        const call = `${init.method} ${new URL(url).pathname} ${simulator.calls.length}`;
        take(call);
        try {
          const response = await simulator.fetch(new Request(url, init));
          pass('answer');
          return world.onAnswer?.(response) ?? response;
        } finally {
          sending -= 1;
          flying.delete(call);
        }
      },
      now: () => now,
      log: (entry) => log.push(entry),
      sleep,
    });
  }

  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

  /** Lets the clock run from timer to timer until `work` has ended. */
  async function settle<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const mark = () => {
      ended = true;
    };
    work.then(mark, mark);
    for (;;) {
      await turn();
      if (ended) return work;
      await turn();
      if (ended) return work;
      // A call that is being answered right now takes no time: the clock waits for it.
      if (sending > delayed) continue;
      const next = timers.sort((a, b) => a.at - b.at).shift();
      if (next) {
        now = Math.max(now, next.at);
        next.fire();
      }
    }
  }

  const world: World = {
    simulator,
    settings,
    log,
    slices,
    keeper: start(),
    webhook: () => new Response(null, { status: 404 }),
    source: () => new Response(null, { status: 404 }),
    onPoint: null,
    onAnswer: null,
    now: () => now,
    setNow(at) {
      now = at;
    },
    alarmAt: () => alarm,
    dropAlarm() {
      alarm = null;
    },
    rowsWritten: () => rows,
    rowsRead: () => rowsRead,
    async step() {
      if (alarm === null) return false;
      now = Math.max(now, alarm);
      alarm = null;
      const before = simulator.calls.length;
      elsewhere = 0;
      const mine = generation;
      flying.clear();
      invoking = true;
      try {
        await settle(world.keeper.alarm());
      } catch (error) {
        if (mine === generation) throw error;
      } finally {
        invoking = false;
      }
      slices.push(simulator.calls.length - before);
      if (mine === generation) checkSlice(before);
      return true;
    },
    async run(until = now + DAY) {
      while (alarm !== null && alarm <= until) await world.step();
    },
    async tick(at = now, cron = CRON, until = at + DAY) {
      now = Math.max(now, at);
      let result: TickResult | null = null;
      const ticking = world.keeper.tick({ cron, scheduledTime: at }).then((found) => {
        result = found;
      });
      await turn();
      await world.run(until);
      if (result === null) await settle(ticking);
      return result as unknown as TickResult;
    },
    restart() {
      flying.clear();
      world.keeper = start();
    },
    runs: () => [
      ...world.keeper.work().runs.map(({ record }) => record),
      ...world.keeper.store.readRuns('', '~', 100),
    ],
    deletions: (runId) => {
      const { store } = world.keeper;
      return store.batchesOf(runId).flatMap((batch) => store.readBatch(runId, batch));
    },
  };
  return world;
}

/** The calls that changed something, as text. */
export function acts(simulator: Simulator): string[] {
  return simulator.calls
    .filter(({ method }) => method !== 'GET')
    .map(
      ({ method, project, deploymentId, branch, force }) =>
        `${method} ${project} ${deploymentId ?? branch ?? ''}${force ? ' force' : ''}`,
    );
}
