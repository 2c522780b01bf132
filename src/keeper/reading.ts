// Observing a project: carrying its walk on page by page, and committing it. Sends GET only.

import { isApiError, type PagesApiError } from '../pages-api/errors.ts';
import type { Deployment, Page } from '../pages-api/model.ts';
import { keepFor } from '../plan/facts.ts';
import { ruleFor } from '../plan/rules.ts';
import {
  commitWalk,
  dropWalk,
  type ProjectState,
  readKnownHead,
  stageWalk,
  usableInventory,
} from './inventory.ts';
import { wantListing } from './listing.ts';
import { noteProject } from './overview.ts';
import { addPlan, forgetRetries, queueOf, refuse } from './queue.ts';
import { noteOutcome } from './runs.ts';
import { type Context, inFlight, retryAfter } from './slice.ts';
import {
  addPage,
  closeWalk,
  isSinglePage,
  type KnownHead,
  ROWS_A_PAGE,
  startWalk,
  type Walk,
} from './walk.ts';
import type { WalkWanted } from './work.ts';

const WEEK = 7 * 86_400_000;
/** A walk that has taken this long is of an account that is not there any more. */
const WALK_TOO_OLD_MS = 30 * 60_000;
const MAX_ATTEMPTS = 3;
const MAX_RETRIES = 5;
const SMALLER: Record<number, number | null> = { [ROWS_A_PAGE]: 10, 10: null };

/** Goes on reading the deployments of the projects that need it, several at a time. */
export async function advanceWalks(context: Context): Promise<void> {
  const due = context.work.walks.filter((walk) => walk.due <= context.now());
  await inFlight(due, (wanted) => advanceWalk(context, wanted));
  // Those that are not done take turns.
  const { work } = context;
  work.walks = [
    ...work.walks.filter((walk) => !due.includes(walk)),
    ...work.walks.filter((walk) => due.includes(walk)),
  ];
}

interface Reading {
  readonly context: Context;
  readonly wanted: WalkWanted;
  readonly state: ProjectState;
  walk: Walk;
  known: KnownHead | null;
}

/** Begins a walk: from the head where what is known is valid, else of everything; everything once a week in any case. */
function beginWalk(context: Context, state: ProjectState, again?: Partial<Walk>): Walk {
  const inventory = usableInventory(state);
  const now = context.now();
  const head =
    again === undefined &&
    inventory?.validAt != null &&
    !inventory.unordered &&
    now - inventory.fullAt < WEEK &&
    inventory.count > 0;
  return startWalk({
    kind: head ? 'head' : 'full',
    startedAt: now,
    keep: keepFor(ruleFor(state.project.name, context.config.rules)?.prune ?? []),
    unordered: again?.unordered ?? inventory?.unordered ?? false,
    ...(again?.attempt === undefined ? {} : { attempt: again.attempt }),
    ...(again?.perPage === undefined ? {} : { perPage: again.perPage }),
    unfinished: inventory?.unfinished.map(({ id }) => id) ?? [],
  });
}

async function advanceWalk(context: Context, wanted: WalkWanted): Promise<void> {
  const { store } = context;
  const state = store.read('projects', wanted.project);
  if (state === null) {
    endWalk(context, wanted);
    return;
  }
  const stored = store.read('walks', wanted.project);
  const tooOld = stored !== null && context.now() - stored.startedAt > WALK_TOO_OLD_MS;
  if (tooOld) dropWalk(store, wanted.project);
  const walk = stored === null || tooOld ? beginWalk(context, state) : stored;
  const reading: Reading = { context, wanted, state, walk, known: null };
  while (context.work.walks.includes(wanted) && wanted.due <= context.now()) {
    if (!(await readPage(reading))) break;
  }
  if (!context.work.walks.includes(wanted)) return;
  const staged = stageWalk(store, reading.walk);
  store.write('walks', wanted.project, staged);
  Object.assign(wanted, { read: staged.rows, of: staged.firstTotal });
}

/** Reads one page; `false`: no more now. */
async function readPage(reading: Reading): Promise<boolean> {
  const { context, state, walk } = reading;
  if (!context.slice.take('list')) return false;
  const page = walk.phase === 'close' ? 1 : walk.page;
  try {
    const choice = walk.perPage === null ? null : { page, perPage: walk.perPage };
    takePage(reading, await context.slice.api.listDeployments(state.project.name, choice));
    return true;
  } catch (error) {
    if (!isApiError(error)) throw error;
    context.slice.note(error);
    return afterFailure(reading, error);
  }
}

function takePage(reading: Reading, page: Page<Deployment>): void {
  const { context, state, walk } = reading;
  if (page.projectId !== null && page.projectId !== state.project.id) {
    leave(reading, 'another project has its name now');
    return;
  }
  if (walk.phase === 'close') {
    close(reading, page);
    return;
  }
  const inventory = usableInventory(state);
  if (walk.kind === 'head' && inventory) reading.known ??= readKnownHead(context.store, inventory);
  const step = addPage(walk, page, reading.known);
  if (step.kind === 'again') {
    walkAgain(reading, step.why, step.unordered);
    return;
  }
  reading.walk = step.kind === 'more' ? step.walk : { ...step.walk, phase: 'close' };
  if (step.kind === 'complete' && isSinglePage(step.walk)) close(reading, null);
}

