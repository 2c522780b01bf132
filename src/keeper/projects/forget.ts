// Projects that the list does not name any more: asked for by name, then forgotten. Sends GET only.

import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import { dropWalk } from '../deployments/stage.ts';
import { endPruning } from '../prune/queue.ts';
import { takeWaiting } from '../rebuild/open.ts';
import { blocksOf } from '../store/inventory.ts';
import { forgetOverview } from '../store/overview.ts';
import { readIndex } from '../store/overview-index.ts';

/** A project missing from the list is forgotten only when asking for it says that it does not exist, or is another one. */
export async function lookForMissing(context: Context, calls: Calls, id: string): Promise<void> {
  const name = context.store.read('projects', id)?.project.name;
  if (name === undefined) return;
  const answer = await calls.single({ kind: 'read', project: id }, (api) => api.getProject(name));
  const isGone =
    (answer.kind === 'answer' && answer.value.id !== id) ||
    (answer.kind === 'failed' && answer.error.kind === 'project-gone');
  if (isGone) forgetProject(context, id, name);
}

/** What was told of a project that is gone. One that was made anew under its name is watched as it was, and has made nothing well. */
function passOn({ store, touched, work }: Context, id: string, name: string): void {
  const { looked, telling } = work;
  const known = [...readIndex(store), ...[...touched.values()].map(({ project }) => project)];
  const anew = known.find((one) => one.name === name);
  const behind = looked.behind[id];
  if (anew === undefined) delete telling.failedBuilds[name];
  else if (behind !== undefined) looked.behind[anew.id] = behind;
  delete looked.behind[id];
}

function forgetProject(context: Context, id: string, name: string): void {
  const { store, work, touched } = context;
  store.atomically(() => {
    dropWalk(store, id);
    endPruning(context, id);
    for (const block of blocksOf(store.read('projects', id))) store.removeBlock(block.id);
    for (const table of ['projects', 'refusals', 'content'] as const) store.remove(table, id);
    store.removeGit(id);
    store.removeFacts(id);
    store.removeLogs(id);
    store.removeGathered('blocks', id);
    forgetOverview(store, id);
  });
  touched.delete(id);
  work.tasks.delete(id);
  delete work.looked.rowsAskedAt[id];
  delete work.looked.readAt[id];
  delete work.looked.countedFor[id];
  delete work.looked.undone[id];
  passOn(context, id, name);
  takeWaiting(work, { project: id });
}
