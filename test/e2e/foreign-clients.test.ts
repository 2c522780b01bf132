// The simulator driven by clients we did not write, over HTTP: wrangler's `pages` commands and the official SDK.
// If these are content, the simulator is close to the real API. Must not test the Worker.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Cloudflare, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'cloudflare';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { quietEnvironment } from '../../simulator/dev.ts';
import { type Served, serve } from '../../simulator/server.ts';
import { type Call, Simulator } from '../../simulator/simulator.ts';

const WRANGLER = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js');
const HOUR = 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'foreign-clients-'));
let simulator: Simulator;
let served: Served;

beforeAll(async () => {
  simulator = new Simulator();
  const { account } = simulator;
  const docs = account.addProject({ name: 'docs', domains: ['docs.example.com'] });
  for (let at = 60; at > 0; at -= 1)
    docs.add({ createdAt: Date.now() - at * HOUR, branch: at % 4 === 0 ? 'feature' : 'main' });
  const landing = account.addProject({ name: 'landing', source: null });
  landing.add({ createdAt: Date.now() - HOUR });
  landing.buildMs = 0;
  for (let at = 0; at < 10; at += 1) account.addProject({ name: `site-${at}` });
  served = await serve(simulator);
});

beforeEach(() => {
  simulator.calls.length = 0;
  simulator.fault = null;
});

afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

const docs = () => simulator.account.project('docs');
const oldestOnMain = () => docs().deployments.findLast((row) => row.branch === 'main')?.id ?? '';
const paths = (calls: readonly Call[]) =>
  calls.map(({ method, path, query }) => {
    const below = path.replace('/accounts/account/pages/projects', '');
    return `${method} ${below}?${new URLSearchParams(query)}`;
  });

