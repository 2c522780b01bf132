// The runs: what is under way, what the last runs did and cost, the plan as of now. Pure.

import type { RunsQuery } from '../../reads.ts';
import { count, cut, plural } from '../../words/text.ts';
import { date, duration } from '../../words/time.ts';
import { outcomeWord } from '../../words/verdicts.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { type Answer, illOf, worstOf } from '../model/answer.ts';
import { runPath, runsPath } from '../model/links.ts';
import type { ViewProject } from '../model/project.ts';
import {
  deletionWords,
  errorWords,
  rebuildWords,
  refusalLines,
  skipLines,
  startWords,
  warningLines,
} from '../model/run-words.ts';
import type { ViewRun, ViewRunsPage } from '../model/runs.ts';
import { calendar, dayTable } from './calendar.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import {
  answerHeading,
  atAgo,
  head,
  lines,
  pill,
  type Shape,
  type Tone,
  table,
  when,
  zoneWords,
} from './parts.ts';
import { readingWords, watchLink } from './upkeep.ts';

const LOOKS: Readonly<Record<ViewRun['outcome'], readonly [Tone, Shape]>> = {
  running: ['busy', 'play'],
  done: ['good', 'check'],
  partial: ['busy', 'warn'],
  failed: ['bad', 'cross'],
  superseded: ['calm', 'skip'],
};

/** A run's outcome as word and shape. */
export function outcomePill(outcome: ViewRun['outcome']): Html {
  const [tone, shape] = LOOKS[outcome];
  return pill(tone, shape, outcomeWord(outcome));
}

/** Sentences that may hold words of the API's, each kept apart. */
export function foreignLines(sentences: readonly string[]): Html[] {
  return sentences.map((sentence) => html`<bdi>${sentence}</bdi>`);
}

/** What did not go as it should, a sentence each. */
function troubles(run: ViewRun): (Html | string | false)[] {
  return [
    errorWords(run.error),
    run.detail !== null && html`<bdi>${run.detail}</bdi>`,
    ...foreignLines([...refusalLines(run).slice(0, 5), ...warningLines(run).slice(0, 5)]),
  ];
}

function olderLink(next: string | null, { day }: RunsQuery): Html {
  const older =
    next !== null && html`<a rel="next" href="${runsPath('/runs', { day, before: next })}">Older runs</a>`;
  const all = day !== null && html`<a href="/runs">All days</a>`;
  return older === false && all === false ? html`` : html`<p class="pg">${older}${all}</p>`;
}

function runRow(run: ViewRun, now: number): Html {
  const rebuilt = rebuildWords(run);
  const took = run.finishedAt === null ? '' : duration(run.finishedAt - run.startedAt);
  return html`
<tr role="row"><th role="rowheader" scope="row" class="nw"><a href="${runPath(run.id)}">${when(run.scheduledAt, now)}</a></th>
<td role="cell" class="q">${outcomePill(run.outcome)}</td>
<td role="cell" class="wide">${deletionWords(run)}${rebuilt !== '' && `. ${rebuilt}`}${lines(startWords(run, now), ...troubles(run), ...skipLines(run))}</td>
<td role="cell" class="d nw"><code>${cut(run.cron, 60)}</code></td>
<td role="cell" class="d nw">${took}</td>
<td role="cell" class="d num">${count(run.calls)}</td></tr>`;
}

/** Runs that are listed where no day is asked for: the days are what one looks at first. */
const LAST = 12;

const isAsked = ({ day, before }: RunsQuery) => day !== null || before !== null;

const nameOf = ({ day, before }: RunsQuery, now: number) =>
  day !== null
    ? `Runs of ${date(Date.parse(`${day}T00:00:00Z`), now)}`
    : before !== null
      ? 'Earlier runs'
      : 'Runs';

function runTable(view: ViewRunsPage, frame: Frame, query: RunsQuery): Html {
  const { plan } = view;
  const runs = isAsked(query) ? view.runs : view.runs.slice(0, LAST);
  const next = runs.length < view.runs.length ? (runs.at(-1)?.id ?? null) : view.next;
  if (runs.length > 0) {
    const columns = head(
      'Run',
      'Outcome',
      'What it did',
      ['Cron', 'd'],
      ['Took', 'd'],
      ['API calls', 'd num'],
    );
    const rows = runs.map((run) => runRow(run, frame.now));
    const words = `Newest first. Each scheduled time is one run. ${zoneWords(frame)}`;
    return html`${table(nameOf(query, frame.now), words, columns, rows)}${olderLink(next, query)}`;
  }
  if (isAsked(query))
    return html`<p class="lead">No run is known of that time. <a href="/runs">The last runs</a></p>`;
  const needsPlanning = plan.some(({ next }) => next !== null);
  return html`<p class="lead">The first one starts at the next of the <code>crons</code> in
<code>wrangler.toml</code>.${needsPlanning && ' The plan below says what it would do.'}</p>`;
}

