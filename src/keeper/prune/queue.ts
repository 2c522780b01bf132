// The end of a queue, and of what is pruned in a project: its rows go, its run's record is set right. No calls.

import type { Context } from '../context.ts';
import { noteOutcome, runOf, tally } from '../runs.ts';
import { endPrune, queueOf, servedQueue, taskOf } from '../tasks.ts';
import type { Queue, Work } from '../work.ts';
import { recordUnanswered } from './deletions.ts';
import { leaveUndone } from './forecast.ts';

/** Ends the pruning of a project for its run, whatever its step. */
export function endPruning(context: Pick<Context, 'store' | 'work' | 'now' | 'save'>, id: string): void {
  const { store, work } = context;
  const task = taskOf(work, id);
  const queue = queueOf(task);
  if (task !== undefined && queue !== null) recordUnanswered(context, { id, name: task.name }, queue);
  store.removeQueues(id);
  if (queue !== null) giveUp(work, queue);
  endPrune(work, id);
}

/** Ends the pruning of a project: no row of its queue is left. What the limit has kept out of the rows goes with the next run. */
export function endQueue(
  context: Pick<Context, 'store' | 'work' | 'config' | 'now' | 'save'>,
  id: string,
  queue: Queue,
): void {
  if (context.config.maxDeletesPerRun !== null) leaveToNextRun(context, id, queue, queue.left);
  endPruning(context, id);
}

/** So many of a queue wait for the next run, for this one is at its limit: its record says so. */
export function leaveToNextRun(
  { work, config }: Pick<Context, 'work' | 'config'>,
  id: string,
  queue: Queue,
  left: number,
): void {
  if (left === 0) return;
  const why = `the run stopped at MAX_DELETES_PER_RUN = ${config.maxDeletesPerRun}; ${left} more wait for the next run`;
  const project = taskOf(work, id)?.name ?? '';
  noteOutcome(work, queue.run, { refusal: { project, what: 'prune', why } });
  queue.left -= left;
  leaveUndone(work, id, left);
  tally(work, queue.run, { remaining: -left });
}

/** What is left of a queue is not carried out. */
export function giveUp(work: Work, queue: Queue): void {
  tally(work, queue.run, { remaining: -queue.left });
  queue.left = 0;
}

/** How many deletions are left of what is being worked off. */
export function leftOf(work: Work): number {
  return Object.values(work.tasks).reduce((sum, task) => sum + (servedQueue(task)?.left ?? 0), 0);
}

/** The deletes that MAX_DELETES_PER_RUN leaves a run, by its id; `null`: there is no limit. */
export function allowance({ config, work }: Pick<Context, 'config' | 'work'>, runId: string): number | null {
  const run = runOf(work, runId);
  if (config.maxDeletesPerRun === null || run === undefined) return null;
  return Math.max(0, config.maxDeletesPerRun - run.sent);
}
