// A verdict for every deployment: kept for the first reason that applies, else expired and deleted. The page shows it, the
// pruner acts on it. Every reason but staleness and a branch that is gone is monotone: seeing fewer deployments keeps more.
// Pure: `now` (epoch ms) is passed in; no fetch, no clock, no Env, no console.

import { type Deployment, isFinished, maySucceed, outcomeOf } from '../pages-api/model.ts';
import { DAY } from '../time.ts';
import { type BranchFacts, branchKey, dateOf, type ProjectFacts } from './facts.ts';
import { type PrunePolicy, policyFor } from './rules.ts';
import { type Gone, isGone, isStale } from './whole-branch.ts';

/** Why a deployment is kept, in the order in which the reasons are looked for; `expired` and `gone-branch` are those that delete. */
export const REASONS = [
  'unmanaged',
  'unreadable',
  'live',
  'in-progress',
  'excluded',
  'newest',
  'latest',
  'young',
  'refused',
  'expired',
  'gone-branch',
] as const;

/** One of them. */
export type Reason = (typeof REASONS)[number];

/** Whether what has this reason is deleted. */
export const deletes = (reason: Reason): boolean => reason === 'expired' || reason === 'gone-branch';

/** What a run at this very moment would do with a deployment, and why. */
export interface Verdict {
  readonly action: 'keep' | 'delete';
  readonly reason: Reason;
  /** created + N x 24 h for `young` and `expired`, else `null`. */
  readonly expiresAt: number | null;
}

/** An id that the API refused to delete, and how things were then: while they are the same, it is not tried again. */
export interface Undeletable {
  readonly canonicalId: string | null;
  readonly newestId: string;
  readonly policy: string;
  /** Whether its branch was stale or gone, so that it would have been sent with `force=true` at the end. */
  readonly force: boolean;
}

/** What is known of a project at one moment; a verdict is a function of this, the deployment and `now`. */
export interface PruneContext {
  readonly facts: ProjectFacts;
  readonly canonicalId: string | null;
  readonly policies: readonly PrunePolicy[];
  /** By deployment id. */
  readonly refusals: Readonly<Record<string, Undeletable>>;
  /** Absent: nobody asked. */
  readonly gone?: Gone | undefined;
}

/**
 * Whether this is the evidence of how its branch stands: none that is known not to be a skipped one is strictly newer. In
 * production the newest skipped one is evidence too, of what became of the branch's head, and so is what may be that one.
 */
function isNewest(deployment: Deployment, branch: BranchFacts): boolean {
  const at = dateOf(deployment) ?? 0;
  const outcome = outcomeOf(deployment);
  if (outcome !== 'skipped' && at >= (branch.notSkippedAt ?? 0)) return true;
  if (deployment.environment !== 'production') return false;
  return ['skipped', 'unknown'].includes(outcome) && at >= (branch.skippedAt ?? 0);
}

function isLatest(deployment: Deployment, branch: BranchFacts, policy: PrunePolicy, keep: number): boolean {
  if (!maySucceed(deployment) || deployment.createdAt === null) return false;
  // Fewer than keepLatest strictly newer successes = not older than the keepLatest-th newest one.
  const nth = branch.successes[policy.keepLatest - 1];
  return policy.keepLatest > keep || nth === undefined || deployment.createdAt >= nth;
}

/** Whether this is live: the canonical deployment, or (after a rollback another one) the newest production success. */
export function isLive(
  deployment: Deployment,
  context: Pick<PruneContext, 'canonicalId' | 'facts'>,
): boolean {
  if (deployment.id !== '' && deployment.id === context.canonicalId) return true;
  if (deployment.environment !== 'production' || !maySucceed(deployment)) return false;
  return (deployment.createdAt ?? 0) >= (context.facts.newestProductionAt ?? 0);
}