function close(reading: Reading, again: Page<Deployment> | null): void {
  const { context, wanted, walk } = reading;
  const inventory = usableInventory(reading.state);
  const gone = context.work.gone[wanted.project] ?? 0;
  const closed = closeWalk(walk, again, (inventory?.count ?? 0) - gone);
  if ('invalid' in closed) walkAgain(reading, closed.invalid, walk.unordered);
  else commit(reading, closed.newer, true);
}

/** Begins anew, everything this time; after three attempts the project is left alone until the next run. */
function walkAgain(reading: Reading, why: string, unordered: boolean): void {
  const { context, wanted, state, walk } = reading;
  const attempt = walk.kind === 'head' ? 1 : walk.attempt + 1;
  // Everything read for a viewer alone would move the places that the queue points at.
  const queued = queueOf(context, wanted.project) !== undefined && !wanted.forRun;
  if (attempt > MAX_ATTEMPTS || queued) {
    giveUp(reading, why);
    return;
  }
  context.log({ level: 'info', event: 'walk-again', project: state.project.name, why, attempt });
  dropStaged(reading);
  reading.walk = beginWalk(context, state, { attempt, unordered, perPage: walk.perPage });
}

function dropStaged({ context, walk }: Reading): void {
  for (const { id } of walk.staged) context.store.removeBlock(id);
}

/** `true`: go on at once. */
function afterFailure(reading: Reading, error: PagesApiError): boolean {
  const { context, wanted, state, walk } = reading;
  switch (error.kind) {
    case 'blocked':
    case 'not-allowed':
      return false;
    case 'project-gone':
      leave(reading, 'the project does not exist any more');
      return false;
    case 'page-refused':
      if (walk.perPage !== null) {
        dropStaged(reading);
        const perPage = SMALLER[walk.perPage] ?? null;
        reading.walk = beginWalk(context, state, {
          attempt: walk.attempt,
          unordered: walk.unordered,
          perPage,
        });
        return true;
      }
  }
  const tries = walk.tries + 1;
  reading.walk = { ...walk, tries };
  wanted.due = context.now() + retryAfter(tries);
  if (tries > MAX_RETRIES) giveUp(reading, `the list could not be read (${error.message})`);
  return false;
}

/** The project is not there any more: the list of projects says what is. */
function leave(reading: Reading, why: string): void {
  const { context, wanted } = reading;
  dropStaged(reading);
  context.store.remove('walks', wanted.project);
  endWalk(context, wanted);
  wantListing(context);
  failFor(reading, why);
}

/** Leaves the project alone for this run. What was read whole is kept for the page, marked as not valid. */
function giveUp(reading: Reading, why: string): void {
  const { context, walk, wanted } = reading;
  if (walk.kind === 'full' && walk.phase === 'close' && queueOf(context, wanted.project) === undefined) {
    commit(reading, [], false);
  } else {
    dropStaged(reading);
    context.store.remove('walks', wanted.project);
    endWalk(context, wanted);
  }
  failFor(reading, why);
}

function failFor({ context, state, wanted }: Reading, why: string): void {
  const { project } = state;
  const { work } = context;
  context.log({ level: 'warn', event: 'walk-failed', project: project.name, why });
  const pruning = work.runs.filter(({ prune }) => prune.includes(project.id));
  for (const run of pruning) {
    run.prune = run.prune.filter((id) => id !== project.id);
    refuse(context, run.record.id, project, why);
  }
  work.plans = work.plans.filter((job) => job.project !== project.id || job.run === null);
  if (!wanted.forRun || project.source === null) return;
  // Its rebuild was to be decided by what could not be read: what was known before may be long untrue.
  for (const { run } of work.decisions.filter((decision) => decision.project === project.id)) {
    if (pruning.some(({ record }) => record.id === run)) continue;
    noteOutcome(work, run, { refusal: { project: project.name, why } });
  }
  work.decisions = work.decisions.filter((decision) => decision.project !== project.id);
}

function commit(reading: Reading, newer: readonly Deployment[], valid: boolean): void {
  const { context, wanted, walk } = reading;
  const { store, work } = context;
  const before = store.read('projects', wanted.project) ?? reading.state;
  const state = { ...before, inventory: commitWalk(store, before, walk, newer, valid) };
  store.write('projects', wanted.project, state);
  if (walk.kind === 'full') forgetPlaces(context, wanted.project);
  noteProject(context, state);
  endWalk(context, wanted);
  if (!valid) return;
  for (const run of work.runs.filter(({ prune }) => prune.includes(wanted.project))) {
    run.prune = run.prune.filter((id) => id !== wanted.project);
    addPlan(context, wanted.project, run.record.id);
  }
}

/** After everything was read anew: places in the blocks that were before mean nothing any more, the queue's included. */
function forgetPlaces(context: Context, project: string): void {
  const { work } = context;
  delete work.gone[project];
  work.plans = work.plans.filter((job) => job.project !== project);
  forgetRetries(context, project);
  const queue = queueOf(context, project);
  if (queue === undefined || queue.suspended) return;
  queue.suspended = true;
  const run = work.runs.find(({ record }) => record.id === queue.run);
  if (run && !run.prune.includes(project)) run.prune.push(project);
}

function endWalk({ work }: Context, wanted: WalkWanted): void {
  work.walks = work.walks.filter((walk) => walk !== wanted);
}
