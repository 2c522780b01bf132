// Planning: what is known of a project, judged block by block, oldest first, into its queue. Calls nothing. A job goes on in
// the next invocation where its blocks are more than one may read.

import { keepFor } from '../../policy/facts.ts';
import { type Rule, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import type { ProjectState } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import type { PlanJob } from '../work.ts';
import { indexBlocks } from './compact.ts';
import { endJob } from './jobs.ts';
import { advanceVerdicts } from './judge.ts';
import { forgetRetries } from './queue.ts';

/** Blocks that one invocation may plan: 10 ms of CPU on Free. */
const BLOCKS_A_SLICE = 20;

/** Does up to a slice's worth of planning. */
export function advancePlans(context: Context): void {
  let blocks = BLOCKS_A_SLICE;
  while (blocks > 0 && context.work.plans.length > 0) {
    const job = context.work.plans[0] as PlanJob;
    const state = context.store.read('projects', job.project);
    const rule = state ? ruleFor(state.project.name, context.config.rules) : null;
    if (state === null || state.inventory === null) {
      endJob(context, job);
      continue;
    }
    blocks -=
      job.phase === 'index'
        ? advanceIndex(context, job, state, rule, blocks)
        : advanceVerdicts(context, job, state, rule, blocks);
  }
}

/** Writes blocks without what was deleted and gathers the facts; gives how many blocks that took. */
function advanceIndex(
  context: Context,
  job: PlanJob,
  state: ProjectState,
  rule: Rule | null,
  blocks: number,
): number {
  if (job.run !== null && job.next === 0) forgetRetries(context, job.project);
  const step = indexBlocks(context.store, state, keepFor(rule?.prune ?? []), job.next, blocks);
  context.store.write('projects', job.project, { ...state, inventory: step.inventory });
  job.next = step.next;
  if (step.done) {
    delete context.work.gone[job.project];
    if (job.run === null) endJob(context, job);
    else Object.assign(job, { phase: 'verdicts', next: 0 });
    noteProject(context, { ...state, inventory: step.inventory });
  }
  return Math.max(1, step.blocks);
}
