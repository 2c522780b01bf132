// The overview: one answer, what needs attention, then every shown project in a line. Pure.

import type { OverviewQuery } from '../../reads.ts';
import type { Progress, ProjectStanding } from '../../report.ts';
import { count, cut, plural } from '../../words/text.ts';
import { clock, relative } from '../../words/time.ts';
import { type Frame, OLD } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { type Answer, illOf, worstOf } from '../model/answer.ts';
import { overviewPath, runPath } from '../model/links.ts';
import { isUnderWay, type ViewProject } from '../model/project.ts';
import { deletionWords, startWords } from '../model/run-words.ts';
import type { ViewOverview, ViewRun } from '../model/runs.ts';
import { done, nextRun } from '../model/schedule.ts';
import { summarize } from '../model/sentence.ts';
import { storedPicture } from './calendar.ts';
import { message } from './deployments.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import { monthFact } from './month.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import { answerHeading, atFigure, fact, facts, head, lines, table, when, zoneWords } from './parts.ts';
import { outcomePill } from './runs.ts';
import { sparkline } from './sparkline.ts';
import {
  attentionNotice,
  isUnbuilt,
  olderLive,
  productionPill,
  readingWords,
  rebuildWords,
  underWayPill,
  watchLink,
} from './upkeep.ts';

function row(project: ViewProject, now: number): Html {
  const { live, builds, total, next, path, name } = project;
  const since = live?.createdAt ?? null;
  const goes = project.pruned && (next ?? 0) > 0 ? count(next ?? 0) : '';
  return html`
<tr role="row"><th role="rowheader" scope="row" class="nm"><a href="${path}">${cut(name, 80)}</a></th>
<td role="cell" class="q">${productionPill(project)} ${underWayPill(project)}</td>
<td role="cell" class="cw c">${live !== null && message(live)}</td>
<td role="cell" class="u q">${since !== null && when(since, now)}</td>
<td role="cell" class="d">${sparkline(builds)}</td>
<td role="cell" class="d nw">${rebuildWords(project, now)}</td>
<td role="cell" class="d num">${goes}</td>
<td role="cell" class="d num">${readingWords(project) || (total !== null && count(total))}</td></tr>`;
}

function projectTable(projects: readonly ViewProject[], total: number, frame: Frame): Html {
  const columns = head(
    'Project',
    'State',
    'Live: last change',
    'Built',
    ['Last builds', 'd'],
    ['Rebuild', 'd'],
    ['Goes next', 'd num'],
    ['Stored', 'd num'],
  );
  return table(
    plural(total, 'project'),
    `Needs attention first. ${zoneWords(frame)}`,
    columns,
    projects.map((project) => row(project, frame.now)),
    'o',
  );
}

const NOT_ALL = 'not all is planned yet';

function nextFact(projects: readonly ProjectStanding[], frame: Frame): Html | false {
  const next = nextRun(projects);
  if (next === null) return false;
  const { rebuilds, deletions, isCounted } = next;
  const parts = [
    rebuilds > 0 ? plural(rebuilds, 'rebuild') : '',
    deletions > 0 ? plural(deletions, 'deletion') : '',
    isCounted ? '' : NOT_ALL,
  ].filter((part) => part !== '');
  const all = parts.length === 0 ? 'nothing to delete' : parts.join(', ');
  const what = illOf(frame) === 'token' ? 'waits for a valid token' : all;
  return fact('Next run', atFigure(next.at, frame), lines(`${relative(next.at, frame.now)}: ${what}`));
}

function lastFact([run]: readonly ViewRun[], { now }: Frame): Html | false {
  if (run === undefined) return false;
  const link = html`<a href="${runPath(run.id)}">${clock(run.scheduledAt, now)}</a>`;
  const did = html`${outcomePill(run.outcome)} ${deletionWords(run)}`;
  return fact('Last run', link, lines(startWords(run, now), did));
}

function storedFact(projects: readonly ProjectStanding[], days: ViewOverview['days']): Html | false {
  const known = projects.flatMap(({ total }) => (total === null ? [] : [total]));
  if (known.length === 0) return false;
  const stored = known.reduce((sum, total) => sum + total, 0);
  const pruned = done(projects).filter((project) => project.pruned);
  const going = pruned.reduce((sum, { next, left }) => sum + (next ?? 0) + (left ?? 0), 0);
  const isPlanned = pruned.every(({ next }) => next !== null);
  const some = going > 0 || isPlanned ? `${going === 0 ? 'none' : count(going)} of them to delete` : '';
  const words = [some, isPlanned ? '' : NOT_ALL].filter((word) => word !== '').join(', ');
  const where =
    known.length < projects.length && `in ${count(known.length)} of ${count(projects.length)} projects`;
  return fact('Stored deployments', count(stored), lines(where, words), storedPicture(days));
}

