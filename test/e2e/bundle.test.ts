// What is in the Worker that is uploaded: no package that the README does not name, each of the size that it says, and all of
// it no larger than promised.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quietEnvironment } from '../../simulator/dev.ts';

const ROOT = join(import.meta.dirname, '../..');
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
// In the unit of wrangler's own "gzip: … KiB"; docs/decisions/013-size-of-the-bundle.md has the reason.
const MOST_KIB = 130;
/** What the commands of the package need beside. */
const OF_COMMANDS = ['dotenv', 'smol-toml'];
const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-bundle-'));

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { entryPoint?: string; inputs: Readonly<Record<string, { bytesInOutput: number }>> }>
  >;
}

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const metafile = join(folder, 'meta.json');

/** Bytes of each package in the bundle. */
function packages(): Map<string, number> {
  const { outputs } = JSON.parse(read(metafile)) as Metafile;
  const bundle = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(bundle?.inputs ?? {})) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
    if (name !== undefined && bytesInOutput > 0) sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return sizes;
}

beforeAll(async () => {
  const args = [WRANGLER, 'deploy', '--dry-run', '--outdir', folder, '--metafile', metafile];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: quietEnvironment(process.env) });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every package in it has a row in the README, with its version and size', () => {
  const rows = [
    ...read(ROOT, 'README.md').matchAll(/^\| \[`([\w@/-]+)`\].* \| ([\d.]+) \| ([\d.]+) KB \|/gm),
  ];
  const named = rows.map(([, name, version, size]) => [name, version, Number(size)] as const);
  const { dependencies } = JSON.parse(read(ROOT, 'package.json')) as { dependencies: Record<string, string> };
  const sizes = packages();
  expect(named.map(([name]) => name).sort()).toEqual([...sizes.keys()].sort());
  expect(Object.keys(dependencies).sort()).toEqual([...sizes.keys(), ...OF_COMMANDS].sort());
  for (const [name = '', version, size] of named) {
    expect([name, version]).toEqual([name, dependencies[name]]);
    expect(Math.abs((sizes.get(name) ?? 0) / 1_000 - size), name).toBeLessThan(0.3);
  }
});

test(`compressed, it is at most ${MOST_KIB} KB, and the README says so`, () => {
  expect(read(ROOT, 'README.md')).toContain(`\n${MOST_KIB} KB compressed at most`);
  expect(gzipSync(readFileSync(join(folder, 'index.js'))).length).toBeLessThanOrEqual(MOST_KIB * 1_024);
});
