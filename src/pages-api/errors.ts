// What an answer of the Pages API means for the caller. Pure: status, headers and body in, a class out.
// An error never carries a header or a request: the token would ride along into a log.

import { isRecord, record } from '../object.ts';
import { HOUR, MINUTE } from '../time.ts';

/**
 * What to do about an answer that is no success:
 * - `gone`: the deployment does not exist (any more): a delete counts as done.
 * - `project-gone`: the project does not exist (any more).
 * - `refused`: live or aliased; the API will not delete it.
 * - `page-refused`: this account takes no such `page` or `per_page`.
 * - `unauthorized`: the credentials were not taken for this call. That says nothing about other calls: ask before stopping those.
 * - `blocked`: rate limited; nothing may be sent before `retryAt`. Whether the call took effect says `startedNothing`.
 * - `rejected`: any other 4xx with an envelope: final for this call.
 * - `in-doubt`: nobody knows whether it took effect (5xx, HTML, cut-off body, time-out, dropped connection, …).
 */
export type ErrorClass =
  | 'gone'
  | 'project-gone'
  | 'refused'
  | 'page-refused'
  | 'unauthorized'
  | 'blocked'
  | 'rejected'
  | 'in-doubt';

/** Which call failed: enough to find it, nothing that is secret. */
export interface CallName {
  readonly method: string;
  /** Path below the base URL, without the query. */
  readonly path: string;
}

/** A call that did not succeed. `message` reads: what happened, where, with which code. */
export class PagesApiError extends Error {
  override readonly name = 'PagesApiError';
  readonly kind: ErrorClass;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly code: number | null;
  /** Epoch ms before which nothing may be sent; only for `blocked`. */
  readonly retryAt: number | null;
  /** The API's own words, cut; `''` where it had none. Hostile until escaped. */
  readonly said: string;
  /** Whether it is certain that the call had no effect. Without it a POST may have started what it asked for. */
  readonly startedNothing: boolean;

  constructor(
    call: CallName,
    failure: {
      kind: ErrorClass;
      status: number;
      code: number | null;
      what: string;
      retryAt?: number;
      said?: string;
      startedNothing?: boolean;
      /** What was thrown instead of an answer. */
      cause?: unknown;
    },
  ) {
    const code = failure.code === null ? '' : ` (code ${failure.code})`;
    super(`${call.method} ${call.path}: ${failure.what}${code}`, { cause: failure.cause });
    this.kind = failure.kind;
    this.status = failure.status;
    this.code = failure.code;
    this.retryAt = failure.retryAt ?? null;
    this.said = failure.said ?? '';
    this.startedNothing = failure.startedNothing ?? false;
  }
}

/** Whether a thrown value is a `PagesApiError` of one of these classes. */
export function isApiError(error: unknown, ...kinds: ErrorClass[]): error is PagesApiError {
  return error instanceof PagesApiError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** Whether a delete was refused since the deployment is live in production (8000034). */
export const refusedAsLive = ({ kind, code }: PagesApiError): boolean =>
  kind === 'refused' && code === 8_000_034;

/** Whether a delete was refused since the deployment holds an alias, and nothing forced it (8000035). */
export const refusedAsAliased = ({ kind, code }: PagesApiError): boolean =>
  kind === 'refused' && code === 8_000_035;

const DEFAULT_BLOCK = 5 * MINUTE;
const LONGEST_BLOCK = HOUR;

/**
 * When a block ends (epoch ms): `retry-after` in seconds or as a date (RFC 9110 10.2.3); without it the API's own block of
 * five minutes. Capped at an hour, after which one probe is harmless whatever the header said.
 */
export function blockEnd(retryAfter: string | null, now: number): number {
  const value = retryAfter?.trim() ?? '';
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  if (!Number.isFinite(wait) || wait < 0) return now + DEFAULT_BLOCK;
  return now + Math.min(Math.max(wait, 1_000), LONGEST_BLOCK);
}

interface Envelope {
  readonly success: boolean;
  readonly code: number | null;
  readonly message: string;
  /** Whether any of its errors, not only the first, speaks of the rate limit: to go on calling would renew the block. */
  readonly limited: boolean;
}

function readError(error: unknown): { code: number | null; message: string } {
  const { code, message } = record(error);
  return {
    code: typeof code === 'number' ? code : null,
    message: typeof message === 'string' ? message.slice(0, 200) : '',
  };
}

/** The parts of a failure envelope that matter; `null` when the body is not one. */
function readEnvelope(body: unknown): Envelope | null {
  if (!isRecord(body) || !('success' in body)) return null;
  const { success, errors } = body;
  const all = (Array.isArray(errors) ? errors : []).map(readError);
  // Code 10000 is both "Authentication error" and "Rate limited": the words decide, never that code.
  const limited = all.some(
    ({ code, message }) => code === 971 || /rate limit|throttling your request/i.test(message),
  );
  return { success: success === true, ...(all[0] ?? readError(null)), limited };
}

// Codes in a 400 that mean bad credentials: 6003 wraps a malformed header, 9103 and 9106 an unknown or missing key.
const CREDENTIAL_CODES = [6003, 6111, 6103, 9103, 9106, 9109];
// "Your Pages project has been blocked": of one project, and seen for a token that may only read as well.
const PROJECT_BLOCKED = 8000119;

function classOf(status: number, envelope: Envelope | null): ErrorClass {
  if (status === 429 || envelope?.limited) return 'blocked';
  if (envelope === null || envelope.success || status < 400 || status >= 500) return 'in-doubt';
  if (status === 401 || status === 403 || envelope.code === PROJECT_BLOCKED) return 'unauthorized';
  switch (envelope.code) {
    case 8000009:
      return status === 404 ? 'gone' : 'rejected';
    case 8000007:
      return status === 404 ? 'project-gone' : 'rejected';
    case 8000034:
    case 8000035:
      return 'refused';
    case 8000024:
      return 'page-refused';
  }
  if (status === 404) return 'in-doubt';
  return envelope.code !== null && CREDENTIAL_CODES.includes(envelope.code) ? 'unauthorized' : 'rejected';
}

/**
 * Whether an answer is a sure no: it was turned away at the door (429), or refused in words by the API itself. A 5xx, or a
 * failure within a 200, may come after the effect, whatever its text speaks of.
 */
function isSureNo(status: number, kind: ErrorClass, envelope: Envelope | null): boolean {
  if (status === 429) return true;
  return envelope !== null && kind !== 'in-doubt' && status >= 400 && status < 500;
}

/**
 * Reads an answer: `null` when it is a success whose body may be used, else the error to throw.
 * `body` is the parsed JSON, or `undefined` when it was none.
 */
export function failureOf(
  call: CallName,
  answer: { status: number; body: unknown; retryAfter: string | null; now: number },
): PagesApiError | null {
  const envelope = readEnvelope(answer.body);
  if (answer.status >= 200 && answer.status < 300 && envelope?.success) return null;
  const kind = classOf(answer.status, envelope);
  const said = envelope === null ? 'no JSON envelope' : envelope.message || 'no message';
  return new PagesApiError(call, {
    kind,
    status: answer.status,
    code: envelope?.code ?? null,
    what: `HTTP ${answer.status}, ${said}`,
    said: envelope?.message ?? '',
    startedNothing: isSureNo(answer.status, kind, envelope),
    ...(kind === 'blocked' ? { retryAt: blockEnd(answer.retryAfter, answer.now) } : {}),
  });
}
