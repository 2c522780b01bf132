// Share links: one project, in every mode, until the date or until the key changes; no other page, and no trouble of ours.

import { describe, expect, it } from 'vitest';
import { endOf, sharePath } from '../../src/web/auth/share.ts';
import type { Site } from '../../src/web/site.ts';
import { type Answers, judged, NOW, PROBLEM, statusPage, summary } from './fixtures.ts';

const KEY = 'a key of thirty-two characters!!';
const UNTIL = new Date(NOW + 86_400_000).toISOString().slice(0, 10);
const MODES: Site['door'][] = [
  { mode: 'closed' },
  { mode: 'public' },
  { mode: 'password', password: 'a password' },
  { mode: 'access', teamDomain: null, audience: null },
];

const page = (door: Site['door'], answers: Answers = {}, change: Partial<Site> = {}) =>
  statusPage(answers, { door, shareKey: KEY, ...change });
const link = (project = 'docs', until = UNTIL, key = KEY) => sharePath(key, project, until);

describe.each(MODES)('with $mode', (door) => {
  it('shows the project, asks for no other, and links to nothing but itself and its builds', async () => {
    const { get, keeper } = page(door);
    const path = await link();
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(keeper.asked.map(([what, name]) => [what, name])).toEqual([['project', 'docs']]);
    const text = await response.text();
    expect(text).toContain('1 deployment');
    const inside = [...text.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href ?? '');
    expect(inside.filter((href) => !href.startsWith(path))).toEqual([]);
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
  });

  it('filters and turns pages under the link', async () => {
    const { get, keeper } = page(door, { project: { pages: 3, page: 2, matching: 70 } });
    const path = await link();
    const text = await (await get(`${path}?status=failed&page=2`)).text();
    expect(keeper.asked[0]?.[2]).toMatchObject({ page: 2, status: 'failed' });
    expect(text).toContain(`${path}?status=failed&amp;page=3`);
  });

  it.each<[string, () => Promise<string>]>([
    ['another project', async () => (await link()).replace('/docs/', '/blog/')],
    ['another date', async () => (await link()).replace(UNTIL, '2099-01-01')],
    ['another key', () => link('docs', UNTIL, KEY.toUpperCase())],
    ['a date that is over', () => link('docs', new Date(NOW).toISOString().slice(0, 10))],
    ['a date that is none', () => link('docs', '2099-02-30')],
    ['a signature cut off', async () => (await link()).slice(0, -1)],
    ['a longer signature', async () => `${await link()}A`],
    ['no signature', async () => `/share/docs/${UNTIL}/x`],
  ])('refuses %s, names nothing and wakes nobody', async (_, path) => {
    const { get, counter } = page(door);
    const response = await get(await path());
    expect([response.status, counter.wakes]).toEqual([403, 0]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.text()).toContain('This link does not work');
  });

  it('opens no other route', async () => {
    if (door.mode === 'public') return;
    const path = await link();
    for (const other of [
      '/',
      '/runs',
      '/projects/docs',
      '/find?q=docs',
      `${path}.json`,
      `${path}/badge.svg/x`,
    ]) {
      const { get, counter } = page(door);
      const { status } = await get(`${other}?share=${path}`);
      expect([status >= 400, counter.wakes]).toEqual([true, 0]);
    }
  });
});

describe('what a client sees', () => {
  const door = { mode: 'closed' } as const;

  it('is the state, the links and the builds, and until when; no upkeep, no form to find things', async () => {
    const dry = summary({ dryRun: true, rolledBack: false });
    const html = await page(door, { project: { summary: dry } }).text(await link());
    const text =
      html
        .split('<main')[1]
        ?.replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ') ?? '';
    for (const words of ['docs', 'Open docs.example.com', 'Ready', '1 deployment'])
      expect(text).toContain(words);
    expect(text).toContain('This link works until 25 Nov, 00:00 UTC (01:00 in Berlin).');
    for (const word of ['pruning', 'rebuild', 'DRY_RUN', 'Kept', 'stored', 'Use elsewhere', 'project id'])
      expect(text).not.toContain(word);
    expect(html).not.toContain('/find');
    expect(html).not.toContain('/deployments/');
  });

  it('has a feed of its own, with no address behind the door', async () => {
    const failed = judged({ stage: 'build', stageStatus: 'failure' });
    const { get } = page(door, { project: { deployments: [judged(), failed] } });
    const path = await link();
    const response = await get(`${path}/feed.atom`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/atom+xml; charset=utf-8',
    ]);
    const atom = await response.text();
    const hrefs = [...atom.matchAll(/href="https:\/\/status\.test([^"]*)"/g)].map(([, href]) => href ?? '');
    expect(hrefs.length).toBeGreaterThan(2);
    expect(hrefs.filter((href) => !href.startsWith(path))).toEqual([]);
    expect((await get(`${path.replace('/docs/', '/blog/')}/feed.atom`)).status).toBe(403);
  });
});

