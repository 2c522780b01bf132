// The words for verdicts, outcomes, skipped rebuilds and phases: one switch each. Pure.

import { describeReason } from '../plan/reasons.ts';
import type { Progress, RunOutcome, SkipReason, Verdict } from '../plan/report.ts';
import { relative, utc } from './time.ts';

const DAY = 24 * 3_600_000;

/** A verdict in words. */
export interface VerdictWords {
  readonly text: string;
  /** The date that belongs to it; `''` when there is none. */
  readonly when: string;
  /** Asks for emphasis: it goes at the next run, or within a day. */
  readonly soon: boolean;
}

/** What will become of a deployment, and when. Under a dry run in the conditional. */
export function verdictWords(verdict: Verdict, now: number, dryRun: boolean): VerdictWords {
  const { action, expiresAt, reason } = verdict;
  if (action === 'delete') {
    const text = dryRun ? 'Dry run: would go at the next run' : 'Deleted at the next run';
    return { text, when: expiresAt === null ? '' : `expired ${utc(expiresAt)}`, soon: true };
  }
  if (expiresAt === null) return { text: `Kept: ${describeReason(reason)}`, when: '', soon: false };
  const will = dryRun ? 'Dry run: would be deleted after' : 'Deleted after';
  return {
    text: `${will} ${utc(expiresAt)}`,
    when: expiresAt > now ? relative(expiresAt, now) : '',
    soon: expiresAt - now < DAY,
  };
}

/** A run's outcome in words. */
export function outcomeWord(outcome: RunOutcome): string {
  switch (outcome) {
    case 'running':
      return 'Running';
    case 'done':
      return 'Done';
    case 'partial':
      return 'Partly done';
    case 'failed':
      return 'Failed';
    case 'superseded':
      return 'Replaced by a newer run';
  }
  return outcome satisfies never;
}

/** Why a rebuild was not started. */
export function skipReasonWords(reason: SkipReason): string {
  switch (reason) {
    case 'direct-upload':
      return 'direct upload, nothing to build from';
    case 'requested':
      return 'already requested';
    case 'building':
      return 'a build is under way';
    case 'fresh':
      return 'the newest build is young enough';
    case 'failing':
      return 'its commit keeps failing';
    case 'unchanged':
      return 'the content has not changed since the last build';
    case 'limit':
      return 'REBUILDS_PER_MONTH is reached';
    case 'dry-run':
      return 'dry run';
  }
  return reason satisfies never;
}

/** What a run is doing. */
export function phaseWord(phase: Progress['phase']): string {
  switch (phase) {
    case 'reading':
      return 'Reading deployments';
    case 'planning':
      return 'Planning';
    case 'deleting':
      return 'Deleting deployments';
    case 'waiting':
      return 'Waiting for the API';
  }
  return phase satisfies never;
}
