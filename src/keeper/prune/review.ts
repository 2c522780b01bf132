// Whether what is pruned is still wanted, by the configuration of this moment. Before every batch. No calls.

import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { renew, servedQueue, tasksOf } from '../tasks.ts';
import { brokenNow, whyHeld } from './hold.ts';

/** Ends the queues that the configuration no longer wants, has those planned again whose plan no longer holds. */
export function reviewQueues(context: Context): void {
  const { work } = context;
  for (const [id, task] of tasksOf(work)) {
    const queue = servedQueue(task);
    if (queue === null) continue;
    const held = whyHeld(context, task.name);
    if (held !== null) {
      leaveOutPrune(context, { id, name: task.name }, held);
      continue;
    }
    if (!queue.stopped && brokenNow(context, id, queue.basis) !== null) renew(work, id);
  }
}
