// A JSON Web Token, verified: RS256 by a key of the issuer's, for one audience, within its time. Nothing else is ever accepted.
// The cryptography is the platform's. Why no library: docs/decisions/009.

import { fromBase64url } from './base64url.ts';

/** A public key as an issuer publishes it (RFC 7517), as far as it is looked at. */
export interface PublicKey {
  readonly kid?: unknown;
  readonly kty?: unknown;
  readonly alg?: unknown;
  readonly use?: unknown;
  readonly n?: unknown;
  readonly e?: unknown;
}

/** What a token must be. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  /** Epoch ms. */
  readonly now: number;
  /** The issuer's keys; `kid` is the one that the token names. */
  readonly keys: (kid: string) => Promise<readonly PublicKey[]>;
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const BASE64URL = /^[\w-]+$/;

type Json = Readonly<Record<string, unknown>>;

function objectOf(part: string): Json {
  const value: unknown = JSON.parse(
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromBase64url(part)),
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
  return value as Json;
}

/** Whether a token is one that is expected. Throws, or gives `false`, for everything else. */
export async function isExpected(token: string, { issuer, audience, now, keys }: Expected): Promise<boolean> {
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) return false;
  const { alg, kid, crit, b64 } = objectOf(head);
  // The token says which key, never which algorithm; and an extension that must be understood is not.
  if (alg !== 'RS256' || typeof kid !== 'string' || crit !== undefined || b64 !== undefined) return false;
  const key = (await keys(kid)).find((one) => one.kid === kid && isForRs256(one));
  if (key === undefined) return false;
  const jwk = { kty: 'RSA', n: String(key.n), e: String(key.e) };
  const publicKey = await crypto.subtle.importKey('jwk', jwk, RS256, false, ['verify']);
  const signed = new TextEncoder().encode(`${head}.${body}`);
  if (!(await crypto.subtle.verify(RS256, publicKey, fromBase64url(signature), signed))) return false;
  return isMeant(objectOf(body), { issuer, audience }, Math.floor(now / 1_000));
}

function isForRs256({ kty, alg, use }: PublicKey): boolean {
  return kty === 'RSA' && (alg === undefined || alg === 'RS256') && (use === undefined || use === 'sig');
}

const isTime = (claim: unknown): claim is number => typeof claim === 'number' && Number.isFinite(claim);

/** A token without an end is none. */
function isMeant(
  { iss, aud, exp, nbf }: Json,
  { issuer, audience }: Pick<Expected, 'issuer' | 'audience'>,
  seconds: number,
): boolean {
  const isOurs = iss === issuer && (Array.isArray(aud) ? aud.includes(audience) : aud === audience);
  return isOurs && isTime(exp) && exp > seconds && (nbf === undefined || (isTime(nbf) && nbf <= seconds));
}