describe('a badge', () => {
  const door = { mode: 'closed' } as const;
  const badge = (project = 'docs', until = UNTIL, key = KEY) => sharePath(key, project, until, 'badge');
  const GREY = 'project: unknown';

  it('shows the state, may be embedded, and asks for one project', async () => {
    const { get, keeper } = page(door);
    const response = await get(await badge());
    expect([response.status, response.headers.get('cross-origin-resource-policy')]).toEqual([
      200,
      'cross-origin',
    ]);
    expect(await response.text()).toContain('docs: ready');
    expect(keeper.asked.map(([what, name]) => [what, name])).toEqual([
      ['standing', 'docs'],
      ['health', undefined],
    ]);
  });

  it('its link opens no page and no feed, and a page’s link no badge', async () => {
    const path = (await badge()).replace('/badge.svg', '');
    const { get, counter } = page(door);
    expect([(await get(path)).status, (await get(`${path}/feed.atom`)).status]).toEqual([403, 403]);
    expect(await (await get(`${await link()}/badge.svg`)).text()).toContain(GREY);
    expect(counter.wakes).toBe(0);
  });

  it.each<[string, () => Promise<string>, number]>([
    ['once it has ended', () => badge('docs', new Date(NOW).toISOString().slice(0, 10)), 0],
    ['with another key', () => badge('docs', UNTIL, KEY.toUpperCase()), 0],
    ['of another project', async () => (await badge()).replace('/docs/', '/blog/'), 0],
    ['of a project that is gone or hidden', () => badge(), 1],
  ])('is a grey picture %s', async (_, path, wakes) => {
    const { get, counter } = page(door, { project: null });
    const response = await get(await path());
    expect([response.status, counter.wakes]).toEqual([200, wakes]);
    expect(await response.text()).toContain(GREY);
  });
});

it('no key, no link', async () => {
  const { get, counter } = page({ mode: 'public' }, {}, { shareKey: null });
  expect([(await get(await link())).status, counter.wakes]).toEqual([403, 0]);
});

it('a project that is gone or hidden is no different from a wrong link', async () => {
  const { get } = page({ mode: 'closed' }, { project: null });
  const response = await get(await link());
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('This link does not work');
});

it('tells of the project, never of the Keeper’s own trouble or its runs', async () => {
  const trouble = { kind: 'token', since: NOW, until: null, message: 'canary' } as const;
  const { text } = page({ mode: 'closed' }, { project: { trouble, summary: summary() } });
  const shown = await text(await link());
  for (const word of ['token', 'canary', 'Runs']) expect(shown).not.toContain(word);
});

it('a slash at its end changes nothing', async () => {
  const { text } = page({ mode: 'closed' });
  const path = await link();
  expect(await text(path)).toContain(`${path}/feed.atom`);
  expect(await text(`${path}/`)).toBe(await text(path));
});

it('while the configuration is broken nobody is asked', async () => {
  const { get, counter } = page({ mode: 'closed' }, {}, { problems: [PROBLEM] });
  expect([(await get(await link())).status, counter.wakes]).toEqual([503, 0]);
});

it('ends at 00:00 UTC of its day, and takes days only', () => {
  expect(endOf('2027-01-01')).toBe(Date.UTC(2027, 0, 1));
  for (const no of ['2027-02-30', '2027-1-1', '2027-01-01T12', '', 'tomorrow']) expect(endOf(no)).toBeNull();
});

it.each(['', '?page=2', '/'])('a page that fails leaves no signature in the log: %s', async (end) => {
  const broken = () => {
    throw new Error('no answer');
  };
  const { get, logged } = page({ mode: 'closed' }, {}, { keeper: broken });
  const path = await link();
  const { status } = await get(`${path}${end}`);
  const signature = path.split('/').at(-1) ?? '';
  expect(signature.length).toBe(43);
  expect([status, JSON.stringify(logged).includes(signature)]).toEqual([503, false]);
  expect(JSON.stringify(logged)).toContain(`/share/docs/${UNTIL}/…`);
});
