// Which Node runs the commands: the machine's own where it can, else a fetched one that was seen to run.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fetchedFile, isSuitable, whatIsWrong } from '../../setup/node.mjs';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the machine’s own', () => {
  test.each(['22.18.0', '22.23.2', '23.6.0', '24.0.0', '24.21.0', '26.10.0', '30.0.0'])(
    '%s does',
    (version) => {
      expect(isSuitable({ version, typescript: 'strip' })).toBe(true);
    },
  );

  test.each(['18.20.8', '20.19.0', '20.20.2', '21.7.3', '22.0.0', '22.12.0', '22.17.1', '23.5.0'])(
    '%s does not',
    (version) => {
      expect(isSuitable({ version, typescript: 'strip' })).toBe(false);
    },
  );

  test('one that was built without TypeScript, or has it switched off, does not', () => {
    expect(isSuitable({ version: '24.21.0', typescript: false })).toBe(false);
    expect(isSuitable({ version: '22.18.0', typescript: undefined })).toBe(false);
  });

  test('what wrangler asks for is no more than that', () => {
    const manifest = readFileSync(join(ROOT, 'node_modules/wrangler/package.json'), 'utf8');
    const { engines } = JSON.parse(manifest) as { engines: { node: string } };
    expect(engines.node).toBe('>=22.0.0');
  });
});

describe('the fetched one', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'setup/node/package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { version: string; os: string; cpu: string; optional: boolean; bin: { node: string } }
    >;
  };
  const platforms = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64'];

  test.each(platforms)('for %s is locked, for no other machine, and new enough', (platform) => {
    const [os = '', cpu = ''] = platform.split(' ');
    const file = fetchedFile(os, cpu) ?? '';
    const [path = '', locked] =
      Object.entries(lock.packages).find(([name]) => name && file.startsWith(`${name}/`)) ?? [];
    expect(locked).toMatchObject({ os, cpu, optional: true });
    expect(file).toBe(`${path}/${locked?.bin.node}`);
    expect(isSuitable({ version: locked?.version ?? '', typescript: 'strip' })).toBe(true);
  });

  test('is named for every package that is locked, and for no other machine', () => {
    expect(Object.keys(lock.packages).filter((path) => path !== '')).toHaveLength(platforms.length);
    expect([fetchedFile('freebsd', 'x64'), fetchedFile('linux', 'riscv64')]).toEqual([null, null]);
  });
});

describe.skipIf(process.platform === 'win32')('is tried before it is trusted', () => {
  function fake(name: string, script: string): string {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  test('this one runs', () => {
    expect(whatIsWrong(process.execPath)).toBeNull();
  });

  test.each([
    ['is not there', join(folder, 'none'), 'it is not there'],
    [
      'lacks a library of the system',
      fake('atomic', 'echo "libatomic.so.1: cannot open shared object file" >&2; exit 127'),
      'libatomic.so.1: cannot open shared object file',
    ],
    ['says nothing', fake('silent', 'exit 1'), 'it ended with 1'],
    [
      'is an old one',
      fake('old', 'echo \'{"version":"20.19.0","typescript":false}\''),
      'it is {"version":"20.19.0","typescript":false}',
    ],
  ])('one that %s does not do', (_what, file, why) => {
    expect(whatIsWrong(file)).toBe(why);
  });
});
