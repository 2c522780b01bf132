// The pieces of a project that the overview and its own page share: what is live, what comes next, watching. Pure.

import { count, cut, plural } from '../../words/text.ts';
import { brief, clock } from '../../words/time.ts';
import { type Clock, type Frame, watchPath } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { dashboardUrl } from '../model/links.ts';
import { isNew, isUnderWay, type ViewProject } from '../model/project.ts';
import { atAgo, foreign, notice, pill, statusPill, verb } from './parts.ts';

/** What is live, or that nothing is. */
export function productionPill(project: ViewProject): Html {
  if (isNew(project)) return pill('calm', 'dash', 'Not live yet');
  if (project.live === null) return pill('bad', 'cross', 'Nothing live');
  if (project.failedSinceLive > 0 || isUnbuilt(project)) return pill('bad', 'warn', 'Outdated');
  return project.rolledBack ? pill('busy', 'back', 'Rolled back') : pill('good', 'check', 'Live');
}

/** A build that is under way, beside what is live. */
export function underWayPill({ latest }: ViewProject): Html | false {
  return latest !== null && isUnderWay(latest.status) && statusPill(latest.status);
}

/** Whether Git has a commit of which nobody built anything. */
export function isUnbuilt({ git }: Pick<ViewProject, 'git'>): boolean {
  return git !== null && git.behindSince !== null;
}

const failedWords = (many: number) =>
  many === 1 ? 'the newest production build failed' : `the newest ${count(many)} production builds failed`;

/** What is live where that is an older build. */
export function olderLive({ live, failedSinceLive }: ViewProject, frame: Clock): Html | false {
  if (live === null || failedSinceLive === 0) return false;
  const built = live.createdAt !== null && html`, built ${atAgo(live.createdAt, frame)}`;
  const what = live.commitMessage === '' ? 'an older build' : html`“${foreign(live.commitMessage, 100)}”`;
  return html`Live is ${what}${built}.`;
}

/** What is wrong with production, and what to do about it; nothing when all is well. `more`: a sentence after it. */
export function attentionNotice(
  project: ViewProject,
  frame: Frame,
  more: Html | false = false,
): Html | false {
  const { name, path, live, latest, failedSinceLive } = project;
  const short = cut(name, 60);
  // A preview that failed says nothing of why production did.
  const isItsLog = latest?.status === 'failed' && (live === null || latest.environment === 'production');
  const log = !frame.guest && isItsLog && verb(dashboardUrl(name, latest.id), 'Build log', short);
  const builds = verb(`${path}?status=failed`, 'See the builds', short);
  if (live === null) return !isNew(project) && notice('bad', `${short}: nothing is live`, [], builds, log);
  if (failedSinceLive > 0)
    return notice('bad', `${short}: ${failedWords(failedSinceLive)}`, [more], builds, log);
  if (project.git !== null && isUnbuilt(project)) {
    const { head, behindSince } = project.git;
    const what = html`Git has ${head.slice(0, 7)} on its production branch, without a build since ${clock(behindSince ?? 0, frame.now)} at the latest. Look at the project’s builds in the dashboard, or push again.`;
    return notice('bad', `${short}: no build was started of the newest commit`, [what, more]);
  }
  const back = 'The newest good production build is not the live one.';
  return project.rolledBack && notice('busy', `${short} is rolled back`, [back]);
}

/** Why nothing of it is deleted though it has expired: its plan would be refused. */
export function heldNotice({ name, held }: ViewProject): Html | false {
  if (held === null) return false;
  const why = `${held.charAt(0).toUpperCase()}${held.slice(1)}.`;
  return notice('busy', `${cut(name, 60)}: nothing of it is deleted`, [why]);
}

/** Whether what has expired is only said to go, for nothing is deleted. */
export const isOnlyPlanned = ({ dryRun, held }: Pick<ViewProject, 'dryRun' | 'held'>): boolean =>
  dryRun || held !== null;

/** How far the first read of its deployments is; `''` when they were all read. */
export function readingWords(project: ViewProject): string {
  const { reading } = project;
  if (reading === null) return '';
  return `Reading deployments: ${count(reading.read)}${reading.of === null ? '' : ` of ${count(reading.of)}`}`;
}

/** When it is rebuilt next, for a table; `''` where no rule asks for it. */
export function rebuildWords({ rebuilt, nextRebuildAt, paused }: ViewProject, now: number): string {
  if (paused !== null) return 'paused';
  if (nextRebuildAt === null) return rebuilt ? 'not known yet' : '';
  return brief(nextRebuildAt, now);
}

/** That and why rebuilds wait, and what ends it; `null` when they do not. */
export function pausedLine({ paused, nextRebuildAt }: ViewProject, { now }: Clock): Html | null {
  if (paused === null) return null;
  const next = nextRebuildAt === null ? 'Next try' : `Next try ${clock(nextRebuildAt, now)}, or`;
  const what = html`<bdi>${cut(paused.branch, 60)}</bdi>@${paused.commit.slice(0, 7)}`;
  return html`Paused after ${plural(paused.failures, 'failure')} of ${what}. ${next} at the next push.`;
}

/** The line below the heading: `words`, and a link to start or stop reloading where there is something to wait for. */
export function watchLink(frame: Frame, underWay: boolean, words: Html | string = ''): Html {
  const { watching, path } = frame;
  if (!watching && !underWay) return String(words) === '' ? html`` : html`<p class="lead">${words}</p>`;
  const why = underWay ? 'This page reloads every 15 seconds.' : 'Nothing is under way any more.';
  const link = watching
    ? verb(path, 'Stop watching')
    : verb(watchPath(path, true), 'Watch: reload every 15 seconds');
  const text = html`${words}${watching && ` ${why}`}`;
  return html`<p class="top s">${String(text) !== '' && html`<span>${text}</span>`}${link}</p>`;
}
