// Reading the account: its projects, and a project's deployments, by the Worker's own rules of when a list is known to be whole.

import { closeWalk, isSinglePage } from '../src/keeper/deployments/close.ts';
import { addPage } from '../src/keeper/deployments/page.ts';
import { startWalk, type Walk } from '../src/keeper/deployments/walk.ts';
import { isApiError } from '../src/pages-api/errors.ts';
import type { Deployment, Page, Project } from '../src/pages-api/model.ts';
import {
  DEPLOYMENTS_A_PAGE,
  isLastPage,
  PROJECTS_A_PAGE,
  SMALLER_DEPLOYMENT_PAGES,
  SMALLER_PROJECT_PAGES,
} from '../src/pages-api/paging.ts';
import { addToFacts, type ProjectFacts } from '../src/policy/facts.ts';
import type { DoctorApi } from './api.ts';

const ATTEMPTS = 3;

/** All deployments of a project, as they were from `walkedAt` on. */
export interface Reading {
  readonly kind: 'whole';
  readonly rows: readonly Deployment[];
  readonly facts: ProjectFacts;
  readonly walkedAt: number;
  readonly calls: number;
}

/** They could not be read whole. */
export interface Unread {
  readonly kind: 'unread';
  readonly why: string;
  readonly calls: number;
}

class ProjectReplaced extends Error {
  override readonly name = 'ProjectReplaced';
  override readonly message = 'another project has its name now';
}

/** The project list, read to its end. */
export interface Listing {
  readonly projects: readonly Project[];
  /** Projects that the list has and that could not be read from it: rows that say too little, or that came in another's place. */
  readonly unread: number;
  readonly calls: number;
}

/** Every project of the account. Throws `PagesApiError`. */
export async function readProjects(api: Pick<DoctorApi, 'listProjects'>): Promise<Listing> {
  let perPage: number | null = PROJECTS_A_PAGE;
  let calls = 0;
  let unread = 0;
  let projects = new Map<string, Project>();
  for (let page = 1; ; page += 1) {
    try {
      calls += 1;
      const answer: Page<Project> = await api.listProjects(perPage === null ? null : { page, perPage });
      unread += answer.unread + answer.rows.filter(({ id }) => projects.has(id)).length;
      for (const project of answer.rows) projects.set(project.id, project);
      if (!isLastPage(answer, page, perPage)) continue;
      const missing = Math.max(unread, (answer.totalCount ?? 0) - projects.size);
      return { projects: [...projects.values()], unread: missing, calls };
    } catch (error) {
      if (!isApiError(error, 'page-refused') || perPage === null) throw error;
      perPage = SMALLER_PROJECT_PAGES[perPage] ?? null;
      projects = new Map();
      unread = 0;
      page = 0;
    }
  }
}

/** Reads a project's deployments until nothing is missing. Throws `PagesApiError` only where nothing more may be asked. */
export async function readDeployments(
  api: DoctorApi,
  project: Project,
  options: { keep: number; now: () => number; onPage: (read: number, of: number | null) => void },
): Promise<Reading | Unread> {
  let calls = 0;
  let again: { unordered: boolean; perPage: number | null } = {
    unordered: false,
    perPage: DEPLOYMENTS_A_PAGE,
  };
  let why = '';
  const ask = async (walk: Walk, page: number) => {
    calls += 1;
    const answer = await api.listDeployments(
      project.name,
      walk.perPage === null ? null : { page, perPage: walk.perPage },
    );
    if (answer.projectId !== null && answer.projectId !== project.id) throw new ProjectReplaced();
    return answer;
  };

  /** One attempt: the rows, or `null` and in `why` what went wrong. */
  async function attempt(): Promise<Reading | null> {
    let walk = startWalk({ kind: 'full', startedAt: options.now(), keep: options.keep, ...again });
    for (let complete = false; !complete; ) {
      const step = addPage(walk, await ask(walk, walk.page), null, []);
      if (step.kind === 'again') {
        why = step.why;
        again = { ...again, unordered: step.unordered };
        return null;
      }
      ({ walk } = step);
      complete = step.kind === 'complete';
      options.onPage(walk.rows, walk.firstTotal);
    }
    const closed = closeWalk(walk, isSinglePage(walk) ? null : await ask(walk, 1), 0);
    if ('invalid' in closed) {
      why = closed.invalid;
      return null;
    }
    const { newer } = closed;
    const facts = addToFacts(walk.facts, newer);
    return { kind: 'whole', rows: [...newer, ...walk.tail], facts, walkedAt: walk.startedAt, calls };
  }

  for (let left = ATTEMPTS; left > 0; left -= 1) {
    try {
      const reading = await attempt();
      if (reading !== null) return reading;
    } catch (error) {
      if (isApiError(error, 'blocked', 'unauthorized')) throw error;
      if (isApiError(error, 'page-refused') && again.perPage !== null) {
        again = { ...again, perPage: SMALLER_DEPLOYMENT_PAGES[again.perPage] ?? null };
        left += 1;
        continue;
      }
      if (!isApiError(error) && !(error instanceof ProjectReplaced)) throw error;
      why = isApiError(error, 'project-gone') ? 'the project does not exist any more' : error.message;
      break;
    }
  }
  return { kind: 'unread', why, calls };
}
