// Every command in the prose is run by a test: commands.ts says by which.

import { expect, test } from 'vitest';
import ci from '../../.ci/run?raw';
import nightly from '../../.github/workflows/long.yml?raw';
import { scripts } from '../../package.json';
import { COMMANDS } from '../../setup/commands.mjs';
import release from '../../setup/release.mjs?raw';
import template from '../../template/README.md?raw';
import { ROWS, rowOf } from './commands.ts';
import { commands, PROSE } from './prose.ts';

const files = import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default' });
const found = commands();

const others: Record<string, string> = {
  '.ci/run': ci,
  '.github/workflows/long.yml': nightly,
  'setup/release.mjs': release,
};

const textOf = (file: string) => others[file] ?? files[file.replace(/^test\//, '../')]?.();

test('every command that the prose names has a row', () => {
  expect(found.length).toBeGreaterThan(20);
  const unknown = found.filter(({ text }) => rowOf(text) === undefined);
  expect(
    unknown.map(({ file, line, text }) => `${file}:${line}: ${text}`),
    'add a row to test/architecture/commands.ts: [/^the command$/, the test file that runs it, what stands there]',
  ).toEqual([]);
});

test.each(ROWS)('%s stands in the prose, and is run by %s', async (pattern, by, marker) => {
  expect(found.filter(({ text }) => pattern.test(text))).not.toEqual([]);
  if (by !== null) expect(await textOf(by)).toContain(marker);
});

test('every script that the prose names is there', () => {
  const named = found.flatMap(({ text }) => /^npm (?:run )?([\w:-]+)/.exec(text)?.[1] ?? []);
  expect(
    named.filter((name) => !['ci', 'create', 'install', 'pack'].includes(name) && !(name in scripts)),
  ).toEqual([]);
});

test('every script goes by way of setup, which finds a Node and installs; npm may be set to run no `pre` script', () => {
  const names = Object.keys(COMMANDS);
  const { prepare, ...typed } = scripts;
  // npm itself runs it, where there may be nothing but Node.
  expect(prepare).toBe('node setup/package.mjs');
  expect(typed).toEqual(Object.fromEntries(names.map((name) => [name, `node setup/run.mjs ${name}`])));
});

test('what `npm run deploy` does is what `npm run build` tries', () => {
  const [deploy, build] = [COMMANDS.deploy, COMMANDS.build].map((command) =>
    command?.steps.flatMap(({ file, args }) => [file, ...args]),
  );
  expect(build?.slice(0, deploy?.length)).toEqual(deploy);
  expect(build?.slice(deploy?.length)).toContain('--dry-run');
});

test('what is deployed is looked at first', () => {
  for (const command of [COMMANDS.deploy, COMMANDS.build])
    expect(command?.steps[0]).toEqual({ file: 'cli/pages-keeper.ts', args: ['doctor', '--settings'] });
});

test('whoever is told to deploy is told how that logs in, and what to do where there is no browser', () => {
  for (const text of [PROSE.get('README.md') ?? '', template]) {
    expect(text).toContain('npm run deploy');
    expect(text).toMatch(
      /The first `deploy` logs you in to Cloudflare in a browser\. Where there is none \(a server, CI\),/,
    );
  }
  // And whoever meets wrangler's own words about it.
  expect(PROSE.get('docs/troubleshooting.md')).toContain('wrangler has no browser to log in with');
});

test('every file and folder of a vitest command is there', () => {
  const paths = found.flatMap(({ text }) => /vitest .*\b(test\/[\w/.-]+)$/.exec(text)?.[1] ?? []);
  const known = Object.keys(files).map((path) =>
    new URL(path, 'https://root.test/test/architecture/').pathname.slice(1),
  );
  const missing = paths.filter((path) => !known.some((file) => file === path || file.startsWith(`${path}/`)));
  expect(missing).toEqual([]);
});
