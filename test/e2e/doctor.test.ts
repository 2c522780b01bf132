// `npm run doctor` as a user runs it, a process of its own, against the simulated API over HTTP: what it says must be what a
// run then does by test/properties/oracle.ts, and nothing but GET may ever arrive. Reads no setting of the user's.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { fillDemo, LONG_HISTORY } from '../../simulator/demo.ts';
import { quietEnvironment } from '../../simulator/dev.ts';
import { type Served, serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Policy } from '../properties/oracle.ts';
import { wanted } from './account.ts';

const ROOT = join(import.meta.dirname, '../..');
const CANARY = 'canary-token-4f1d0c2b9a8e7d6c5b4a';
const DEMO = parseEnv(readFileSync(join(ROOT, 'simulator/demo.vars'), 'utf8'));
const TOML = '[triggers]\ncrons = ["0 * * * *"]\n[vars]\nDRY_RUN = true\nSTATUS_PAGE = "closed"\n';
const HOUR = 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-doctor-'));
let simulator: Simulator;
let served: Served;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of settings: those of the demo, changed. `undefined` leaves one out. */
function varsFile(change: Readonly<Record<string, string | undefined>> = {}): string {
  const RULES = DEMO.RULES?.replaceAll('http://localhost/', `${served.origin}/`);
  const own = { CLOUDFLARE_API_TOKEN: CANARY, CLOUDFLARE_API_BASE_URL: served.baseUrl };
  const vars = { ...DEMO, RULES, ...own, ...change };
  const lines = Object.entries(vars).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}='${value}'`],
  );
  const file = join(folder, 'doctor.vars');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function doctor(
  vars: string,
  { toml = TOML, file = 'wrangler.toml', args = [] as string[], env = {} } = {},
) {
  const config = join(folder, file);
  writeFileSync(config, toml);
  const child = spawn(
    process.execPath,
    [join(ROOT, 'cli/pages-keeper.ts'), 'doctor', '--vars', vars, '--config', config, ...args],
    { cwd: folder, env: { ...quietEnvironment(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part));
  child.stderr.on('data', (part: Buffer) => (err += part));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** The cells of the line that begins with this word. */
const cells = (out: string, first: string) =>
  out
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))
    .find(([cell]) => cell === first) ?? [];
const number = (text: string | undefined) => Number((text ?? '').replaceAll(',', ''));

/** What the demo's rules want gone of a project at a moment, by the oracle. */
function wantedOf(project: SimulatedProject, now: number): Set<string> {
  const rules = JSON.parse(DEMO.RULES ?? '') as { projects: string[]; prune: Policy | Policy[] }[];
  const rule = rules.find(({ projects }) => projects.includes(project.name) || projects.includes('*'));
  return new Set(wanted(project, [rule?.prune ?? []].flat(), now).ids);
}

function expectOnlyReading(): void {
  expect([...new Set(simulator.calls.map(({ method }) => method))]).toEqual(['GET']);
}

describe('on the demo account', () => {
  beforeEach(async () => {
    simulator = new Simulator({ token: CANARY, readToken: 'canary-read-token' });
    fillDemo(simulator.account, Date.now());
    served = await serve(simulator);
  });
  afterEach(() => served.close());

  test("it says that the API does what is expected of it, and records shapes that are nobody's", async () => {
    const record = join(folder, 'shapes.json');
    const { out, code } = await doctor(varsFile(), { args: ['--record', record] });
    expect(out).toMatch(/^The API, in \d+ answers$/m);
    expect(out).toMatch(/^ {2}order +newest first, on \d+ pages$/m);
    expect(out).toMatch(/^ {2}page sizes +accepted$/m);
    expect(out).toMatch(/^ {2}totals +on \d+ pages, and they match the rows$/m);
    expect(out).toMatch(/^ {2}limits +1,200 calls in 300 s; [\d,]+ left$/m);
    expect(out).toMatch(/^ {2}newest, live +in the lists of \d+ projects$/m);
    expect(out).toMatch(/^ {2}words +all known, in [\d,]+ deployments$/m);
    expect(code).toBe(0);
    const text = readFileSync(record, 'utf8');
    const { answers } = JSON.parse(text) as { answers: { request: string; status: number }[] };
    expect(answers).toContainEqual(
      expect.objectContaining({
        request: '/accounts/…/pages/projects/…/deployments?page&per_page',
        status: 200,
      }),
    );
    const { projects } = simulator.account;
    // A name that is also a word of the API's stands there as that.
    const names = projects.flatMap(({ name, envVars }) => [name, ...Object.keys(envVars)]);
    expect(names.filter((name) => text.includes(`"${name}"`))).toEqual([]);
    expect(text).not.toMatch(/canary|pages\.dev|\d{4}-\d\d/i);
    const again = await doctor(varsFile(), { args: ['--record', record] });
    expect(again.out).toContain('shapes.json is there already');
    expect(again.code).toBe(1);
  });

  test('what would go is what the rules want gone, each by name, and nothing has changed', async () => {
    const { projects } = simulator.account;
    const before = Date.now();
    const { code, out, err } = await doctor(varsFile(), { args: ['--list'] });
    const after = Date.now();
    const listed = out
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
      .filter(([, id]) => /^[0-9a-f-]{36}$/.test(id ?? ''));
    for (const project of projects) {
      const ids = new Set(listed.filter(([name]) => name === project.name).map(([, id]) => id));
      // One of the demo's projects has a deployment that expires every minute.
      expect([...wantedOf(project, before).difference(ids)]).toEqual([]);
      expect([...ids.difference(wantedOf(project, after))]).toEqual([]);
      const [, all, goes] = rowOf(out, project.name);
      expect([project.name, number(all), number(goes)]).toEqual([
        project.name,
        project.timeline(null).size,
        ids.size,
      ]);
    }
    expect(out).toMatch(
      /^ {2}website +http\S+\/website\.git +\d+ +load-test \(1 branch, \d+ deployments\)$/m,
    );
    expect(listed.length).toBeGreaterThan(4_500);
    expect(out).toMatch(
      new RegExp(
        `Ready: the first run at .* would delete ${listed.length.toLocaleString('en')} deployments of 10 projects and start 2 builds`,
      ),
    );
    expect(out).toMatch(/2,160 builds in 30 days/);
    expect(code).toBe(0);
    expect(err).toContain(`Reading ${LONG_HISTORY.name}: 5,000 of 5,000 deployments`);
    expectOnlyReading();
    expect(`${out}${err}`).not.toContain(CANARY);
    // The demo's projects have environment variables that hold one.
    expect(`${out}${err}`.toLowerCase()).not.toContain('canary');
  });

  test('a token that may only read will do, and nothing is claimed about writing', async () => {
    const { code, out } = await doctor(varsFile({ CLOUDFLARE_API_TOKEN: 'canary-read-token' }));
    expect(code).toBe(0);
    expect(out).toMatch(/may read +yes/);
    expect(out).toMatch(/may write +not known/);
    expectOnlyReading();
  });
});

/** The line of the table of deployments. */
function rowOf(out: string, project: string): string[] {
  const section = out.slice(out.indexOf('\nDeployments'));
  return cells(section, project);
}

describe('on a small account', () => {
  beforeEach(async () => {
    simulator = new Simulator({ token: CANARY });
    const docs = simulator.account.addProject({ name: 'docs' });
    for (let at = 60; at > 0; at -= 1)
      docs.add({ createdAt: Date.now() - at * 24 * HOUR, branch: at % 2 ? 'main' : 'feature' });
    served = await serve(simulator);
  });
  afterEach(() => served.close());

  test('a token that the API refuses', async () => {
    const { code, out } = await doctor(varsFile({ CLOUDFLARE_API_TOKEN: 'canary-of-another' }));
    expect(code).toBe(1);
    expect(out).toMatch(/valid +no: .*Invalid access token \(code 9109\)/);
    expect(out).toMatch(/Not ready: 1 thing to fix first\./);
    expect(out).not.toContain('canary');
    expectOnlyReading();
  });

  test('an API that repeats the token in its answer', async () => {
    simulator.fault = () => ({ kind: 'status', status: 403, code: 9109, message: `Who is ${CANARY}?` });
    const { code, out } = await doctor(varsFile());
    expect(code).toBe(1);
    expect(out).toMatch(/valid +no: .*Who is \(not shown\)\?/);
    expect(out).not.toContain(CANARY);
  });

  test('a valid token and an account that is not its own', async () => {
    const { code, out } = await doctor(varsFile({ CLOUDFLARE_ACCOUNT_ID: 'other' }));
    expect(code).toBe(1);
    expect(out).toMatch(/valid +yes/);
    expect(out).toMatch(/account +not seen: .*code 10000/);
    expect(out).toContain('CLOUDFLARE_ACCOUNT_ID is another account');
    expectOnlyReading();
  });

  test('seven faults of the configuration are all told at once, and nothing is asked', async () => {
    const rules = [
      { projects: ['*'], prune: { olderThanDays: 0, keepLates: 2 }, DRY_RUN: true },
      { projects: ['!x'] },
    ];
    const { code, out } = await doctor(
      varsFile({
        CLOUDFLARE_API_TOKEN: '',
        DRY_RUN: 'maybe',
        RULES: JSON.stringify(rules),
        STATUS_PAGE: 'password',
        STATUS_PASSWORD: 'canary',
      }),
    );
    const faults = [
      'CLOUDFLARE_API_TOKEN: is missing',
      'DRY_RUN: must be true or false',
      'RULES[0].prune.olderThanDays: must be',
      'RULES[0].prune.keepLates: is not known here; did you mean keepLatest?',
      'RULES[0].DRY_RUN: belongs in [vars]',
      'RULES[1].projects: only excludes',
      'STATUS_PASSWORD: must be 8 characters',
    ];
    for (const fault of faults) expect(out).toContain(fault);
    expect(out).toContain(`Not ready: ${faults.length} things to fix first; nothing was asked.`);
    expect(out).not.toContain('canary');
    expect(code).toBe(1);
    expect(simulator.calls).toEqual([]);
  });

  test('a missing file of secrets: it says what to put where', async () => {
    const { code, out } = await doctor(join(folder, '.dev.vars'), {
      toml: `${TOML}CLOUDFLARE_ACCOUNT_ID = "account"\n`,
    });
    expect(code).toBe(1);
    expect(out).toContain(
      '.dev.vars is not there: copy .dev.vars.example to it, and put your API token after CLOUDFLARE_API_TOKEN=',
    );
    expect(simulator.calls).toEqual([]);
  });

  test.each([
    ['a wrangler.toml that is none', 'crons = [', [], 'wrangler.toml cannot be read, line 1, column'],
    ['one that is none further down', `${TOML}A = "b\n`, [], 'wrangler.toml cannot be read, line 6, column'],
    [
      'a cron that is none',
      TOML.replace('0 * * * *', 'every hour'),
      [],
      '"every hour" in [triggers] never ticks',
    ],
    [
      'a setting below another heading',
      `${TOML}[observability]\nenabled = true\nDRY_RUN = false\n`,
      [],
      'observability.DRY_RUN',
    ],
    ['an option that it does not know', TOML, ['--write'], "Unknown option '--write'"],
  ])('%s', async (_name, toml, args, sentence) => {
    const { code, out } = await doctor(varsFile(), { toml, args });
    expect(out).toContain(sentence);
    expect(out).not.toMatch(/^Ready/m);
    expect(simulator.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(code).toBe(1);
  });

  test.each([
    ['a word that is none', '{\n  // on\n  "vars": { "DRY_RUN": flase }\n}', 3, 25],
    ['a word that is cut off', '{\n  "vars": { "DRY_RUN": tru }\n}', 2, 27],
    ['nothing where a value belongs', '{\n  "vars": ,\n  "triggers": {}\n}', 2, 11],
    ['no comma', '{\n  "a": 1\n  "vars": {}\n}', 3, 3],
    ['no end', '{\n  "vars": {\n    "RULES": [', 3, 15],
    ['no closing quote', '{\n  "vars": {\n    "A": "b }', 3, 14],
    ['nothing in it', '', 1, 1],
  ])('a wrangler.jsonc with %s: the place is said', async (_name, toml, line, column) => {
    const { code, out } = await doctor(join(folder, 'none'), {
      ...{ toml, file: 'wrangler.jsonc', args: ['--settings'] },
    });
    expect([code, out]).toEqual([
      1,
      `wrangler.jsonc cannot be read, line ${line}, column ${column}: it is no JSON\n`,
    ]);
  });

  test('before a deploy it looks at wrangler.toml alone, and asks nobody', async () => {
    const look = (toml: string) => doctor(join(folder, 'none'), { toml, args: ['--settings'] });
    expect(await look(TOML)).toEqual({ code: 0, out: 'wrangler.toml: the settings are fine.\n', err: '' });
    const broken = `[triggers]\nSTATUS_PAGE = "public"\n${TOML}MAX_DELETES_PER_RUN = 0\n`.replace(
      '[triggers]\ncrons = ["0 * * * *"]\n',
      '',
    );
    const { code, out } = await look(broken);
    expect(out.split('\n')).toEqual([
      'wrangler.toml: 2 things to fix before it is deployed.',
      expect.stringMatching(/^ {2}MAX_DELETES_PER_RUN: must be/),
      expect.stringMatching(/^ {2}triggers\.STATUS_PAGE: belongs in \[vars\]/),
      '',
    ]);
    expect(code).toBe(1);
    expect((await look('[vars]\nA = "b')).out).toMatch(
      /^wrangler\.toml cannot be read, line 2, column \d+: /,
    );
    expect(simulator.calls).toEqual([]);
  });

  test('.dev.vars goes over wrangler.toml, whose rules and crons it reads; times are UTC wherever one is', async () => {
    const toml = `[triggers]\ncrons = ["0  9 * * *"]\n[vars]\nDRY_RUN = false\nMAX_DELETES_PER_RUN = 3\n[[vars.RULES]]\nprojects = ["docs"]\nrebuild = { ifOlderThanMinutes = 2880 }\nprune = { cron = "0 4 * * *", olderThanDays = 30 }\n`;
    const vars = varsFile({ RULES: undefined, MAX_DELETES_PER_RUN: undefined, DRY_RUN: 'true' });
    const { code, out } = await doctor(vars, { toml, env: { TZ: 'America/New_York' } });
    expect(out).toContain('true: plans and shows, changes nothing');
    expect(out).toContain('MAX_DELETES_PER_RUN 3');
    expect(out).toMatch(/"0 9 \* \* \*" +(\d+ [A-Z][a-z]{2}, )?09:00 UTC +deletes nothing/);
    expect(rowOf(out, 'docs').slice(0, 3)).toEqual(['docs', '60', '31']);
    // Every second day.
    expect(out).toMatch(/docs +main +not now: built .*15 a month/);
    expect(out).toContain('RULES[0].prune.cron is "0 4 * * *", which [triggers] lacks');
    expect(code).toBe(1);
  });

  test('after a 429 it stops, and says until when', async () => {
    simulator.fault = ({ path }) => (path.endsWith('/deployments') ? { kind: 'block' } : null);
    const { code, out, err } = await doctor(varsFile());
    expect(code).toBe(1);
    expect(out).toMatch(/Not ready: the API takes no more calls .* until .*\d\d:\d\d UTC/);
    expect(err).toBe('');
    expect(simulator.calls.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(simulator.calls.at(-1)?.status).toBe(429);
  });
});
