// Who asks a command for help gets a text, and nothing is done: no file written, nobody asked.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quietEnvironment } from '../../simulator/dev.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGED = ['doctor', 'share'];
const WRITTEN = ['docs/benchmarks.md', 'docs/mutants.md'];

function run(command: string, ...args: string[]) {
  const before = WRITTEN.map((file) => statSync(join(ROOT, file)).mtimeMs);
  const file = PACKAGED.includes(command) ? ['cli/pages-keeper.ts', command] : [`${command}/${command}.ts`];
  const done = spawnSync(process.execPath, [...file, ...args], {
    cwd: ROOT,
    env: quietEnvironment(process.env),
    encoding: 'utf8',
  });
  expect(WRITTEN.map((file) => statSync(join(ROOT, file)).mtimeMs)).toEqual(before);
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test.each(['doctor', 'share', 'bench', 'mutants'])('%s --help', (command) => {
  for (const flag of ['--help', '-h']) {
    const { code, out, err } = run(command, flag);
    expect(out).toContain(`  npm run ${command}`);
    expect([code, err]).toEqual([0, '']);
  }
  const unknown = run(command, '--halp');
  expect(unknown.code).toBe(1);
  expect(unknown.out + unknown.err).toContain("Unknown option '--halp'");
  expect(unknown.out + unknown.err).toContain(`  npm run ${command}`);
  expect(unknown.err).not.toMatch(/^ {4}at /m);
});

test('mutants of a path that is none of its own says which are', () => {
  const { code, err } = run('mutants', 'src/webb');
  expect(err).toMatch(/^src\/webb is in none of src\/policy, /);
  expect(code).toBe(1);
});
