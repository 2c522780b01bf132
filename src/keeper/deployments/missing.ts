// Known deployments that are not there any more: somebody else deleted them, or a delete of ours whose answer was lost and
// whose plan does not hold any more. Marked as gone; of ours the run's record says so. No calls.

import type { Context } from '../context.ts';
import { recordLost } from '../prune/deletions.ts';
import { queueOf } from '../tasks.ts';
import type { Place } from './walk.ts';

/** Marks them as gone. */
export function noteMissing(
  context: Context,
  project: { readonly id: string; readonly name: string },
  missing: readonly Place[],
): void {
  const { store, work, save } = context;
  const task = work.tasks.get(project.id);
  if (task === undefined) return;
  const queue = queueOf(task);
  store.atomically(() => {
    task.gone += missing.length;
    for (const [block, places] of Map.groupBy(missing, (place) => place.block))
      store.markGone(
        block,
        places.map(({ id }) => id),
      );
    if (queue !== null) recordLost(context, project, queue, new Set(missing.map(({ id }) => id)));
    // With the marks how many there are: or after a crash they would be counted among what is there.
    save();
  });
}
