// What a verdict needs to know of a project beside the deployment itself: the newest deployment and the newest successes of
// each branch. Folded from deployments in any order. Pure: no fetch, no clock, no Env, no console.

import { type Deployment, type Environment, isSuccessful, outcomeOf } from '../pages-api/model.ts';
import { type Pushed, pushedBy, pushedOf } from './pushed.ts';
import type { PrunePolicy } from './rules.ts';

/** One branch in one environment. Times are epoch ms. */
export interface BranchFacts extends Pushed {
  /**
   * Newest deployment of any status, be it deleted by now; `null` when one of those that are there has no valid date, so that nobody
   * knows the newest.
   */
  readonly newestAt: number | null;
  /** Its id: of several created at the same moment the greatest, whatever the order they came in; `''`: nobody knows. */
  readonly newestId: string;
  /** Newest deployment that is not a skipped one, for all that is known. */
  readonly buildAt: number | null;
  /** Newest one that is known not to be a skipped one. */
  readonly notSkippedAt: number | null;
  /** Newest one that is known to have been skipped. */
  readonly skippedAt: number | null;
  /** Creation times of the newest successes, newest first, at most `keep` of them. */
  readonly successes: readonly number[];
}

/** One project. `branches` is keyed by `branchKey`. */
export interface ProjectFacts {
  /** How many successes per branch were kept count of: enough for every policy's `keepLatest`. */
  readonly keep: number;
  /** Newest successful production deployment of any branch. */
  readonly newestProductionAt: number | null;
  /** Whether any deployment may be one of production, readable or not. */
  readonly hasProduction: boolean;
  /** Newest deployment whose branch is not known, so it may belong to any. 0: there is no such one; `null`: one of them has no date either. */
  readonly strayAt: number | null;
  readonly branches: Readonly<Record<string, BranchFacts>>;
}

const PREFIX: Readonly<Record<Environment, string>> = { production: 'p', preview: 'v', unknown: 'u' };

/** A branch's key: the prefix keeps environments apart, and hostile names such as `__proto__` harmless. */
export function branchKey(environment: Environment, branch: string): string {
  return `${PREFIX[environment]}:${branch}`;
}

/** The environment and branch that a key stands for. */
export function branchOf(key: string): { readonly environment: Environment; readonly branch: string } {
  return { environment: key.startsWith('p:') ? 'production' : 'preview', branch: key.slice(2) };
}

/** Successes of a branch that are kept count of at most: a policy that asks for more keeps every one. */
const MOST_KEPT = 10_000;

/** How many successes per branch these policies ask to keep count of. */
export function keepFor(policies: readonly PrunePolicy[]): number {
  return Math.min(MOST_KEPT, Math.max(1, ...policies.map((policy) => policy.keepLatest)));
}

/** Facts of a project of which nothing was seen yet. */
export function noFacts(keep: number): ProjectFacts {
  return { keep, newestProductionAt: null, hasProduction: false, strayAt: 0, branches: {} };
}

/** When a deployment was created; `null` when the date is missing or not a number. */
export function dateOf({ createdAt }: Pick<Deployment, 'createdAt'>): number | null {
  return Number.isFinite(createdAt) ? createdAt : null;
}

const NO_BRANCH: BranchFacts = {
  newestAt: 0,
  newestId: '',
  ...pushedBy({ pushedTo: '' }, null),
  buildAt: null,
  notSkippedAt: null,
  skippedAt: null,
  successes: [],
};

function withSuccess(successes: readonly number[], at: number, keep: number): readonly number[] {
  const older = successes.findIndex((other) => other < at);
  if (older === -1) return successes.length < keep ? [...successes, at] : successes;
  return [...successes.slice(0, older), at, ...successes.slice(older)].slice(0, keep);
}

type Newest = Pick<BranchFacts, 'newestAt' | 'newestId'>;

/** Of two the later, of two at the same moment the greater id; nobody knows where nobody knows of either. */
export function newerOf(a: Newest, b: Newest): Newest {
  if (a.newestAt === null || b.newestAt === null) return { newestAt: null, newestId: '' };
  if (a.newestAt === b.newestAt) return a.newestId > b.newestId ? a : b;
  return a.newestAt > b.newestAt ? a : b;
}

