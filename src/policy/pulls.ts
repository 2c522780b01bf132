// Previews of pull requests (merge requests): which one a branch belongs to, which are asked about, and which of them are closed. Only an
// answer of the same asking as the reading of the branches counts. Pure: times (epoch ms) are passed in.

import { foldName } from '../git/names.ts';
import { HOUR } from '../time.ts';
import type { GitKnown, GitProject } from './git.ts';
import { type PrunePolicy, policyFor } from './rules.ts';

/** Pull requests of a project that are asked about in one run. */
const MOST = 10;
const CLOSED_FOR_MS = HOUR;
const PLACE = '{number}';

/** The number of the pull request that a preview branch belongs to by its policy's pattern; `null`: to none. */
export function pullOf(branch: string, policies: readonly PrunePolicy[]): number | null {
  const [before, after] = policyFor(policies, 'preview', branch)?.pullRequests?.split(PLACE) ?? [];
  if (before === undefined || after === undefined) return null;
  const isForm = branch.startsWith(before) && branch.endsWith(after);
  const digits = isForm ? branch.slice(before.length, branch.length - after.length) : '';
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : null;
}

/** The pull requests to ask about, by branch: of branches that Git does not hold, the longest unasked first. */
export function pullsToAsk(
  { branches }: Pick<GitKnown, 'branches'>,
  project: GitProject,
  policies: readonly PrunePolicy[],
): Map<string, number> {
  const asked = (branch: string) => branches.get(branch)?.pull?.askedAt ?? 0;
  const found = [...project.branches.keys()].flatMap((branch) => {
    const number = isAbsent(branch, { branches }, project) ? pullOf(branch, policies) : null;
    return number === null ? [] : [[branch, number] as const];
  });
  return new Map(found.sort(([a], [b]) => asked(a) - asked(b)).slice(0, MOST));
}

function isAbsent(branch: string, { branches }: Pick<GitKnown, 'branches'>, project: GitProject): boolean {
  const isProduction = foldName(branch) === foldName(project.productionBranch);
  return !isProduction && (branches.get(branch)?.off ?? null) !== null;
}

/** The branches whose pull request is closed, and since when the days of their policy count. `strayAt`: as in the facts. */
export function closedPulls(
  known: GitKnown,
  project: GitProject,
  strayAt: number | null,
  policies: readonly PrunePolicy[],
): Map<string, number> {
  const closed = new Map<string, number>();
  for (const [branch, { newestAt }] of project.branches) {
    const pull = known.branches.get(branch)?.pull;
    if (pull === undefined || newestAt === null || strayAt === null) continue;
    const { number, askedAt, openedAt, closedAt } = pull;
    if (!isAbsent(branch, known, project) || number !== pullOf(branch, policies)) continue;
    if (openedAt === null || closedAt === null || askedAt !== known.readAt) continue;
    // Else the number is another repository's, or something was deployed since.
    const isOfIt = openedAt < newestAt && Math.max(newestAt, strayAt) < askedAt;
    if (isOfIt && askedAt - closedAt >= CLOSED_FOR_MS)
      closed.set(branch, Math.max(closedAt, newestAt, strayAt));
  }
  return closed;
}