function summary(view: ViewOverview, frame: Frame): Html {
  const { all, runs, days } = view;
  return all.length === 0
    ? html``
    : facts(
        nextFact(all, frame),
        lastFact(runs, frame),
        storedFact(all, days),
        monthFact(view.month, frame.now),
      );
}

/** No project is shown: because there is none, or because no rule asks for one. */
function nothing(view: ViewOverview): Html {
  const all = view.accountProjects ?? 0;
  if (all === 0)
    return html`<p class="lead">There are no Pages projects in this account yet. Once there is one, and a rule
matches it, it shows up here.</p>`;
  const touched =
    view.runs.some(({ skips }) => skips.length > 0) ||
    view.days.slice(0, 2).some(({ deleted, rebuilds }) => deleted + rebuilds > 0);
  const none = touched ? 'none is shown' : 'none is rebuilt, pruned or shown';
  return html`<p class="lead">This account has ${plural(all, 'project')}; ${none}.
Add the first <code>[[vars.RULES]]</code> to <code>wrangler.toml</code>, then <code>npm run deploy</code>:</p>
<pre><code>[[vars.RULES]]
projects = ["*"]
prune = { olderThanDays = 30, keepLatest = 10 }</code></pre>`;
}

/** Old data is not spoken of as the present, nor shown as all well when it could not be renewed. */
function asOf({ checkedAt, now, trouble }: Frame, answer: Answer): Answer {
  if (checkedAt === null || now - checkedAt <= OLD) return answer;
  return {
    ...answer,
    sentence: `${answer.sentence} as of ${clock(checkedAt, now)}`,
    mood: answer.mood === 'ok' && trouble !== null ? 'quiet' : answer.mood,
  };
}

/** Projects whose trouble has a notice of its own; the others are the first rows of the table. */
const NOTICED = 3;

function notices(view: ViewOverview, frame: Frame, progress: Progress | null): Html {
  const noticed = view.projects
    .map(
      (project) =>
        (project.failedSinceLive > 0 || isUnbuilt(project) || project.live === null) &&
        attentionNotice(project, frame, olderLive(project, frame)),
    )
    .filter((one) => one !== false)
    .slice(0, NOTICED);
  return html`${troubleNotice(frame)}${oldNotice(frame)}${noticed}${dryRunNotice(view.all)}${progressNotice(progress, frame)}`;
}

/** The projects that were asked for; where there is more than a page of all, a form to find them by name. */
function found(view: ViewOverview, query: OverviewQuery, frame: Frame): Html {
  const { projects, page, all } = view;
  const isAsked = query.find !== null || query.status !== null;
  const form = (isAsked || all.length > query.size) && findForm(query);
  const to = (other: number) => overviewPath('/', { ...query, page: other });
  const none = html`<p class="lead">No project matches. <a href="/">Show all</a></p>`;
  const pages = page.of > 1 && paging(page.number, page.of, to);
  return html`${form}${projects.length === 0 ? none : projectTable(projects, page.total, frame)}${pages}`;
}

function findForm({ find, status }: OverviewQuery): Html {
  const kept = status !== null && html`<input type="hidden" name="status" value="${status}">`;
  const field = html`<input type="search" name="q" aria-label="Name of a project" value="${find ?? ''}">`;
  return html`<form action="/">${kept}${field}<button type="submit">Find</button></form>`;
}

/** `/`. */
export function overviewPage(frame: Frame, view: ViewOverview, query: OverviewQuery): Html {
  const { all } = view;
  const underWay = all.some((project) => isUnderWay(project.status));
  const { mood, title, sentence, also } = worstOf(frame, asOf(frame, summarize(all)));
  const body = html`${answerHeading(mood, sentence)}
${watchLink(frame, underWay, also.join(' '))}
${notices(view, frame, view.progress)}${summary(view, frame)}
${all.length === 0 ? nothing(view) : found(view, query, frame)}${warnings(view.warnings)}`;
  return layout(frame, { title, mood, body, place: 'projects', feed: '/feed.atom', json: '/status.json' });
}
