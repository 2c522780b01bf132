// The verdicts of many deployments at once: what a branch settles is worked out once, and each of its deployments is then judged by
// comparing times. For counting and filtering what a page shows; what is shown itself, and what is deleted, is judged by
// verdict.ts, with which this agrees in every case (a test holds it). Pure: `now` (epoch ms) is passed in.

import type { Environment, Outcome } from '../pages-api/model.ts';
import { DAY } from '../time.ts';
import { branchKey } from './facts.ts';
import { policyFor } from './rules.ts';
import { deletes, type PruneContext, type Reason } from './verdict.ts';
import { goneFrom, staleFrom } from './whole-branch.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What a branch in one environment settles for its deployments. */
export interface BranchTimes {
  /** `null`: no policy covers it. */
  readonly olderThan: number | null;
  /** The only cron on which anything of it goes; `null`: any. */
  readonly cron: string | null;
  /** Facts are known of it, and it is not stale. */
  readonly known: boolean;
  readonly stale: boolean;
  /** When it gets, or got, stale; `Infinity`: never. */
  readonly staleFrom: number;
  /** The same of a branch that Git has no more. */
  readonly gone: boolean;
  readonly goneFrom: number;
  readonly production: boolean;
  /** What was created from these times on is evidence, one of the latest, live. */
  readonly notSkippedFrom: number;
  readonly skippedFrom: number;
  readonly latestFrom: number;
  readonly liveFrom: number;
}

/** One deployment of the branch. `id` and `branch` are known, or it is `unreadable` whatever else it is. */
export interface Timed {
  readonly outcome: Outcome;
  readonly finished: boolean;
  readonly createdAt: number;
}

/** What a branch settles. `environment` is one that is known. */
export function branchTimes(
  environment: Exclude<Environment, 'unknown'>,
  branch: string,
  { facts, policies, gone }: Pick<PruneContext, 'facts' | 'policies' | 'gone'>,
  now: number,
): BranchTimes {
  const policy = policyFor(policies, environment, branch);
  const known = facts.branches[branchKey(environment, branch)];
  const nth = policy === null ? undefined : known?.successes[policy.keepLatest - 1];
  const isAll = policy === null || policy.keepLatest > facts.keep || nth === undefined;
  const from = policy === null ? null : staleFrom({ environment, branch }, facts, policy);
  const off = policy === null ? null : goneFrom({ environment, branch }, gone, policy);
  return {
    olderThan: policy === null ? null : policy.olderThanDays * DAY,
    cron: policy?.cron ?? null,
    known: known !== undefined,
    stale: from !== null && now >= from,
    staleFrom: from ?? NEVER,
    gone: off !== null && now >= off,
    goneFrom: off ?? NEVER,
    production: environment === 'production',
    notSkippedFrom: known?.notSkippedAt ?? 0,
    skippedFrom: known?.skippedAt ?? 0,
    latestFrom: isAll ? Number.NEGATIVE_INFINITY : nth,
    liveFrom: facts.newestProductionAt ?? 0,
  };
}

/** Why a deployment of the branch is kept, or what deletes it: but for the canonical one and those that the API refused to delete. */
export function reasonByTimes(row: Timed, times: BranchTimes, now: number): Reason {
  return reasonIf(times.stale, times.gone, row, times, now);
}

// Whether the branch is stale or gone is said apart: so asking what would be if it were costs no object a row.
function reasonIf(stale: boolean, gone: boolean, row: Timed, times: BranchTimes, now: number): Reason {
  const { outcome, createdAt: at } = row;
  const maySucceed = outcome === 'success' || outcome === 'unknown';
  if (times.production && maySucceed && at >= times.liveFrom) return 'live';
  if (!row.finished && now - at < DAY) return 'in-progress';
  if (times.olderThan === null) return 'excluded';
  if (!times.known) return 'latest';
  if (!stale && !gone) {
    if (outcome !== 'skipped' && at >= times.notSkippedFrom) return 'newest';
    const mayBeSkipped = outcome === 'skipped' || outcome === 'unknown';
    if (times.production && mayBeSkipped && at >= times.skippedFrom) return 'newest';
    if (maySucceed && at >= times.latestFrom) return 'latest';
  }
  if (gone) return 'gone-branch';
  return now - at < times.olderThan ? 'young' : 'expired';
}

/**
 * From when on (epoch ms) a deployment is `expired` if nothing is built, for all but the canonical one; `Infinity`: never, as far as
 * is known.
 */
export function expiresFrom(row: Timed, times: BranchTimes): number {
  const old = row.createdAt + (times.olderThan ?? NEVER);
  // At the end of all days: what time alone does not take away.
  const isOld = reasonIf(false, false, row, times, NEVER) === 'expired';
  // Else it goes once its branch is stale: one that never is, as no production branch is, has no such time.
  const byTime = isOld ? old : Math.max(old, times.staleFrom);
  if (times.goneFrom === NEVER || !deletes(reasonIf(false, true, row, times, NEVER))) return byTime;
  return Math.min(byTime, Math.max(times.goneFrom, row.finished ? 0 : row.createdAt + DAY));
}
