// `POST /hooks/…` and the button: who may ask for a build, and that who may not wakes nobody.

import { describe, expect, test } from 'vitest';
import { hookPath } from '../../src/web/auth/hook.ts';
import { sharePath } from '../../src/web/auth/share.ts';
import { PROBLEM, statusPage, summary } from './fixtures.ts';

const KEY = 'a-key-of-hooks-that-is-long-enough-for-it';
const bearer = { authorization: `Bearer ${KEY}` };
const page = (answers = {}, change = {}) =>
  statusPage(answers, { hookKey: KEY, door: { mode: 'closed' }, ...change });
const post = (headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', headers });

test('the key asks for a build, of a branch too', async () => {
  const { get, keeper } = page();
  const response = await get('/hooks/docs?branch=feature/x', post(bearer));
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({
    project: 'docs',
    branch: 'main',
    buildAt: '2026-11-24T13:18:00.000Z',
  });
  expect(keeper.asked).toEqual([['ask', { project: 'docs', branch: 'feature/x', by: 'hook' }]]);
});

test('a signed address asks for what was signed, and nothing else', async () => {
  const { get, keeper, counter } = page();
  const path = await hookPath(KEY, 'docs', null);
  const named = await hookPath(KEY, 'docs', 'feature/é');
  expect((await get(`${path}?branch=other`, post())).status).toBe(202);
  expect((await get(named, post())).status).toBe(202);
  expect(keeper.asked.map(([, request]) => request)).toEqual([
    { project: 'docs', branch: null, by: 'hook' },
    { project: 'docs', branch: 'feature/é', by: 'hook' },
  ]);
  const { wakes } = counter;
  const swapped = path.replace('/docs/', '/blog/');
  const moved = named.replace(/\/[\w-]+\./, '/b3RoZXI.');
  const without = named.replace(/\/[\w-]+\./, '/');
  // No base64url is one letter long.
  const unreadable = named.replace(/\/[\w-]+\./, '/a.');
  for (const wrong of [swapped, moved, without, unreadable, `${path}x`, '/hooks/docs/x'])
    expect((await get(wrong, post())).status).toBe(401);
  expect(counter.wakes).toBe(wakes);
});

test('a call that fails leaves no signature in the log', async () => {
  const broken = () => {
    throw new Error('no answer');
  };
  for (const branch of [null, 'feature/x']) {
    const { get, logged } = page({}, { keeper: broken });
    const path = await hookPath(KEY, 'docs', branch);
    expect((await get(path, post())).status).toBe(503);
    expect(JSON.stringify(logged)).toContain('/hooks/docs/…');
    expect(JSON.stringify(logged)).not.toContain(path.split('/').at(-1));
  }
});

test.each([
  ['no key', {}],
  ['a wrong one', { authorization: `Bearer ${KEY}x` }],
  ['another scheme', { authorization: `Basic ${KEY}` }],
])('%s wakes nobody, whatever the name is', async (_name, headers) => {
  for (const [change, path] of [
    [{}, '/hooks/docs'],
    [{}, '/hooks/nobody'],
    [{ problems: [PROBLEM] }, '/hooks/docs'],
    [{ hookKey: null }, '/hooks/docs'],
  ] as const) {
    const { get, counter } = page({}, change);
    expect([(await get(path, post(headers))).status, counter.wakes]).toEqual([401, 0]);
  }
});

test('only POST, and what is answered to it', async () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const { get, counter } = page();
    const response = await get('/hooks/docs', { method, headers: bearer });
    expect([response.status, response.headers.get('allow'), counter.wakes]).toEqual([405, 'POST', 0]);
  }
  const status = async (kind: 'unknown' | 'no-source' | 'full' | 'starting') =>
    (await page({ asked: { kind } }).get('/hooks/docs', post(bearer))).status;
  expect([
    await status('unknown'),
    await status('no-source'),
    await status('full'),
    await status('starting'),
  ]).toEqual([404, 409, 429, 503]);
  const broken = await page({}, { problems: [PROBLEM] }).get('/hooks/docs', post(bearer));
  expect([broken.status, broken.headers.get('retry-after')]).toEqual([503, '60']);
  expect((await page().get('/hooks/docs?branch=a%20b', post(bearer))).status).toBe(404);
});

