// A project's plan: what each deployment comes to, and the counts of all. The Keeper and the doctor both plan with this, so what
// the doctor foretells is what a run does. Pure: `now` (epoch ms) is passed in; it reads and stores no row.

import type { Deployment } from '../pages-api/model.ts';
import type { ProjectFacts } from './facts.ts';
import { wouldTakeDown } from './gate.ts';
import { isDue, type PrunePolicy, policyFor } from './rules.ts';
import { deletes, judge, needsForce, type PruneContext, type Reason } from './verdict.ts';
import { isStale } from './whole-branch.ts';

/** A deployment that stays. */
export interface Kept {
  readonly goes: false;
  readonly reason: Reason;
  /** Whether it is kept as one of the latest, and would go under a policy that calls branches stale. */
  readonly ifStale: boolean;
}

/** A deployment that has expired. */
export interface Expired {
  readonly goes: true;
  /** The only cron on which it goes, its policy's; `null`: any. */
  readonly cron: string | null;
  /** Whether it goes because its branch is stale, or because Git has it no more. */
  readonly stale: boolean;
  readonly gone: boolean;
  /** Whether deleting it takes `force=true`: it holds its branch's alias. */
  readonly force: boolean;
  /** Whether deleting it would take the live site down: the gate's own look, not the verdict's. */
  readonly live: boolean;
}

/** What one deployment comes to. */
export type PlanRow = Kept | Expired;

/** The counts of a plan. */
export interface PlanCounts {
  /** Expired in all, and those of them whose policy acts on this tick. */
  readonly expired: number;
  readonly queued: number;
  /** Those that this tick leaves where they are, for whatever reason. */
  readonly kept: number;
  /** Kept ones that would go under a policy that calls branches stale. */
  readonly ifStale: number;
  /** Whether one of those queued is live. */
  readonly holdsLive: boolean;
  /** Those queued whose branch is gone. */
  readonly gone: number;
}

/** The counts of a plan with no deployment in it. */
export const NO_COUNTS: PlanCounts = {
  expired: 0,
  queued: 0,
  kept: 0,
  ifStale: 0,
  holdsLive: false,
  gone: 0,
};

/** Plans one deployment. */
export function planRow(row: Deployment, context: PruneContext, now: number): PlanRow {
  const { facts, canonicalId, policies } = context;
  const policy = policyFor(policies, row.environment, row.branch);
  const { reason } = judge(row, context, now);
  if (policy === null) return { goes: false, reason, ifStale: false };
  if (!deletes(reason)) {
    return { goes: false, reason, ifStale: isOfLatest(reason) && wouldGoIfStale(row, facts, policy, now) };
  }
  const { newestProductionAt } = facts;
  return {
    goes: true,
    cron: policy.cron,
    stale: isStale(row, facts, policy, now),
    gone: reason === 'gone-branch',
    force: needsForce(row, context, now),
    live: wouldTakeDown(row, { canonicalId, newestProductionAt }),
  };
}

/** Whether an expired deployment goes when these crons have ticked; `null`: whichever do. */
export function isQueued({ cron }: Expired, ticked: readonly string[] | null): boolean {
  return ticked === null || ticked.some((tick) => isDue(cron, tick));
}

/** The counts with one more deployment. `ticked`: the crons that have ticked; `null`: whichever do. */
export function countRow(counts: PlanCounts, row: PlanRow, ticked: readonly string[] | null): PlanCounts {
  if (!row.goes) {
    return { ...counts, kept: counts.kept + 1, ifStale: counts.ifStale + (row.ifStale ? 1 : 0) };
  }
  const expired = counts.expired + 1;
  // Another cron's to delete: this tick leaves it where it is.
  if (!isQueued(row, ticked)) return { ...counts, expired, kept: counts.kept + 1 };
  return {
    ...counts,
    expired,
    queued: counts.queued + 1,
    holdsLive: counts.holdsLive || row.live,
    gone: counts.gone + (row.gone ? 1 : 0),
  };
}

// The reasons that staleness takes away.
const isOfLatest = (reason: Reason) => reason === 'newest' || reason === 'latest';

/**
 * Whether a deployment that is kept as one of the latest would go under a policy that calls branches stale after as many days
 * as it keeps deployments: it is no younger than its branch.
 */
function wouldGoIfStale(row: Deployment, facts: ProjectFacts, policy: PrunePolicy, now: number): boolean {
  const couldBeStale = { ...policy, staleBranchesAfterDays: policy.olderThanDays };
  return policy.staleBranchesAfterDays === null && isStale(row, facts, couldBeStale, now);
}
