// Cloudflare Access: by `ctx.access` where the runtime sets it, else by the verified assertion in the request's header.
// Anything that cannot be verified is a no. The cookie is not looked at: the header is what Access adds at the edge.

import type { Door } from '../../config/config.ts';
import { isExpected, type PublicKey } from './jwt.ts';

/** What verification needs besides the request. */
export interface AccessOptions {
  /** `ctx.access`: set by the runtime when Access has let the request through. */
  readonly access?: { readonly aud: string } | undefined;
  readonly fetchKeys?: typeof fetch | undefined;
  readonly now: () => number;
}

type AccessDoor = Extract<Door, { mode: 'access' }>;

type Keys = readonly PublicKey[];

const MINUTE = 60_000;
const ASKS_A_MINUTE = 10;
const KEYS_LAST_MS = 10 * MINUTE;
const MAX_TOKEN = 16_384;
const KEYS_TIMEOUT_MS = 5_000;

/** Whether Access vouches for a request. */
export async function verifyAccess(
  request: Request,
  door: AccessDoor,
  options: AccessOptions,
): Promise<boolean> {
  if (options.access !== undefined) return door.audience === null || options.access.aud === door.audience;
  const token = request.headers.get('Cf-Access-Jwt-Assertion');
  const { teamDomain: issuer, audience } = door;
  if (token === null || token.length > MAX_TOKEN || issuer === null || audience === null) return false;
  const now = options.now();
  const keys = (kid: string) => keysFor(kid, issuer, options);
  try {
    return await isExpected(token, { issuer, audience, now, keys });
  } catch {
    return false;
  }
}

const defaultFetch: typeof fetch = (input, init) => fetch(input, init);

interface KeySet {
  keys: Keys;
  /** Epoch ms; and when they were asked for in the last minute, answered or not. */
  readAt: number;
  asked: number[];
}

// The one state of this module: key sets must outlive a request, or every request would fetch them anew. Public keys only, and
// no promise: workerd would not let a request await what another one fetches.
const keySets = new WeakMap<typeof fetch, Map<string, KeySet>>();

/** The team's keys. A made-up key id makes us ask again, but not within a minute of an answer, nor ten times a minute. */
async function keysFor(kid: string, issuer: string, options: AccessOptions): Promise<Keys> {
  const fetchKeys = options.fetchKeys ?? defaultFetch;
  const sets = keySets.get(fetchKeys) ?? new Map<string, KeySet>();
  keySets.set(fetchKeys, sets);
  const set = sets.get(issuer) ?? { keys: [], readAt: 0, asked: [] };
  sets.set(issuer, set);
  const now = options.now();
  const isKnown = set.keys.some((key) => key.kid === kid) && now - set.readAt < KEYS_LAST_MS;
  set.asked = set.asked.filter((at) => now - at < MINUTE);
  if (isKnown || now - set.readAt < MINUTE || set.asked.length >= ASKS_A_MINUTE) return set.keys;
  set.asked.push(now);
  const response = await fetchKeys(`${issuer}/cdn-cgi/access/certs`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(KEYS_TIMEOUT_MS),
  });
  const { keys } = (await response.json()) as { keys?: unknown };
  if (!response.ok || !Array.isArray(keys)) throw new Error('no key set');
  Object.assign(set, { keys, readAt: now });
  return set.keys;
}
