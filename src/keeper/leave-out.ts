// Leaving a project out: nothing more is done in it for its run, with the reason in the run's record. No calls.

import type { Context } from './context.ts';
import { dropWalk } from './deployments/stage.ts';
import { endPruning } from './prune/queue.ts';
import { takeWaiting } from './rebuild/open.ts';
import { noteOutcome } from './runs.ts';
import { endReading, owedOf } from './tasks.ts';

/** Ends the pruning of a project for its run. `why` is a sentence's end, for the page and the log. */
export function leaveOutPrune(
  context: Context,
  project: { readonly id: string; readonly name: string },
  why: string,
): void {
  const run = owedOf(context.work.tasks.get(project.id))?.run;
  endPruning(context, project.id);
  if (run !== undefined && run !== null)
    noteOutcome(context.work, run, { refusal: { project: project.name, what: 'prune', why } });
}

/** Ends the rebuilds of a project that wait to be decided: what they would be decided by is not known. */
export function leaveOutRebuilds(
  { work }: Pick<Context, 'work'>,
  project: { readonly id: string; readonly name: string },
  why: string,
): void {
  for (const { run } of takeWaiting(work, { project: project.id }))
    noteOutcome(work, run, { refusal: { project: project.name, what: 'rebuild', why } });
}

/** Ends everything that is under way in a project, and removes what its reading has staged. */
export function leaveOut(
  context: Context,
  project: { readonly id: string; readonly name: string },
  why: string,
): void {
  dropWalk(context.store, project.id);
  endReading(context.work, project.id);
  leaveOutPrune(context, project, why);
  leaveOutRebuilds(context, project, why);
}
