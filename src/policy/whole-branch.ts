// When a preview branch goes whole, its newest successes too: it is stale, or Git has it no more. Pure: `now` (epoch ms) is passed in.

import type { Deployment } from '../pages-api/model.ts';
import { DAY } from '../time.ts';
import { branchKey, type ProjectFacts } from './facts.ts';
import type { PrunePolicy } from './rules.ts';

/** Preview branches that Git has no more, by name, and since when (epoch ms). */
export type Gone = ReadonlyMap<string, number>;

/** From when on (epoch ms) a preview branch goes because Git has it no more; `null`: never, or nobody asked. */
export function goneFrom(
  { environment, branch }: Pick<Deployment, 'environment' | 'branch'>,
  gone: Gone | undefined,
  { goneBranchesAfterDays: days }: PrunePolicy,
): number | null {
  const since = gone?.get(branch);
  return since === undefined || days === null || environment !== 'preview' ? null : since + days * DAY;
}

/** Whether it does at `now`. */
export function isGone(
  place: Pick<Deployment, 'environment' | 'branch'>,
  { gone }: { readonly gone?: Gone | undefined },
  policy: PrunePolicy,
  now: number,
): boolean {
  const from = goneFrom(place, gone, policy);
  return from !== null && now >= from;
}

/**
 * From when on (epoch ms) a preview branch counts as stale: it has seen no deployment of any status for the policy's time.
 * `null`: never. Unknown dates are not stale, and a deployment whose branch nobody knows may be of this one.
 */
export function staleFrom(
  place: Pick<Deployment, 'environment' | 'branch'>,
  facts: ProjectFacts,
  policy: PrunePolicy,
): number | null {
  const { newestAt = null } = facts.branches[branchKey(place.environment, place.branch)] ?? {};
  if (place.environment !== 'preview' || policy.staleBranchesAfterDays === null) return null;
  if (newestAt === null || facts.strayAt === null) return null;
  return Math.max(newestAt, facts.strayAt) + policy.staleBranchesAfterDays * DAY;
}

/** Whether it does at `now`. */
export function isStale(
  place: Pick<Deployment, 'environment' | 'branch'>,
  facts: ProjectFacts,
  policy: PrunePolicy,
  now: number,
): boolean {
  const from = staleFrom(place, facts, policy);
  return from !== null && now >= from;
}
