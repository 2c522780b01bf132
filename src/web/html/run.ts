// One run: what it did, and every deployment it deleted. Pure.

import type { Deletion } from '../../report.ts';
import { cut, plural } from '../../words/text.ts';
import { clock, duration, relative } from '../../words/time.ts';
import { outcomeWord } from '../../words/verdicts.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { moodWith, titleWith } from '../model/answer.ts';
import { projectPath, runPath } from '../model/links.ts';
import {
  deletionOutcomeWords,
  deletionReasonWords,
  deletionWords,
  errorWords,
  rebuildStatusWords,
  refusalLines,
  skipLines,
  startWords,
  warningLines,
} from '../model/run-words.ts';
import type { ViewRun, ViewRunPage } from '../model/runs.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import {
  answerHeading,
  atFigure,
  fact,
  facts,
  foreign,
  head,
  lines,
  notice,
  table,
  when,
  zoneWords,
} from './parts.ts';
import { foreignLines, outcomePill } from './runs.ts';

function rebuildLine({ project, branch, status }: ViewRun['rebuilds'][number]): Html {
  const name = html`<a href="${projectPath(project)}">${cut(project, 60)}</a>`;
  return html`${name}, ${foreign(branch, 60)}: ${rebuildStatusWords(status)}`;
}

function factsOf(run: ViewRun, frame: Frame): Html {
  const took = run.finishedAt !== null && `took ${duration(run.finishedAt - run.startedAt)}`;
  const dry = run.dryRun && 'Dry run: nothing was deleted or rebuilt';
  const rebuilds = lines(...run.rebuilds.map(rebuildLine), ...skipLines(run, Number.POSITIVE_INFINITY));
  const started = run.listed?.rebuilds ?? run.rebuilds.length;
  return facts(
    fact('Outcome', outcomePill(run.outcome), lines(took, dry)),
    fact(
      'Scheduled',
      atFigure(run.scheduledAt, frame),
      lines(
        relative(run.scheduledAt, frame.now),
        startWords(run, frame.now),
        html`by <code>${cut(run.cron, 60)}</code>`,
      ),
    ),
    fact('Deletions', html`<p>${deletionWords(run)}</p>`, lines(plural(run.calls, 'API call'))),
    fact('Rebuilds', started === 0 && 'None', rebuilds),
  );
}

function row(gone: Deletion, now: number, isMixed: boolean): Html {
  const name = html`<span class="nm">${foreign(gone.branch, 80)}</span>`;
  const production = gone.environment === 'production' && html` <small>production</small>`;
  return html`
<tr role="row"><th role="rowheader" scope="row" class="cw c">${name}${production} <small>${cut(gone.project, 60)}</small></th>
<td role="cell" class="u d"><span class="m">${gone.commit.slice(0, 7)}</span></td>
<td role="cell" class="u d"><span class="m">${gone.id.slice(0, 8)}</span></td>
<td role="cell" class="u q"><span class="ph">created </span>${when(gone.createdAt, now)}</td>
<td role="cell" class="u">${deletionOutcomeWords(gone.outcome)} ${when(gone.deletedAt, now)}</td>
${isMixed && html`<td role="cell" class="u q">${deletionReasonWords(gone.reason)}</td>`}</tr>`;
}

function deletions(view: ViewRunPage, frame: Frame): Html {
  const pages = paging(view.page, view.pages, (page) => `${runPath(view.run.id)}?page=${page}`);
  if (view.deletions.length === 0) {
    const none = view.run.dryRun ? 'A dry run deletes nothing.' : 'None.';
    const words = view.total > 0 ? 'On earlier pages.' : none;
    return html`<h2>Deployments it deleted</h2><p class="lead">${words}</p>${pages}`;
  }
  const [first] = view.deletions;
  const isMixed = view.deletions.some(({ reason }) => reason !== first?.reason);
  const columns = ['Branch, project', ['Commit', 'd'], ['Id', 'd'], 'Created', 'Outcome'] as const;
  const why = isMixed || first === undefined ? '' : `Why: ${deletionReasonWords(first.reason)}. `;
  const words = `${why}By project, in the order in which they went. ${zoneWords(frame)}`;
  const rows = view.deletions.map((gone) => row(gone, frame.now, isMixed));
  const { gone, refused, failed } = view.run.counts;
  const name = gone + refused + failed === 0 ? 'Deployments it deleted' : 'Deployments it was to delete';
  return html`${table(name, words, head(...columns, ...(isMixed ? ['Reason'] : [])), rows)}${pages}`;
}

function troubles(run: ViewRun): Html {
  const error = errorWords(run.error);
  const detail = run.detail !== null && html`<bdi>${run.detail}</bdi>`;
  const refused = foreignLines(refusalLines(run));
  const warned = foreignLines(warningLines(run));
  const problems = error !== '' && notice('bad', 'This run had problems', [error, detail]);
  const left = refused.length > 0 && notice('busy', 'Not everything was done', refused);
  const warnings = warned.length > 0 && notice('busy', plural(warned.length, 'warning'), warned);
  return html`${problems}${left}${warnings}`;
}

const MOODS: Readonly<Record<ViewRun['outcome'], Mood>> = {
  running: 'busy',
  done: 'ok',
  partial: 'bad',
  failed: 'bad',
  superseded: 'quiet',
};

/** `/runs/:id`. */
export function runPage(frame: Frame, view: ViewRunPage): Html {
  const { run } = view;
  const mood = MOODS[run.outcome];
  const name = `Run of ${clock(run.scheduledAt, frame.now)}`;
  const body = html`${answerHeading(mood, name)}
${troubles(run)}${factsOf(run, frame)}
${deletions(view, frame)}`;
  return layout(frame, {
    title: titleWith(frame, mood, `${outcomeWord(run.outcome)}: run of ${clock(run.scheduledAt, frame.now)}`),
    mood: moodWith(frame, mood),
    body,
    place: 'run',
    json: `${runPath(run.id)}.json`,
  });
}
