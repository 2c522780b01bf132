// Build or skip: a scheduled rebuild is posted only when there is a reason to. Pure: `now` (epoch ms) is passed in.

import { buildStatus, type Deployment } from '../pages-api/model.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { RebuildRule } from './rules.ts';

/** A build that takes longer than this is stuck and holds nothing up (builds end after 20 minutes). */
export const STUCK_AFTER_MS = 60 * MINUTE;

/** Failures in a row of one commit after which its rebuilds wait. */
const FAILURES = 3;
const LONGEST_WAIT_MS = 24 * HOUR;

/** A branch whose newest builds all failed, on one commit: building it again is not likely to help. */
export interface FailingCommit {
  readonly branch: string;
  readonly commit: string;
  /** In a row; 3 or more. */
  readonly failures: number;
  /** When the last of them was created. */
  readonly lastAt: number;
}

/** When a failing commit is tried again (epoch ms): 2, 4, 8 … 24 h after its last failure. A push ends the wait by itself. */
export function retryAt({ failures, lastAt }: FailingCommit): number {
  return lastAt + Math.min(2 ** (failures - FAILURES + 1) * HOUR, LONGEST_WAIT_MS);
}

/** The failing commits among deployments that are given newest first. What has not ended, or was cancelled, says nothing. */
export function failingCommits(newestFirst: readonly Deployment[]): FailingCommit[] {
  const failing = new Map<string, FailingCommit>();
  const settled = new Set<string>();
  for (const row of newestFirst) {
    const { branch, commitHash: commit, createdAt } = row;
    if (createdAt === null || branch === '' || settled.has(branch)) continue;
    // Counted from the newest row on, whatever became of that: another commit there is a push.
    const known = failing.get(branch) ?? { branch, commit, failures: 0, lastAt: createdAt };
    const status = buildStatus(row, createdAt);
    if (known.commit !== commit || commit === '' || status === 'ready' || status === 'skipped')
      settled.add(branch);
    else if (status !== 'failed') failing.set(branch, known);
    else {
      const lastAt = known.failures === 0 ? createdAt : known.lastAt;
      failing.set(branch, { ...known, failures: known.failures + 1, lastAt });
    }
  }
  return [...failing.values()].filter(({ failures }) => failures >= FAILURES);
}

/**
 * The failing commits by what was known and by these deployments, newest first. A deletion forgets no failure: what was known
 * holds until the branch has a newer deployment that says otherwise.
 */
export function failingNow(
  known: readonly FailingCommit[],
  newestFirst: readonly Deployment[],
): FailingCommit[] {
  const found = failingCommits(newestFirst);
  const still = known.flatMap((before) => {
    const newer = newestFirst.filter(
      ({ branch, createdAt }) => branch === before.branch && (createdAt ?? 0) > before.lastAt,
    );
    const isOver = newer.some(
      (row) => row.commitHash !== before.commit || ['ready', 'skipped'].includes(buildStatus(row, 0)),
    );
    if (isOver) return [];
    const failed = newer.filter((row) => buildStatus(row, 0) === 'failed');
    const lastAt = Math.max(before.lastAt, ...failed.map(({ createdAt }) => createdAt ?? 0));
    return [{ ...before, failures: before.failures + failed.length, lastAt }];
  });
  const isStill = ({ branch }: FailingCommit) => still.some((one) => one.branch === branch);
  return [...still, ...found.filter((one) => !isStill(one))];
}

/** Whether a rebuild that a run lists was started: not one that the API refused, nor one of which nobody knows. */
export function wasStarted({ status }: { readonly status: string }): boolean {
  return status !== 'refused' && status !== 'in-doubt';
}

/** What a decision rests on. */
export interface RebuildContext {
  readonly rule: RebuildRule;
  /** Whether the project has a Git source: without one the API cannot build it (8000096). */
  readonly hasSource: boolean;
  /** Whether this very rebuild (project, branch, scheduled minute) was requested before. */
  readonly requested: boolean;
  /** Who asked: a cron's tick, a hook, or somebody who pressed the button. */
  readonly by: 'cron' | 'hook' | 'button';
  /** Whether it is the second try of a build that failed, and whether that still is its branch's newest. */
  readonly secondTry: 'no' | 'of-newest' | 'overtaken';
  /** Creation times of the branch's deployments that have not finished. */
  readonly underWay: readonly number[];
  /** When the branch's newest build (skipped ones do not count) was created; `null`: never built. */
  readonly newestBuildAt: number | null;
  /** Set when the branch's newest commit keeps failing. */
  readonly failing: FailingCommit | null;
  /** Whether production is behind its branch in Git; `unasked` where the rule does not want to know. */
  readonly behind: 'unasked' | 'behind' | 'current' | 'unread';
  /** What the rule's `ifChanged` answered; `unasked` where that is still to be done. */
  readonly content: 'unasked' | 'changed' | 'unchanged';
  /** Rebuilds of this calendar month (UTC), and how many there may be. */
  readonly startedThisMonth: number;
  readonly monthlyLimit: number | null;
  readonly dryRun: boolean;
}

/** Why a scheduled rebuild was not posted, in the order in which they are looked for. */
export const SKIP_REASONS = [
  'direct-upload',
  'requested',
  'building',
  'fresh',
  'failing',
  'current',
  'git-unread',
  'unchanged',
  'limit',
  'dry-run',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** How many there are of each. */
export type SkipCounts = Readonly<Partial<Record<SkipReason, number>>>;

/** `ask`: what the content says must be known first. */
export type RebuildDecision =
  | { readonly kind: 'build' }
  | { readonly kind: 'ask'; readonly url: string }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

/** Decides about one project's branch on one tick. */
export function decideRebuild(context: RebuildContext, now: number): RebuildDecision {
  const skip = (reason: SkipReason): RebuildDecision => ({ kind: 'skip', reason });
  if (!context.hasSource) return skip('direct-upload');
  if (context.requested) return skip('requested');
  if (context.underWay.some((at) => now - at < STUCK_AFTER_MS)) return skip('building');
  const age =
    context.newestBuildAt === null ? Number.POSITIVE_INFINITY : Math.max(0, now - context.newestBuildAt);
  // The second try of a build that failed follows upon that one, however young it is.
  if (context.secondTry === 'overtaken') return skip('fresh');
  // Who asks for a build knows of something new: neither the age of the last one nor its failures say no to that.
  if (context.by === 'cron' && context.secondTry === 'no') {
    if (age < context.rule.ifOlderThanMinutes * MINUTE) return skip('fresh');
  }
  if (context.by === 'cron' || context.secondTry !== 'no') {
    if (context.failing !== null && now < retryAt(context.failing)) return skip('failing');
  }
  if (context.by === 'cron' && context.secondTry === 'no') {
    if (context.behind === 'current') return skip('current');
    if (context.behind === 'unread') return skip('git-unread');
  }
  if (context.rule.ifChanged !== null && context.by !== 'button') {
    if (context.content === 'unasked') return { kind: 'ask', url: context.rule.ifChanged };
    if (context.content === 'unchanged') return skip('unchanged');
  }
  if (context.monthlyLimit !== null && context.startedThisMonth >= context.monthlyLimit) return skip('limit');
  return context.dryRun ? skip('dry-run') : { kind: 'build' };
}
