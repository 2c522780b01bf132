// Signs of life of branches, beside the deployments that are there: what the list of projects names, and what was there before. They
// push nothing out. Pure: no fetch, no clock, no Env, no console.

import type { Deployment } from '../pages-api/model.ts';
import { type BranchFacts, dateOf, keysOf, newerOf, newestKnown, type ProjectFacts } from './facts.ts';

/**
 * The facts, the project's newest deployment as the list of projects names it counted as a sign of life of its branch: the
 * list of deployments may lag behind it. It pushes nothing out, and counting it again changes nothing.
 */
export function withSign(facts: ProjectFacts, latest: Deployment | null): ProjectFacts {
  if (latest === null) return facts;
  const at = dateOf(latest);
  if (latest.branch === '') return { ...facts, strayAt: newestKnown(facts.strayAt, at) };
  const branches: Record<string, BranchFacts> = { ...facts.branches };
  for (const key of keysOf(latest)) {
    const branch = branches[key];
    if (branch !== undefined) branches[key] = { ...branch, newestAt: newestKnown(branch.newestAt, at) };
  }
  return { ...facts, branches };
}

/**
 * Facts that were counted anew, with when each branch was deployed to last by what was known `before`: that deployment may have
 * been deleted since, and a branch gets no older by it. A branch that has nothing left is forgotten.
 */
export function rememberNewest(facts: ProjectFacts, before: ProjectFacts | null): ProjectFacts {
  const branches: Record<string, BranchFacts> = { ...facts.branches };
  for (const [key, branch] of Object.entries(branches)) {
    const known = before?.branches[key];
    if (known === undefined || known.newestAt === null) continue;
    const { newestAt, newestId } = newerOf(branch, known);
    branches[key] = { ...branch, newestAt, newestId };
  }
  return { ...facts, branches };
}
