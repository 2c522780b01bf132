// Cloudflare Access: by `ctx.access` where the runtime sets it, else by the verified assertion in the request's header.
// Anything that cannot be verified is a no. The cookie is not looked at: the header is what Access adds at the edge.

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Door } from '../config.ts';

/** What verification needs besides the request. */
export interface AccessOptions {
  /** `ctx.access`: set by the runtime when Access has let the request through. */
  readonly access?: { readonly aud: string } | undefined;
  readonly fetchKeys?: typeof fetch | undefined;
  readonly now: () => number;
}

type AccessDoor = Extract<Door, { mode: 'access' }>;

const KEYS_PER_MINUTE = 10;
const MINUTE = 60_000;

/** Whether Access vouches for a request. */
export async function verifyAccess(
  request: Request,
  door: AccessDoor,
  options: AccessOptions,
): Promise<boolean> {
  if (options.access !== undefined) return door.audience === null || options.access.aud === door.audience;
  const token = request.headers.get('Cf-Access-Jwt-Assertion');
  if (token === null || token.length > 16_384 || door.teamDomain === null || door.audience === null)
    return false;
  const issuer = door.teamDomain;
  try {
    await jwtVerify(token, keysOf(issuer, options.fetchKeys ?? defaultFetch), {
      algorithms: ['RS256'],
      issuer,
      audience: door.audience,
      requiredClaims: ['exp'],
      currentDate: new Date(options.now()),
    });
    return true;
  } catch {
    return false;
  }
}

const defaultFetch: typeof fetch = (input, init) => fetch(input, init);

// The one state of this module: key sets must outlive a request, or every request would fetch them anew. They hold
// public keys only. jose never awaits a fetch that another request started, which workerd would not allow.
const keySets = new WeakMap<typeof fetch, Map<string, JWTVerifyGetKey>>();

function keysOf(issuer: string, fetchKeys: typeof fetch): JWTVerifyGetKey {
  const sets = keySets.get(fetchKeys) ?? new Map<string, JWTVerifyGetKey>();
  keySets.set(fetchKeys, sets);
  const known = sets.get(issuer);
  if (known !== undefined) return known;
  const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', issuer), {
    // A made-up key id makes jose look again, but at most once in this time.
    cooldownDuration: MINUTE,
    [customFetch]: limited(fetchKeys),
  });
  sets.set(issuer, keys);
  return keys;
}

/** jose's cooldown starts with a success; while the keys cannot be had, this is what keeps us from asking on and on. */
function limited(fetchKeys: typeof fetch): typeof fetch {
  let windowStart = 0;
  let asked = 0;
  return (input, init) => {
    const now = Date.now();
    if (now - windowStart > MINUTE) {
      windowStart = now;
      asked = 0;
    }
    asked += 1;
    if (asked > KEYS_PER_MINUTE) return Promise.reject(new Error('key set asked for too often'));
    return fetchKeys(input, init);
  };
}
