// The door: every mode on every route. A refused request is told how to get in, sees no name, and never wakes the Keeper.

import { createExecutionContext } from 'cloudflare:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import worker from '../../src/index.ts';
import { createKeysOf } from '../../src/web/auth/access.ts';
import type { Site } from '../../src/web/site.ts';
import { HOUR, NOW, PROBLEM, statusPage } from './fixtures.ts';
import { guarded, pathsOf } from './paths.ts';

const PATHS = pathsOf(guarded({ run: 'x' }));
const GUARDED = [
  ...PATHS,
  ...PATHS.map((path) => path.replace(/(?<=[^/])(?=\?|$)/, '/')),
  ...['/nowhere', '/projects/%E0%A4%A', '/healthz/x', '//healthz'],
];

const PASSWORD = 'correct horse ü';
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`,
});

type Case = readonly [name: string, deps: Partial<Site>, headers: Record<string, string>, status: number];
const password: Partial<Site> = { door: { mode: 'password', password: PASSWORD } };
const access = (audience: string | null, given?: { aud: string }): Partial<Site> => ({
  door: { mode: 'access', teamDomain: null, audience },
  access: given,
});

const REFUSED: readonly Case[] = [
  ['closed', { door: { mode: 'closed' } }, {}, 403],
  ['closed, with a password', { door: { mode: 'closed' } }, basic('x', PASSWORD), 403],
  ['password, none given', password, {}, 401],
  ['password, a wrong one', password, basic('x', 'wrong'), 401],
  ['password, an empty one', password, basic('x', ''), 401],
  ['password, a prefix', password, basic('x', PASSWORD.slice(0, -1)), 401],
  ['password as user name', password, basic(PASSWORD, ''), 401],
  ['password, not base64', password, { Authorization: 'Basic %%%' }, 401],
  ['password, as Bearer', password, { Authorization: `Bearer ${btoa('x:y')}` }, 401],
  ['password empty in the configuration', { door: { mode: 'password', password: '' } }, basic('x', ''), 401],
  ['access, nobody', access(null), {}, 403],
  ['access, another application', access('mine', { aud: 'theirs' }), {}, 403],
  ['access, a token but no team', access('mine'), { 'Cf-Access-Jwt-Assertion': 'a.b.c' }, 403],
  ['access, a password', access(null), basic('x', PASSWORD), 403],
  ['closed and not configured', { door: { mode: 'closed' }, problems: [PROBLEM] }, {}, 403],
];

const LET_IN: readonly Case[] = [
  ['public', { door: { mode: 'public' } }, {}, 200],
  ['password', password, basic('anyone', PASSWORD), 200],
  ['password, without user name', password, basic('', PASSWORD), 200],
  ['access without an audience', access(null, { aud: 'any' }), {}, 200],
  ['access with its audience', access('mine', { aud: 'mine' }), {}, 200],
];

describe.each(REFUSED)('%s', (_, deps, headers, status) => {
  it.each(GUARDED)('%s is refused, names nothing and wakes nobody', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const { get, counter, keeper } = statusPage({}, deps);
      const response = await get(path, { headers, method });
      expect([response.status, counter.wakes, keeper.asked.length]).toEqual([status, 0, 0]);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      expect(response.headers.has('WWW-Authenticate')).toBe(status === 401);
      expect(await response.text()).not.toContain('docs');
    }
  });

  it('leaves /healthz and /robots.txt open', async () => {
    const { get } = statusPage({}, deps);
    expect((await get('/robots.txt', { headers })).status).toBe(200);
    expect((await get('/healthz', { headers })).status).toBe(deps.problems !== undefined ? 503 : 200);
  });
});

describe.each(LET_IN)('%s', (_, deps, headers, status) => {
  it('is let in', async () => {
    const { get, counter } = statusPage({}, deps);
    expect((await get('/', { headers })).status).toBe(status);
    expect(counter.wakes).toBe(1);
  });
});

describe('what a refused visitor reads', () => {
  it('closed: the three ways to open it', async () => {
    const text = await statusPage({}, { door: { mode: 'closed' } }).text('/');
    for (const mode of ['public', 'password', 'access']) expect(text).toContain(`STATUS_PAGE = "${mode}"`);
    expect(text).toContain('wrangler.toml');
  });

  it('programs: a word in JSON, a line for badges and feeds', async () => {
    const { json, text } = statusPage({}, { door: { mode: 'closed' } });
    expect(await json('/status.json')).toEqual({ error: 'closed' });
    expect(await text('/feed.atom')).toBe('This page is closed\n');
  });

  it('not configured: no details, and no question to the Keeper', async () => {
    const { get, json, counter } = statusPage({}, { problems: [PROBLEM] });
    const response = await get('/');
    expect([response.status, counter.wakes]).toEqual([503, 0]);
    expect(await response.text()).toContain('Not configured');
    expect(await json('/status.json')).toEqual({ error: 'config' });
  });

  it('not configured: what is wrong is in the log at once, and on the page for who has shown who he is', async () => {
    const wrong = `${PROBLEM.path} : ${PROBLEM.message}`.replaceAll('"', '&quot;');
    const open = statusPage({}, { problems: [PROBLEM] });
    const text = (await open.text('/')).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(text).not.toContain(PROBLEM.message);
    expect(text).toContain('npm run doctor');
    expect(open.logged).toEqual([{ level: 'error', event: 'config', problems: [PROBLEM] }]);
    const locked = statusPage({}, { ...password, problems: [PROBLEM] });
    const known = await locked.text('/', { headers: basic('me', PASSWORD) });
    expect(known.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(wrong);
    expect(await locked.text('/')).not.toContain('DRY_RUN');
  });
});

const TEAM = 'https://team.cloudflareaccess.com';

describe('the assertion of Cloudflare Access', () => {
  let keys: CryptoKeyPair;
  let jwks: { keys: object[] };
  const claims = { iss: TEAM, aud: ['mine'], exp: NOW / 1_000 + 600 };

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
  });

  const sign = (change: object = {}, kid = 'k1', key: CryptoKey = keys.privateKey, alg = 'RS256') =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg, kid }).sign(key);

  /** A team whose keys are there to be fetched, and what fetches them. */
  function team(fetchKeys: () => Promise<Response> = async () => Response.json(jwks)) {
    const asked = vi.fn(fetchKeys);
    return { asked, keysOf: createKeysOf(asked as typeof fetch) };
  }

  async function knock(token: string, { asked, keysOf } = team()) {
    const page = statusPage({}, { door: { mode: 'access', teamDomain: TEAM, audience: 'mine' }, keysOf });
    const response = await page.get('/', { headers: { 'Cf-Access-Jwt-Assertion': token } });
    return { status: response.status, wakes: page.counter.wakes, asked };
  }

  it('lets in with a good one, by the keys of the team', async () => {
    const { status, asked } = await knock(await sign());
    expect(status).toBe(200);
    expect(String((asked.mock.calls[0] as unknown[])[0])).toBe(`${TEAM}/cdn-cgi/access/certs`);
  });

  it.each([
    ['another audience', { aud: ['theirs'] }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://evil.cloudflareaccess.com' }],
    ['an end in the past', { exp: (NOW - HOUR) / 1_000 }],
    ['no end', { exp: undefined }],
    ['a start in the future', { nbf: (NOW + HOUR) / 1_000 }],
  ])('refuses one with %s', async (_, change) => {
    expect(await knock(await sign(change))).toMatchObject({ status: 403, wakes: 0 });
  });

  it('refuses another key under the same id, another algorithm, none at all, and garbage', async () => {
    const other = await generateKeyPair('RS256', { extractable: true });
    const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
    const [, payload] = (await sign()).split('.');
    const none = `${btoa('{"alg":"none"}').replaceAll('=', '')}.${payload}.`;
    const tokens = [
      await sign({}, 'k1', other.privateKey),
      await sign({}, 'k1', secret as CryptoKey, 'HS256'),
      none,
      'a.b.c',
      '',
      'x'.repeat(100_000),
    ];
    for (const token of tokens) expect(await knock(token)).toMatchObject({ status: 403, wakes: 0 });
  });

  it('looks not at the cookie, and not at the header when the runtime spoke', async () => {
    const door = { mode: 'access', teamDomain: TEAM, audience: 'mine' } as const;
    const token = await sign();
    const { keysOf } = team();
    const cookie = await statusPage({}, { door, keysOf }).get('/', {
      headers: { Cookie: `CF_Authorization=${token}` },
    });
    const theirs = await statusPage({}, { door, keysOf, access: { aud: 'theirs' } }).get('/', {
      headers: { 'Cf-Access-Jwt-Assertion': token },
    });
    expect([cookie.status, theirs.status]).toEqual([403, 403]);
  });

  it('fetches the keys once for many visitors, and once more at most for a flood of made-up key ids', async () => {
    const ours = team();
    for (let visit = 0; visit < 5; visit += 1) await knock(await sign(), ours);
    expect(ours.asked).toHaveBeenCalledTimes(1);
    for (let visit = 0; visit < 50; visit += 1) await knock(await sign({}, `made-up-${visit}`), ours);
    expect(ours.asked.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('turns nobody away who comes while the keys are on their way', async () => {
    const token = await sign();
    const slow = team(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return Response.json(jwks);
    });
    const visits = await Promise.all(Array.from({ length: 5 }, () => knock(token, slow)));
    expect(visits.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('stops asking for keys that cannot be had', async () => {
    const down = team(async () => new Response('down', { status: 500 }) as Response);
    const token = await sign();
    for (let visit = 0; visit < 50; visit += 1) expect((await knock(token, down)).status).toBe(403);
    expect(down.asked.mock.calls.length).toBeLessThanOrEqual(10);
  });

  it('fetches the keys once for all requests to the Worker itself', async () => {
    const asked = vi.fn(async (_url: string) => Response.json(jwks));
    vi.stubGlobal('fetch', asked);
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const env = { STATUS_PAGE: 'access', ACCESS_TEAM_DOMAIN: 'team', ACCESS_AUD: 'mine' };
    const token = await sign({ exp: Math.floor(Date.now() / 1_000) + 600 });
    const request = () =>
      new Request<unknown, IncomingRequestCfProperties>('https://status.test/', {
        headers: { 'Cf-Access-Jwt-Assertion': token },
      });
    const statuses: number[] = [];
    for (let visit = 0; visit < 5; visit += 1) {
      const context = createExecutionContext();
      // Nothing else is configured, so whoever is let in reads that.
      statuses.push((await worker.fetch(request(), env as unknown as Env, context)).status);
    }
    vi.unstubAllGlobals();
    log.mockRestore();
    expect(statuses).toEqual([503, 503, 503, 503, 503]);
    expect(asked.mock.calls.map(([url]) => url)).toEqual([`${TEAM}/cdn-cgi/access/certs`]);
  });
});
