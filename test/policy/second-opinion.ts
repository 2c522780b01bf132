// The verdicts once more, slowly and plainly, straight from the table of reasons: every deployment looks at all others.
// Shares no code with src/policy: its own rank, its own globs, its own idea of what became of a deployment.

import type { Deployment } from '../../src/pages-api/model.ts';
import type { PrunePolicy } from '../../src/policy/rules.ts';
import type { Undeletable } from '../../src/policy/verdict.ts';

/** All that can be known of a project at one moment. */
export interface Account {
  readonly deployments: readonly Deployment[];
  readonly canonicalId: string | null;
  readonly policies: readonly PrunePolicy[];
  readonly refusals: Readonly<Record<string, Undeletable>>;
  /** Branches that Git has no more, and since when. */
  readonly gone: ReadonlyMap<string, number>;
}

const DAY = 24 * 60 * 60 * 1_000;

function fits(name: string, glob: string): boolean {
  if (glob === '') return name === '';
  if (glob[0] !== '*') return name[0] === glob[0] && fits(name.slice(1), glob.slice(1));
  return fits(name, glob.slice(1)) || (name !== '' && fits(name.slice(1), glob));
}

function covers(policy: PrunePolicy, { environment, branch }: Deployment): boolean {
  if (environment !== 'production' && environment !== 'preview') return false;
  if (policy.environment !== 'all' && policy.environment !== environment) return false;
  let covered = false;
  for (const glob of policy.branches) if (glob[0] !== '!' && fits(branch, glob)) covered = true;
  for (const glob of policy.branches) if (glob[0] === '!' && fits(branch, glob.slice(1))) covered = false;
  return covered;
}

const dateOf = ({ createdAt }: Deployment) =>
  createdAt === null || Number.isNaN(createdAt) ? null : createdAt;

/** Every pair of stage and status that we know, and what it says. Any other says nothing. */
const SAYS = new Map<string, 'success' | 'failed' | 'unfinished'>();
for (const stage of ['queued', 'initialize', 'clone_repo', 'build', 'deploy']) {
  for (const status of ['idle', 'active', 'success']) SAYS.set(`${stage} ${status}`, 'unfinished');
}
SAYS.set('deploy success', 'success');

type Became = 'success' | 'failed' | 'skipped' | 'unfinished' | 'nobody knows';

/** What became of a deployment, by its own words. */
function said({ stage, stageStatus, skipped }: Deployment): Became {
  const words = SAYS.get(`${stage} ${stageStatus}`);
  if (skipped === null || (skipped && words === 'success')) return 'nobody knows';
  if (skipped || stageStatus === 'skipped') return 'skipped';
  if (stageStatus === 'failure' || stageStatus === 'canceled') return 'failed';
  return words ?? 'nobody knows';
}

/** A success stays one where that keeps it, whatever it is called later: then nobody knows. */
function became(one: Deployment): Became {
  return one.recorded?.success && said(one) !== 'success' ? 'nobody knows' : said(one);
}

const succeeded = (one: Deployment) => became(one) === 'success';
const maybeSucceeded = (one: Deployment) => succeeded(one) || became(one) === 'nobody knows';

function ended(one: Deployment): boolean {
  if (one.recorded?.success || one.skipped || (one.stage === 'deploy' && one.stageStatus === 'success'))
    return true;
  return became(one) === 'failed' || became(one) === 'skipped';
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

/** All that may be of this branch, for a sign of life: those that nobody can place too. */
function perhapsOfIt(account: Account, one: Deployment): Deployment[] {
  return account.deployments.filter(
    ({ branch, environment }) =>
      branch === '' ||
      (branch === one.branch && (environment === one.environment || environment === 'unknown')),
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
  if (one.id === '' || one.branch === '' || at === null || one.environment === 'unknown') return false;
  if (one.id === account.canonicalId) return true;
  const production = account.deployments.filter(
    ({ environment, branch }) => environment === 'production' && branch !== '',
  );
  return one.environment === 'production' && maybeSucceeded(one) && newerSuccesses(production, at) === 0;
}

function isStaleFor(account: Account, one: Deployment, policy: PrunePolicy, now: number): boolean {
  const newest = newestOf(perhapsOfIt(account, one));
  if (one.environment !== 'preview' || policy.staleBranchesAfterDays === null || newest === null)
    return false;
  return (dateOf(newest) ?? now) + policy.staleBranchesAfterDays * DAY <= now;
}

function isGoneFor(account: Account, one: Deployment, policy: PrunePolicy, now: number): boolean {
  const days = policy.goneBranchesAfterDays;
  if (one.environment !== 'preview' || days === null) return false;
  return [...account.gone].some(([branch, since]) => branch === one.branch && since + days * DAY <= now);
}

/** The evidence of how the branch stands. */
function isNewestFor(account: Account, one: Deployment): boolean {
  const newer = siblings(account, one).filter((other) => (dateOf(other) ?? 0) > (dateOf(one) ?? 0));
  const may = became(one) === 'nobody knows';
  const head = one.environment === 'production' && (may || became(one) === 'skipped');
  if (head && !newer.some((other) => became(other) === 'skipped')) return true;
  if (became(one) === 'skipped') return false;
  return !newer.some((other) => became(other) !== 'skipped' && became(other) !== 'nobody knows');
}

function isRefusedFor(account: Account, one: Deployment, policy: PrunePolicy, now: number): boolean {
  const then = Object.entries(account.refusals).find(([id]) => id === one.id)?.[1];
  const branch = account.deployments.filter(
    ({ branch, environment }) =>
      branch === one.branch && (environment === one.environment || environment === 'unknown'),
  );
  return (
    then !== undefined &&
    then.newestId === (newestOf(branch)?.id ?? '') &&
    then.canonicalId === account.canonicalId &&
    then.policy === JSON.stringify(policy) &&
    then.force === (isStaleFor(account, one, policy, now) || isGoneFor(account, one, policy, now))
  );
}

/** The verdict on one deployment of the account. */
export function secondOpinion(account: Account, one: Deployment, now: number) {
  const keep = (reason: string) => ({ action: 'keep', reason, expiresAt: null as number | null });
  const at = dateOf(one);
  const policy = account.policies.find((candidate) => covers(candidate, one));
  if (account.policies.length === 0) return keep('unmanaged');
  if (one.id === '' || one.branch === '' || at === null || one.environment === 'unknown') {
    return keep('unreadable');
  }
  if (isLiveFor(account, one)) return keep('live');
  if (!ended(one) && at + DAY > now) return keep('in-progress');
  if (policy === undefined) return keep('excluded');
  const gone = isGoneFor(account, one, policy, now);
  const stale = gone || isStaleFor(account, one, policy, now);
  if (!stale && isNewestFor(account, one)) return keep('newest');
  const rank = newerSuccesses(siblings(account, one), at);
  if (!stale && maybeSucceeded(one) && rank < policy.keepLatest) return keep('latest');
  const expiresAt = at + policy.olderThanDays * DAY;
  if (gone && !isRefusedFor(account, one, policy, now)) return { ...keep('gone-branch'), action: 'delete' };
  if (!gone && expiresAt > now) return { ...keep('young'), expiresAt };
  if (isRefusedFor(account, one, policy, now)) return keep('refused');
  return { action: 'delete', reason: 'expired', expiresAt };
}
