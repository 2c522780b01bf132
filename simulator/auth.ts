// Who may call: the checks the real API makes before it looks at anything else, with the codes people report.
// Must not be used to guard anything real.
import { type Answer, edgeFailure, failure } from './envelope.ts';

/** What the simulated account accepts. */
export interface Credentials {
  readonly token: string;
  /** A token that may read but not write. */
  readonly readToken: string;
  readonly email: string;
  readonly key: string;
}

const MISSING = failure(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers');
const WRONG_TOKEN = edgeFailure(403, 9109, 'Invalid access token');
const WRONG_KEY = failure(403, 9103, 'Unknown X-Auth-Key or X-Auth-Email');

/** The answer for an account or an action that is not the caller's. */
export const NOT_ALLOWED = edgeFailure(403, 10_000, 'Authentication error');

const malformed = (code: number, header: string) =>
  failure(400, 6003, 'Invalid request headers', [{ code, message: `Invalid format for ${header} header` }]);

/** `null` when the call may go on, else the answer that refuses it. */
export function refuse(method: string, headers: Headers, credentials: Credentials): Answer | null {
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const token = /^Bearer ([\w.~+/=-]+)$/.exec(authorization)?.[1];
    if (token === undefined) return malformed(6111, 'Authorization');
    if (token === credentials.token) return null;
    if (token === credentials.readToken) return method === 'GET' ? null : NOT_ALLOWED;
    return WRONG_TOKEN;
  }
  const key = headers.get('x-auth-key');
  const email = headers.get('x-auth-email');
  if (key === null || email === null) return MISSING;
  if (key === credentials.token || key === credentials.readToken) return malformed(6103, 'X-Auth-Key');
  return key === credentials.key && email === credentials.email ? null : WRONG_KEY;
}
