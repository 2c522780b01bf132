// The end of a build's log on a deployment's page: for whom, in which words, and that nothing in it is more than text.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DeploymentPage } from '../../src/found.ts';
import { judged, NOW, statusPage } from './fixtures.ts';

const known = { headers: { authorization: `Basic ${btoa('me:long enough')}` } };
const behind = { door: { mode: 'password', password: 'long enough' }, buildLogs: true } as const;
const PATH = '/projects/docs/deployments/1a2b3c4d-0000-4000-8000-000000000000';
const failed = judged({ stage: 'build', stageStatus: 'failure' });
const page = (log: DeploymentPage['log'], change: object = {}) =>
  statusPage({ deployment: { deployment: failed, log } }, { ...behind, ...change });
const read = (...lines: string[]) => ({ kind: 'read', at: NOW, lines }) as const;

describe('the Keeper is asked for it', () => {
  test.each<[string, boolean, object, string, RequestInit]>([
    ['for who has the password', true, {}, PATH, known],
    [
      'for who came by Access',
      true,
      { door: { mode: 'access', teamDomain: null, audience: null }, access: { aud: 'x' } },
      PATH,
      {},
    ],
    ['not in public', false, { door: { mode: 'public' } }, PATH, known],
    ['not where it is not switched on', false, { buildLogs: false }, PATH, known],
    ['not for JSON', false, {}, `${PATH}.json`, known],
  ])('%s', async (_name, withLog, change, path, init) => {
    const { get, keeper } = page(null, change);
    expect((await get(path, init)).status).toBe(200);
    expect(keeper.asked).toEqual([['deployment', 'docs', PATH.split('/').at(-1), withLog]]);
  });

  test('nor for who has none', async () => {
    const { get, counter } = page(read('a line'));
    expect([(await get(PATH)).status, counter.wakes]).toEqual([401, 0]);
  });
});

test('what is said of it', async () => {
  const text = (log: DeploymentPage['log']) => page(log).text(PATH, known);
  expect(await text(null)).not.toMatch(/its build log/);
  expect(await text({ kind: 'asked' })).toContain('Reload in a few seconds.');
  expect(await text({ kind: 'unread', at: NOW })).toContain('Its build log could not be read at 13:17 UTC');
  expect(await text({ kind: 'too-long', at: NOW })).toContain('Its build log is longer than 1 MB');
  const shown = await text(read('first', '  at line 2'));
  expect(shown).toContain('<bdi>first</bdi>');
  expect(shown).toContain('<bdi>  at line 2</bdi>');
  expect(shown).toContain('2 lines. What looks like a secret is masked. That is best effort');
});

test('hostile lines are text, each for itself, and wrap', async () => {
  const evil = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u202e\u0000';
  const shown = await page(read(evil, 'שלום')).text(PATH, known);
  expect(shown).not.toMatch(/<script|<img|<\/pre><scr|\u202e|\0/);
  expect(shown).toContain('<bdi>&lt;/pre&gt;&lt;script&gt;');
  expect(shown).toContain('<bdi>שלום</bdi>');
  expect(shown).toMatch(/pre\{[^}]*white-space:pre-wrap/);
});

test('with a hundred lines the page is no larger than any other may be', async () => {
  const lines = Array.from(
    { length: 100 },
    (_, at) =>
      `src/components/part-${at}/index.tsx(${at * 7},${at % 80}): error TS${2_300 + at}: Property 'a${at}' is missing.`,
  );
  const shown = await page(read(...lines)).text(PATH, known);
  expect(shown.match(/<bdi>src/g)).toHaveLength(100);
  expect(gzipSync(shown).length).toBeLessThanOrEqual(8 * 1_024);
});
