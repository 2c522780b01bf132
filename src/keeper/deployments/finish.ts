// A walk that was read to its end: committed, and what waited for it goes on. No calls.

import type { Deployment } from '../../pages-api/model.ts';
import type { Context } from '../calls.ts';
import { addPlan } from '../prune/jobs.ts';
import { forgetRetries, queueOf, suspend } from '../prune/queue.ts';
import { noteProject } from '../store/overview.ts';
import type { Reading } from './attempt.ts';
import { commitWalk } from './commit.ts';
import { endWalk } from './want.ts';

/**
 * Commits a walk that was read to its end, and has the runs that waited for it plan. `newer`: rows that came on top while it
 * ran. Not `valid`: no plan may rest on it, so it is for the page only.
 */
export function commit(reading: Reading, newer: readonly Deployment[], valid: boolean): void {
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
  if (queue !== undefined && !queue.suspended) suspend(context, queue);
}
