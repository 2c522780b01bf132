// The typed Pages API client: the only code that calls the API. One request per call, no retry, no state: when to call,
// and what to do about a failure, is decided elsewhere. Throws nothing but PagesApiError, and TypeError for what may never
// be sent.

import { createBodyReader } from './body.ts';
import { type CallName, failureOf, PagesApiError } from './errors.ts';
import { type Deployment, type Page, type Project, readDeployment, readProject } from './model.ts';

/** How the API knows us: an API token, or (only where none can be had) e-mail and Global API key. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'key'; readonly email: string; readonly key: string };

/** Which page of a list: `null` sends neither parameter, for accounts that refuse both. */
export type PageChoice = { readonly page: number; readonly perPage: number } | null;

/** The calls of the Pages API that the Keeper needs. Each is one request. */
export interface PagesApi {
  /** At most 10 a page (8000024 above). */
  listProjects(page: PageChoice): Promise<Page<Project>>;
  getProject(project: string): Promise<Project>;
  /** Newest first, at most 25 a page (8000024 above); both environments unless one is named. */
  listDeployments(
    project: string,
    page: PageChoice,
    environment?: 'production' | 'preview',
  ): Promise<Page<Deployment>>;
  getDeployment(project: string, id: string): Promise<Deployment>;
  /** Starts a build of the branch's newest commit. Not idempotent: in doubt means that it may have been started. */
  createDeployment(project: string, branch: string): Promise<Deployment>;
  /** `force` deletes a branch's newest deployment together with its alias. */
  deleteDeployment(project: string, id: string, options?: { force?: boolean }): Promise<void>;
}

/** What `createPagesApi` needs. `fetch` must be bound (workerd: "Illegal invocation" otherwise). */
export interface PagesApiOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly baseUrl: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  readonly now: () => number;
}

const TIMEOUT_MS = 30_000;
// Calls that begin within five seconds end together: a signal for each took a twentieth of the CPU of a batch of lists.
const SHARED_MS = 5_000;
const MAX_BODY_BYTES = 5_000_000;
// What holds most list pages, and the answer to anything else.
const LIST_PART = 65_536;
const SMALL_PART = 4_096;

function headersFor(credentials: Credentials): Record<string, string> {
  return credentials.kind === 'token'
    ? { authorization: `Bearer ${credentials.token}` }
    : { 'x-auth-email': credentials.email, 'x-auth-key': credentials.key };
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

function readPage<T>(body: unknown, call: CallName, read: (wire: unknown) => T | null): Page<T> {
  const { result, result_info: info } = body as {
    result: unknown;
    result_info?: Record<string, unknown> | null;
  };
  if (!Array.isArray(result)) {
    // `result: null` read as "no more" is how several programs came to delete nothing, or to think a project empty.
    throw new PagesApiError(call, { kind: 'in-doubt', status: 200, code: null, what: 'a list without rows' });
  }
  const count = (value: unknown) =>
    Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
  const owner = (result[0] as { project_id?: unknown } | null | undefined)?.project_id;
  return {
    rows: result.map(read).filter((row) => row !== null),
    totalCount: count(info?.total_count),
    totalPages: count(info?.total_pages),
    projectId: typeof owner === 'string' ? owner : null,
  };
}

function pageQuery(page: PageChoice): string[] {
  // Always both: `page` alone has been refused.
  return page === null ? [] : [`page=${page.page}`, `per_page=${page.perPage}`];
}

/** Builds the client. Nothing is sent until a method is called. */
export function createPagesApi(options: PagesApiOptions): PagesApi {
  const root = `/accounts/${encodeURIComponent(options.accountId)}/pages/projects`;
  const headers = headersFor(options.credentials);
  const readList = createBodyReader(MAX_BODY_BYTES, LIST_PART);
  const readSmall = createBodyReader(MAX_BODY_BYTES, SMALL_PART);
  const timeout = createTimeout(options.now);

  async function send(method: string, path: string, query: string[] = [], body?: BodyInit): Promise<unknown> {
    const call = { method, path };
    const url = `${options.baseUrl}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    let status = 0;
    try {
      const response = await options.fetch(url, {
        method,
        headers,
        redirect: 'manual', // a redirect would carry the credentials to another host
        signal: timeout(),
        ...(body === undefined ? {} : { body }),
      });
      status = response.status;
      const answer = parseJson(await (method === 'GET' ? readList : readSmall)(response));
      const retryAfter = response.headers.get('retry-after');
      const failure = failureOf(call, { status, body: answer, retryAfter, now: options.now() });
      if (failure) throw failure;
      return answer;
    } catch (error) {
      if (error instanceof PagesApiError) throw error;
      const what =
        error instanceof Error && error.name === 'TimeoutError' ? 'no answer within 30 s' : 'no answer';
      throw new PagesApiError(call, { kind: 'in-doubt', status, code: null, what });
    }
  }

  const pathOf = (project: string, ...rest: string[]) =>
    [root, project, ...rest].map((part, i) => (i === 0 ? part : encodeURIComponent(part))).join('/');
  // An empty id would address the list, an odd one something else: neither may ever be sent.
  const deploymentPath = (project: string, id: string) => {
    if (!/^[0-9a-zA-Z-]{8,64}$/.test(id)) throw new TypeError('not a deployment id');
    return pathOf(project, 'deployments', id);
  };
  const result = (body: unknown) => (body as { result: unknown }).result;

  return {
    async listProjects(page) {
      const body = await send('GET', root, pageQuery(page));
      return readPage(body, { method: 'GET', path: root }, readProject);
    },
    async getProject(name) {
      const path = pathOf(name);
      const project = readProject(result(await send('GET', path)));
      if (project) return project;
      throw new PagesApiError(
        { method: 'GET', path },
        { kind: 'in-doubt', status: 200, code: null, what: 'a project without id or name' },
      );
    },
    async listDeployments(project, page, environment) {
      const path = pathOf(project, 'deployments');
      const query = [...pageQuery(page), ...(environment ? [`env=${environment}`] : [])];
      return readPage(await send('GET', path, query), { method: 'GET', path }, readDeployment);
    },
    async getDeployment(project, id) {
      return readDeployment(result(await send('GET', deploymentPath(project, id))));
    },
    async createDeployment(project, branch) {
      const form = new FormData();
      form.set('branch', branch);
      return readDeployment(result(await send('POST', pathOf(project, 'deployments'), [], form)));
    },
    async deleteDeployment(project, id, { force = false } = {}) {
      await send('DELETE', deploymentPath(project, id), force ? ['force=true'] : []);
    },
  };
}
