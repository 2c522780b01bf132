// A world for the end-to-end tests: the simulated account behind a real HTTP server, the Worker under the real `wrangler dev`
// on it, every setting given by `--var`. Must leave neither a process nor a file behind, and read no setting of the user's.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Dev, startDev } from '../../simulator/dev.ts';
import { type Served, serve } from '../../simulator/server.ts';
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import type { RunRecord } from '../../src/report.ts';

/** What the simulated account accepts. Whatever the Worker prints or shows is searched for these. */
export const TOKEN = 'canary-token-4f1d0c2b9a8e7d6c5b4a';
export const KEY = 'canary-key-0a1b2c3d4e5f60718293';
/** As quick as in `npm start`: the API's own limit, 60 times as fast. */
export const QUICK = { calls: 1_200, windowMs: 5_000, blockMs: 5_000 };

/** Every setting there is, so that none comes from a wrangler.toml that somebody edited. Gone live, and open to look at. */
const SETTINGS = {
  CLOUDFLARE_ACCOUNT_ID: 'account',
  CLOUDFLARE_API_TOKEN: TOKEN,
  CLOUDFLARE_EMAIL: '',
  CLOUDFLARE_API_KEY: '',
  RULES: '[]',
  DRY_RUN: 'false',
  MAX_DELETES_PER_RUN: '',
  REBUILDS_PER_MONTH: '',
  CONCURRENT_REBUILDS: '',
  SHARE_KEY: '',
  GIT_TOKEN: '',
  NOTIFY_URL: '',
  BUILD_LOGS: '',
  STATUS_PAGE: 'public',
  STATUS_PASSWORD: '',
  ACCESS_TEAM_DOMAIN: '',
  ACCESS_AUD: '',
};

export type Settings = Partial<Record<keyof typeof SETTINGS, string>>;

/** A request as it came in, where a test needs more than the simulator's log holds. */
type Listener = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** What a run's record says, as `/runs.json` shows it. */
export type Run = Pick<
  RunRecord,
  'id' | 'cron' | 'outcome' | 'dryRun' | 'counts' | 'calls' | 'rebuilds' | 'skips' | 'refusals' | 'error'
>;

/** What a cron event came to. */
export interface Ticked {
  readonly ok: boolean;
  readonly outcome: string;
}

/** Must be closed; `inWorld` does. */
export class World {
  readonly simulator: Simulator;
  /** Stands between the server and the simulator. */
  listener: Listener = (_request, answer) => answer();
  #dev: Dev | null = null;
  #url = '';
  readonly #lines: string[] = [];
  readonly #shown: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'pages-keeper-e2e-'));
  readonly #vars: Settings;
  readonly #served: Promise<Served>;

  constructor(settings: Settings, options: SimulatorOptions) {
    this.simulator = new Simulator({ limit: QUICK, ...options, token: TOKEN, key: KEY });
    const answer = this.simulator.fetch.bind(this.simulator);
    this.simulator.fetch = (request) => this.listener(request, () => answer(request));
    this.#vars = { ...SETTINGS, ...settings };
    this.#served = serve(this.simulator);
  }

  /** What wrangler and the Worker printed, from the first start on. */
  get printed(): string {
    return this.#lines.join('\n');
  }

  /** Where the Worker stores, once it was started. */
  get state(): string {
    return join(this.#folder, 'state');
  }

  /** Where the Worker answers, once it was started. */
  get url(): string {
    return this.#url;
  }

  /** Starts the Worker, or starts it again on what it stored. */
  async start(): Promise<void> {
    const envFile = join(this.#folder, 'nothing.vars');
    writeFileSync(envFile, '');
    const { baseUrl } = await this.#served;
    const say = (line: string) => this.#lines.push(line);
    this.#dev = startDev({ baseUrl, port: 0, say, envFile, vars: this.#vars, state: this.state });
    const url = await this.#dev.ready;
    if (url === null) throw new Error(`wrangler did not start:\n${this.printed}`);
    this.#url = url;
  }

  /** A power cut: wrangler and workerd are gone in mid-sentence. */
  async kill(): Promise<void> {
    await this.#dev?.kill();
  }

  /** Fires a cron as curl does. */
  async tick(cron: string, at = Date.now()): Promise<Ticked> {
    const query = `cron=${cron.replaceAll(' ', '+')}&time=${at}`;
    const response = await fetch(`${this.#url}/cdn-cgi/handler/scheduled?${query}`);
    return { ok: response.ok, outcome: await response.text() };
  }

  async get(
    path: string,
    method = 'GET',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.#url}${path}`, { method, headers });
    const text = await response.text();
    this.#shown.push(text);
    return { status: response.status, text };
  }

  async runs(): Promise<Run[]> {
    return JSON.parse((await this.get('/runs.json')).text).runs;
  }

  /** Waits until no run is under way; the last ones, newest first. */
  async ended(): Promise<Run[]> {
    let runs: Run[] = [];
    await until('the runs have ended', async () => {
      runs = await this.runs();
      return runs.every(({ outcome }) => outcome !== 'running');
    });
    return runs;
  }

  async close(): Promise<void> {
    await this.#dev?.stop();
    await (await this.#served).close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    for (const text of [this.printed, ...this.#shown]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(KEY);
    }
  }
}

/** Opens a world, starts the Worker in it, and ends all of it after `use`. */
export async function inWorld(
  { settings = {}, simulator = {} }: { settings?: Settings; simulator?: SimulatorOptions },
  fill: (simulator: Simulator) => void,
  use: (world: World) => Promise<void>,
): Promise<void> {
  const world = new World(settings, simulator);
  try {
    fill(world.simulator);
    await world.start();
    await use(world);
  } finally {
    await world.close();
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** Nothing takes so long, on no machine: by then it never will be. */
const NEVER_MS = 10 * 60_000;

/** Waits, looking every 50 ms, and says what it waited for when that never came. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + NEVER_MS;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`still not, and it never will be: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
