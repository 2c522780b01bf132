// Projects that the list does not name any more: asked for by name, then forgotten. Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import type { Context } from '../calls.ts';
import { dropWalk } from '../deployments/stage.ts';
import { dropQueue } from '../prune/queue.ts';
import { forgetOverview } from '../store/overview.ts';

/** A project missing from the list is forgotten only when asking for it says that it does not exist, or is another one. */
export async function lookForMissing(context: Context, id: string): Promise<void> {
  const name = context.store.read('projects', id)?.project.name;
  if (name === undefined || !context.slice.take('call')) return;
  try {
    const project = await context.slice.api.getProject(name);
    if (project.id !== id) forgetProject(context, id);
  } catch (error) {
    context.slice.note(error);
    if (isApiError(error, 'project-gone')) forgetProject(context, id);
  }
}

function forgetProject(context: Context, id: string): void {
  const { store, work } = context;
  dropQueue(context, id);
  dropWalk(store, id);
  for (const block of store.read('projects', id)?.inventory?.blocks ?? []) store.removeBlock(block.id);
  for (const table of ['projects', 'facts', 'refusals', 'content'] as const) store.remove(table, id);
  forgetOverview(store, id);
  context.touched.delete(id);
  delete work.gone[id];
  delete work.rowsAskedAt[id];
  work.walks = work.walks.filter((walk) => walk.project !== id);
  work.plans = work.plans.filter((job) => job.project !== id);
  work.decisions = work.decisions.filter((decision) => decision.project !== id);
  for (const run of work.runs) run.prune = run.prune.filter((project) => project !== id);
}
