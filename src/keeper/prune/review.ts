// Whether the queues are still wanted, by the configuration of this moment, and rest on what is still known. No calls.

import { MAX_WALK_AGE_MS } from '../../policy/gate.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import { noteOutcome } from '../runs.ts';
import type { Queue } from '../work.ts';
import { dropQueue, planAgain } from './queue.ts';

/** Drops the queues that the configuration no longer wants, has the outdated ones planned again. Before every batch. */
export function reviewQueues(context: Context): void {
  const { work, config } = context;
  for (const queue of [...work.queues]) {
    const rule = ruleFor(queue.name, config.rules);
    if (config.dryRun || rule === null || rule.dryRun) {
      dropQueue(context, queue.project);
      const why =
        config.dryRun || rule?.dryRun
          ? 'DRY_RUN was switched on, so its queue was dropped'
          : 'no rule matches it any more';
      noteOutcome(work, queue.run, { refusal: { project: queue.name, why } });
    } else if (!queue.suspended && !isCurrent(context, queue)) {
      planAgain(context, queue);
    }
  }
}

/** Whether a queue was planned under the rules as they are, on a walk that is not too old. */
export function isCurrent({ config, now }: Context, queue: Queue): boolean {
  return queue.rulesHash === config.rulesHash && now() - queue.walkedAt <= MAX_WALK_AGE_MS;
}
