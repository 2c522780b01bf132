// The queue of a project: deployments planned to go, oldest first; then what failed, then what takes `force=true`. Its rows
// are written with the plan and read one a batch; here it is found, dropped, ended, put out of service. No calls.

import type { Context } from '../calls.ts';
import { wantWalk } from '../deployments/want.ts';
import { noteOutcome, runOf, tally } from '../runs.ts';
import type { Queue } from '../work.ts';
import { addPlan } from './jobs.ts';
import { END_SEQ, FORCE_SEQ, RETRY_SEQ } from './rows.ts';

/** The queue of a project, if it has one. */
export function queueOf(context: Context, project: string): Queue | undefined {
  return context.work.queues.find((queue) => queue.project === project);
}

/** Forgets a project's queue. */
export function dropQueue(context: Context, project: string): void {
  const queue = queueOf(context, project);
  if (queue === undefined) return;
  context.store.removeQueueRows(project, 0, END_SEQ);
  tally(context.work, queue.run, { remaining: -queue.remaining });
  endQueue(context, queue);
}

/** Has a queue over that has no rows left; then the blocks are written without what it deleted. */
export function endQueue(context: Context, queue: Queue): void {
  context.work.queues = context.work.queues.filter((other) => other !== queue);
  if (context.work.gone[queue.project] !== undefined) addPlan(context, queue.project, null);
}

/**
 * Forgets what failed and waits to be sent again: its places in the blocks are about to move. It is read again before the
 * project's next plan, so whatever is left of it is planned again.
 */
export function forgetRetries({ store }: Context, project: string): void {
  store.removeQueueRows(project, RETRY_SEQ, FORCE_SEQ);
}

/** Takes a queue out of service: its run plans the project again once it was read. */
export function suspend({ work }: Context, queue: Queue): void {
  queue.suspended = true;
  const run = runOf(work, queue.run);
  if (run && !run.prune.includes(queue.project)) run.prune.push(queue.project);
}

/** Has a queue's project read and planned again, for the same run. */
export function planAgain(context: Context, queue: Queue): void {
  suspend(context, queue);
  wantWalk(context, queue.project, true);
}

/** Ends a run's part in a project without deleting, with the reason in its record. */
export function refuse(
  context: Context,
  runId: string,
  project: { id: string; name: string },
  why: string,
): void {
  dropQueue(context, project.id);
  noteOutcome(context.work, runId, { refusal: { project: project.name, why } });
}
