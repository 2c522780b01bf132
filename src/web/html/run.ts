// One run: what it did, and every deployment it deleted. Pure.

import type { Deletion } from '../../report.ts';
import { count, cut, plural } from '../../words/text.ts';
import { duration, utc } from '../../words/time.ts';
import { outcomeWord } from '../../words/verdicts.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html, type Part } from '../markup.ts';
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
  warningLines,
} from '../model/run-words.ts';
import type { ViewRun, ViewRunPage } from '../model/runs.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import { at, atAgo, foreign, head, lines, notice } from './parts.ts';
import { foreignLines, outcomePill } from './runs.ts';

const fact = (name: string, ...value: readonly Part[]) => html`
<div><dt>${name}</dt><dd>${value}</dd></div>`;

function rebuildLine({ project, branch, status }: ViewRun['rebuilds'][number]): Html {
  const name = html`<a href="${projectPath(project)}">${cut(project, 60)}</a>`;
  return html`${name}, ${foreign(branch, 60)}: ${rebuildStatusWords(status)}`;
}

function facts(run: ViewRun, now: number): Html {
  const took = run.finishedAt !== null && `, took ${duration(run.finishedAt - run.startedAt)}`;
  const by = html`By <code>${cut(run.cron, 60)}</code>, started ${at(run.startedAt)}${took}`;
  const dry = run.dryRun && 'Dry run: nothing was deleted or rebuilt';
  const rebuilds = lines(...run.rebuilds.map(rebuildLine), ...skipLines(run));
  return html`<dl class="k">${fact('Outcome', outcomePill(run.outcome), lines(dry))}
${fact('When', 'Scheduled ', atAgo(run.scheduledAt, now), lines(by))}
${fact('Deletions', deletionWords(run))}
${fact('Rebuilds', run.rebuilds.length === 0 && 'None started', rebuilds)}
${fact('API calls', count(run.calls))}</dl>`;
}

function row(gone: Deletion): Html {
  const commit = gone.commit !== '' && html`, commit <span class="m">${gone.commit.slice(0, 7)}</span>`;
  const what = html`${cut(gone.project, 60)}, ${gone.environment}${commit}`;
  const name = html`${foreign(gone.branch, 80)} <span class="m">${gone.id.slice(0, 8)}</span>`;
  const created = html`created ${at(gone.createdAt)}`;
  return html`
<tr role="row"><th role="rowheader" scope="row">${name}${lines(what)}</th>
<td role="cell">${deletionOutcomeWords(gone.outcome)}${lines(at(gone.deletedAt))}</td>
<td role="cell">${deletionReasonWords(gone.reason)}${lines(created)}</td></tr>`;
}

function deletions(view: ViewRunPage): Html {
  if (view.deletions.length === 0)
    return html`<p class="lead">${view.run.dryRun ? 'A dry run deletes nothing.' : 'None.'}</p>`;
  const pages = paging(view.page, view.pages, null, (page) => `${runPath(view.run.id)}?page=${page}`);
  return html`<table class="t x" role="table"><caption>In the order in which they went.</caption>
${head('Deployment', 'Outcome', 'Reason')}
<tbody role="rowgroup">${view.deletions.map(row)}
</tbody></table>${pages}`;
}

function troubles(run: ViewRun): Html {
  const error = errorWords(run.error);
  const detail = run.detail !== null && html`<bdi>${run.detail}</bdi>`;
  const refused = foreignLines(refusalLines(run));
  const warned = foreignLines(warningLines(run));
  const problems = error !== '' && notice('bad', 'This run had problems', error, detail);
  const left = refused.length > 0 && notice('busy', 'Not everything was done', ...refused);
  const warnings = warned.length > 0 && notice('busy', plural(warned.length, 'warning'), ...warned);
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
  const body = html`<h1>Run of ${utc(run.scheduledAt)}</h1>
${troubles(run)}${facts(run, frame.now)}
<h2>Deployments it deleted</h2>
${deletions(view)}`;
  return layout(frame, {
    title: titleWith(frame, mood, `${outcomeWord(run.outcome)}: run of ${utc(run.scheduledAt)}`),
    mood: moodWith(frame, mood),
    body,
    place: 'run',
    json: `${runPath(run.id)}.json`,
  });
}
