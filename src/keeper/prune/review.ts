// Whether what is pruned is still wanted, by the configuration of this moment. Before every batch. No calls.

import { type Basis, brokenBy } from '../../policy/basis.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { servedQueue } from '../tasks.ts';
import { planAgain } from './again.ts';
import { whyHeld } from './hold.ts';

/** By the settings and the time: what is known of a project is asked of each before its batch leaves, and not here of all of them. */
function isBroken({ config, now }: Context, basis: Basis): boolean {
  return brokenBy(basis, { ...basis, account: config.keeperName, rules: config.rulesHash }, now()) !== null;
}

/** Ends the queues that the configuration no longer wants, has those planned again whose plan no longer holds. */
export function reviewQueues(context: Context): void {
  const { work } = context;
  for (const [id, task] of work.tasks) {
    const queue = servedQueue(task);
    if (queue === null) continue;
    const held = whyHeld(context, task.name);
    if (held !== null) {
      leaveOutPrune(context, { id, name: task.name }, held);
      continue;
    }
    if (!queue.stopped && isBroken(context, queue.basis)) planAgain(context, id);
  }
}
