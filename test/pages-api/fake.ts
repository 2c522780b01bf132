// A fake `fetch` that records what it is given, and the answers that the tests give it.

import { createPagesApi, type PagesApi } from '../../src/pages-api/client.ts';
import { isApiError, type PagesApiError } from '../../src/pages-api/errors.ts';
import type { Credentials } from '../../src/pages-api/send.ts';

export const NOW = Date.parse('2026-11-24T03:00:00Z');
export const BASE = 'https://api.test/client/v4';
export const PROJECTS = `${BASE}/accounts/account-1/pages/projects`;
export const ID = '9b7a1c52-44de-4f0a-b3c1-6d2e8f90a1b2';
export const TOKEN: Credentials = { kind: 'token', token: 'CANARY-token' };

/** One request as it was sent. */
export interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  /** `METHOD url-below-the-projects`. */
  readonly line: string;
  readonly headers: Headers;
}

/** A client whose requests are recorded and answered by `answer`. */
export function fakeApi(
  answer: (sent: Sent) => Response | Promise<Response> = () => success(null),
  options: { credentials?: Credentials; baseUrl?: string; accountId?: string; now?: () => number } = {},
): { api: PagesApi; sent: Sent[] } {
  const sent: Sent[] = [];
  const api = createPagesApi({
    async fetch(url, init) {
      const line = `${init.method} ${url.replace(PROJECTS, '')}`;
      const one = { url, init, line, headers: new Headers(init.headers) };
      sent.push(one);
      return answer(one);
    },
    baseUrl: BASE,
    accountId: 'account-1',
    credentials: TOKEN,
    now: () => NOW,
    ...options,
  });
  return { api, sent };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export function success(result: unknown, info?: Record<string, unknown>): Response {
  const more = info === undefined ? {} : { result_info: info };
  return json(200, { result, success: true, errors: [], messages: [], ...more });
}

/** The body of a refusal. */
export function failure(code: unknown, message: unknown = 'Something'): Record<string, unknown> {
  return { result: null, success: false, errors: [{ code, message }], messages: [] };
}

/** What a call threw, which must be an error of ours. */
export async function thrown(call: Promise<unknown>): Promise<PagesApiError> {
  try {
    await call;
  } catch (error) {
    if (isApiError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
