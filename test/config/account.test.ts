import { describe, expect, it } from 'vitest';
import { lines, problems, read } from './fixture.ts';

const KEY = { CLOUDFLARE_API_TOKEN: '', CLOUDFLARE_EMAIL: 'me@example.com', CLOUDFLARE_API_KEY: 'key0123' };

describe('credentials', () => {
  it('are the API token', () => {
    expect(read().credentials).toEqual({ kind: 'token', token: 'token-0123456789' });
  });

  it('are the e-mail address and the Global API key where there is no token', () => {
    expect(read(KEY).credentials).toEqual({ kind: 'key', email: 'me@example.com', key: 'key0123' });
  });

  it.each([
    [
      'none',
      { CLOUDFLARE_API_TOKEN: undefined },
      'CLOUDFLARE_API_TOKEN: is missing: npx wrangler secret put CLOUDFLARE_API_TOKEN',
    ],
    [
      'both',
      { ...KEY, CLOUDFLARE_API_TOKEN: 'token' },
      'CLOUDFLARE_API_TOKEN: is enough by itself: remove CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY',
    ],
    [
      'a token and half a pair',
      { CLOUDFLARE_EMAIL: 'me@example.com' },
      'CLOUDFLARE_API_TOKEN: is enough by itself: remove CLOUDFLARE_EMAIL',
    ],
    [
      'an e-mail address alone',
      { ...KEY, CLOUDFLARE_API_KEY: '' },
      'CLOUDFLARE_API_KEY: is missing (it goes with CLOUDFLARE_EMAIL): npx wrangler secret put CLOUDFLARE_API_KEY',
    ],
    [
      'a key alone',
      { ...KEY, CLOUDFLARE_EMAIL: '' },
      'CLOUDFLARE_EMAIL: is missing; it goes with CLOUDFLARE_API_KEY',
    ],
  ])('%s: an error that says what to do', (_, change, line) => {
    expect(lines(change)).toEqual([line]);
  });

  it.each(['two words', 'line-end\n', 'ümlaut', 7])('a token %j could not be sent: an error', (token) => {
    expect(problems({ CLOUDFLARE_API_TOKEN: token })).toMatchObject([{ path: 'CLOUDFLARE_API_TOKEN' }]);
  });
});

describe('CLOUDFLARE_ACCOUNT_ID', () => {
  it.each(['account', '0123456789abcdef0123456789abcdef', 'a'])('%s is fine', (id) => {
    expect(read({ CLOUDFLARE_ACCOUNT_ID: id }).accountId).toBe(id);
  });

  it.each([undefined, '', 'a/b', '../x', 'a b', '0'.repeat(33), 7])('%j is an error', (id) => {
    expect(problems({ CLOUDFLARE_ACCOUNT_ID: id })).toMatchObject([{ path: 'CLOUDFLARE_ACCOUNT_ID' }]);
  });
});

describe('CLOUDFLARE_API_BASE_URL', () => {
  it('is the public API by default', () => {
    expect(read()).toMatchObject({
      apiBaseUrl: 'https://api.cloudflare.com/client/v4',
      simulated: false,
      keeperName: 'account@api.cloudflare.com',
    });
  });

  it.each([
    ['https://api.example.com/v4//', 'https://api.example.com/v4', false, 'account@api.example.com'],
    ['https://api.example.com', 'https://api.example.com', false, 'account@api.example.com'],
    ['http://localhost:8788/client/v4', 'http://localhost:8788/client/v4', true, 'account@localhost:8788'],
    ['http://127.1.2.3:1', 'http://127.1.2.3:1', true, 'account@127.1.2.3:1'],
    ['http://[::1]:1', 'http://[::1]:1', true, 'account@[::1]:1'],
    ['https://localhost', 'https://localhost', true, 'account@localhost'],
  ])('%s', (url, apiBaseUrl, simulated, keeperName) => {
    expect(read({ CLOUDFLARE_API_BASE_URL: url })).toMatchObject({ apiBaseUrl, simulated, keeperName });
  });

  it.each([
    'http://api.cloudflare.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'localhost:8788',
    'ftp://localhost',
    'api.cloudflare.com',
    'https://user:password@api.example.com',
    'https://user@api.example.com',
    'https://api.example.com/?a=b',
    'https://api.example.com/#a',
    true,
  ])('%j is an error: a token must not go there', (url) => {
    expect(problems({ CLOUDFLARE_API_BASE_URL: url })).toMatchObject([{ path: 'CLOUDFLARE_API_BASE_URL' }]);
  });

  it('never shows the password in a URL', () => {
    expect(lines({ CLOUDFLARE_API_BASE_URL: 'https://me:canary@api.example.com' }).join()).not.toContain(
      'canary',
    );
  });
});
