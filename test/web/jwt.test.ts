// Tokens, judged as jose judges them: over random claims, headers and key sets, and with any character of any part changed.

import fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { isExpected } from '../../src/web/auth/jwt.ts';

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

const ours = (token: string, keys: JWK[]) =>
  isExpected(token, { issuer: ISSUER, audience: AUDIENCE, now: NOW, keys: async () => keys }).catch(
    () => false,
  );

const joses = (token: string, keys: JWK[]) =>
  jwtVerify(token, createLocalJWKSet({ keys }), {
    ...{ algorithms: ['RS256'], issuer: ISSUER, audience: AUDIENCE },
    ...{ requiredClaims: ['exp'], currentDate: new Date(NOW) },
  }).then(
    () => true,
    () => false,
  );

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
const keySet = fc.constantFrom<(key: JWK) => JWK[]>(
  (key) => [{ ...key, kid: 'k1' }],
  (key) => [{ ...key, kid: 'k1', alg: 'RS256', use: 'sig' }],
  (key) => [{ ...key, kid: 'k1', alg: 'RS512' }],
  (key) => [{ ...key, kid: 'k1', use: 'enc' }],
  (key) => [{ ...key, kid: 'other' }],
  (key) => [
    { kty: 'oct', k: 'AAAA', kid: 'k1' },
    { ...key, kid: 'k1' },
  ],
  () => [],
);
const sign = (payload: object) =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(pair.privateKey);

describe('a token', () => {
  it('is accepted when jose accepts it, and refused when jose refuses it', async () => {
    const verdicts = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(claims, keySet, async (payload, keysOf) => {
        const [token, keys] = [await sign(payload), keysOf(jwk)];
        const verdict = await ours(token, keys);
        expect(verdict).toBe(await joses(token, keys));
        verdicts.add(verdict);
      }),
      { numRuns: 300 },
    );
    expect(verdicts.size).toBe(2);
  });

  it('with any character changed, put in or taken out is refused', async () => {
    const keys = [{ ...jwk, kid: 'k1' }];
    const good = await sign({ iss: ISSUER, aud: AUDIENCE, exp: SECONDS + 60 });
    expect(await ours(good, keys)).toBe(true);
    const end = good.length - 1;
    await fc.assert(
      fc.asyncProperty(
        // The last character carries bits that no byte has.
        fc.nat({ max: end - 1 }),
        fc.constantFrom('', 'A', '.', '=', '-', '%', 'ü'),
        fc.boolean(),
        async (at, char, keep) => {
          const changed = good.slice(0, at) + char + good.slice(at + (keep ? 0 : 1));
          if (changed !== good) expect(await ours(changed, keys)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, object]>([
    ['no algorithm', { alg: 'none', kid: 'k1' }],
    ['another one', { alg: 'HS256', kid: 'k1' }],
    ['a list of them', { alg: ['RS256'], kid: 'k1' }],
    ['no key id', { alg: 'RS256' }],
    ['an extension that must be understood', { alg: 'RS256', kid: 'k1', crit: ['exp'] }],
    ['a body that is not encoded', { alg: 'RS256', kid: 'k1', b64: false }],
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
    expect(await ours(token, [{ ...jwk, kid: 'k1' }])).toBe(false);
  });

  it.each(['', '.', '..', 'a.b', 'a.b.c.d', 'e30.e30.e30', 'bnVsbA.e30.e30', 'W10.e30.e30', '€.€.€'])(
    '%j is none',
    async (token) => {
      expect(await ours(token, [{ ...jwk, kid: 'k1' }])).toBe(false);
    },
  );
});
