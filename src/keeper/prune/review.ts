// Whether what is pruned is still wanted, by the configuration of this moment. Before every batch. No calls.

import { type Basis, brokenBy } from '../../policy/basis.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { renew, servedQueue, tasksOf } from '../tasks.ts';
import { whyHeld } from './hold.ts';

/** By all but what is live: that is asked of each project before its batch leaves, and not here of all of them. */
function isBroken({ config, now }: Context, basis: Basis): boolean {
  const { canonicalId } = basis;
  return (
    brokenBy(basis, { account: config.keeperName, rules: config.rulesHash, canonicalId }, now()) !== null
  );
}

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
    if (!queue.stopped && isBroken(context, queue.basis)) renew(work, id);
  }
}
