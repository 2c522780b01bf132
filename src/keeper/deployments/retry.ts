// A walk that did not go well: when it is made again, and what is left undone where it cannot be. No calls.

import type { PagesApiError } from '../../pages-api/errors.ts';
import { isEnded, strikesOf } from '../../policy/credentials.ts';
import { retryAfter } from '../budget.ts';
import { leaveOutPrune, leaveOutRebuilds } from '../leave-out.ts';
import { wantListing } from '../projects/list.ts';
import { endReading, renew, servedQueue } from '../tasks.ts';
import { type Attempt, beginAgain } from './attempt.ts';
import { commit } from './commit.ts';
import { noteMissing } from './missing.ts';
import { dropWalk } from './stage.ts';
import type { Walk } from './walk.ts';

const MAX_ATTEMPTS = 3;
const MAX_RETRIES = 5;

/**
 * Begins anew: everything this time, unless known rows were missing, which are gone now. After three attempts the project is
 * left alone until the next run. A plan under way rests on what has just been doubted: it is made again.
 */
export function walkAgain(attempt: Attempt, why: string, { unordered }: Pick<Walk, 'unordered'>): void {
  const { context, state, walk } = attempt;
  const { project } = state;
  const { missing } = walk;
  if (missing.length > 0) noteMissing(context, project, missing);
  const step = context.work.tasks.get(project.id)?.prune?.step;
  if (step === 'deleting' || step === 'planning') renew(context.work, project.id);
  const next = walk.kind === 'head' && missing.length === 0 ? 1 : walk.attempt + 1;
  if (next > MAX_ATTEMPTS) {
    giveUp(attempt, why);
    return;
  }
  context.log({ level: 'info', event: 'walk-again', project: project.name, why, attempt: next });
  beginAgain(attempt, { attempt: next, unordered, ...(missing.length > 0 ? { kind: walk.kind } : {}) });
}

/** Decides how to go on after a failed call; `true`: at once. */
export function afterFailure(attempt: Attempt, error: PagesApiError): boolean {
  const { context, reading, walk, state } = attempt;
  const { now, work } = context;
  const about = { kind: 'read', project: state.project.id } as const;
  switch (error.kind) {
    case 'blocked':
      return false;
    case 'unauthorized':
      reading.due = now() + retryAfter(strikesOf(work.api.standing, about));
      if (isEnded(work.api.standing, about))
        giveUp(attempt, `the API does not let it be read (${error.message})`);
      return false;
    case 'project-gone':
      leave(attempt, 'the project does not exist any more');
      return false;
  }
  const tries = walk.tries + 1;
  attempt.walk = { ...walk, tries };
  reading.due = now() + retryAfter(tries);
  if (tries > MAX_RETRIES) giveUp(attempt, `the list could not be read (${error.message})`);
  return false;
}

/** The project is not there any more: the list of projects says what is. */
export function leave(attempt: Attempt, why: string): void {
  const { context, state } = attempt;
  dropWalk(context.store, state.project.id);
  endReading(context.work, state.project.id);
  wantListing(context);
  failFor(attempt, why);
}

/** Leaves the project alone for this run. What was read whole is kept for the page, marked as not valid. */
function giveUp(attempt: Attempt, why: string): void {
  const { context, walk, state } = attempt;
  const { id } = state.project;
  // The bare list may be one page of many.
  const isPart = walk.perPage === null && walk.rows < (walk.firstTotal ?? 0);
  const isWhole = walk.kind === 'full' && walk.phase === 'close' && walk.missing.length === 0 && !isPart;
  if (isWhole && servedQueue(context.work.tasks.get(id)) === null) commit(attempt, [], { valid: false });
  else {
    dropWalk(context.store, id);
    endReading(context.work, id);
  }
  failFor(attempt, why);
}

function failFor({ context, state, reading }: Attempt, why: string): void {
  const { project } = state;
  context.log({ level: 'warn', event: 'walk-failed', project: project.name, why });
  leaveOutPrune(context, project, why);
  // Its rebuild was to be decided by what could not be read: what was known before may be long untrue.
  if (reading.for === 'run' && project.source !== null) leaveOutRebuilds(context, project, why);
}
