// The end of a queue, and of what is pruned in a project: its rows go, its run's record is set right. No calls.

import type { Context } from '../context.ts';
import { runOf, tally } from '../runs.ts';
import { endPrune, queueOf, servedQueue, taskOf } from '../tasks.ts';
import type { Queue, Work } from '../work.ts';
import { recordUnanswered } from './deletions.ts';

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

/** What is left of a queue is not carried out. */
export function giveUp(work: Work, queue: Queue): void {
  tally(work, queue.run, { remaining: -queue.left });
  queue.left = 0;
}

/** How many deletions are left of what is being worked off. */
export function leftOf(work: Work): number {
  return Object.values(work.tasks).reduce((sum, task) => sum + (servedQueue(task)?.left ?? 0), 0);
}

/** The deletes that MAX_DELETES_PER_RUN leaves a queue's run; `null`: there is no limit. */
export function allowance({ config, work }: Pick<Context, 'config' | 'work'>, queue: Queue): number | null {
  const run = runOf(work, queue.run);
  if (config.maxDeletesPerRun === null || run === undefined) return null;
  return Math.max(0, config.maxDeletesPerRun - run.sent);
}
