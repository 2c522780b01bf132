// What a plan comes to: put before the gate, and stored for those who look. Calls nothing, and decides nothing about what goes.

import { checkPlan } from '../../policy/gate.ts';
import type { PlanCounts } from '../../policy/plan.ts';
import { noteProject } from '../store/overview.ts';
import type { Planning } from '../work.ts';
import type { Subject } from './subject.ts';

/** A plan as the gate asks about it. */
export function summaryOf(
  { queued, kept, holdsLive, gone }: PlanCounts,
  { walkedAt, canonicalId, gitReadAt }: Planning['basis'],
) {
  return { walkedAt, canonicalId, expired: queued, kept, holdsLive, gone, gitReadAt };
}

type Plan = NonNullable<Subject['state']['plan']>;

/** Whether it came to the same when it was counted last. */
function isSamePlan(before: Plan, now: Omit<Plan, 'at' | 'nextAt'>): boolean {
  const { at, nextAt } = before;
  return JSON.stringify(before) === JSON.stringify({ ...now, at, nextAt });
}

/** Stores what goes at the next run, as it was counted with a plan, for the page. */
export function notePlan(
  context: Subject['context'],
  state: Subject['state'],
  { ahead, aheadCounts, basis }: Planning,
  hasProduction: boolean,
): void {
  const now = context.now();
  const { looked } = context.work;
  const { project, plan: before } = state;
  // By then the deployments will have been read anew, and Git been asked.
  const then = { ...summaryOf(aheadCounts, { ...basis, walkedAt: now, gitReadAt: now }), hasProduction };
  const nextAt = ahead?.at ?? null;
  // It counts that too.
  delete looked.undone[project.id];
  const refusedWhy = checkPlan(then, now);
  const { ifStale } = aheadCounts;
  // Nor does what would go if stale branches went, where a plan of all of them would be refused.
  const isMore =
    checkPlan({ ...then, expired: then.expired + ifStale, kept: then.kept - ifStale }, now) === null;
  const counted = {
    ...{ rules: basis.rules, refusedWhy, moreIfStale: isMore ? ifStale : 0 },
    next: refusedWhy === null ? aheadCounts.queued : 0,
  };
  // Nothing is written for a project in which nothing happened: only for when it was counted is known, beside what is under way.
  if (before !== null && nextAt !== null && isSamePlan(before, counted)) {
    looked.countedFor[project.id] = nextAt;
    return;
  }
  delete looked.countedFor[project.id];
  const planned = { ...state, plan: { ...counted, at: now, nextAt } };
  context.store.write('projects', project.id, planned);
  noteProject(context, planned);
}
