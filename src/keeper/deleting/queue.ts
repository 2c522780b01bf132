// The queue of a project: deployments planned to go, in rows of up to 45, oldest first; then what failed, then what takes
// `force=true`. Its rows are written with the plan and read one a batch. No calls.

import type { Deployment } from '../../pages-api/model.ts';
import type { Deletion } from '../../plan/report.ts';
import { addPlan } from '../planning/jobs.ts';
import { wantWalk } from '../reading/wanted.ts';
import { noteOutcome, tally } from '../runs.ts';
import type { Context } from '../slice.ts';
import type { Queue } from '../work.ts';

/** One planned deletion: the place of its row in a block, and what the run's record says of it. */
export interface QueueItem {
  readonly block: number;
  readonly index: number;
  readonly id: string;
  readonly environment: 'production' | 'preview';
  readonly branch: string;
  readonly commit: string;
  readonly createdAt: number;
  readonly reason: Deletion['reason'];
}

/** Deletions in one row: with the calls around them they fill one invocation. */
export const ITEMS_A_ROW = 45;
/** Forced deletions in one row: one call of the batch reads the head of the list again. */
export const FORCED_A_ROW = 44;
/** Row numbers from here on are for what failed, and for what takes `force=true`: each goes behind all before it. */
export const RETRY_SEQ = 1_000_000_000;
export const FORCE_SEQ = 2_000_000_000;
export const END_SEQ = 3_000_000_000;

/** A deployment as the queue holds it. */
export function queueItem(
  row: Deployment,
  place: { block: number; index: number },
  stale: boolean,
): QueueItem {
  return {
    ...place,
    id: row.id,
    environment: row.environment,
    branch: row.branch,
    commit: row.commitHash.slice(0, 12),
    createdAt: row.createdAt ?? 0,
    reason: stale ? 'stale-branch' : 'expired',
  };
}

/** The queue of a project, if it has one. */
export function queueOf(context: Context, project: string): Queue | undefined {
  return context.work.queues.find((queue) => queue.project === project);
}

/** Forgets a project's queue. */
export function dropQueue(context: Context, project: string): void {
  const { work } = context;
  const queue = queueOf(context, project);
  if (queue === undefined) return;
  context.store.removeQueueRows(project, 0, END_SEQ);
  work.queues = work.queues.filter((other) => other !== queue);
  tally(work, queue.run, { remaining: -queue.remaining });
  if (work.gone[project] !== undefined) addPlan(context, project, null);
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
  const run = work.runs.find(({ record }) => record.id === queue.run);
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
