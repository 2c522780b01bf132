// The pieces of a project that the overview and its own page share: what is live, what comes next, watching. Pure.

import { count, cut, plural } from '../../words/text.ts';
import { clock } from '../../words/time.ts';
import { type Frame, watchPath } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { isNew, type ViewProject } from '../model/project.ts';
import { ago, lines, pill } from './parts.ts';

/** What is live, or that nothing is. */
export function productionPill(project: ViewProject): Html {
  if (isNew(project)) return pill('calm', 'dash', 'Not live yet');
  if (project.live === null) return pill('bad', 'cross', 'Nothing live');
  if (project.failedSinceLive > 0) return pill('bad', 'warn', 'Live, but outdated');
  return project.rolledBack ? pill('busy', 'back', 'Live, rolled back') : pill('good', 'check', 'Live');
}

/** How production stands, in a sentence; `''` when all is well. */
export function productionLine(project: ViewProject): string {
  if (project.failedSinceLive > 0 && project.live !== null)
    return `${plural(project.failedSinceLive, 'newer build')} failed.`;
  if (project.rolledBack) return 'Rolled back: the newest good build is not the live one.';
  return '';
}

/** How far the first read of its deployments is; `''` when they were all read. */
export function readingWords(project: ViewProject): string {
  const { reading } = project;
  if (reading === null) return '';
  return `Reading deployments: ${count(reading.read)}${reading.of === null ? '' : ` of ${count(reading.of)}`}`;
}

/** The plan may be older than the count, and some of it done already: it is told as the plan that it is. */
function countWords({ total: known, expired }: ViewProject): string {
  const plan = (expired ?? 0) > 0 ? `last plan: ${count(expired ?? 0)} to delete` : '';
  const total = known === null ? '' : plural(known, 'deployment');
  return [total, plan].filter((text) => text !== '').join('; ');
}

/** That and why rebuilds wait, and what ends it; `null` when they do not. */
function pausedLine({ paused, nextRebuildAt }: ViewProject, now: number): Html | null {
  if (paused === null) return null;
  const next = nextRebuildAt === null ? 'Next try' : `Next try ${clock(nextRebuildAt, now)}, or`;
  const what = html`<bdi>${cut(paused.branch, 60)}</bdi>@${paused.commit.slice(0, 7)}`;
  return html`Rebuilds paused after ${plural(paused.failures, 'failure')} of ${what}. ${next} at the next push.`;
}

/** What will happen to a project, and when. */
export function upkeepLines(project: ViewProject, now: number): Html[] {
  const { nextRebuildAt, nextPruneAt, rebuilt, pruned, savedBuilds } = project;
  const next = (what: string, at: number | null, wanted: boolean) =>
    at === null
      ? `${wanted ? `Next ${what} not known yet` : `No ${what}`}`
      : html`Next ${what} ${ago(at, now)}`;
  return lines(
    pausedLine(project, now) ?? next('rebuild', nextRebuildAt, rebuilt),
    savedBuilds > 0 && `${plural(savedBuilds, 'build')} saved this month: the content had not changed`,
    next('pruning', nextPruneAt, pruned),
    readingWords(project) || countWords(project),
    project.dryRun && (pruned || rebuilt) && 'Dry run: nothing is done',
  );
}

/** A link to start or stop reloading, where there is something to wait for. */
export function watchLink(frame: Frame, underWay: boolean): Html {
  if (frame.watching) {
    const why = underWay ? 'This page reloads every 15 seconds.' : 'Nothing is under way any more.';
    return html`<p class="lead">${why} <a class="bt" href="${frame.path}">Stop watching</a></p>`;
  }
  return underWay
    ? html`<p><a class="bt" href="${watchPath(frame.path, true)}">Watch: reload every 15 seconds</a></p>`
    : html``;
}
