// The verdicts once more, slowly and plainly, straight from the design's table: every deployment looks at all others.
// Shares no code with src/policy: its own rank, its own globs, its own idea of what is finished.

import type { Deployment } from '../../src/pages-api/model.ts';
import type { PrunePolicy } from '../../src/policy/rules.ts';
import type { Refusal } from '../../src/policy/verdict.ts';

/** All that can be known of a project at one moment. */
export interface Account {
  readonly deployments: readonly Deployment[];
  readonly canonicalId: string | null;
  readonly policies: readonly PrunePolicy[];
  readonly refusals: Readonly<Record<string, Refusal>>;
}

const DAY = 24 * 60 * 60 * 1_000;

function fits(name: string, glob: string): boolean {
  if (glob === '') return name === '';
  if (glob[0] !== '*') return name[0] === glob[0] && fits(name.slice(1), glob.slice(1));
  return fits(name, glob.slice(1)) || (name !== '' && fits(name.slice(1), glob));
}

function covers(policy: PrunePolicy, { environment, branch }: Deployment): boolean {
  if (policy.environment !== 'all' && policy.environment !== environment) return false;
  let covered = false;
  for (const glob of policy.branches) if (glob[0] !== '!' && fits(branch, glob)) covered = true;
  for (const glob of policy.branches) if (glob[0] === '!' && fits(branch, glob.slice(1))) covered = false;
  return covered;
}

const dateOf = ({ createdAt }: Deployment) =>
  createdAt === null || Number.isNaN(createdAt) ? null : createdAt;

const succeeded = (one: Deployment) =>
  one.stage === 'deploy' && one.stageStatus === 'success' && !one.skipped;

function ended(one: Deployment): boolean {
  const over = new Set(['failure', 'canceled', 'skipped']);
  return one.skipped || succeeded(one) || over.has(one.stageStatus);
}

/** Newest first; of two that were created at the same moment, the one with the greater id first. */
function newestFirst(deployments: readonly Deployment[]): Deployment[] {
  return [...deployments].sort((a, b) => (dateOf(b) ?? 0) - (dateOf(a) ?? 0) || (a.id < b.id ? 1 : -1));
}

function siblings(account: Account, one: Deployment): Deployment[] {
  return account.deployments.filter(
    ({ branch, environment }) => branch === one.branch && environment === one.environment,
  );
}

/** The newest of a branch; nobody knows it when one of them has no date. */
function newestOf(branch: readonly Deployment[]): Deployment | null {
  return branch.some((one) => dateOf(one) === null) ? null : (newestFirst(branch)[0] ?? null);
}

function newerSuccesses(among: readonly Deployment[], at: number): number {
  return newestFirst(among).filter((one) => succeeded(one) && (dateOf(one) ?? 0) > at).length;
}

/** Live in production, as the project tells and as the list tells. Rows without a branch are of no branch. */
export function isLiveFor(account: Account, one: Deployment): boolean {
  const at = dateOf(one);
  if (one.id === '' || one.branch === '' || at === null) return false;
  if (one.id === account.canonicalId) return true;
  const production = account.deployments.filter(
    ({ environment, branch }) => environment === 'production' && branch !== '',
  );
  return one.environment === 'production' && succeeded(one) && newerSuccesses(production, at) === 0;
}

function isStaleFor(account: Account, one: Deployment, policy: PrunePolicy, now: number): boolean {
  const newest = newestOf(siblings(account, one));
  if (one.environment !== 'preview' || policy.staleBranchesAfterDays === null || newest === null)
    return false;
  return (dateOf(newest) ?? now) + policy.staleBranchesAfterDays * DAY <= now;
}

function isRefusedFor(account: Account, one: Deployment, policy: PrunePolicy): boolean {
  const then = Object.entries(account.refusals).find(([id]) => id === one.id)?.[1];
  const newestId = newestOf(siblings(account, one))?.id ?? '';
  return (
    then !== undefined &&
    then.newestId === newestId &&
    then.canonicalId === account.canonicalId &&
    then.policy === JSON.stringify(policy)
  );
}

/** The verdict on one deployment of the account. */
export function secondOpinion(account: Account, one: Deployment, now: number) {
  const keep = (reason: string) => ({ action: 'keep', reason, expiresAt: null as number | null });
  const at = dateOf(one);
  const policy = account.policies.find((candidate) => covers(candidate, one));
  if (account.policies.length === 0) return keep('unmanaged');
  if (one.id === '' || one.branch === '' || at === null) return keep('unreadable');
  if (isLiveFor(account, one)) return keep('live');
  if (!ended(one) && at + DAY > now) return keep('in-progress');
  if (policy === undefined) return keep('excluded');
  const rank = newerSuccesses(siblings(account, one), at);
  if (succeeded(one) && rank < policy.keepLatest && !isStaleFor(account, one, policy, now)) {
    return keep('latest');
  }
  const expiresAt = at + policy.olderThanDays * DAY;
  if (expiresAt > now) return { ...keep('young'), expiresAt };
  if (isRefusedFor(account, one, policy)) return keep('refused');
  return { action: 'delete', reason: 'expired', expiresAt };
}
