// `npm start`: the Worker on the demo account, runs firing, the page on http://localhost:8787. No account is needed.
//
// Time is real everywhere: the Worker, the simulated API and the page have the same clock. The cron fires once a minute
// (cron.ts); only the API's limit is 60 times as fast, so that a long queue ends while one looks.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { hookPath } from '../src/web/auth/hook.ts';
import { sharePath } from '../src/web/auth/share.ts';
import { CRON, scheduledAt, untilNext } from './cron.ts';
import { fillDemo, somebodyPushes } from './demo.ts';
import { startDev } from './dev.ts';
import { choosePort, PortError, readPort } from './ports.ts';
import { serve } from './server.ts';
import { Simulator } from './simulator.ts';
import { Tally } from './tally.ts';

const COUNT_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 500;
const LIMIT = { calls: 1_200, windowMs: 5_000, blockMs: 5_000 };
const LATENCY_MS = 40;
const WEEK = 7 * 86_400_000;
const FIRST_PORT = 8_787;

const demoSettings = () => parseEnv(readFileSync(join(import.meta.dirname, 'demo.vars'), 'utf8'));
const inAWeek = () => new Date(Date.now() + WEEK).toISOString().slice(0, 10);
const say = (line: string) => process.stdout.write(`${line}\n`);
/** As the page says it: UTC, wherever one is. */
const clock = () => `${new Date().toISOString().slice(11, 19)} UTC`;

/** Fires the cron as the platform would, and says how it went. */
async function run(number: number, url: string): Promise<void> {
  const started = Date.now();
  const query = new URLSearchParams({ cron: CRON, time: String(scheduledAt(started)) });
  const response = await fetch(`${url}/cdn-cgi/handler/scheduled?${query}`);
  const outcome = (await response.text()).trim().slice(0, 200);
  const seconds = ((Date.now() - started) / 1_000).toFixed(1);
  say(`${clock()} run ${number}: ${response.ok ? outcome : `failed (${outcome})`} after ${seconds} s`);
}

/** What a CMS does when somebody has saved. */
async function callHook(address: string): Promise<string> {
  const answer = await fetch(address, { method: 'POST' });
  return `HTTP ${answer.status} ${(await answer.text()).trim()}`;
}

function introduce(
  simulator: Simulator,
  { api, url, share, hook }: { api: string; url: string; share: string; hook: string },
): void {
  const { projects } = simulator.account;
  const deployments = projects.reduce((sum, project) => sum + project.timeline(null).size, 0);
  say('');
  say('Simulated account. Nothing of yours is touched.');
  say(`  status page    ${url}`);
  say(`  share link     ${url}${share} (docs, and nothing else)`);
  say(`  hook           curl -X POST ${url}${hook} (has website built)`);
  say(`  simulated API  ${api} (${projects.length} projects, ${deployments} deployments)`);
  say(
    `  time           yours: the cron is "${CRON}" here, a run a minute. The API allows 1,200 calls in 5 s.`,
  );
  say('  end it with Ctrl-C');
  say('');
}

async function main(): Promise<void> {
  const port = await choosePort(readPort(process.env.PORT), FIRST_PORT);
  const simulator = new Simulator({ limit: LIMIT, latency: () => LATENCY_MS });
  fillDemo(simulator.account, Date.now());
  const api = await serve(simulator, 0, (text) => say(`${clock()} a notice: ${text}`));
  const settings = demoSettings();
  const rules = settings.RULES?.replaceAll('http://localhost/', `${api.origin}/`) ?? '';
  const dev = startDev({
    baseUrl: api.baseUrl,
    port,
    say,
    vars: { RULES: rules, NOTIFY_URL: `${api.origin}/chat`, PUBLIC_URL: `http://localhost:${port}` },
  });
  const timers: NodeJS.Timeout[] = [];
  let nextTick: NodeJS.Timeout | undefined;
  let leaving: Promise<void> | null = null;
  const leave = (code: number) => {
    leaving ??= (async () => {
      for (const timer of timers) clearInterval(timer);
      clearTimeout(nextTick);
      await dev.stop();
      await api.close();
      process.exit(code);
    })();
    return leaving;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
  // Nobody reads what it prints any more: `npm start | head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void leave(0));
  void dev.ended.then((code) => leave(code));
  // A signal for npm alone ends npm and its shell, and does not get here: then the parent is another one.
  const parent = process.ppid;
  const orphaned = () => process.env.npm_lifecycle_event !== undefined && process.ppid !== parent;
  timers.push(setInterval(() => void (orphaned() && leave(0)), LOOK_EVERY_MS));
  const url = await dev.ready;
  if (url === null) return;
  const share = await sharePath(settings.SHARE_KEY ?? '', 'docs', inAWeek());
  const hook = await hookPath(settings.HOOK_KEY ?? '', 'website', null);
  introduce(simulator, { api: api.baseUrl, url, share, hook });
  const tally = new Tally(simulator.calls);
  const report = () => {
    const news = tally.news();
    if (news !== null) say(`${clock()} ${news}`);
  };
  let number = 0;
  const tick = async () => {
    number += 1;
    if (number === 2)
      say(`${clock()} the CMS asks for a build of website: ${await callHook(`${url}${hook}`)}`);
    if (number > 1) say(`${clock()} somebody pushes ${somebodyPushes(simulator.account, Date.now())}`);
    await run(number, url).catch((error: unknown) => say(`${clock()} run ${number}: no answer (${error})`));
    report();
  };
  timers.push(setInterval(report, COUNT_EVERY_MS));
  const fire = async () => {
    nextTick = setTimeout(() => void fire(), untilNext(Date.now()));
    await tick();
  };
  await fire();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PortError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
