// Runs the Worker in the real local runtime (`wrangler dev`) against a simulated API, and ends it without a trace.
// Must never pass on a setting or a credential of the user's: their environment is stripped, their files are not read.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..');
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
const PATIENCE_MS = 5_000;

/** A Worker that is starting or running. */
export interface Dev {
  /** Where its page is; `null` when wrangler ended before it was ready. */
  readonly ready: Promise<string | null>;
  /** Resolves with the exit code when wrangler ends, for whatever reason. */
  readonly ended: Promise<number>;
  /** Ends wrangler and everything it started, and removes what it stored, unless `state` says where. May be called at any time. */
  stop(): Promise<void>;
  /** Ends all of it within this very moment, as a power cut does (SIGKILL); resolves when it is gone. What it stored stays. */
  kill(): Promise<void>;
}

/** How to start the Worker. */
export interface DevOptions {
  readonly baseUrl: string;
  /** 0: any that is free, on 127.0.0.1 alone; else on both addresses of localhost. */
  readonly port: number;
  /** Gets what it prints. */
  readonly say: (line: string) => void;
  /** The file that is read instead of the user's .dev.vars; by default the demo's settings. */
  readonly envFile?: string;
  /** Settings given by `--var`, on top of that file. */
  readonly vars?: Readonly<Record<string, string>>;
  /** The folder to store in, which stays; by default one that `stop` removes. */
  readonly state?: string;
}

/** The environment for wrangler: the user's, less whatever could lead to a real account, plus quiet. */
export function quietEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(CLOUDFLARE|CF|WRANGLER)_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_WRITE_LOGS: 'false',
    WRANGLER_LOG: 'info',
  };
}

/** Starts the Worker. */
export function startDev(options: DevOptions): Dev {
  const { envFile = join(ROOT, 'simulator/demo.vars') } = options;
  const state = options.state ?? mkdtempSync(join(tmpdir(), 'pages-keeper-'));
  const vars = { ...options.vars, CLOUDFLARE_API_BASE_URL: options.baseUrl };
  const child = spawn(
    process.execPath,
    [
      WRANGLER,
      'dev',
      ...['--port', String(options.port), '--ip', options.port === 0 ? '127.0.0.1' : 'localhost'],
      // Two that start at once would choose the same one.
      ...['--inspector-port', '0'],
      ...['--persist-to', state],
      ...['--env-file', envFile],
      ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      '--show-interactive-dev-session=false',
    ],
    // A process group of its own, so that all of it can be ended, and Ctrl-C reaches us alone.
    {
      cwd: ROOT,
      // Other Workers that run on this machine are none of its business.
      env: { ...quietEnvironment(process.env), WRANGLER_REGISTRY_PATH: join(state, 'registry') },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? 1);
  // However we end, by an error that nobody foresaw as well.
  const killAll = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killAll);
  void ended.then(() => process.off('exit', killAll));
  const stop = async () => {
    await endGroup(child, ended);
    if (options.state === undefined)
      rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const kill = async () => {
    signalGroup(child, 'SIGKILL');
    await ended;
  };
  return { ready: readyUrl(child, ended, options.say), ended, stop, kill };
}

// The Worker's own lines for each batch: for Workers Logs, not for eyes.
const IDLE_TALK = /^\{"level":"debug"|\[wrangler:info\]|^\s*$/;

/** What wrangler says before it is ready is of interest only if it never gets there; its access log never is. */
function readyUrl(
  child: ChildProcess,
  ended: Promise<number>,
  say: (line: string) => void,
): Promise<string | null> {
  let early: string[] | null = [];
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        const url = /Ready on (https?:\/\/\S+)/.exec(line)?.[1];
        if (url) {
          early = null;
          resolve(url);
        } else if (early) early.push(line);
        else if (!IDLE_TALK.test(line)) say(line);
      });
    }
    void ended.then(() => {
      for (const line of early ?? []) say(line);
      resolve(null);
    });
  });
}

/** Asks first, and only what does not go gets killed. */
async function endGroup(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(name);
    else process.kill(-pid, name);
  } catch {
    // Nobody is left in the group.
  }
}