/** How an undeletable one is remembered: the policy as text, so that another rule tries again. */
export function undeletableOf(
  deployment: Pick<Deployment, 'environment' | 'branch'>,
  context: PruneContext,
  now: number,
): Undeletable {
  const branch = context.facts.branches[branchKey(deployment.environment, deployment.branch)];
  const policy = policyFor(context.policies, deployment.environment, deployment.branch);
  return {
    canonicalId: context.canonicalId,
    newestId: branch?.newestId ?? '',
    policy: JSON.stringify(policy),
    force: mayForce(deployment, context, now),
  };
}

/** Whether the API refused to delete it when things were as they are. */
export function isRefused(
  deployment: Pick<Deployment, 'id' | 'environment' | 'branch'>,
  context: PruneContext,
  now: number,
): boolean {
  const then = context.refusals[deployment.id];
  if (then === undefined) return false;
  const today = undeletableOf(deployment, context, now);
  return (
    then.canonicalId === today.canonicalId &&
    then.newestId === today.newestId &&
    then.policy === today.policy &&
    then.force === today.force
  );
}

function reasonFor(
  deployment: Deployment,
  context: PruneContext,
  policy: PrunePolicy | null,
  now: number,
): Reason {
  const { id, environment, branch: name } = deployment;
  const createdAt = dateOf(deployment);
  if (context.policies.length === 0) return 'unmanaged';
  if (id === '' || name === '' || createdAt === null || environment === 'unknown') return 'unreadable';
  if (isLive(deployment, context)) return 'live';
  if (!isFinished(deployment) && now - createdAt < DAY) return 'in-progress';
  if (policy === null) return 'excluded';
  const branch = context.facts.branches[branchKey(environment, name)];
  // A branch that the facts do not know: they are not of this account as it is, so everything is kept.
  if (branch === undefined) return 'latest';
  const gone = isGone(deployment, context, policy, now);
  const isWhole = !gone && !isStale(deployment, context.facts, policy, now);
  if (isWhole && isNewest(deployment, branch)) return 'newest';
  if (isWhole && isLatest(deployment, branch, policy, context.facts.keep)) return 'latest';
  if (gone) return isRefused(deployment, context, now) ? 'refused' : 'gone-branch';
  if (now - createdAt < policy.olderThanDays * DAY) return 'young';
  return isRefused(deployment, context, now) ? 'refused' : 'expired';
}

/** The verdict on one deployment at `now`. */
export function judge(deployment: Deployment, context: PruneContext, now: number): Verdict {
  const policy = policyFor(context.policies, deployment.environment, deployment.branch);
  const reason = reasonFor(deployment, context, policy, now);
  const dated = reason === 'young' || reason === 'expired';
  const expiresAt =
    dated && policy !== null && deployment.createdAt !== null
      ? deployment.createdAt + policy.olderThanDays * DAY
      : null;
  return { action: deletes(reason) ? 'delete' : 'keep', reason, expiresAt };
}

/**
 * Whether this may be deleted with `force=true`, at the end of its branch: the branch is a preview that is stale or gone. What the API refuses
 * there as aliased (8000035) goes so as well, whoever holds the alias by our count. Never for production.
 */
export function mayForce(
  deployment: Pick<Deployment, 'environment' | 'branch'>,
  context: PruneContext,
  now: number,
): boolean {
  const policy = policyFor(context.policies, deployment.environment, deployment.branch);
  if (policy === null) return false;
  return isGone(deployment, context, policy, now) || isStale(deployment, context.facts, policy, now);
}

/**
 * Whether deleting this expired deployment takes `force=true` from the start: it is the newest success of a stale or gone preview
 * branch, so it holds the branch's alias (the API refuses it otherwise, 8000035).
 */
export function needsForce(deployment: Deployment, context: PruneContext, now: number): boolean {
  if (!mayForce(deployment, context, now) || !maySucceed(deployment)) return false;
  const branch = context.facts.branches[branchKey(deployment.environment, deployment.branch)];
  return (deployment.createdAt ?? 0) >= (branch?.successes[0] ?? 0);
}
