// What a verdict needs to know of a project beside the deployment itself: the newest deployment and the newest successes of
// each branch. Folded from deployments in any order. Pure: no fetch, no clock, no Env, no console.

import { type Deployment, type Environment, isSuccessful } from '../pages-api/model.ts';
import type { PrunePolicy } from './rules.ts';

/** One branch in one environment. Times are epoch ms. */
export interface BranchFacts {
  /** Newest deployment of any status; `null` when one of them has no valid date, so that nobody knows the newest. */
  readonly newestAt: number | null;
  /** Its id: of several created at the same moment the greatest, whatever the order they came in; `''`: nobody knows. */
  readonly newestId: string;
  /** Newest deployment that is not a skipped one, and its id. */
  readonly buildAt: number | null;
  /** Creation times of the newest successes, newest first, at most `keep` of them. */
  readonly successes: readonly number[];
}

/** One project. `branches` is keyed by `branchKey`. */
export interface ProjectFacts {
  /** How many successes per branch were kept count of: enough for every policy's `keepLatest`. */
  readonly keep: number;
  /** Newest successful production deployment of any branch. */
  readonly newestProductionAt: number | null;
  readonly branches: Readonly<Record<string, BranchFacts>>;
}

/** A branch's key: the prefix keeps environments apart, and hostile names such as `__proto__` harmless. */
export function branchKey(environment: Environment, branch: string): string {
  return `${environment === 'production' ? 'p' : 'v'}:${branch}`;
}

/** The environment and branch that a key stands for. */
export function branchOf(key: string): { readonly environment: Environment; readonly branch: string } {
  return { environment: key.startsWith('p:') ? 'production' : 'preview', branch: key.slice(2) };
}

/** How many successes per branch these policies ask to keep count of. */
export function keepFor(policies: readonly PrunePolicy[]): number {
  return Math.max(1, ...policies.map((policy) => policy.keepLatest));
}

/** Facts of a project of which nothing was seen yet. */
export function noFacts(keep: number): ProjectFacts {
  return { keep, newestProductionAt: null, branches: {} };
}

/** When a deployment was created; `null` for a date that is none. */
export function dateOf({ createdAt }: Pick<Deployment, 'createdAt'>): number | null {
  return createdAt !== null && Number.isFinite(createdAt) ? createdAt : null;
}

const NO_BRANCH: BranchFacts = { newestAt: 0, newestId: '', buildAt: null, successes: [] };

function withSuccess(successes: readonly number[], at: number, keep: number): readonly number[] {
  const older = successes.findIndex((other) => other < at);
  if (older === -1) return successes.length < keep ? [...successes, at] : successes;
  return [...successes.slice(0, older), at, ...successes.slice(older)].slice(0, keep);
}

type Newest = Pick<BranchFacts, 'newestAt' | 'newestId'>;

function newerOf(a: Newest, b: Newest): Newest {
  if (a.newestAt === null || b.newestAt === null) return { newestAt: null, newestId: '' };
  if (a.newestAt === b.newestAt) return a.newestId > b.newestId ? a : b;
  return a.newestAt > b.newestAt ? a : b;
}

function foldBranch(facts: BranchFacts, deployment: Deployment, keep: number): BranchFacts {
  const at = dateOf(deployment);
  const { newestAt, newestId } = newerOf(facts, { newestAt: at, newestId: deployment.id });
  if (at === null) return { ...facts, newestAt, newestId };
  return {
    newestAt,
    newestId,
    buildAt: deployment.skipped ? facts.buildAt : Math.max(at, facts.buildAt ?? 0),
    successes: isSuccessful(deployment) ? withSuccess(facts.successes, at, keep) : facts.successes,
  };
}

/** The facts with these deployments added. Each deployment must be added once; the order does not matter. */
export function addToFacts(facts: ProjectFacts, deployments: readonly Deployment[]): ProjectFacts {
  const branches: Record<string, BranchFacts> = { ...facts.branches };
  let { newestProductionAt } = facts;
  for (const deployment of deployments) {
    if (deployment.branch === '') continue;
    const key = branchKey(deployment.environment, deployment.branch);
    branches[key] = foldBranch(branches[key] ?? NO_BRANCH, deployment, facts.keep);
    const at = dateOf(deployment);
    if (at !== null && deployment.environment === 'production' && isSuccessful(deployment)) {
      newestProductionAt = Math.max(at, newestProductionAt ?? at);
    }
  }
  return { keep: facts.keep, newestProductionAt, branches };
}

function mergeBranch(a: BranchFacts, b: BranchFacts, keep: number): BranchFacts {
  const { newestAt, newestId } = newerOf(a, b);
  return {
    newestAt,
    newestId,
    buildAt: a.buildAt === null ? b.buildAt : Math.max(a.buildAt, b.buildAt ?? 0),
    successes: [...a.successes, ...b.successes].sort((x, y) => y - x).slice(0, keep),
  };
}

/** The facts of two sets of deployments that have none in common. */
export function mergeFacts(a: ProjectFacts, b: ProjectFacts): ProjectFacts {
  const branches: Record<string, BranchFacts> = { ...a.branches };
  for (const [key, facts] of Object.entries(b.branches)) {
    const known = branches[key];
    branches[key] = known === undefined ? facts : mergeBranch(known, facts, a.keep);
  }
  const newest = Math.max(a.newestProductionAt ?? 0, b.newestProductionAt ?? 0);
  return { keep: a.keep, newestProductionAt: newest === 0 ? null : newest, branches };
}
