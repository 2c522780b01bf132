// A walk that did not go well: when it is made again, and what is left undone where it cannot be. No calls.

import type { PagesApiError } from '../../pages-api/errors.ts';
import { SMALLER_DEPLOYMENT_PAGES } from '../../pages-api/paging.ts';
import { retryAfter } from '../calls.ts';
import { wantListing } from '../projects/list.ts';
import { queueOf, refuse } from '../prune/queue.ts';
import { noteOutcome } from '../runs.ts';
import { beginWalk, type Reading } from './attempt.ts';
import { commit } from './finish.ts';
import { dropWalk } from './stage.ts';
import type { Walk } from './walk.ts';
import { endWalk } from './want.ts';

const MAX_ATTEMPTS = 3;
const MAX_RETRIES = 5;

/** Begins anew, everything this time; after three attempts the project is left alone until the next run. */
export function walkAgain(reading: Reading, why: string, unordered: boolean): void {
  const { context, wanted, state, walk } = reading;
  const attempt = walk.kind === 'head' ? 1 : walk.attempt + 1;
  // Everything read for a viewer alone would move the places that the queue points at.
  const queued = queueOf(context, wanted.project) !== undefined && !wanted.forRun;
  if (attempt > MAX_ATTEMPTS || queued) {
    giveUp(reading, why);
    return;
  }
  context.log({ level: 'info', event: 'walk-again', project: state.project.name, why, attempt });
  beginAgain(reading, { attempt, unordered, perPage: walk.perPage });
}

/** Reads everything from page 1 on. What the walk has stored goes at once: after a crash nobody may go on from it. */
function beginAgain(reading: Reading, how: Pick<Walk, 'attempt' | 'unordered' | 'perPage'>): void {
  const { context, wanted, state } = reading;
  dropWalk(context.store, wanted.project);
  reading.walk = beginWalk(context, state, how);
}

/** Decides how to go on after a failed call; `true`: at once. */
export function afterFailure(reading: Reading, error: PagesApiError): boolean {
  const { context, wanted, walk } = reading;
  switch (error.kind) {
    case 'blocked':
    case 'not-allowed':
      return false;
    case 'project-gone':
      leave(reading, 'the project does not exist any more');
      return false;
    case 'page-refused':
      if (walk.perPage !== null) {
        const { attempt, unordered } = walk;
        beginAgain(reading, { attempt, unordered, perPage: SMALLER_DEPLOYMENT_PAGES[walk.perPage] ?? null });
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
export function leave(reading: Reading, why: string): void {
  const { context, wanted } = reading;
  dropWalk(context.store, wanted.project);
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
    dropWalk(context.store, wanted.project);
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
