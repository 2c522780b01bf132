// Observing the account: the project list, which embeds each project's newest and live deployment, and what a run has to do
// with each of them. Sends GET only.

import { isApiError } from '../pages-api/errors.ts';
import type { Project } from '../pages-api/model.ts';
import { isDue, ruleFor } from '../plan/rules.ts';
import { dropWalk, mustRead, type ProjectState } from './inventory.ts';
import { forgetOverview, noteProject } from './overview.ts';
import { dropQueue, queueOf, wantWalk } from './queue.ts';
import { noteOutcome } from './runs.ts';
import { type Context, retryAfter } from './slice.ts';
import type { Listing, OpenRun } from './work.ts';

/** API's limit for a page of projects (8000024 above), and what to try when an account takes less. */
const PROJECTS_A_PAGE = 10;
const SMALLER: Record<number, number | null> = { 10: 5, 5: null };
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
      const last =
        perPage === null ||
        answer.rows.length === 0 ||
        (answer.totalPages !== null && answer.totalPages > 0
          ? page >= answer.totalPages
          : answer.rows.length < perPage);
      if (last) await finishListing(context, listing, answer.totalCount);
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
    Object.assign(listing, { page: 1, ids: [], perPage: SMALLER[listing.perPage] ?? null });
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

/** A project missing from the list is forgotten only when asking for it says that it does not exist, or is another one. */
async function lookForMissing(context: Context, id: string): Promise<void> {
  const name = context.store.read('projects', id)?.project.name;
  if (name === undefined || !context.slice.take('call')) return;
  try {
    const project = await context.slice.api.getProject(name);
    if (project.id !== id) forgetProject(context, id);
  } catch (error) {
    context.slice.note(error);
    if (isApiError(error, 'project-gone')) forgetProject(context, id);
  }
}

function forgetProject(context: Context, id: string): void {
  const { store, work } = context;
  dropQueue(context, id);
  dropWalk(store, id);
  for (const block of store.read('projects', id)?.inventory?.blocks ?? []) store.removeBlock(block.id);
  for (const table of ['projects', 'facts', 'refusals', 'content'] as const) store.remove(table, id);
  forgetOverview(store, id);
  context.touched.delete(id);
  delete work.gone[id];
  delete work.rowsAskedAt[id];
  work.walks = work.walks.filter((walk) => walk.project !== id);
  work.plans = work.plans.filter((job) => job.project !== id);
  work.decisions = work.decisions.filter((decision) => decision.project !== id);
  for (const run of work.runs) run.prune = run.prune.filter((project) => project !== id);
}

/** Gives a run its work: which projects it rebuilds, which it prunes, and which must be read for that. */
function distribute(context: Context, run: OpenRun, ids: readonly string[]): void {
  const { store, config } = context;
  const { record } = run;
  run.listed = true;
  for (const id of ids) {
    const state = store.read('projects', id);
    const rule = state === null ? null : ruleFor(state.project.name, config.rules);
    if (state === null || rule === null) continue;
    const rebuilds = rule.rebuild !== null && isDue(rule.rebuild.cron, record.cron);
    const prunes = rule.prune.some((policy) => isDue(policy.cron, record.cron));
    if (rebuilds) decideLater(context, record.id, state.project);
    if (prunes) {
      supersede(context, id);
      run.prune.push(id);
    }
    if (prunes || (rebuilds && state.project.source !== null && mustRead(state, record.scheduledAt)))
      wantWalk(context, id, true);
  }
}

/** Has a rebuild decided, unless one of that project still waits its turn: the two would build the same. */
function decideLater({ work }: Context, run: string, { id, name }: Project): void {
  if (work.decisions.some(({ project }) => project === id))
    noteOutcome(work, run, { skip: { project: name, reason: 'requested' } });
  else work.decisions.push({ run, project: id });
}

/** A newer prune run takes over: the older one's queue goes no further. */
function supersede(context: Context, project: string): void {
  const queue = queueOf(context, project);
  for (const run of context.work.runs) {
    const had = run.prune.includes(project) || queue?.run === run.record.id;
    run.prune = run.prune.filter((id) => id !== project);
    if (had) noteOutcome(context.work, run.record.id, { superseded: true });
  }
  context.work.plans = context.work.plans.filter((job) => job.project !== project || job.run === null);
  if (queue) queue.suspended = true;
}