describe('wrangler', () => {
  /** In a folder of its own, so that it finds no configuration; an empty stdin, so that it asks nothing. */
  function wrangler(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const env = {
      ...quietEnvironment(process.env),
      WRANGLER_LOG: 'log',
      CLOUDFLARE_API_BASE_URL: served.baseUrl,
      CLOUDFLARE_API_TOKEN: 'test-token',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    };
    const child = spawn(process.execPath, [WRANGLER, 'pages', ...args], { cwd: folder, env });
    child.stdin.end();
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  }

  test('lists all projects, page by page', async () => {
    const { code, out } = await wrangler('project', 'list', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as Record<string, string>[];
    expect(rows).toHaveLength(12);
    expect(new Set(rows.map((row) => row['Project Name']))).toEqual(
      new Set(simulator.account.projects.map(({ name }) => name)),
    );
    const row = rows.find((each) => each['Project Name'] === 'docs');
    expect(row?.['Project Domains']).toBe('docs.pages.dev, docs.example.com');
    expect(paths(simulator.calls)).toEqual(['GET ?per_page=10&page=1', 'GET ?per_page=10&page=2']);
  });

  test('lists the newest deployments', async () => {
    const { code, out } = await wrangler('deployment', 'list', '--project-name', 'docs', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as Record<string, string>[];
    const newest = docs().deployments.slice(0, 25);
    expect(rows.map((row) => row.Id)).toEqual(newest.map(({ id }) => id));
    expect(rows.map((row) => row.Branch)).toEqual(newest.map(({ branch }) => branch));
  });

  test('deletes a deployment, and is told why it may not delete the live one', async () => {
    const id = oldestOnMain();
    const live = docs().canonical?.id ?? '';
    const [gone, refused] = await Promise.all(
      [id, live].map((each) => wrangler('deployment', 'delete', each, '--project-name', 'docs', '--force')),
    );
    expect(gone?.code).toBe(0);
    expect(docs().get(id)).toBeNull();
    expect(simulator.calls.every(({ force }) => force)).toBe(true);
    expect(refused?.code).not.toBe(0);
    expect(`${refused?.out}${refused?.err}`).toContain('[code: 8000034]');
    expect(docs().get(live)).not.toBeNull();
  });

  test('deploys a folder to a Direct Upload project', async () => {
    const site = join(folder, 'site');
    mkdirSync(site);
    writeFileSync(join(site, 'index.html'), 'Hello');
    const landing = simulator.account.project('landing');
    const { code, out } = await wrangler('deploy', site, '--project-name', 'landing', '--branch', 'staging');
    expect(code).toBe(0);
    const [newest] = landing.deployments;
    expect(newest).toMatchObject({ branch: 'staging', environment: 'preview', upload: true });
    expect(out).toContain(`https://${newest?.id.slice(0, 8)}.landing.pages.dev`);
    expect(out).toContain('https://staging.landing.pages.dev');
  });
});

test('neither wrangler nor the demo gets to see an account of yours', () => {
  const yours = {
    CLOUDFLARE_API_TOKEN: 'x',
    CLOUDFLARE_ACCOUNT_ID: 'x',
    CF_API_KEY: 'x',
    WRANGLER_HOME: 'x',
  };
  const env = quietEnvironment({ ...yours, PATH: '/bin' });
  expect(Object.keys(env).filter((name) => name in yours)).toEqual([]);
  expect(env.PATH).toBe('/bin');
});

describe('the official SDK', () => {
  const client = (options: object = {}) =>
    new Cloudflare({
      apiToken: 'test-token',
      apiKey: null,
      apiEmail: null,
      baseURL: served.baseUrl,
      maxRetries: 0,
      ...options,
    });
  const inAccount = { account_id: 'account' };
  const target = { ...inAccount, project_name: 'docs' };
  const deployments = () => client().pages.projects.deployments;
  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof APIError)) throw new Error(`no APIError: ${error}`);
    return [error.status, error.errors[0]?.code];
  };

  test('lists projects with what is embedded in them', async () => {
    const names: string[] = [];
    for await (const project of client().pages.projects.list(inAccount)) {
      names.push(project.name);
      if (project.name === 'docs') expect(project.canonical_deployment?.id).toBe(docs().canonical?.id);
    }
    expect(names).toHaveLength(12);
  });

  test('pages through all deployments, with its one empty page at the end', async () => {
    const ids: string[] = [];
    for await (const { id } of deployments().list('docs', { ...inAccount, per_page: 25 })) ids.push(id);
    expect(ids).toEqual(docs().deployments.map(({ id }) => id));
    expect(simulator.calls).toHaveLength(Math.ceil(ids.length / 25) + 1);
  });

  test('creates a build, sees it move, and deletes an old deployment', async () => {
    const created = await deployments().create('docs', { ...inAccount, branch: 'sdk' });
    expect(created).toMatchObject({ environment: 'preview', latest_stage: { name: 'queued' } });
    expect(simulator.calls.at(-1)).toMatchObject({ method: 'POST', branch: 'sdk', effect: true });
    docs().get(created.id)?.finish('success', Date.now());
    const built = await deployments().get(created.id, target);
    expect(built.latest_stage).toMatchObject({ name: 'deploy', status: 'success' });
    expect(built.aliases).toEqual(['https://sdk.docs.pages.dev']);
    const id = oldestOnMain();
    await deployments().delete(id, target);
    expect(docs().get(id)).toBeNull();
  });

  test('gets the codes of what is refused', async () => {
    const live = docs().canonical?.id ?? '';
    const aliased = docs().aliasHolder('feature', Date.now())?.id ?? '';
    expect(await failure(deployments().delete(live, { ...target, force: true }))).toEqual([400, 8_000_034]);
    expect(await failure(deployments().delete(aliased, target))).toEqual([400, 8_000_035]);
    expect(await failure(deployments().delete('nothing', target))).toEqual([404, 8_000_009]);
    expect(await failure(deployments().create('landing', { ...inAccount, branch: 'main' }))).toEqual([
      400, 8_000_096,
    ]);
    expect(
      await failure(Promise.resolve(deployments().list('docs', { ...inAccount, per_page: 100 }))),
    ).toEqual([400, 8_000_024]);
    const stranger = client({ apiToken: 'wrong' }).pages.projects;
    expect(await failure(stranger.get('docs', inAccount))).toEqual([403, 9109]);
    await deployments().delete(aliased, { ...target, force: true });
    expect(docs().get(aliased)).toBeNull();
  });

  test('meets a dropped connection, an answer that never comes, and a log that another process can read', async () => {
    const control = `${served.origin}/__fault`;
    const order = (fault: object) => fetch(control, { method: 'POST', body: JSON.stringify({ fault }) });
    await order({ kind: 'drop-before' });
    const dropped = deployments().list('docs', inAccount);
    await expect(dropped).rejects.toThrow(APIConnectionError);
    await order({ kind: 'timeout' });
    const slow = client({ timeout: 3_000 }).pages.projects.deployments.list('docs', inAccount);
    await expect(slow).rejects.toThrow(APIConnectionTimeoutError);
    await deployments().list('docs', inAccount);
    const calls = (await (await fetch(`${served.origin}/__calls`)).json()) as Call[];
    expect(calls.map(({ fault, status }) => [fault, status])).toEqual([
      ['drop-before', 0],
      ['timeout', 0],
      [null, 200],
    ]);
  });
});
