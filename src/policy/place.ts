// Where a deployment stands among those of its branch, and under which policy: what the words for its verdict name. Decides
// nothing, and is never asked by what does. Pure.

import { type Deployment, maySucceed } from '../pages-api/model.ts';
import { branchKey, dateOf } from './facts.ts';
import { policyFor } from './rules.ts';
import type { PruneContext } from './verdict.ts';

/** The policy that a deployment follows, and its place under it. */
export interface Place {
  /** Which of the rule's policies, counted from 0. */
  readonly policy: number;
  readonly olderThanDays: number;
  readonly keepLatest: number;
  /** Its place among the newest successes of its branch, counted from 1; `null` where it is none of the `keepLatest`. */
  readonly rank: number | null;
}

function rankOf(deployment: Deployment, facts: PruneContext['facts'], keepLatest: number): number | null {
  const at = dateOf(deployment);
  if (at === null || !maySucceed(deployment) || keepLatest > facts.keep) return null;
  const branch = facts.branches[branchKey(deployment.environment, deployment.branch)];
  if (branch === undefined) return null;
  const rank = 1 + branch.successes.filter((success) => success > at).length;
  return rank <= keepLatest ? rank : null;
}

/** The place of a deployment; `null` where no policy covers it. */
export function placeOf(
  deployment: Deployment,
  { policies, facts }: Pick<PruneContext, 'policies' | 'facts'>,
): Place | null {
  const policy = policyFor(policies, deployment.environment, deployment.branch);
  if (policy === null) return null;
  const { olderThanDays, keepLatest } = policy;
  return {
    policy: policies.indexOf(policy),
    olderThanDays,
    keepLatest,
    rank: rankOf(deployment, facts, keepLatest),
  };
}