function toDelete({ next, moreIfStale }: ViewProject): Html {
  if (next === null) return html`Not planned yet`;
  const more = moreIfStale ?? 0;
  const words =
    more > 0 && html` <small>${count(more)} more with <code>staleBranchesAfterDays</code></small>`;
  return html`${count(next)}${words}`;
}

function planRow(project: ViewProject, now: number): Html {
  const { left, nextPruneAt, total, path, name, dryRun } = project;
  const known = total === null ? 'of a number not known yet' : `of ${count(total)}`;
  const next = nextPruneAt === null ? 'not known yet' : when(nextPruneAt, now);
  return html`
<tr role="row"><th role="rowheader" scope="row" class="nm"><a href="${path}">${cut(name, 80)}</a></th>
<td role="cell" class="num">${toDelete(project)}</td>
<td role="cell" class="u">${readingWords(project) || known}</td>
<td role="cell" class="u q">${next}${dryRun && ' (dry run)'}</td>
<td role="cell" class="d num">${left !== null && count(left)}</td></tr>`;
}

function planTable({ plan, planned, planPage }: ViewRunsPage, frame: Frame): Html {
  if (frame.checkedAt === null)
    return html`<h2>The plan</h2><p class="lead">There is no plan yet: the account has not been looked at.</p>`;
  if (plan.length === 0) return html`<h2>The plan</h2><p class="lead">No rule prunes a project.</p>`;
  const words = `${plural(planned, 'deployment')} to delete at the next prune run of each project, as far as it is planned. Its page says for every deployment how long it stays, or why it is kept.`;
  const columns = head('Project', ['Goes next', 'num'], 'Of', 'Next pruning', ['Left now', 'd num']);
  const rows = plan.map((project) => planRow(project, frame.now));
  const pages = paging(planPage.number, planPage.of, (page) => `/runs?page=${page}`);
  return html`${table('The plan', words, columns, rows)}${pages}`;
}

function daysOf({ days }: ViewRunsPage, { now }: Frame): Html {
  return days.length === 0 ? html`` : html`${calendar(days, now)}${dayTable(days, now)}`;
}

function answerOf(view: ViewRunsPage, query: RunsQuery, { now }: Frame): Answer {
  const say = (mood: Mood, sentence: string): Answer => ({ mood, sentence, title: sentence, also: [] });
  // Of old runs it is not said how things stand.
  if (isAsked(query)) return say('quiet', nameOf(query, now));
  const last = view.runs.find(({ outcome }) => outcome !== 'running' && outcome !== 'superseded');
  const running = view.progress !== null || view.runs.some((run) => run.outcome === 'running');
  if (running) return say('busy', 'A run is under way');
  if (last === undefined) return say('quiet', view.runs.length === 0 ? 'No run yet' : 'No run has ended yet');
  switch (last.outcome) {
    case 'failed':
      return say('bad', 'The last run failed');
    case 'partial':
      return say('bad', 'The last run did not do everything');
    default:
      return say('ok', 'The last run went well');
  }
}

/** When anything is pruned next; how much of each project is in the plan. */
function nextLine({ nextPruneAt }: ViewRunsPage, frame: Frame): Html | string {
  if (nextPruneAt === null) return '';
  const waits = illOf(frame) === 'token' && ': it waits for a valid token';
  return html`Next pruning at ${atAgo(nextPruneAt, frame)}${waits}.`;
}

/** `/runs`. */
export function runsPage(frame: Frame, view: ViewRunsPage, query: RunsQuery): Html {
  const { mood, sentence, title, also } = worstOf(frame, answerOf(view, query, frame));
  const body = html`${answerHeading(mood, sentence)}
${watchLink(frame, view.progress !== null, html`${also.map((fact) => `${fact} `)}${!isAsked(query) && nextLine(view, frame)}`)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice(view.plan)}
${progressNotice(view.progress, frame)}${warnings(view.warnings)}
${isAsked(query) ? '' : daysOf(view, frame)}${runTable(view, frame, query)}
${isAsked(query) ? '' : planTable(view, frame)}`;
  return layout(frame, { title, mood, body, place: 'runs', feed: '/feed.atom', json: '/runs.json' });
}
