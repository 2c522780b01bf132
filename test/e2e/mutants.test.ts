// `npm run mutants` on one line: mutants are made, run and noticed, the copy is left as it was, and nothing goes on running.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Copy, copyRepository, run } from './copy.ts';

let copy: Copy;
const folders: string[] = [];

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => {
  copy.remove();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with all that is on the path but this. */
function pathWithout(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  folders.push(folder);
  const taken = new Set([name]);
  for (const from of (process.env.PATH ?? '').split(delimiter).filter(existsSync)) {
    for (const file of readdirSync(from).filter((one) => !taken.has(one))) {
      taken.add(file);
      symlinkSync(join(from, file), join(folder, file));
    }
  }
  return folder;
}

test('npm run mutants tries each mutant of a line, and leaves the page alone', async () => {
  const file = 'src/policy/gate.ts';
  const read = (path: string) => readFileSync(join(copy.folder, path), 'utf8');
  const [source, page] = [read(file), read('docs/mutants.md')];
  const line = source.split('\n').findIndex((text) => text.includes('plan.expired === 0')) + 1;
  const path = `${file}:${line}-${line}`;
  // The tests of the crons run in Node here, which has the time zone of the machine; a bare one has no `ps`.
  const env = { TZ: 'Asia/Kolkata', PATH: pathWithout('ps') };
  const { ended, printed, left, clean } = run(copy, ['npm', 'run', 'mutants', '--', path], env);
  try {
    expect(await ended, printed()).toBe(0);
    expect(printed()).toContain('src/policy: 3 of 3 mutants found');
    expect([read(file), read('docs/mutants.md')]).toEqual([source, page]);
    expect(existsSync(join(copy.folder, '.wrangler/mutants'))).toBe(false);
    expect(left()).toEqual([]);
  } finally {
    clean();
  }
});
