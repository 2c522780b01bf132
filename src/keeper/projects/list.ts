// Observing the account: the project list, which embeds each project's newest and live deployment. Sends GET only.

import type { PagesApiError } from '../../pages-api/errors.ts';
import { projectNow } from '../../pages-api/merge.ts';
import type { Page, Project } from '../../pages-api/model.ts';
import { isLastPage, PROJECTS_A_PAGE, SMALLER_PROJECT_PAGES } from '../../pages-api/paging.ts';
import { ruleFor } from '../../policy/rules.ts';
import { retryAfter } from '../budget.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import { inPart } from '../part.ts';
import { forecast } from '../prune/forecast.ts';
import { noteOutcome } from '../runs.ts';
import { mustRead, type ProjectState } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import { owedOf, wantReading } from '../tasks.ts';
import { assign } from './assign.ts';
import { lookForMissing } from './forget.ts';
import type { Listing } from './listing.ts';

const MAX_RETRIES = 5;

/** Asks for the project list to be read, unless it is being read already. */
export function wantListing({ work, now }: Pick<Context, 'work' | 'now'>): void {
  if (work.listing !== null) return;
  work.looked.askedAt = now();
  // What has begun before it is served by it, also where the clock has gone back since.
  const startedAt = Math.max(now(), ...work.runs.map(({ record }) => record.startedAt));
  work.listing = {
    startedAt,
    page: 1,
    perPage: PROJECTS_A_PAGE,
    ids: [],
    unread: 0,
    tries: 0,
    said: null,
    due: now(),
  };
}

/** Goes on reading the project list, as far as the budget reaches. */
export async function advanceListing(context: Context, calls: Calls): Promise<void> {
  const { work } = context;
  for (;;) {
    const { listing } = work;
    if (listing === null || listing.due > context.now()) return;
    const { page, perPage } = listing;
    const answer = await calls.list(null, (api) =>
      api.listProjects(perPage === null ? null : { page, perPage }),
    );
    if (answer.kind === 'spent') return;
    if (answer.kind === 'failed') {
      if (!retryListing(context, listing, answer.error)) return;
    } else await takePage(context, calls, listing, answer.value);
  }
}

async function takePage(
  context: Context,
  calls: Calls,
  listing: Listing,
  answer: Page<Project>,
): Promise<void> {
  for (const project of answer.rows) {
    const isTaken = await inPart(context, project, () => listProject(context, listing, project));
    if (!isTaken) listing.unread += 1;
  }
  listing.unread += answer.unread;
  const last = isLastPage(answer, listing.page, listing.perPage);
  listing.page += 1;
  listing.tries = 0;
  listing.said = null;
  if (last) await finishListing(context, calls, listing, answer.totalCount);
}

/** Decides how to go on after a failed call; `true`: at once. */
function retryListing(context: Context, listing: Listing, error: PagesApiError): boolean {
  const { work } = context;
  if (error.kind === 'page-refused' && listing.perPage !== null) {
    const perPage = SMALLER_PROJECT_PAGES[listing.perPage] ?? null;
    Object.assign(listing, { page: 1, ids: [], unread: 0, perPage });
    return true;
  }
  // Refused credentials and a block are the account's, and noted: the list waits for their end.
  if (error.kind === 'unauthorized' || error.kind === 'blocked') {
    // They were refused before, and a view had it tried again: once.
    if (work.api.halted) work.listing = null;
    return false;
  }
  listing.tries += 1;
  listing.said = error.message;
  listing.due = context.now() + retryAfter(listing.tries);
  if (listing.tries <= MAX_RETRIES) return false;
  const message = `The project list could not be read (${error.message}). It is tried again at the next tick or view.`;
  work.api.trouble = { kind: 'unreachable', since: context.now(), until: null, message };
  work.listing = null;
  for (const { record } of work.runs.filter((run) => !run.listed))
    noteOutcome(work, record.id, { error: { kind: 'api', detail: message } });
  return false;
}

/** Takes in one project as it is now. */
function listProject(context: Context, listing: Listing, listed: Project): void {
  const { store, config } = context;
  if (listing.ids.includes(listed.id)) {
    listing.unread += 1;
    return;
  }
  listing.ids.push(listed.id);
  const known = store.read('projects', listed.id);
  const project = projectNow(known?.project ?? null, listed);
  if (known === null && ruleFor(project.name, config.rules) === null) return;
  const state: ProjectState = { inventory: null, plan: null, ...known, project };
  forecast({ ...context, now: context.now() }, state);
  if (known !== null && JSON.stringify(known.project) === JSON.stringify(project)) return;
  store.write('projects', project.id, state);
  noteProject(context, state);
  if (known !== null) reactToNews(context, known.project, project);
}

/** What the list has shown reaches the plan under way: it waits until the project was read again. */
function reactToNews({ work }: Context, before: Project, now: Project): void {
  const task = work.tasks.get(now.id);
  if (task === undefined) return;
  task.name = now.name;
  const moved = before.latest?.id !== now.latest?.id || before.canonical?.id !== now.canonical?.id;
  if (moved && owedOf(task) !== null) wantReading(work, now, 'run');
}

async function finishListing(
  context: Context,
  calls: Calls,
  listing: Listing,
  total: number | null,
): Promise<void> {
  const { work, store } = context;
  work.listing = null;
  work.looked.checkedAt = listing.startedAt;
  listing.unread = Math.max(listing.unread, (total ?? 0) - listing.ids.length);
  work.looked.accountProjects = Math.max(total ?? 0, listing.ids.length);
  if (work.api.standing.writes !== 'no') work.api.trouble = null;
  work.api.halted = false;
  work.api.triedAgain = 0;
  // A token that may read and not write is let in here as well: it is well when a build or a delete was let in.
  if (work.api.standing.writes === 'yes') work.telling.refused = null;
  work.telling.due = true;
  for (const run of work.runs.filter((open) => !open.listed)) {
    if (run.record.startedAt <= listing.startedAt) assign(context, run, listing);
    else wantListing(context);
  }
  for (const id of work.looked.viewed.splice(0)) {
    const state = store.read('projects', id);
    if (state !== null && mustRead(state, context.now())) wantReading(work, state.project, 'view');
  }
  const listed = new Set(listing.ids);
  for (const id of store.projectIds().filter((known) => !listed.has(known))) {
    await lookForMissing(context, calls, id);
  }
}