/** The later of two times of which either may not be there. */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function foldBranch(facts: BranchFacts, deployment: Deployment, keep: number): BranchFacts {
  const at = dateOf(deployment);
  // Named one by one: this is once for each of a project's deployments, and objects that are spread cost more than all the rest.
  const { newestAt, newestId } = newerOf(facts, { newestAt: at, newestId: deployment.id });
  const { pushedAt, pushedTo, otherAt } = pushedOf(facts, pushedBy(deployment, at));
  // Of which environment it is nobody knows: it is a sign of life in either, and pushes nothing out in any.
  if (at === null || deployment.environment === 'unknown')
    return { ...facts, newestAt, newestId, pushedAt, pushedTo, otherAt };
  const outcome = outcomeOf(deployment);
  const isSkipped = outcome === 'skipped';
  return {
    newestAt,
    newestId,
    pushedAt,
    pushedTo,
    otherAt,
    buildAt: isSkipped ? facts.buildAt : later(facts.buildAt, at),
    notSkippedAt: isSkipped || outcome === 'unknown' ? facts.notSkippedAt : later(facts.notSkippedAt, at),
    skippedAt: isSkipped ? later(facts.skippedAt, at) : facts.skippedAt,
    successes: outcome === 'success' ? withSuccess(facts.successes, at, keep) : facts.successes,
  };
}

/** The keys of the branches that a deployment may be of. */
export function keysOf({ environment, branch }: Deployment): string[] {
  if (environment !== 'unknown') return [branchKey(environment, branch)];
  return [branchKey('production', branch), branchKey('preview', branch)];
}

/** Of two times the later; `null`, nobody knows, wins over either. */
export const newestKnown = (a: number | null, b: number | null) =>
  a === null || b === null ? null : Math.max(a, b);

/** The facts with these deployments added. Each deployment must be added once; the order does not matter. */
export function addToFacts(facts: ProjectFacts, deployments: readonly Deployment[]): ProjectFacts {
  const branches: Record<string, BranchFacts> = { ...facts.branches };
  let { newestProductionAt, hasProduction, strayAt } = facts;
  for (const deployment of deployments) {
    const at = dateOf(deployment);
    hasProduction ||= deployment.environment !== 'preview';
    if (deployment.branch === '') {
      strayAt = newestKnown(strayAt, at);
      continue;
    }
    for (const key of keysOf(deployment)) {
      branches[key] = foldBranch(branches[key] ?? NO_BRANCH, deployment, facts.keep);
    }
    if (deployment.environment === 'production' && isSuccessful(deployment)) {
      newestProductionAt = later(newestProductionAt, at);
    }
  }
  return { keep: facts.keep, newestProductionAt, hasProduction, strayAt, branches };
}

function mergeBranch(a: BranchFacts, b: BranchFacts, keep: number): BranchFacts {
  return {
    ...newerOf(a, b),
    ...pushedOf(a, b),
    buildAt: later(a.buildAt, b.buildAt),
    notSkippedAt: later(a.notSkippedAt, b.notSkippedAt),
    skippedAt: later(a.skippedAt, b.skippedAt),
    successes: [...a.successes, ...b.successes].sort((x, y) => y - x).slice(0, keep),
  };
}

/** The facts of sets of deployments of which no two have any in common. */
export function mergeFacts(first: ProjectFacts, ...others: readonly ProjectFacts[]): ProjectFacts {
  const branches: Record<string, BranchFacts> = { ...first.branches };
  let { newestProductionAt, hasProduction, strayAt } = first;
  for (const other of others) {
    newestProductionAt = later(newestProductionAt, other.newestProductionAt);
    hasProduction ||= other.hasProduction;
    strayAt = newestKnown(strayAt, other.strayAt);
    for (const [key, facts] of Object.entries(other.branches)) {
      const known = branches[key];
      branches[key] = known === undefined ? facts : mergeBranch(known, facts, first.keep);
    }
  }
  return { keep: first.keep, newestProductionAt, hasProduction, strayAt, branches };
}
