// The end of a queue, and of what is pruned in a project: its rows go, its run's record is set right. No calls.

import type { Context } from '../context.ts';
import { noteOutcome, runOf, tally } from '../runs.ts';
import { endPrune, queueOf, servedQueue } from '../tasks.ts';
import type { Queue, Work } from '../work.ts';
import { recordUnanswered } from './deletions.ts';
import { leaveUndone } from './forecast.ts';

/** Ends the pruning of a project for its run, whatever its step. */
export function endPruning(context: Pick<Context, 'store' | 'work' | 'now' | 'save'>, id: string): void {
  const { store, work } = context;
  const task = work.tasks.get(id);
  const queue = queueOf(task);
  if (task !== undefined && queue !== null) recordUnanswered(context, { id, name: task.name }, queue);
  store.removeQueues(id);
  if (queue !== null) giveUp(work, queue);
  endPrune(work, id);
}

/** Ends the pruning of a project: no row of its queue is left. */
export function endQueue(
  context: Pick<Context, 'store' | 'work' | 'config' | 'now' | 'save'>,
  id: string,
  queue: Queue,
): void {
  leaveToNextRun(context, id, queue, 0);
  endPruning(context, id);
}

/** A run is at its limit: so many of a queue wait for the next one, beside those that never were in it. */
export function leaveToNextRun(
  context: Pick<Context, 'work' | 'config'>,
  id: string,
  queue: Queue,
  unsent: number,
): void {
  const { work } = context;
  tellLimit(context, work.tasks.get(id)?.name ?? '', queue.run, unsent + (queue.beyond ?? 0));
  queue.beyond = 0;
  queue.left -= unsent;
  leaveUndone(work, id, unsent);
  tally(work, queue.run, { remaining: -unsent });
}

/** The run's record says how many of a project wait for the next run, if any do. */
export function tellLimit(
  { work, config }: Pick<Context, 'work' | 'config'>,
  project: string,
  run: string,
  many: number,
): void {
  if (many === 0) return;
  const why = `the run stopped at MAX_DELETES_PER_RUN = ${config.maxDeletesPerRun}; ${many} more wait for the next run`;
  noteOutcome(work, run, { refusal: { project, what: 'prune', why } });
}

/** What is left of a queue is not carried out. */
export function giveUp(work: Work, queue: Queue): void {
  tally(work, queue.run, { remaining: -queue.left });
  queue.left = 0;
}

/** How many deletions are left of what is being worked off. */
export function leftOf(work: Work): number {
  return work.tasks.values().reduce((sum, task) => sum + (servedQueue(task)?.left ?? 0), 0);
}

/** The deletes that MAX_DELETES_PER_RUN leaves a run, by its id; `null`: there is no limit. */
export function allowance({ config, work }: Pick<Context, 'config' | 'work'>, runId: string): number | null {
  const run = runOf(work, runId);
  if (config.maxDeletesPerRun === null || run === undefined) return null;
  return Math.max(0, config.maxDeletesPerRun - run.sent);
}
