// The words for verdicts, outcomes, skipped rebuilds and phases: one table each. Pure.

import type { Deployment } from '../pages-api/model.ts';
import type { SkipReason } from '../policy/rebuild.ts';
import type { Reason, Verdict } from '../policy/verdict.ts';
import type { JudgedDeployment, Progress, RunOutcome } from '../report.ts';
import { brief, clock, date, hours } from './time.ts';

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
  'gone-branch': 'its branch is gone from Git',
};

/** A reason in words, for the page, the log and the README. */
export function describeReason(reason: Reason): string {
  return DESCRIBE_REASON[reason];
}

/** What is known of the deployment that is live, and of any. */
type Known = Pick<Deployment, 'id' | 'createdAt'>;

/** What a verdict's words are made of. */
export interface Judged extends Known {
  readonly verdict: Verdict;
  readonly place: JudgedDeployment['place'];
}

/** A verdict in words. */
export interface VerdictWords {
  /** A sentence without its end. */
  readonly text: string;
  /** For a table's cell: `rollback target 2 of 5`, `until 26 Dec, 01:13`, `goes at 14:00`. */
  readonly brief: string;
}

const targetWords = (place: Judged['place']) =>
  place === null || place.rank === null
    ? 'rollback target'
    : `rollback target ${place.rank} of ${place.keepLatest}`;

/**
 * The newest success of production is kept as what is live is, whatever is: after a rollback it is newer than that, and older
 * where the list of projects has named a build before the deployments were read anew.
 */
function liveWords({ id, createdAt, place }: Judged, live: Known | null): string {
  if (id === live?.id) return 'live';
  return live !== null && (createdAt ?? 0) < (live.createdAt ?? 0)
    ? targetWords(place)
    : 'newest success of production';
}

/** Briefer than `describeReason`, and with the place where it has one. */
function keptWords(judged: Judged, live: Known | null): string {
  const { reason } = judged.verdict;
  if (reason === 'live') return liveWords(judged, live);
  if (reason === 'latest') return targetWords(judged.place);
  if (reason === 'newest') return 'newest of its branch';
  return describeReason(reason);
}

/** What will become of a deployment, and when; `live`: what is live in its project. Under a dry run in the conditional. */
export function verdictWords(judged: Judged, live: Known | null, now: number, dryRun: boolean): VerdictWords {
  const { verdict, place } = judged;
  if (verdict.action === 'delete') {
    const at = place?.nextAt ?? null;
    if (at !== null && at <= now) return { text: 'Is being deleted', brief: 'goes now' };
    const [will, goes] = dryRun ? ['Would be deleted', 'would go'] : ['Will be deleted', 'goes'];
    if (at === null) return { text: `${will} at the next run`, brief: `${goes} at the next run` };
    return { text: `${will} at ${clock(at, now)}`, brief: `${goes} at ${brief(at, now)}` };
  }
  const { expiresAt } = verdict;
  const kept = keptWords(judged, live);
  if (expiresAt === null)
    return { text: `Kept: ${kept === 'live' ? describeReason('live') : kept}`, brief: kept };
  const will = dryRun ? 'Would be deleted after' : 'Will be deleted after';
  return {
    text: `${will} ${clock(expiresAt, now)}`,
    brief: `until ${date(expiresAt, now)}, ${hours(expiresAt)}`,
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
  current: 'production is not behind its branch in Git',
  'git-unread': 'Git could not be read, so nobody knows whether production is behind',
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
  building: 'Rebuilding',
  waiting: 'Waiting',
};

/** What a run is doing. */
export function phaseWord(phase: Progress['phase']): string {
  return PHASE_WORD[phase];
}
