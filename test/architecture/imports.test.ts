// The structure, held: which part may import which, and what planning and views must not touch. Reads the sources as text.

import { describe, expect, test } from 'vitest';

const sources = import.meta.glob<string>('../../src/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = Object.entries(sources)
  .map(([path, text]) => ({ path: path.replace('../../src/', ''), text }))
  .filter(({ path }) => path !== 'env.d.ts');

// index -> web, keeper -> policy -> pages-api/model, git/refs. `report` is what the Keeper tells the page; `words` are shared by page
// and doctor; `config` and `log` stand beside: types that all may use.
const MAY_IMPORT: Record<string, readonly string[]> = {
  'pages-api': ['pages-api'],
  git: ['git'],
  policy: ['policy', 'pages-api/model.ts', 'git/names.ts', 'git/refs.ts', 'git/address.ts'],
  'report.ts': ['policy', 'pages-api/model.ts'],
  'found.ts': ['report.ts', 'pages-api/model.ts'],
  'reads.ts': ['found.ts', 'report.ts', 'pages-api/model.ts'],
  words: ['words', 'policy', 'report.ts', 'pages-api/model.ts'],
  config: ['config', 'policy/rules.ts', 'policy/destinations.ts', 'pages-api/send.ts', 'git/address.ts'],
  keeper: [
    'keeper',
    'policy',
    'report.ts',
    'reads.ts',
    'found.ts',
    'asks.ts',
    'pages-api',
    'git',
    'config/config.ts',
    'log.ts',
  ],
  web: [
    'web',
    'words',
    'policy',
    'report.ts',
    'reads.ts',
    'found.ts',
    'asks.ts',
    'pages-api/model.ts',
    'config/config.ts',
    'log.ts',
  ],
  'index.ts': [
    'keeper',
    'policy',
    'report.ts',
    'reads.ts',
    'found.ts',
    'asks.ts',
    'web',
    'config/config.ts',
    'log.ts',
    'version.ts',
  ],
  'asks.ts': [],
  'log.ts': [],
  'object.ts': [],
  'time.ts': [],
  'version.ts': [],
};

/** What any part may use: they import nothing. */
const LEAVES: readonly string[] = ['object.ts', 'time.ts'];

const partOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : path);

function importsOf({ path, text }: { path: string; text: string }): string[] {
  const base = new URL(path, 'https://src.test/');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target]) =>
    new URL(target ?? '', base).pathname.slice(1),
  );
}

function offences(file: { path: string; text: string }): string[] {
  const allowed = MAY_IMPORT[partOf(file.path)];
  if (allowed === undefined) return [`${file.path} belongs to no part`];
  return importsOf(file)
    .filter((target) => !LEAVES.includes(target))
    .filter((target) => !allowed.includes(target) && !allowed.includes(partOf(target)))
    .map((target) => `${file.path} imports ${target}`);
}

describe('arrows point one way', () => {
  test('no file imports what its part may not', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap(offences)).toEqual([]);
  });

  test('a planted import is found', () => {
    expect(
      offences({ path: 'policy/x.ts', text: "import { a } from '../pages-api/client.ts';" }),
    ).toHaveLength(1);
    expect(
      offences({ path: 'web/x.ts', text: "import { a } from '../keeper/store/store.ts';" }),
    ).toHaveLength(1);
  });
});

/** What the commands share with the Worker beside its decisions, words and settings: the walk, and the signing of links. */
const SHARED = ['close', 'page', 'walk'].map((name) => `keeper/deployments/${name}.ts`);
const SIGNING = ['web/auth/hook.ts', 'web/auth/share.ts'];

test('of the Keeper the commands take the walk alone, of the page the signing of links', () => {
  const commands = import.meta.glob<string>('../../{cli,doctor,share}/*.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const taken = Object.values(commands).flatMap((text) =>
    [...text.matchAll(/from '\.\.\/src\/((?:keeper|web)\/[^']+)'/g)].map(([, path]) => path),
  );
  expect([...new Set(taken)].toSorted()).toEqual([...SHARED, ...SIGNING]);
});

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const IMPURE = /\basync\b|\bfetch\(|Date\.now|new Date\(\)|\bconsole\b|: (?:Keeper)?Env\b|Math\.random/;

describe('decisions and views are pure', () => {
  const pure = files.filter(
    ({ path }) =>
      ['policy/', 'words/', 'web/html/'].some((part) => path.startsWith(part)) || SHARED.includes(path),
  );

  test.each(pure.map(({ path, text }) => [path, text]))('%s', (_path, text) => {
    expect(withoutComments(text)).not.toMatch(IMPURE);
  });

  test('only index and config see the settings', () => {
    const seeing = files.filter(({ text }) =>
      /\benv: (?:Keeper)?Env\b|this\.env\b/.test(withoutComments(text)),
    );
    expect(seeing.map(({ path }) => path)).toEqual(['index.ts']);
  });
});

test('every file opens with what it is', () => {
  expect(files.filter(({ text }) => !text.startsWith('//')).map(({ path }) => path)).toEqual([]);
});
