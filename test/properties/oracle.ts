// What the rules say, a second time: slow, obvious, straight from the table of reasons, sharing no code with src/policy.

/** A deployment of the account at one moment. */
export interface Row {
  readonly id: string;
  readonly environment: 'production' | 'preview';
  readonly branch: string;
  readonly createdAt: number;
  readonly success: boolean;
  readonly finished: boolean;
  readonly skipped: boolean;
}

/** One policy as the configuration has it. */
export interface Policy {
  readonly environment?: 'production' | 'preview' | 'all';
  readonly branches?: readonly string[];
  readonly olderThanDays: number;
  readonly keepLatest?: number;
  readonly staleBranchesAfterDays?: number;
  readonly goneBranchesAfterDays?: number;
  readonly pullRequests?: string;
}

const DAY = 24 * 60 * 60 * 1000;

function globMatches(glob: string, name: string): boolean {
  const pattern = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[\\s\\S]*')}$`).test(name);
}

function matches(policy: Policy, row: Row): boolean {
  const environment = policy.environment ?? 'all';
  if (environment !== 'all' && environment !== row.environment) return false;
  const globs = policy.branches ?? ['*'];
  const wanted = globs.some((glob) => !glob.startsWith('!') && globMatches(glob, row.branch));
  return wanted && !globs.some((glob) => glob.startsWith('!') && globMatches(glob.slice(1), row.branch));
}

/** The policy that a row follows. */
export function policyOf(policies: readonly Policy[], row: Row): Policy | undefined {
  return policies.find((candidate) => matches(candidate, row));
}

/** Whether a row's branch is stale under its policy. */
export function isStaleBranch(
  row: Row,
  rows: readonly Row[],
  policies: readonly Policy[],
  now: number,
): boolean {
  const policy = policyOf(policies, row);
  if (policy?.staleBranchesAfterDays === undefined || row.environment !== 'preview') return false;
  const branch = rows.filter((other) => other.branch === row.branch && other.environment === row.environment);
  return branch.every((other) => now - other.createdAt >= (policy.staleBranchesAfterDays as number) * DAY);
}

/** Branches that Git has no more, and since when. */
export type Gone = ReadonlyMap<string, number>;

/** Whether a row's branch is gone for its policy's time. */
export function isGoneBranch(row: Row, policies: readonly Policy[], now: number, gone: Gone): boolean {
  const days = policies.find((candidate) => matches(candidate, row))?.goneBranchesAfterDays;
  const since = gone.get(row.branch);
  return (
    row.environment === 'preview' && days !== undefined && since !== undefined && now - since >= days * DAY
  );
}

/** Ids that a tick at `now` deletes from these rows. */
export function expiredIds(
  rows: readonly Row[],
  canonicalId: string | null,
  policies: readonly Policy[],
  now: number,
  gone: Gone = new Map(),
): Set<string> {
  const expired = new Set<string>();
  const isLiveUnknown = canonicalId === null && rows.some((row) => row.environment === 'production');
  if (isLiveUnknown) return expired;
  const production = rows.filter((row) => row.environment === 'production' && row.success);
  const newest = Math.max(...production.map((row) => row.createdAt));
  for (const row of rows) {
    if (row.id === canonicalId) continue;
    if (row.environment === 'production' && row.success && row.createdAt === newest) continue;
    if (!row.finished && now - row.createdAt < DAY) continue;
    const policy = policyOf(policies, row);
    if (policy === undefined) continue;
    const siblings = rows.filter(
      (other) => other.branch === row.branch && other.environment === row.environment,
    );
    if (isGoneBranch(row, policies, now, gone)) {
      expired.add(row.id);
      continue;
    }
    const stale = isStaleBranch(row, rows, policies, now);
    const later = siblings.filter((other) => other.createdAt > row.createdAt);
    const isNewest = row.skipped
      ? row.environment === 'production' && !later.some((other) => other.skipped)
      : !later.some((other) => !other.skipped);
    if (!stale && isNewest) continue;
    const newer = siblings.filter((other) => other.success && other.createdAt > row.createdAt).length;
    if (!stale && row.success && newer < (policy.keepLatest ?? 1)) continue;
    if (now - row.createdAt < policy.olderThanDays * DAY) continue;
    expired.add(row.id);
  }
  return expired.size === rows.length ? new Set() : expired;
}
