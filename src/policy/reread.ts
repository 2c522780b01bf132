// Deployments that were counted and have been read again: what the facts say then. Finished deployments do not change, but
// answers do: a field is left out, a word is another one. Pure.

import { type Deployment, outcomeOf } from '../pages-api/model.ts';
import { addToFacts, type BranchFacts, branchKey, dateOf, later, type ProjectFacts } from './facts.ts';

/** One deployment as it was counted, and as it is now (`deploymentNow`). */
export interface Reread {
  readonly before: Deployment;
  readonly after: Deployment;
}

/** Whether a verdict may go otherwise by what it is now. */
export function isOtherwise({ before, after }: Reread): boolean {
  return (
    outcomeOf(before) !== outcomeOf(after) ||
    before.environment !== after.environment ||
    before.branch !== after.branch ||
    before.createdAt !== after.createdAt
  );
}

const unless = (time: number | null, at: number) => (time === at ? null : time);

/** A branch without what this deployment pushed out. */
function withdraw(facts: BranchFacts, before: Deployment, at: number): BranchFacts {
  const outcome = outcomeOf(before);
  if (outcome === 'unknown') return facts;
  if (outcome === 'skipped') return { ...facts, skippedAt: unless(facts.skippedAt, at) };
  const notSkippedAt = unless(facts.notSkippedAt, at);
  const place = outcome === 'success' ? facts.successes.indexOf(at) : -1;
  const successes = place === -1 ? facts.successes : facts.successes.toSpliced(place, 1);
  return { ...facts, notSkippedAt, successes };
}

/** The newest success of production, as far as it is counted. */
function newestProduction(branches: ProjectFacts['branches']): number | null {
  const counted = Object.entries(branches).filter(([key]) => key.startsWith(branchKey('production', '')));
  return counted.reduce<number | null>(
    (newest, [, { successes }]) => later(newest, successes[0] ?? null),
    null,
  );
}

/**
 * The facts once these have been read again. What a deployment pushed out by what it was called before comes back as far as
 * that is still known; where it is not, too much is kept until all are counted anew.
 */
export function rereadInFacts(facts: ProjectFacts, reread: readonly Reread[]): ProjectFacts {
  const changed = reread.filter(isOtherwise);
  if (changed.length === 0) return facts;
  const branches: Record<string, BranchFacts> = { ...facts.branches };
  for (const { before } of changed) {
    const at = dateOf(before);
    const key = branchKey(before.environment, before.branch);
    const branch = branches[key];
    if (at !== null && branch !== undefined) branches[key] = withdraw(branch, before, at);
  }
  const withdrawn = { ...facts, branches, newestProductionAt: newestProduction(branches) };
  return addToFacts(
    withdrawn,
    changed.map(({ after }) => after),
  );
}

/** How many of those read again were known to have succeeded, and how many of these are called something else now. */
export interface Lost {
  readonly successes: number;
  readonly lost: number;
}

/** Counts them; `before` of what is already in doubt counts as lost for as long as the answers stay what they are. */
export function countLost(reread: readonly Reread[]): Lost {
  const successes = reread.filter(
    ({ before }) => before.recorded?.success ?? outcomeOf(before) === 'success',
  );
  return {
    successes: successes.length,
    lost: successes.filter(({ after }) => outcomeOf(after) !== 'success').length,
  };
}
