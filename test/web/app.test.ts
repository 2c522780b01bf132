// The routes: what is answered where, with which status and headers. Content is in the other files of this folder.

import { describe, expect, it } from 'vitest';
import { ACCOUNT_STYLE, STYLE } from '../../src/web/html/style.ts';
import { judged, MINUTE, NOW, overview, PROBLEM, statusPage, summary } from './fixtures.ts';
import { guarded, OPEN } from './paths.ts';

const ROUTES = [...guarded(), ...OPEN].flatMap(([path, type]) =>
  type === null ? [] : [[path, type] as const],
);

const CACHED = ROUTES.filter(([path]) => path !== '/healthz');
const building = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
const busy = { overview: { projects: [summary({ latest: judged(building) })] } };

async function hashOf(style: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
const POLICY = `default-src 'none'; style-src 'sha256-${await hashOf(STYLE)}' 'sha256-${await hashOf(ACCOUNT_STYLE)}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

describe.each(ROUTES)('%s', (path, type) => {
  it(`answers 200 as ${type}`, async () => {
    const { get, logged } = statusPage();
    const response = await get(path);
    expect([response.status, logged]).toEqual([200, []]);
    expect(response.headers.get('Content-Type')).toBe(`${type}; charset=utf-8`);
    expect((await response.text()).length).toBeGreaterThan(20);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { get } = statusPage();
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect([...head.headers]).toEqual([...(await get(path)).headers]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('answers %s with 405', async (method) => {
    const { get, counter } = statusPage();
    const response = await get(path, { method });
    expect([response.status, response.headers.get('Allow'), counter.wakes]).toEqual([405, 'GET, HEAD', 0]);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });
});

describe.each(CACHED)('%s', (path) => {
  it('may be kept by the browser alone, and answers 304 to its tag', async () => {
    const { get } = statusPage();
    const first = await get(path);
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^W\/"[0-9a-f]{20}"$/);
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache');
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await get(path, { headers: { 'If-None-Match': known } });
      expect([again.status, await again.text(), again.headers.get('ETag')]).toEqual([304, '', tag]);
      expect(again.headers.get('Content-Security-Policy')).toBe(POLICY);
    }
    expect((await get(path, { headers: { 'If-None-Match': 'W/"other"' } })).status).toBe(200);
  });
});

describe('security headers', () => {
  it.each([...ROUTES.map(([path]) => path), '/nowhere', '/projects/', '/runs/x/y'])(
    'are on %s',
    async (path) => {
      const { headers } = await statusPage().get(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': POLICY,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow, noarchive',
        'strict-transport-security': 'max-age=31536000',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': path.endsWith('.svg') ? 'cross-origin' : 'same-origin',
      });
      expect(headers.get('Cache-Control')).toMatch(/no-store|private/);
      expect(headers.has('Set-Cookie')).toBe(false);
    },
  );

  it('allow the style of the page, and nothing else', async () => {
    expect(POLICY).toContain("default-src 'none'");
    expect(POLICY).not.toMatch(/unsafe|script-src|https?:/);
    const sheets = (html: string) => [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, sheet]) => sheet);
    const html = await statusPage().text('/projects/docs');
    expect(sheets(html)).toEqual([STYLE]);
    expect(sheets(await statusPage().text('/'))).toEqual([STYLE, ACCOUNT_STYLE]);
    expect(sheets(await statusPage().text('/runs'))).toEqual([STYLE, ACCOUNT_STYLE]);
    expect(html).not.toMatch(/<script|style="| on\w+="/);
  });
});

describe('what is not there', () => {
  it.each([
    '/nowhere',
    '/projects',
    '/projects/docs/x',
    '/projects/docs/badge.png',
    '/runs/x/y',
    '/status.json/x',
  ])('%s answers 404', async (path) => {
    expect((await statusPage().get(path)).status).toBe(404);
  });

  it.each(['/projects/x', '/projects/x.json', '/projects/x/feed.atom'])(
    'an unknown project: %s answers 404',
    async (path) => {
      expect((await statusPage({ project: null }).get(path)).status).toBe(404);
    },
  );

  it('an unknown run answers 404', async () => {
    const { json } = statusPage({ run: null });
    expect(await json('/runs/x.json')).toEqual({ error: 'not-found' });
  });

  it('before the first look, 503 and when to come back', async () => {
    const nothing = { overview: { checkedAt: null, projects: [] }, project: null };
    for (const path of ['/', '/status.json', '/projects/docs', '/projects/docs.json']) {
      const response = await statusPage(nothing).get(path);
      expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '10']);
    }
    expect(await statusPage(nothing).json('/status.json')).toEqual({ error: 'starting' });
  });
});

describe('watching', () => {
  it('reloads while something is under way, and is never kept', async () => {
    const { headers } = await statusPage(busy).get('/?watch=1');
    expect([headers.get('Refresh'), headers.get('Cache-Control')]).toEqual(['15', 'no-store']);
  });

  it('stops by itself when nothing is under way any more', async () => {
    const response = await statusPage().get('/?watch=1');
    expect(response.headers.has('Refresh')).toBe(false);
    expect(await response.text()).toContain('Nothing is under way any more.');
  });

  it('is offered, and never the default', async () => {
    const response = await statusPage(busy).get('/');
    expect(response.headers.has('Refresh')).toBe(false);
    const html = await response.text();
    expect(html).toContain('href="/?watch=1"');
    expect(html).not.toContain('http-equiv');
  });

  it('keeps the filters', async () => {
    const page = statusPage({ project: { deployments: [judged(building)] } });
    expect(await page.text('/projects/docs?env=preview')).toContain(
      'href="/projects/docs?env=preview&amp;watch=1"',
    );
    expect(await page.text('/projects/docs?env=preview&watch=1')).toContain(
      'href="/projects/docs?env=preview">Stop',
    );
  });
});

describe('the query', () => {
  const asked = async (query: string) => {
    const { get, keeper } = statusPage();
    await get(`/projects/docs.json?${query}`);
    return keeper.asked[0]?.[2];
  };
  const all = { page: 1, branch: null, environment: null, status: null, verdict: null };

  it('reaches the Keeper', async () => {
    expect(await asked('page=3&branch=feat%2Fx&env=preview&status=not-built&verdict=next')).toEqual({
      page: 3,
      branch: 'feat/x',
      environment: 'preview',
      status: 'not-built',
      verdict: 'next',
    });
  });

  it.each([
    '',
    'page=0',
    'page=-1',
    'page=1e9',
    'page=999999',
    'env=all',
    'status=broken',
    'verdict=kept',
    'branch=',
    `branch=${'x'.repeat(1_001)}`,
    'branch=%',
    'page=2%00',
  ])('is as if absent when it makes no sense: %s', async (query) => {
    const { branch, ...rest } = (await asked(query)) as typeof all;
    expect(rest).toEqual({ page: 1, environment: null, status: null, verdict: null });
    expect(branch === null || branch === '%').toBe(true);
  });
});

describe('health', () => {
  it.each([
    [{}, 200, { ok: true, reason: null }],
    [{ ok: false, reason: 'token' }, 503, { ok: false, reason: 'token' }],
    [{ ok: false, reason: 'starting', lastRunAt: null }, 503, { lastRunAt: null }],
  ] as const)('%j', async (health, status, body) => {
    const response = await statusPage({ health }).get('/healthz');
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([status, 'no-store']);
    const json = await response.json();
    expect(json).toMatchObject(body);
    expect(Object.keys(json as object)).toEqual(['ok', 'reason', 'lastRunAt', 'lastSuccessAt']);
  });

  it('does not wake the Keeper while the configuration is broken', async () => {
    const { get, counter } = statusPage({}, { problems: [PROBLEM] });
    const response = await get('/healthz');
    expect([response.status, counter.wakes, await response.json()]).toEqual([
      503,
      0,
      { ok: false, reason: 'config', lastRunAt: null, lastSuccessAt: null },
    ]);
  });
});

describe('when the Keeper throws', () => {
  const broken = {
    keeper: () => {
      throw new Error('secret detail');
    },
  };

  it('the page says so without details, the log has them', async () => {
    const { get, logged } = statusPage({}, broken);
    const response = await get('/');
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '10']);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(await response.text()).not.toContain('secret');
    expect(JSON.stringify(logged)).toContain('secret detail');
  });

  it('health is not well', async () => {
    const { json, logged } = statusPage({}, broken);
    expect(await json('/healthz')).toMatchObject({ ok: false, reason: 'stalled' });
    expect(logged).toHaveLength(1);
  });
});

describe('staleness', () => {
  it.each([
    ['fresh', {}, false],
    ['old', { checkedAt: NOW - 16 * MINUTE }, true],
    ['blocked', { trouble: { kind: 'blocked', since: NOW, until: null, message: '' } }, true],
    ['out of rows, yet read', { trouble: { kind: 'rows', since: NOW, until: null, message: '' } }, false],
  ] as const)('%s', async (_, change, stale) => {
    expect(await statusPage({ overview: overview(change) }).json('/status.json')).toMatchObject({ stale });
  });
});

describe('robots.txt', () => {
  /** Whether a crawler may fetch an address, by RFC 9309: the longest rule that fits decides, and `*` stands for anything. */
  async function mayFetch(address: string): Promise<boolean> {
    const text = await statusPage().text('/robots.txt');
    const rules = [...text.matchAll(/^Disallow: (.+)$/gm)].map(([, path = '']) => path);
    const asPattern = (path: string) =>
      path
        .split('*')
        .map((part) => part.replace(/[.?+]/g, '\\$&'))
        .join('.*');
    return !rules.some((path) => new RegExp(`^${asPattern(path)}`).test(address));
  }

  it.each(['/', '/projects/docs', '/runs', '/runs/x', '/feed.atom', '/projects/docs/badge.svg'])(
    'lets a crawler see the noindex of %s',
    async (address) => {
      expect(await mayFetch(address)).toBe(true);
      expect((await statusPage().get(address)).headers.get('X-Robots-Tag')).toContain('noindex');
    },
  );

  it.each([
    '/projects/docs?page=2',
    '/?watch=1',
    '/status.json',
    '/runs/x.json',
    '/go/docs/main',
    '/find?q=x',
  ])('keeps it from what has no end: %s', async (address) => {
    expect(await mayFetch(address)).toBe(false);
  });
});
