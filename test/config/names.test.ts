// Names among the settings that are none of ours: nearly ours is an error, anything else a warning.

import { expect, test } from 'vitest';
import { readSettings } from '../../src/config/config.ts';
import { SECRETS, VARS } from '../../src/config/names.ts';
import { type Env, lines, read, VALID, withPolicy, withRule } from './fixture.ts';

test.each([
  ['MAX_DELETE_PER_RUN', 10, 'MAX_DELETES_PER_RUN'],
  ['max_deletes_per_run', 10, 'MAX_DELETES_PER_RUN'],
  ['REBUILDS_PER_MONT', 5, 'REBUILDS_PER_MONTH'],
  ['CONCURENT_REBUILD', 1, 'CONCURRENT_REBUILDS'],
  ['rules', [{ projects: ['*'] }], 'RULES'],
  ['RULE', { projects: ['*'] }, 'RULES'],
  ['DRYRUN', false, 'DRY_RUN'],
  ['DRY_RNU', 'false', 'DRY_RUN'],
  ['Status_Page', 'public', 'STATUS_PAGE'],
  ['STATUS_PASWORD', 'a password', 'STATUS_PASSWORD'],
  ['CLOUDFLARE_API_TOKENS', 'token', 'CLOUDFLARE_API_TOKEN'],
  ['SHARE-KEY', 'key', 'SHARE_KEY'],
])('%s is nearly ours: an error that names the right one', (name, value, meant) => {
  const path = name === 'SHARE-KEY' ? '"SHARE-KEY"' : name;
  expect(lines({ [name]: value })).toEqual([`${path}: is not known; did you mean ${meant}?`]);
});

test.each(['NODE_VERSION', 'TUBES', 'URLS', 'KEEPER_NAME', 'API_TOKEN', 'PAGE'])(
  '%s is none of ours: a warning',
  (name) => {
    expect(read({ [name]: 'x' }).warnings).toEqual([`${name} is no setting of ours: nothing reads it.`]);
  },
);

test('ours are known, each of them, and what is bound is not looked at', () => {
  expect(read().warnings).toEqual([]);
  const all = Object.fromEntries([...VARS, ...SECRETS].map((name) => [name, 'x']));
  const { problems } = readSettings({
    ...all,
    rule: new Map(),
    Rules: () => null,
    RULE: { id: 'a version' },
  });
  expect(problems.filter(({ message }) => message.startsWith('is not known'))).toEqual([]);
});

test('every setting that is read has its place in the lists of names', () => {
  const asked = new Set<string>();
  const watched: ProxyHandler<Env> = {
    getOwnPropertyDescriptor(env, name) {
      asked.add(String(name));
      return Reflect.getOwnPropertyDescriptor(env, name);
    },
  };
  for (const mode of ['closed', 'password', 'access']) {
    const env: Env = new Proxy({ ...VALID, STATUS_PAGE: mode }, watched);
    readSettings(env);
  }
  expect([...VARS, ...SECRETS].filter((name) => !asked.has(name))).toEqual([]);
  expect([...asked].filter((name) => ![...VARS, ...SECRETS].includes(name))).toEqual([]);
});

test('a value is never shown, whatever its name, nor a key that became a name', () => {
  const key = 'v1.0-abcdef0123456789abcdef0123456789';
  const { warnings } = read({ [key]: 'canary-value', OTHER: 'canary-value' });
  expect(warnings.join('\n')).not.toMatch(/canary|abcdef0123/);
  expect(lines({ STATUS_PASWORD: 'canary-value' }).join()).not.toContain('canary');
});

test.each([
  [withRule({ MAX_DELETE_PER_RUN: 1 }), 'RULES[0].MAX_DELETE_PER_RUN', 'MAX_DELETES_PER_RUN'],
  [withPolicy({ DRY_RUNS: false }), 'RULES[0].prune.DRY_RUNS', 'DRY_RUN'],
])('one that slid into a rule and is nearly ours is told where it belongs: %#', (change, path, meant) => {
  expect(lines(change)).toEqual([
    `${path}: is not known; did you mean ${meant}? It belongs in [vars], above the first [[vars.RULES]]`,
  ]);
});
