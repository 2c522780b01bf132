// One request to the API and what became of it. No retry, no state. Whatever became of a request is a PagesApiError;
// anything else that is thrown is a mistake in the program.

import { createBodyReader } from './body.ts';
import { failureOf, PagesApiError } from './errors.ts';

/** How the API knows us: an API token, or (only where none can be had) e-mail and Global API key. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'key'; readonly email: string; readonly key: string };

/** What sending needs. `fetch` must be bound (workerd: "Illegal invocation" otherwise). */
export interface SendOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly now: () => number;
}

const TIMEOUT_MS = 30_000;
// Calls that begin within five seconds end together: a signal for each took a twentieth of the CPU of a batch of lists.
const SHARED_MS = 5_000;
const MAX_BODY_BYTES = 5_000_000;
const MAX_LOG_BYTES = 1_000_000;
// What holds most list pages, and the answer to anything else.
const LIST_PART = 65_536;
const SMALL_PART = 4_096;

/** The headers by which the API knows us. Secret: never to be logged or stored. */
export function headersFor(credentials: Credentials): Record<string, string> {
  return credentials.kind === 'token'
    ? { authorization: `Bearer ${credentials.token}` }
    : { 'x-auth-email': credentials.email, 'x-auth-key': credentials.key };
}

/** What was thrown, unless it holds a credential: the runtime may name the header that it could not send. */
function causeOf(thrown: unknown, headers: Readonly<Record<string, string>>): unknown {
  const said = thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown);
  const secrets = Object.values(headers).map((value) => value.replace(/^Bearer /, ''));
  return secrets.some((secret) => said.includes(secret))
    ? new Error('what was thrown names the credentials')
    : thrown;
}

/** Gives the signal that ends a call 25 to 30 s after it began. */
function createTimeout(now: () => number): () => AbortSignal {
  let signal: AbortSignal | null = null;
  let since = 0;
  return () => {
    const age = now() - since;
    if (signal !== null && age >= 0 && age < SHARED_MS) return signal;
    since = now();
    signal = AbortSignal.timeout(TIMEOUT_MS);
    return signal;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends one request and gives the body of its answer, once that says that it succeeded. */
export type Send = (
  method: string,
  path: string,
  query?: readonly string[],
  body?: BodyInit,
) => Promise<unknown>;

/** Builds what sends. Nothing is sent until it is called. */
export function createSend(options: SendOptions): Send {
  const headers = headersFor(options.credentials);
  const readList = createBodyReader(MAX_BODY_BYTES, LIST_PART);
  const readSmall = createBodyReader(MAX_BODY_BYTES, SMALL_PART);
  const readLog = createBodyReader(MAX_LOG_BYTES, LIST_PART);
  const timeout = createTimeout(options.now);
  return async (method, path, query = [], body) => {
    const call = { method, path };
    const signal = timeout();
    const url = `${options.baseUrl}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    let response: Response | undefined;
    let text: string;
    try {
      response = await options.fetch(url, {
        method,
        headers,
        redirect: 'manual', // a redirect would carry the credentials to another host
        signal,
        ...(body === undefined ? {} : { body }),
      });
      const read = path.endsWith('/history/logs') ? readLog : method === 'GET' ? readList : readSmall;
      text = await read(response);
    } catch (thrown) {
      // Whatever ends a request on its way looks alike here; the cause says what it was.
      const isLate = thrown instanceof Error && thrown.name === 'TimeoutError';
      const cause = causeOf(thrown, headers);
      const what = isLate ? 'no answer within 30 s' : 'no answer';
      throw new PagesApiError(call, {
        kind: 'in-doubt',
        status: response?.status ?? 0,
        code: null,
        what,
        cause,
      });
    }
    const answer = parseJson(text);
    const retryAfter = response.headers.get('retry-after');
    const failure = failureOf(call, {
      status: response.status,
      body: answer,
      retryAfter,
      now: options.now(),
    });
    if (failure) throw failure;
    return answer;
  };
}
