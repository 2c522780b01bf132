// Every file that the prose names by its path is there: a table of tests is worth nothing where it points nowhere.

import { expect, test } from 'vitest';
import { SCHEMA } from '../../src/keeper/store/schema.ts';
import { PROSE } from './prose.ts';

const prose = import.meta.glob<string>(['../../*.md', '../../docs/**/*.md', '../README.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = new Set(
  Object.keys(
    import.meta.glob([
      '../../{src,test,cli,doctor,share,simulator,bench,mutants}/**/*.ts',
      '../../docs/**/*.md',
      '../*.md',
    ]),
  ).map((path) => new URL(path, 'https://root.test/test/architecture/').pathname.slice(1)),
);

test('prose names no file that is not there', () => {
  const named = Object.values(prose).flatMap(
    (text) =>
      text.match(/\b(?:src|test|cli|doctor|share|simulator|bench|mutants|docs)\/[\w/.-]+\.(?:ts|md)\b/g) ??
      [],
  );
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((path) => !files.has(path))).toEqual([]);
});

test('every folder of tests has its row in test/README.md, and no other has', () => {
  const folders = [...files].flatMap((path) => /^test\/([\w-]+)\/.*\.test\.ts$/.exec(path)?.[1] ?? []);
  const rows = [...(PROSE.get('test/README.md') ?? '').matchAll(/^\| `([\w-]+)` \|/gm)].map(
    ([, name]) => name,
  );
  expect(rows.toSorted()).toEqual([...new Set(folders)].toSorted());
});

const sources = Object.keys(import.meta.glob('../../src/**/*.ts')).map((path) => path.replace('../../', ''));

test('docs/architecture.md has a row for every table that is stored, and for every part of the sources', () => {
  const page = PROSE.get('docs/architecture.md') ?? '';
  const named = [...page.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  const tables = SCHEMA.flatMap((statement) => /TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? []);
  const parts = sources.flatMap((path) => /^src\/[\w-]+(?=\/)/.exec(path)?.[0] ?? []);
  expect(tables.length).toBeGreaterThan(9);
  expect([...tables, ...new Set(parts)].filter((name) => !named.includes(name))).toEqual([]);
});

const everything = import.meta.glob<string>(
  [
    '../../{src,test,cli,doctor,share,simulator,bench,mutants,setup}/**/*.{ts,mjs}',
    '../../*.md',
    '../../docs/**/*.md',
    '../../template/**/*.{md,jsonc}',
    '../../wrangler.toml',
    '!**/node_modules/**',
    '!./docs.test.ts',
  ],
  { query: '?raw', import: 'default' },
);
const OF_OTHERS =
  /\bdesign(?:'s)? (?:document|section)|\bdesign\.md|(?<!RFC \d{4}.{0,9})\bsection \d|\(reference:/i;

test('nothing cites a document that a reader of the repository does not have', async () => {
  const cited = await Promise.all(
    Object.entries(everything).map(async ([path, read]) => {
      const lines = (await read()).split('\n');
      return lines.flatMap((line, index) => (OF_OTHERS.test(line) ? [`${path}:${index + 1}: ${line}`] : []));
    }),
  );
  expect(cited.length).toBeGreaterThan(200);
  expect(cited.flat()).toEqual([]);
});

/** Phrases that nobody would say aloud, of which each stood on a page or in the prose, and was put into plain English. */
const TRANSLATED = [
  'until when it stays',
  'starts closed and dry',
  'Cron triggers stand',
  'match it, whole',
  'match applies, whole',
  'a leading `!` takes out',
  '" to take out',
  'goes whole, its alias included',
  'preview goes whole',
  'cannot be asked is built',
  'told once when',
  'until all are mended',
  'a refused token say',
  'calls a second is all',
  'typed anew',
  'Mind the builds',
  'that need eyes',
  'Live, but behind',
  "'Deleted after",
  'Deleted at the next run',
  'what it cost in API calls',
  'met trouble',
  'This is the data of',
  'One thing to look at',
  'There is no such page, or',
];

test('what was put into plain English stays so, but for what only tests say', async () => {
  const shown = Object.entries(everything).filter(([path]) => path.startsWith('../../'));
  expect(shown.length).toBeGreaterThan(200);
  const said = await Promise.all(
    shown.map(async ([path, read]) => {
      const text = (await read()).replaceAll(/\s+/g, ' ');
      return TRANSLATED.flatMap((phrase) => (text.includes(phrase) ? [`${path}: ${phrase}`] : []));
    }),
  );
  expect(said.flat()).toEqual([]);
});