describe('the button', () => {
  const known = { authorization: `Basic ${btoa('x:long enough')}` };
  const own = { 'sec-fetch-site': 'same-origin' };
  const behind = { door: { mode: 'password', password: 'long enough' }, rebuildButton: true };
  const press = (headers: Record<string, string>, change = {}) => {
    const { get, counter } = page({}, { ...behind, ...change });
    return get('/projects/docs/rebuild', post(headers)).then((response) => ({
      response,
      wakes: counter.wakes,
    }));
  };

  test('asks for a build and leads back', async () => {
    const { response } = await press({ ...known, ...own });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/projects/docs']);
    const old = await press({ ...known, origin: 'https://status.test' });
    expect(old.response.status).toBe(303);
  });

  test.each<[string, Record<string, string>, object, number]>([
    ['from another site', { ...known, 'sec-fetch-site': 'cross-site' }, {}, 403],
    ['from a neighbour', { ...known, 'sec-fetch-site': 'same-site', origin: 'https://status.test' }, {}, 403],
    ['from nowhere', { ...known, 'sec-fetch-site': 'none' }, {}, 403],
    ['with an origin of nobody', { ...known, origin: 'null' }, {}, 403],
    ['with another origin', { ...known, origin: 'https://evil.test' }, {}, 403],
    ['without either', known, {}, 403],
    ['without the password', own, {}, 401],
    ['in public', own, { door: { mode: 'public' } }, 403],
    ['closed', { ...known, ...own }, { door: { mode: 'closed' } }, 403],
    ['where there is none', { ...known, ...own }, { rebuildButton: false }, 403],
  ])('%s it is refused, and wakes nobody', async (_name, headers, change, status) => {
    const { response, wakes } = await press(headers, change);
    expect([response.status, wakes]).toEqual([status, 0]);
  });

  test('is shown to who may press it, where a rule says so', async () => {
    const form = 'action="/projects/docs/rebuild"';
    const text = async (hook: boolean, change: object) =>
      page({ project: { summary: summary({ hook }) } }, { ...behind, ...change }).text('/projects/docs', {
        headers: known,
      });
    expect(await text(true, {})).toContain(form);
    expect(await text(false, {})).not.toContain(form);
    expect(await text(true, { rebuildButton: false })).not.toContain(form);
    expect(await text(true, { door: { mode: 'public' } })).not.toContain(form);
  });

  test.each<[string, boolean, object, string | null]>([
    ['hooks and the button', true, {}, 'Hooks and the button start 6 builds an hour at most'],
    ['hooks alone', true, { rebuildButton: false }, 'Hooks start 6 builds an hour at most'],
    ['the button alone', true, { hookKey: null }, 'The button starts 6 builds an hour at most'],
    ['who has no button', true, { door: { mode: 'public' } }, 'Hooks start 6 builds an hour at most'],
    ['nobody', true, { hookKey: null, rebuildButton: false }, null],
    ['a rule that allows neither', false, {}, null],
  ])('the limit is said of %s', async (_who, hook, change, sentence) => {
    const answers = { project: { summary: summary({ hook }) } };
    const shown = await page(answers, { ...behind, ...change }).text('/projects/docs', { headers: known });
    if (sentence !== null) expect(shown).toContain(sentence);
    else expect(shown).not.toContain('an hour at most');
  });

  test.each([behind.door, { mode: 'closed' }])(
    'a share link has neither it nor its route, with %o',
    async (door) => {
      const shareKey = 'a-share-key-of-more-than-32-characters';
      const path = await sharePath(shareKey, 'docs', '2099-01-01');
      const answers = { project: { summary: summary({ hook: true }) } };
      const { get, keeper } = page(answers, { ...behind, door, shareKey });
      const response = await get(path, { headers: known });
      const shown = await response.text();
      expect([response.status, /\/rebuild|an hour at most|<button[^>]*>Rebuild/.test(shown)]).toEqual([
        200,
        false,
      ]);
      for (const other of [path, `${path}/rebuild`])
        expect((await get(other, post({ ...known, ...own }))).status).toBeGreaterThanOrEqual(403);
      expect(keeper.asked.filter(([what]) => what === 'ask')).toEqual([]);
    },
  );
});
