// The typed Pages API client: the calls that there are. One request per call: when to call, and what to do about a failure,
// is decided elsewhere.

import { TooLong } from './body.ts';
import { type CallName, isApiError, PagesApiError } from './errors.ts';
import type { Deployment, LogEnd, Page, Project } from './model.ts';
import { createSend, type SendOptions } from './send.ts';
import { readDeployment, readLog, readProject } from './wire.ts';

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
  /** The end of a build's log; of one that is longer than 1 MB only that. */
  getLog(project: string, id: string): Promise<LogEnd>;
  /** Starts a build of the branch's newest commit. Not idempotent: in doubt means that it may have been started. */
  createDeployment(project: string, branch: string): Promise<Deployment>;
  /** `force` deletes a branch's newest deployment together with its alias. */
  deleteDeployment(project: string, id: string, options?: { force?: boolean }): Promise<void>;
}

/** What `createPagesApi` needs. */
export interface PagesApiOptions extends SendOptions {
  readonly accountId: string;
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
  const rows = result.map(read).filter((row) => row !== null);
  return {
    rows,
    unread: result.length - rows.length,
    totalCount: count(info?.total_count),
    totalPages: count(info?.total_pages),
    projectId: typeof owner === 'string' ? owner : null,
  };
}

function pageQuery(page: PageChoice): string[] {
  // Always both: `page` alone has been refused.
  return page === null ? [] : [`page=${page.page}`, `per_page=${page.perPage}`];
}

const pathOf = (root: string, ...names: string[]) => [root, ...names.map(encodeURIComponent)].join('/');

// An empty id would address the list, an odd one something else: neither may ever be sent.
function deploymentPath(root: string, project: string, id: string): string {
  if (!/^[0-9a-zA-Z-]{8,64}$/.test(id)) throw new TypeError('not a deployment id');
  return pathOf(root, project, 'deployments', id);
}

const resultOf = (body: unknown) => (body as { result: unknown }).result;

/** Builds the client. Nothing is sent until a method is called. */
export function createPagesApi(options: PagesApiOptions): PagesApi {
  const root = `/accounts/${encodeURIComponent(options.accountId)}/pages/projects`;
  const send = createSend(options);
  return {
    async listProjects(page) {
      const body = await send('GET', root, pageQuery(page));
      return readPage(body, { method: 'GET', path: root }, readProject);
    },
    async getProject(name) {
      const path = pathOf(root, name);
      const project = readProject(resultOf(await send('GET', path)));
      if (project) return project;
      throw new PagesApiError(
        { method: 'GET', path },
        { kind: 'in-doubt', status: 200, code: null, what: 'a project without id or name' },
      );
    },
    async listDeployments(project, page, environment) {
      const path = pathOf(root, project, 'deployments');
      const query = [...pageQuery(page), ...(environment ? [`env=${environment}`] : [])];
      return readPage(await send('GET', path, query), { method: 'GET', path }, readDeployment);
    },
    async getDeployment(project, id) {
      return readDeployment(resultOf(await send('GET', deploymentPath(root, project, id))));
    },
    async getLog(project, id) {
      const path = `${deploymentPath(root, project, id)}/history/logs`;
      try {
        const lines = readLog(resultOf(await send('GET', path)));
        if (lines !== null) return { kind: 'read', lines };
      } catch (error) {
        if (isApiError(error) && error.status === 200 && error.cause instanceof TooLong)
          return { kind: 'too-long' };
        throw error;
      }
      const what = 'a log without lines';
      throw new PagesApiError({ method: 'GET', path }, { kind: 'in-doubt', status: 200, code: null, what });
    },
    async createDeployment(project, branch) {
      const form = new FormData();
      form.set('branch', branch);
      return readDeployment(resultOf(await send('POST', pathOf(root, project, 'deployments'), [], form)));
    },
    async deleteDeployment(project, id, { force = false } = {}) {
      await send('DELETE', deploymentPath(root, project, id), force ? ['force=true'] : []);
    },
  };
}
