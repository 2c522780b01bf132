// Build or skip: a scheduled rebuild is posted only when there is a reason to. Pure: `now` (epoch ms) is passed in.

import type { SkipReason } from './report.ts';
import type { RebuildRule } from './rules.ts';

const MINUTE = 60_000;

/** A build that takes longer than this is stuck and holds nothing up (builds end after 20 minutes). */
export const STUCK_AFTER_MS = 60 * MINUTE;

/** What a decision rests on. */
export interface RebuildContext {
  readonly rule: RebuildRule;
  /** Whether the project has a Git source: without one the API cannot build it (8000096). */
  readonly hasSource: boolean;
  /** Whether this very rebuild (project, branch, scheduled minute) was requested before. */
  readonly requested: boolean;
  /** Creation times of the branch's deployments that have not finished. */
  readonly underWay: readonly number[];
  /** When the branch's newest build (skipped ones are none) was created; `null`: never built. */
  readonly newestBuildAt: number | null;
  /** Rebuilds of this calendar month (UTC), and how many there may be. */
  readonly startedThisMonth: number;
  readonly monthlyLimit: number | null;
  readonly dryRun: boolean;
}

export type RebuildDecision =
  | { readonly kind: 'build' }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

/** Decides about one project's branch on one tick. */
export function decideRebuild(context: RebuildContext, now: number): RebuildDecision {
  const skip = (reason: SkipReason): RebuildDecision => ({ kind: 'skip', reason });
  if (!context.hasSource) return skip('direct-upload');
  if (context.requested) return skip('requested');
  if (context.underWay.some((at) => now - at < STUCK_AFTER_MS)) return skip('building');
  const age =
    context.newestBuildAt === null ? Number.POSITIVE_INFINITY : Math.max(0, now - context.newestBuildAt);
  if (age < context.rule.ifOlderThanMinutes * MINUTE) return skip('fresh');
  if (context.monthlyLimit !== null && context.startedThisMonth >= context.monthlyLimit) return skip('limit');
  return context.dryRun ? skip('dry-run') : { kind: 'build' };
}
