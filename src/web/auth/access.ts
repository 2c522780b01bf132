// Cloudflare Access: by `ctx.access` where the runtime sets it, else by the assertion in the request's header, which jose
// verifies. Anything that cannot be verified is a no. The cookie is not looked at: the header is what Access adds at the edge.

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Door } from '../../config/config.ts';
import { MINUTE } from '../../time.ts';

/** The public keys of a team, by its issuer. */
export type KeysOf = (issuer: string) => JWTVerifyGetKey;

/** What verification needs besides the request. */
export interface AccessOptions {
  /** `ctx.access`: set by the runtime when Access has let the request through. */
  readonly access?: { readonly aud: string } | undefined;
  readonly keysOf: KeysOf;
  /** Epoch ms. */
  readonly now: () => number;
}

type AccessDoor = Extract<Door, { mode: 'access' }>;

const MOST_ASKS_A_MINUTE = 10;
const LONGEST_TOKEN = 16_384;

/**
 * Remembers each team's keys for ten minutes, and asks again for a key id that it does not know, though not within 30 s of
 * an answer (jose's own times). Made once for an isolate: made for each request, it would ask for each request.
 */
export function createKeysOf(fetchKeys: typeof fetch): KeysOf {
  const sets = new Map<string, JWTVerifyGetKey>();
  return (issuer) => {
    const known = sets.get(issuer);
    if (known !== undefined) return known;
    const url = new URL(`${issuer}/cdn-cgi/access/certs`);
    const set = createRemoteJWKSet(url, { [customFetch]: sparing(fetchKeys) });
    sets.set(issuer, set);
    return set;
  };
}

/** Keys that cannot be had are not asked for at every knock: jose waits after an answer, but not after a failure. */
function sparing(fetchKeys: typeof fetch) {
  let asked: number[] = [];
  return (url: string, init: RequestInit): Promise<Response> => {
    const now = Date.now();
    asked = asked.filter((at) => now - at < MINUTE);
    if (asked.length >= MOST_ASKS_A_MINUTE) return Promise.reject(new Error('asked too often for keys'));
    asked.push(now);
    return fetchKeys(url, init);
  };
}

/** Whether Access vouches for a request. */
export async function verifyAccess(
  request: Request,
  door: AccessDoor,
  options: AccessOptions,
): Promise<boolean> {
  const { access, keysOf, now } = options;
  if (access !== undefined) return door.audience === null || access.aud === door.audience;
  const token = request.headers.get('Cf-Access-Jwt-Assertion');
  const { teamDomain: issuer, audience } = door;
  if (token === null || token.length > LONGEST_TOKEN || issuer === null || audience === null) return false;
  const currentDate = new Date(now());
  // We say which algorithm it may be, not the token; and a token that never ends is not accepted.
  const expected = { algorithms: ['RS256'], issuer, audience, requiredClaims: ['exp'], currentDate };
  return jwtVerify(token, keysOf(issuer), expected).then(
    () => true,
    () => false,
  );
}
