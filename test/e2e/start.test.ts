// `npm start` as a user types it, in a copy of the repository with settings and a .dev.vars of their own: it must show, act, move
// to another port where it has to, leave nothing behind, and never read what is theirs.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CANARY, type Copy, copyRepository, type Running, run } from './copy.ts';
import { freePort, until } from './dev-worker.ts';

const NOTICE = 'Simulated account. Nothing of yours is touched.';
const LINUX = process.platform === 'linux';
const all: Running[] = [];
let copy: Copy;

beforeAll(() => {
  copy = copyRepository();
});

afterEach(() => {
  for (const { clean } of all.splice(0)) clean();
});

afterAll(() => copy.remove());

/** Starts it, waits for the first run, and gives the address that it printed. */
async function start(env: NodeJS.ProcessEnv): Promise<{ started: Running; url: string; port: string }> {
  const started = run(copy, ['npm', 'start'], env);
  all.push(started);
  const ended = started.ended.then((code) => {
    throw new Error(`npm start ended with ${code}:\n${started.printed()}`);
  });
  const first = () => / run 1: /.test(started.printed());
  ended.catch(() => {});
  await Promise.race([until('the first run has ended', first), ended]);
  const [, url = '', port = ''] = /status page\s+(http:\/\/localhost:(\d+))/.exec(started.printed()) ?? [];
  return { started, url, port };
}

/** Nothing runs any more that it started, nothing listens, no file is left. */
async function expectNothingLeft({ started, url }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await until('all of it has ended', () => started.left().length === 0);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(readdirSync(copy.temporary)).toEqual([]);
  expect(started.printed()).not.toContain(CANARY);
}

test('on a port of yours: the first run at once, builds and deletions to see, nothing of yours read', async () => {
  const asked = await freePort();
  const { started, url, port } = await start({ PORT: asked });
  expect(port).toBe(asked);
  const text = started.printed();
  expect(text).toContain(NOTICE);
  expect(text).toMatch(/run 1: ok after/);
  await until('deletions are printed', () => /deployments deleted: .*docs \d+/.test(started.printed()));
  // website is a Git project whose rule asks for builds, landing is a Direct Upload.
  expect(started.printed()).toMatch(/builds started: .*website \(main\)/);
  expect(started.printed()).not.toMatch(/builds started: [^;]*landing/);
  for (const path of ['/', '/projects/docs', '/runs']) {
    const response = await fetch(`${url}${path}`);
    const page = await response.text();
    expect([path, response.status]).toEqual([path, 200]);
    expect(page).toContain(NOTICE);
    expect(page).not.toContain(CANARY);
  }
  const [, shared = ''] = /share link\s+(\S+)/.exec(started.printed()) ?? [];
  expect([(await fetch(shared)).status, (await fetch(shared.slice(0, -1))).status]).toEqual([200, 403]);
  const page = async (path: string) => (await fetch(`${url}${path}`)).text();
  // What it says about time is what happens: the next run comes with the minute.
  expect(text).toMatch(/time {2,}yours: the cron is "\* \* \* \* \*" here, a run a minute\./);
  const { plan } = JSON.parse(await page('/runs.json')) as { plan: { nextPruneAt: string }[] };
  const then = new RegExp(`${plan[0]?.nextPruneAt.slice(11, 16)}:0\\d UTC somebody pushes`);
  expect(text).toMatch(/hook {2,}curl -X POST \S+\/hooks\/website\/\S+/);
  await until('the second run, when the page has said', () => then.test(started.printed()));
  await until('a hook and a notice', () => {
    const said = started.printed();
    return /the CMS asks for a build of website: .*202/.test(said) && / a notice: Pages Keeper: /.test(said);
  });
  expect(await page('/projects/api-console')).toMatch(
    />Paused after 4 failures of <bdi>main<\/bdi>@[0-9a-f]{7}\./,
  );
  expect(await page('/projects/website?branch=load-test')).toContain('href="/go/website/load-test"');
  const went = await fetch(`${url}/go/website/load-test`, { redirect: 'manual' });
  expect(went.headers.get('location')).toMatch(/^https:\/\/[0-9a-f]{8}\.website\.pages\.dev$/);
  if (LINUX) expect(started.left().some((line) => line.includes('workerd'))).toBe(true);
  // As `kill` does: npm alone gets it.
  started.child.kill('SIGTERM');
  await expectNothingLeft({ started, url, port });
});

test('where 8787 is taken it says which port it took, and Ctrl-C leaves nothing running', async () => {
  // On one of the two addresses of localhost; a browser may try the other one first.
  const server = createServer().listen(8787, '127.0.0.1');
  // If it is somebody else's already, it is taken all the same.
  await once(server, 'listening').catch(() => {});
  try {
    const { started, url, port } = await start({ PORT: undefined });
    expect(Number(port)).toBeGreaterThan(0);
    expect(port).not.toBe('8787');
    expect(started.printed()).toMatch(/run 1: ok after/);
    expect(await (await fetch(url)).text()).toContain(NOTICE);
    // As a terminal does: everyone in the foreground gets it.
    process.kill(-(started.child.pid ?? 0), 'SIGINT');
    await expectNothingLeft({ started, url, port });
  } finally {
    server.close();
  }
});

test('where nobody reads what it prints any more it ends, and leaves nothing running', async () => {
  const { started, url, port } = await start({ PORT: await freePort() });
  for (const stream of [started.child.stdout, started.child.stderr]) stream?.destroy();
  await expectNothingLeft({ started, url, port });
});

test('where the port that you asked for is taken it says so and ends', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const started = run(copy, ['npm', 'start'], { PORT: String(port) });
  all.push(started);
  expect(await started.ended).not.toBe(0);
  expect(started.printed()).toContain(`PORT: another program listens on ${port}.`);
  expect(started.left()).toEqual([]);
  server.close();
});
