// What a run did, in words: for its page, the list of runs and the feed. Pure.

import { wasStarted } from '../../policy/rebuild.ts';
import type { Deletion } from '../../report.ts';
import { MINUTE } from '../../time.ts';
import { statusWord } from '../../words/builds.ts';
import { count, cut, list, plural } from '../../words/text.ts';
import { clock } from '../../words/time.ts';
import { skipReasonWords } from '../../words/verdicts.ts';
import type { ViewRun } from './runs.ts';

/** That it started later than it was scheduled for, by a minute or more; `''` where it did not. `now`: epoch ms. */
export function startWords({ scheduledAt, startedAt }: ViewRun, now: number): string {
  return startedAt - scheduledAt < MINUTE ? '' : `Started at ${clock(startedAt, now)}`;
}

/** What was deleted. Under a dry run nothing was, and the plan is told instead. */
export function deletionWords(run: ViewRun): string {
  const { deleted, gone, refused, failed, remaining } = run.counts;
  if (run.dryRun && remaining > 0) return `Would delete ${plural(remaining, 'deployment')}`;
  const parts = [
    deleted > 0 ? `deleted ${plural(deleted, 'deployment')}` : '',
    gone > 0 ? `${count(gone)} already gone` : '',
    refused > 0 ? `${count(refused)} refused by the API` : '',
    failed > 0 ? `${count(failed)} failed` : '',
    remaining > 0 ? `${count(remaining)} in the queue` : '',
  ].filter((text) => text !== '');
  const text = parts.join(', ');
  return text === '' ? nothingWords(run) : text.charAt(0).toUpperCase() + text.slice(1);
}

/** That nothing was to be deleted is known only once everything was looked at. */
function nothingWords({ outcome, dryRun }: ViewRun): string {
  if (outcome === 'done') return dryRun ? 'Nothing would be deleted' : 'Nothing to delete';
  return outcome === 'running' ? 'Nothing yet' : 'Nothing deleted';
}

/** Rebuilds started; `''` for none. */
export function rebuildWords(run: ViewRun): string {
  const names = run.rebuilds.filter(wasStarted).map((rebuild) => cut(rebuild.project, 40));
  return names.length === 0 ? '' : `Rebuilds started: ${list(names, 4, run.listed?.started)}`;
}

/** How a rebuild stands. */
export function rebuildStatusWords(status: ViewRun['rebuilds'][number]['status']): string {
  switch (status) {
    case 'requested':
      return 'requested';
    case 'in-doubt':
      return 'no clear answer from the API; being looked for';
    case 'refused':
      return 'refused by the API';
    default:
      return statusWord(status).toLowerCase();
  }
}

/** Rebuilds not started, by reason: `Not rebuilt: a and b (reason)`. `most`: how many are named. */
export function skipLines(run: ViewRun, most = 4): string[] {
  const reasons = [...new Set(run.skips.map((skip) => skip.reason))];
  return reasons.map((reason) => {
    const names = run.skips.filter((skip) => skip.reason === reason).map((skip) => cut(skip.project, 40));
    return `Not rebuilt: ${list(names, most, run.listed?.skips[reason])} (${skipReasonWords(reason)})`;
  });
}

/** What was left out: `x was not pruned: why`, `Rebuild of x: why`. */
export function refusalLines(run: ViewRun): string[] {
  return run.refusals.map(({ project, what, why }) => {
    const name = cut(project, 60);
    return `${what === 'prune' ? `${name} was not pruned` : `Rebuild of ${name}`}: ${cut(why, 300)}`;
  });
}

/** What is to be looked at, though nothing was stopped by it. */
export function warningLines(run: ViewRun): string[] {
  const lines = run.warnings.map(({ project, text }) =>
    cut(project === null ? text : `${project}: ${text}`, 300),
  );
  const more = run.unlisted ?? 0;
  return more === 0
    ? lines
    : [...lines, `${plural(more, 'more entry', 'more entries')} of this run could not be listed`];
}

/** What went wrong and what to do about it; `''` for nothing. */
export function errorWords(error: ViewRun['error']): string {
  switch (error) {
    case null:
      return '';
    case 'config':
      return 'The configuration was not valid. The log names what to fix: npx wrangler tail';
    case 'token':
      return 'The API token was refused. Set a valid one: npx wrangler secret put CLOUDFLARE_API_TOKEN';
    case 'blocked':
      return "Cloudflare's API limit was used up. What was left waits until the block ends, then continues by itself.";
    case 'stalled':
      return 'It stopped making progress. The next run starts afresh.';
    case 'api':
      return "Cloudflare's API did not answer as it should. The next run tries again.";
  }
  return error satisfies never;
}

const DELETION_OUTCOME_WORDS: Readonly<Record<Deletion['outcome'], string>> = {
  deleted: 'Deleted',
  gone: 'Already gone',
  refused: 'Refused by the API',
  failed: 'Failed',
};

/** What became of one deployment. */
export function deletionOutcomeWords(outcome: Deletion['outcome']): string {
  return DELETION_OUTCOME_WORDS[outcome];
}

const DELETION_REASON_WORDS: Readonly<Record<Deletion['reason'], string>> = {
  expired: 'expired',
  'stale-branch': 'expired, on a stale branch',
  'gone-branch': 'its branch is gone from Git',
};

/** Why it was to go. */
export function deletionReasonWords(reason: Deletion['reason']): string {
  return DELETION_REASON_WORDS[reason];
}
