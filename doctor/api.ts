// What the doctor asks: the lists of the Worker's own client, and any other path by GET. Trouble that may pass is asked again.

import type { Config } from '../src/config/config.ts';
import { createPagesApi, type PagesApi } from '../src/pages-api/client.ts';
import { failureOf, isApiError, PagesApiError } from '../src/pages-api/errors.ts';
import { headersFor } from '../src/pages-api/send.ts';
import type { Fetch } from './read-only.ts';

const TIMEOUT_MS = 30_000;
const WAITS_MS = [2_000, 8_000];

/** The calls; each but for repeats is one request. All throw `PagesApiError`. */
export interface DoctorApi extends Pick<PagesApi, 'listProjects' | 'listDeployments'> {
  /** The `result` of any other path below the base URL. */
  get(path: string): Promise<unknown>;
}

/** What is needed to ask. `fetch` must be one that only reads. */
export interface DoctorApiOptions {
  readonly fetch: Fetch;
  readonly config: Pick<Config, 'apiBaseUrl' | 'accountId' | 'credentials'>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Builds the calls. Nothing is sent until one is made. */
export function createDoctorApi({ fetch, config, now, sleep }: DoctorApiOptions): DoctorApi {
  const { apiBaseUrl: baseUrl, accountId, credentials } = config;
  const pages = createPagesApi({ fetch, baseUrl, accountId, credentials, now });

  async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (const wait of WAITS_MS) {
      try {
        return await call();
      } catch (error) {
        if (!isApiError(error, 'in-doubt')) throw error;
        await sleep(wait);
      }
    }
    return call();
  }

  async function get(path: string): Promise<unknown> {
    const call = { method: 'GET', path };
    const headers = headersFor(credentials);
    let response: Response;
    let body: unknown;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      response = await fetch(`${baseUrl}${path}`, { method: 'GET', headers, signal });
      body = await response.json().catch(() => undefined);
    } catch (cause) {
      throw new PagesApiError(call, { kind: 'in-doubt', status: 0, code: null, what: 'no answer', cause });
    }
    const retryAfter = response.headers.get('retry-after');
    const failure = failureOf(call, { status: response.status, body, retryAfter, now: now() });
    if (failure) throw failure;
    return (body as { result?: unknown }).result;
  }

  return {
    listProjects: (page) => patiently(() => pages.listProjects(page)),
    listDeployments: (project, page) => patiently(() => pages.listDeployments(project, page)),
    get,
  };
}
