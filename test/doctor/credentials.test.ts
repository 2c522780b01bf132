// What is said about a token is what was seen: never that it may write because it may read.

import { describe, expect, test } from 'vitest';
import { examine, writesByPolicy } from '../../doctor/credentials.ts';
import { concludeCredential } from '../../doctor/findings.ts';
import { credentialsSection } from '../../doctor/settings-section.ts';
import { PagesApiError } from '../../src/pages-api/errors.ts';

const ACCOUNT = 'a'.repeat(32);
const ID = '0123456789abcdef0123456789abcdef';
const CONFIG = { accountId: ACCOUNT, credentials: { kind: 'token', token: 'CANARY-token' } } as const;
const ACTIVE = { id: ID, status: 'active' };

/** An API that answers these paths and refuses all others. */
const answering = (answers: Readonly<Record<string, unknown>>, kind: 'rejected' | 'blocked' = 'rejected') => {
  const asked: string[] = [];
  const get = (path: string): Promise<unknown> => {
    asked.push(path);
    if (path in answers) return Promise.resolve(answers[path]);
    const call = { method: 'GET', path };
    return Promise.reject(
      new PagesApiError(call, { kind, status: 401, code: 1000, what: 'Invalid API Token' }),
    );
  };
  return { get, asked };
};

const allow = (resource: string, ...names: string[]) => ({
  effect: 'allow',
  resources: { [resource]: '*' },
  permission_groups: names.map((name) => ({ id: 'x', name })),
});
const MINE = `com.cloudflare.api.account.${ACCOUNT}`;

describe('the API is asked', () => {
  test('as about a user token first, then as about an account token', async () => {
    const user = answering({ '/user/tokens/verify': { ...ACTIVE, expires_on: '2027-01-01T00:00:00Z' } });
    expect(await examine(user, CONFIG)).toMatchObject({
      ...{ kind: 'user token', status: 'active', expiresOn: '2027-01-01T00:00:00Z', writes: null },
    });
    const path = `/accounts/${ACCOUNT}/tokens`;
    const account = answering({
      [`${path}/verify`]: ACTIVE,
      [`${path}/${ID}`]: { policies: [allow(MINE, 'Pages Write')] },
    });
    expect(await examine(account, CONFIG)).toMatchObject({
      kind: 'account token',
      status: 'active',
      writes: true,
    });
    expect(account.asked[0]).toBe('/user/tokens/verify');
  });

  test('where neither answers, the first refusal is kept', async () => {
    const seen = await examine(answering({}), CONFIG);
    expect(seen).toMatchObject({ kind: 'token', status: null, writes: null });
    expect(seen.why).toContain('Invalid API Token');
  });

  test('nothing about a Global API key, which no endpoint checks', async () => {
    const api = answering({});
    const credentials = { kind: 'key', email: 'a@example.com', key: 'CANARY-key' } as const;
    expect(await examine(api, { ...CONFIG, credentials })).toMatchObject({ kind: 'key', writes: null });
    expect(api.asked).toEqual([]);
  });

  test('no more when it says that it was asked too much', async () => {
    await expect(examine(answering({}, 'blocked'), CONFIG)).rejects.toThrow(PagesApiError);
  });

  test('an id that is none is not asked about', async () => {
    const api = answering({ '/user/tokens/verify': { id: '../../accounts', status: 'active' } });
    await examine(api, CONFIG);
    expect(api.asked).toEqual(['/user/tokens/verify']);
  });
});

test.each([
  ['no list', undefined, null],
  ['an empty list', [], null],
  ['Pages Write for this account', [allow(MINE, 'Pages Read', 'Pages Write')], true],
  ['Pages Write for all accounts', [allow('com.cloudflare.api.account.*', 'Pages Write')], true],
  [
    'Pages Write by its id',
    [{ ...allow(MINE), permission_groups: [{ id: '8d28297797f24fb8a0c332fe0866ec89' }] }],
    true,
  ],
  ['Pages Write for another account', [allow('com.cloudflare.api.account.other', 'Pages Write')], false],
  ['Pages Read', [allow(MINE, 'Pages Read')], false],
  ['a policy that denies something', [allow(MINE, 'Pages Write'), { effect: 'deny' }], null],
])('policies: %s', (_name, policies, expected) => {
  expect(writesByPolicy(policies, ACCOUNT)).toBe(expected);
});

describe('in words', () => {
  const SEEN = { kind: 'user token', status: 'active', why: null, expiresOn: null, writes: null } as const;
  const words = (...about: Parameters<typeof credentialsSection>) => credentialsSection(...about).join('\n');

  test('that it may write is claimed only when its policies say so', () => {
    expect(words(SEEN, null)).toMatch(/may read +yes/);
    expect(words(SEEN, null)).toMatch(/may write +not known/);
    expect(words({ ...SEEN, writes: true }, null)).toMatch(/may write +yes by its own policies/);
    expect(words({ ...SEEN, writes: false }, null)).toMatch(/may write +no by its own policies/);
  });

  test('what is refused was not seen', () => {
    expect(words({ ...SEEN, kind: 'token', status: null, why: 'because' }, 'HTTP 403')).toMatch(
      /valid +no: because/,
    );
    expect(words(SEEN, 'HTTP 403')).toMatch(
      /account +not seen: HTTP 403[\s\S]*may read +not seen[\s\S]*may write +not seen/,
    );
  });

  test.each([
    [SEEN, null, 0],
    [{ ...SEEN, status: 'expired' }, null, 1],
    [{ ...SEEN, writes: false }, null, 1],
    [SEEN, 'HTTP 403', 1],
  ])('%j, refused %j: %i things to fix', (credential, refused, things) => {
    expect(concludeCredential(credential, refused).must).toHaveLength(things);
  });
});
