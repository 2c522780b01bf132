// The linter finds what the structure forbids: planted in a folder of its own, under the project's own configuration.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const BIOME = join(ROOT, 'setup/biome/node_modules/@biomejs/biome/bin/biome');

const folder = mkdtempSync(join(tmpdir(), 'pages-keeper-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is found in these files, `rule file`. */
function found(files: Readonly<Record<string, string>>): string[] {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries({ '.gitignore': 'node_modules\n', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  const args = [BIOME, 'lint', '--reporter=github', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const lines = stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g);
  return [...lines]
    .map(([, rule, file = '']) => `${rule} ${file.replace(/^.*?(src|doctor|test)\//, '$1/')}`)
    .sort();
}

const linesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `export const n${at} = ${at};\n`).join('');

test('a circle of imports, of types only too', () => {
  const circle = (keyword: string) => ({
    'src/a.ts': `${keyword} { B } from './part/b.ts';\nexport interface A {\n  b: B;\n}\n`,
    'src/part/b.ts': `${keyword} { A } from '../a.ts';\nexport interface B {\n  a: A | null;\n}\n`,
  });
  expect(found(circle('import type'))).toEqual(['noImportCycles src/a.ts', 'noImportCycles src/part/b.ts']);
  expect(found({ ...circle('import type'), 'src/part/b.ts': 'export interface B {}\n' })).not.toContain(
    'noImportCycles src/a.ts',
  );
});

test('a file of more than 200 lines, and a test of more than 400', () => {
  expect(found({ 'src/a.ts': linesOf(200), 'doctor/a.ts': linesOf(201), 'test/a.ts': linesOf(400) })).toEqual(
    ['noExcessiveLinesPerFile doctor/a.ts'],
  );
  expect(found({ 'test/a.ts': linesOf(401) })).toEqual(['noExcessiveLinesPerFile test/a.ts']);
});
