// The package, packed and installed into an empty folder: its commands on a Node that has nothing else, and what is in it. The
// other npms, wrangler and an upgrade are in package-long.test.ts.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Served, serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { bin, folders, installed, oldestNode, pack, passes, ROOT, run } from './package.ts';

const DAY = 86_400_000;
const TOKEN = 'canary-token-4f1d0c2b9a8e7d6c5b4a';
const { top, remove } = folders();
const project = join(top, 'project');
const node = oldestNode();
const simulator = new Simulator({ token: TOKEN });
let served: Served;
let tarball = '';
let command: string[] = [];

beforeAll(async () => {
  served = await serve(simulator);
  const docs = simulator.account.addProject({ name: 'docs' });
  for (let age = 60; age > 0; age -= 1) docs.add({ createdAt: Date.now() - age * DAY });
  tarball = await pack(join(top, 'packed'));
  command = [node, bin(await installed(join(top, 'empty'), tarball))];
});
afterAll(async () => {
  await served.close();
  remove();
});

test('nothing is in it but what runs, and what a project begins with', () => {
  const folder = join(top, 'empty/node_modules/pages-keeper');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(readdirSync(folder).sort()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'template'].filter((name) =>
      files.includes(name),
    ),
  );
  expect(files).toContain('dist/src/index.d.ts');
  expect(files).toContain('dist/src/index.js.map');
  expect(files).toContain('docs/rules.schema.json');
  // Node runs no TypeScript below node_modules, and a test is of no use there.
  expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual(['template/src/index.ts']);
  expect(files.filter((file) => /test|simulator|bench|mutants/.test(file))).toEqual([]);
  const names = readdirSync(join(top, 'empty/node_modules')).filter((name) => !name.startsWith('.'));
  expect(names.sort()).toEqual([...Object.keys(manifest.dependencies), 'pages-keeper'].sort());
});

test('--version and --help', async () => {
  expect(await passes(top, [...command, '--version'])).toBe(`${manifest.version}\n`);
  expect(await passes(top, [...command, '--help'])).toContain('npx pages-keeper init DIR');
  for (const name of ['doctor', 'init', 'share'])
    expect(await passes(top, [...command, name, '--help'])).toContain(`  npx pages-keeper ${name}`);
  const unknown = await run(top, [...command, 'toString']);
  expect([unknown.code, unknown.err]).toEqual([
    1,
    expect.stringContaining('toString is none of the commands'),
  ]);
});

test('init writes a project that depends on what it came from, and never over a file', async () => {
  await passes(top, [...command, 'init', project]);
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' }).sort();
  expect(files).toEqual([
    '.dev.vars.example',
    '.gitignore',
    'README.md',
    'package.json',
    'src',
    'src/index.ts',
    'tsconfig.json',
    'wrangler.jsonc',
  ]);
  const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(dependencies).toEqual({ 'pages-keeper': `file:${tarball}` });
  const before = readFileSync(join(project, 'wrangler.jsonc'), 'utf8');
  writeFileSync(join(project, 'wrangler.jsonc'), `${before}// mine\n`);
  const again = await run(top, [...command, 'init', project]);
  expect(again.code).toBe(1);
  expect(again.err).toContain('wrangler.jsonc');
  expect(readFileSync(join(project, 'wrangler.jsonc'), 'utf8')).toBe(`${before}// mine\n`);
  const half = join(top, 'half');
  mkdirSync(half);
  writeFileSync(join(half, 'README.md'), 'mine');
  expect((await run(top, [...command, 'init', half])).err).toContain('half has README.md already');
  expect(readdirSync(half)).toEqual(['README.md']);
});

test('doctor in a project reads its wrangler.jsonc and .dev.vars', async () => {
  writeFileSync(
    join(project, '.dev.vars'),
    `CLOUDFLARE_ACCOUNT_ID=account\nCLOUDFLARE_API_TOKEN=${TOKEN}\nCLOUDFLARE_API_BASE_URL=${served.baseUrl}\n`,
  );
  const out = await passes(project, [...command, 'doctor']);
  expect(out).toMatch(/^ {2}docs +60 +31 +/m);
  expect(out).toContain('DRY_RUN is true');
  expect(await passes(project, [...command, 'doctor', '--settings'])).toBe(
    'wrangler.jsonc: the settings are fine.\n',
  );
});

test('doctor without a project takes the token from the environment, finds the account by it, and stores nothing', async () => {
  const nowhere = join(top, 'nowhere');
  mkdirSync(nowhere);
  const env = { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_API_BASE_URL: served.baseUrl };
  const { code, out, err } = await run(nowhere, [...command, 'doctor', '--record', 'shapes.json'], env);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('The token is for one account: Simulated account (account).');
  expect(out).toMatch(/^ {2}docs +60 +31 +/m);
  expect(readdirSync(nowhere)).toEqual(['shapes.json']);
  expect(out + readFileSync(join(nowhere, 'shapes.json'), 'utf8')).not.toContain(TOKEN);
  expect(simulator.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('doctor without anything, and nobody to ask, says what it needs and asks nobody', async () => {
  const before = simulator.calls.length;
  const { code, out } = await run(join(top, 'half'), [...command, 'doctor']);
  expect(code).toBe(1);
  expect(out).toContain('CLOUDFLARE_API_TOKEN: is missing');
  expect(simulator.calls.length).toBe(before);
});

test('share prints a link', async () => {
  writeFileSync(join(project, '.dev.vars'), `SHARE_KEY=${'k'.repeat(40)}\n`);
  const out = await passes(project, [...command, 'share', '--project', 'docs', '--until', '2099-01-01']);
  expect(out).toMatch(/^\/share\/docs\/2099-01-01\/[\w-]+$/m);
  expect(out).not.toContain('Note');
});

test('share prints an address that asks for builds', async () => {
  writeFileSync(join(project, '.dev.vars'), `HOOK_KEY=${'k'.repeat(40)}\n`);
  const out = await passes(project, [...command, 'share', '--hook', '--project', 'docs']);
  expect(out).toMatch(/^\/hooks\/docs\/[\w-]+$/m);
});

test('prepare does nothing, and ends well, where the compiler is missing', async () => {
  const bare = join(top, 'bare/setup');
  mkdirSync(bare, { recursive: true });
  copyFileSync(join(ROOT, 'setup/package.mjs'), join(bare, 'package.mjs'));
  expect(await run(top, [node, join(bare, 'package.mjs')])).toEqual({ code: 0, out: '', err: '' });
  expect(existsSync(join(top, 'bare/dist'))).toBe(false);
});
