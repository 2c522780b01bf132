// Tokens of Cloudflare Access: over random claims and key sets, and with any character of any part changed.

import fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyAccess } from '../../src/web/auth/access.ts';

const NOW = Date.UTC(2026, 10, 24);
const SECONDS = NOW / 1_000;
const ISSUER = 'https://team.cloudflareaccess.com';
const AUDIENCE = 'mine';

let pair: CryptoKeyPair;
let jwk: JWK;

beforeAll(async () => {
  pair = await generateKeyPair('RS256', { extractable: true });
  jwk = await exportJWK(pair.publicKey);
});

/** What the door says to this token, when the team publishes these keys. */
const letsIn = (token: string, keys: JWK[]) =>
  verifyAccess(
    new Request('https://status.test/', { headers: { 'Cf-Access-Jwt-Assertion': token } }),
    { mode: 'access', teamDomain: ISSUER, audience: AUDIENCE },
    { now: () => NOW, keysOf: () => createLocalJWKSet({ keys }) },
  );

/** The same by the words of RFC 7519, written down again. */
function isMeant({ iss, aud, exp, nbf }: Record<string, unknown>): boolean {
  const isOurs = iss === ISSUER && (Array.isArray(aud) ? aud.includes(AUDIENCE) : aud === AUDIENCE);
  const hasBegun = nbf === undefined || (typeof nbf === 'number' && nbf <= SECONDS);
  return isOurs && typeof exp === 'number' && exp > SECONDS && hasBegun;
}

const or = <T>(good: T, ...bad: unknown[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant<unknown>(good) }, fc.constantFrom(...bad, undefined));
const claims = fc.record({
  iss: or(ISSUER, `${ISSUER}/`, 'https://evil.example', 7, [ISSUER]),
  aud: fc.oneof(
    or(AUDIENCE, 'theirs', '', 7),
    fc.constantFrom([AUDIENCE], ['theirs', AUDIENCE], [], ['theirs']),
  ),
  exp: or(SECONDS + 1, SECONDS, SECONDS - 1, '9999999999', SECONDS + 0.5, null),
  nbf: fc.oneof(fc.constant(undefined), or(SECONDS, SECONDS + 1, SECONDS - 1, 'x')),
  sub: fc.string(),
});
const keySet = fc.constantFrom<[boolean, (key: JWK) => JWK[]]>(
  [true, (key) => [{ ...key, kid: 'k1' }]],
  [true, (key) => [{ ...key, kid: 'k1', alg: 'RS256', use: 'sig' }]],
  [
    true,
    (key) => [
      { kty: 'oct', k: 'AAAA', kid: 'k1' },
      { ...key, kid: 'k1' },
    ],
  ],
  [false, (key) => [{ ...key, kid: 'k1', alg: 'RS512' }]],
  [false, (key) => [{ ...key, kid: 'k1', use: 'enc' }]],
  [false, (key) => [{ ...key, kid: 'other' }]],
  [false, () => []],
);
const sign = (payload: object) =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(pair.privateKey);

describe('a token', () => {
  it('lets in exactly where its claims are meant for us and one of the keys is its own', async () => {
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(claims, keySet, async (payload, [holdsKey, keysOf]) => {
        const verdict = await letsIn(await sign(payload), keysOf(jwk));
        expect(verdict).toBe(holdsKey && isMeant(payload));
        verdicts.add(verdict);
      }),
      { numRuns: 300 },
    );
    expect(verdicts.size).toBe(2);
  });

  it('with any character changed, put in or taken out is refused', async () => {
    const keys = [{ ...jwk, kid: 'k1' }];
    const good = await sign({ iss: ISSUER, aud: AUDIENCE, exp: SECONDS + 60 });
    expect(await letsIn(good, keys)).toBe(true);
    const end = good.length - 1;
    await fc.assert(
      fc.asyncProperty(
        // The last character carries bits that no byte has.
        fc.nat({ max: end - 1 }),
        fc.constantFrom('', 'A', '.', '=', '-', '%', '~'),
        fc.boolean(),
        async (at, char, keep) => {
          const changed = good.slice(0, at) + char + good.slice(at + (keep ? 0 : 1));
          if (changed !== good) expect(await letsIn(changed, keys)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, object]>([
    ['no algorithm', { alg: 'none', kid: 'k1' }],
    ['another one', { alg: 'HS256', kid: 'k1' }],
    ['a list of them', { alg: ['RS256'], kid: 'k1' }],
    ['an extension that must be understood', { alg: 'RS256', kid: 'k1', crit: ['exp'] }],
    ['a key of its own', { alg: 'RS256', kid: 'k2', jwk: {} }],
  ])('whose header has %s is refused, though its signature is right', async (_, header) => {
    const encode = (value: object) =>
      btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
    const text = `${encode(header)}.${encode({ iss: ISSUER, aud: AUDIENCE, exp: SECONDS + 60 })}`;
    const bytes = await crypto.subtle.sign(
      'RSASSA-PKCS1-v1_5',
      pair.privateKey,
      new TextEncoder().encode(text),
    );
    const signature = btoa(String.fromCharCode(...new Uint8Array(bytes)));
    const token = `${text}.${signature.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}`;
    expect(await letsIn(token, [{ ...jwk, kid: 'k1' }])).toBe(false);
  });

  it.each(['', '.', '..', 'a.b', 'a.b.c.d', 'e30.e30.e30', 'bnVsbA.e30.e30', 'W10.e30.e30'])(
    '%j is none',
    async (token) => {
      expect(await letsIn(token, [{ ...jwk, kid: 'k1' }])).toBe(false);
    },
  );
});
