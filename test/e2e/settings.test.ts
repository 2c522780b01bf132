// Whatever a user sets in wrangler.toml and .dev.vars, the checks, the build and the tests of the Worker come to the same verdict:
// tried in a copy of the repository, every setting changed.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstable_readConfig as readToml } from 'wrangler';
import { CANARY, type Copy, copyRepository, run } from './copy.ts';

let copy: Copy;

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => copy.remove());

async function passes(...command: string[]): Promise<string> {
  const { ended, printed, clean } = run(copy, command);
  try {
    const code = await ended;
    expect(code, printed()).toBe(0);
    expect(printed()).not.toContain(CANARY);
    return printed();
  } finally {
    clean();
  }
}

test('the settings are read as they were meant', () => {
  const { vars, triggers } = readToml({ config: join(copy.folder, 'wrangler.toml') });
  expect(triggers.crons).toEqual(['*/30 * * * *', '15 3 * * SUN']);
  expect(vars).toMatchObject({
    DRY_RUN: false,
    STATUS_PAGE: 'access',
    RULES: [{ show: false }, { projects: ['*'] }],
  });
});

test('npm run check passes', async () => {
  await passes('npm', 'run', 'check');
});

test('npm run build passes, and puts no secret into what is deployed', async () => {
  await passes('npm', 'run', 'build');
  const built = readFileSync(join(copy.folder, '.wrangler/dry-run/index.js'), 'utf8');
  expect(built).not.toContain(CANARY);
});

test('npm run build of settings that are broken says what is, and builds nothing', async () => {
  const file = join(copy.folder, 'wrangler.toml');
  const good = readFileSync(file, 'utf8');
  rmSync(join(copy.folder, '.wrangler/dry-run'), { recursive: true, force: true });
  writeFileSync(file, good.replace('MAX_DELETES_PER_RUN = 500', 'MAX_DELETES_PER_RUN = "many"'));
  const { ended, printed, clean } = run(copy, ['npm', 'run', 'build']);
  try {
    expect(await ended, printed()).toBe(1);
    expect(printed()).toContain('  MAX_DELETES_PER_RUN: must be ');
    expect(existsSync(join(copy.folder, '.wrangler/dry-run'))).toBe(false);
  } finally {
    clean();
    writeFileSync(file, good);
  }
});

test('none of them reaches the tests of the Worker', async () => {
  const command = ['npm', 'run', 'vitest', '--', 'run', '--project', 'worker', 'test/config/unset.test.ts'];
  expect(await passes(...command)).toMatch(/^1 passed, 0 failed/m);
});
