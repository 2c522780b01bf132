// Observing the account: the project list, which embeds each project's newest and live deployment. Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import type { Project } from '../../pages-api/model.ts';
import { isLastPage, PROJECTS_A_PAGE, SMALLER_PROJECT_PAGES } from '../../pages-api/paging.ts';
import { ruleFor } from '../../policy/rules.ts';
import { type Context, retryAfter } from '../calls.ts';
import { wantWalk } from '../deployments/want.ts';
import { noteOutcome } from '../runs.ts';
import { mustRead, type ProjectState } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import type { Listing } from '../work.ts';
import { distribute } from './assign.ts';
import { lookForMissing } from './forget.ts';

const MAX_RETRIES = 5;

/** Asks for the project list to be read, unless it is being read already. */
export function wantListing({ work, now }: Pick<Context, 'work' | 'now'>): void {
  if (work.listing !== null) return;
  work.askedAt = now();
  work.listing = { startedAt: now(), page: 1, perPage: PROJECTS_A_PAGE, ids: [], tries: 0, due: now() };
}

/** Goes on reading the project list, as far as the budget reaches. */
export async function advanceListing(context: Context): Promise<void> {
  const { work, slice } = context;
  for (;;) {
    const listing = work.listing;
    if (listing === null || listing.due > context.now() || !slice.take('list')) return;
    const { page, perPage } = listing;
    try {
      const answer = await slice.api.listProjects(perPage === null ? null : { page, perPage });
      for (const project of answer.rows) listProject(context, listing, project);
      listing.page += 1;
      listing.tries = 0;
      if (isLastPage(answer, page, perPage)) await finishListing(context, listing, answer.totalCount);
    } catch (error) {
      if (!isApiError(error)) throw error;
      slice.note(error);
      if (!retryListing(context, listing, error)) return;
    }
  }
}

/** Decides how to go on after a failed call; `true`: at once. */
function retryListing(context: Context, listing: Listing, error: Error): boolean {
  const { work } = context;
  if (isApiError(error, 'page-refused') && listing.perPage !== null) {
    Object.assign(listing, { page: 1, ids: [], perPage: SMALLER_PROJECT_PAGES[listing.perPage] ?? null });
    return true;
  }
  if (isApiError(error, 'not-allowed')) {
    failListing(context, 'token', work.trouble?.message ?? error.message);
    return false;
  }
  if (isApiError(error, 'blocked')) return false;
  listing.tries += 1;
  listing.due = context.now() + retryAfter(listing.tries);
  if (listing.tries <= MAX_RETRIES) return false;
  const message = `The project list could not be read (${error.message}). It is tried again at the next tick or view.`;
  work.trouble = { kind: 'unreachable', since: context.now(), until: null, message };
  failListing(context, 'api', message);
  return false;
}

function failListing({ work }: Context, kind: 'token' | 'api', detail: string): void {
  work.listing = null;
  const waiting = kind === 'token' ? work.runs : work.runs.filter((run) => !run.listed);
  for (const { record } of waiting) noteOutcome(work, record.id, { error: { kind, detail } });
}

/** Takes in one project as it is now. */
function listProject(context: Context, listing: Listing, project: Project): void {
  const { store, config } = context;
  if (listing.ids.includes(project.id)) return;
  listing.ids.push(project.id);
  const known = store.read('projects', project.id);
  if (known === null && ruleFor(project.name, config.rules) === null) return;
  if (known !== null && JSON.stringify(known.project) === JSON.stringify(project)) return;
  const state: ProjectState = { inventory: null, plan: null, ...known, project };
  store.write('projects', project.id, state);
  noteProject(context, state);
}

async function finishListing(context: Context, listing: Listing, total: number | null): Promise<void> {
  const { work, store } = context;
  work.listing = null;
  work.checkedAt = listing.startedAt;
  work.accountProjects = Math.max(total ?? 0, listing.ids.length);
  // The runs that the credentials failed say nothing of the next one.
  if (work.trouble?.kind === 'token') work.failedRun = null;
  work.trouble = null;
  work.halted = false;
  work.noticeDue = true;
  for (const run of work.runs.filter((open) => !open.listed)) {
    if (run.record.startedAt <= listing.startedAt) distribute(context, run, listing.ids);
    else wantListing(context);
  }
  for (const id of work.viewed.splice(0)) {
    const state = store.read('projects', id);
    if (state !== null && mustRead(state, context.now())) wantWalk(context, id, false);
  }
  for (const id of store.projectIds().filter((known) => !listing.ids.includes(known))) {
    await lookForMissing(context, id);
  }
}
