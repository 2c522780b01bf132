// The words for verdicts, outcomes, skipped rebuilds and phases: one table each. Pure.

import type { SkipReason } from '../policy/rebuild.ts';
import type { Reason, Verdict } from '../policy/verdict.ts';
import type { Progress, RunOutcome } from '../report.ts';
import { DAY } from '../time.ts';
import { relative, utc } from './time.ts';

const DESCRIBE_REASON: Readonly<Record<Reason, string>> = {
  unmanaged: 'pruning is off for this project',
  unreadable: 'the API sent no id, no branch, no environment or no valid date',
  live: 'live in production',
  'in-progress': 'still building',
  excluded: 'no prune policy covers its branch',
  newest: 'the newest of its branch',
  latest: 'a rollback target, among the newest successful of its branch',
  young: 'not old enough',
  refused: 'the API refused to delete it',
  expired: 'expired',
};

/** A reason in words, for the page, the log and the README. */
export function describeReason(reason: Reason): string {
  return DESCRIBE_REASON[reason];
}

/** A verdict in words. */
export interface VerdictWords {
  readonly text: string;
  /** The date that belongs to it; `''` when there is none. */
  readonly when: string;
  /** To be stressed: it goes at the next run, or within a day. */
  readonly soon: boolean;
}

/** What will become of a deployment, and when. Under a dry run in the conditional. */
export function verdictWords(verdict: Verdict, now: number, dryRun: boolean): VerdictWords {
  const { action, expiresAt, reason } = verdict;
  if (action === 'delete') {
    const text = dryRun ? 'Dry run: would go at the next run' : 'Will be deleted at the next run';
    return { text, when: expiresAt === null ? '' : `expired ${utc(expiresAt)}`, soon: true };
  }
  if (expiresAt === null) return { text: `Kept: ${describeReason(reason)}`, when: '', soon: false };
  const will = dryRun ? 'Dry run: would be deleted after' : 'Will be deleted after';
  return {
    text: `${will} ${utc(expiresAt)}`,
    when: expiresAt > now ? relative(expiresAt, now) : '',
    soon: expiresAt - now < DAY,
  };
}

const OUTCOME_WORD: Readonly<Record<RunOutcome, string>> = {
  running: 'Running',
  done: 'Done',
  partial: 'Partly done',
  failed: 'Failed',
  superseded: 'Replaced by a newer run',
};

/** A run's outcome in words. */
export function outcomeWord(outcome: RunOutcome): string {
  return OUTCOME_WORD[outcome];
}

const SKIP_REASON_WORDS: Readonly<Record<SkipReason, string>> = {
  'direct-upload': 'direct upload, nothing to build from',
  requested: 'already requested',
  building: 'a build is under way',
  fresh: 'the newest build is young enough',
  failing: 'its commit keeps failing',
  unchanged: 'the content has not changed since the last build',
  limit: 'REBUILDS_PER_MONTH is reached',
  'dry-run': 'dry run',
};

/** Why a rebuild was not started. */
export function skipReasonWords(reason: SkipReason): string {
  return SKIP_REASON_WORDS[reason];
}

const PHASE_WORD: Readonly<Record<Progress['phase'], string>> = {
  reading: 'Reading deployments',
  planning: 'Planning',
  deleting: 'Deleting deployments',
  waiting: 'Waiting for the API',
};

/** What a run is doing. */
export function phaseWord(phase: Progress['phase']): string {
  return PHASE_WORD[phase];
}
