// Whether what is pruned is still wanted, by the configuration of this moment. Before every batch. No calls.

import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { renew, servedQueue, tasksOf } from '../tasks.ts';
import { brokenNow } from './hold.ts';

/** Ends the queues that the configuration no longer wants, has those planned again whose plan no longer holds. */
export function reviewQueues(context: Context): void {
  const { work, config } = context;
  for (const [id, task] of tasksOf(work)) {
    const queue = servedQueue(task);
    if (queue === null) continue;
    const rule = ruleFor(task.name, config.rules);
    const isDry = config.dryRun || rule?.dryRun === true;
    if (isDry || rule === null) {
      const why = isDry ? 'DRY_RUN was switched on, so its queue was dropped' : 'no rule matches it any more';
      leaveOutPrune(context, { id, name: task.name }, why);
      continue;
    }
    if (!queue.stopped && brokenNow(context, id, queue.basis) !== null) renew(work, id);
  }
}
