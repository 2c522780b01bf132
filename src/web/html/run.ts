// One run: what it did, and every deployment it deleted. Pure.

import { html } from 'hono/html';
import type { Deletion } from '../../report.ts';
import { count, cut } from '../../words/text.ts';
import { duration, utc } from '../../words/time.ts';
import { outcomeWord } from '../../words/verdicts.ts';
import type { Frame, Mood } from '../frame.ts';
import { projectPath, runPath } from '../model/links.ts';
import {
  deletionOutcomeWords,
  deletionReasonWords,
  deletionWords,
  errorWords,
  rebuildStatusWords,
  refusalLines,
  skipLines,
} from '../model/run-words.ts';
import type { ViewRun, ViewRunPage } from '../model/runs.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import { at, atAgo, type Html, head, lines, notice } from './parts.ts';
import { outcomePill } from './runs.ts';

function facts(run: ViewRun, now: number): Html {
  const rebuilds = run.rebuilds.map(
    (rebuild) =>
      html`<a href="${projectPath(rebuild.project)}">${cut(rebuild.project, 60)}</a>, ${cut(rebuild.branch, 60)}: ${rebuildStatusWords(rebuild.status)}`,
  );
  const took = run.finishedAt === null ? '' : `, took ${duration(run.finishedAt - run.startedAt)}`;
  return html`<dl class="k"><div><dt>Outcome</dt><dd>${outcomePill(run.outcome)}${lines(run.dryRun && 'Dry run: nothing was deleted or rebuilt')}</dd></div>
<div><dt>When</dt><dd>Scheduled ${atAgo(run.scheduledAt, now)}${lines(html`By <code>${cut(run.cron, 60)}</code>, started ${at(run.startedAt)}${took}`)}</dd></div>
<div><dt>Deletions</dt><dd>${deletionWords(run)}</dd></div>
<div><dt>Rebuilds</dt><dd>${rebuilds.length === 0 ? 'None started' : ''}${lines(...rebuilds, ...skipLines(run))}</dd></div>
<div><dt>API calls</dt><dd>${count(run.calls)}</dd></div></dl>`;
}

function row(gone: Deletion): Html {
  const commit = gone.commit === '' ? '' : html`, commit <span class="m">${gone.commit.slice(0, 7)}</span>`;
  return html`
<tr role="row"><th role="rowheader" scope="row">${cut(gone.branch, 80)} <span class="m">${gone.id.slice(0, 8)}</span>${lines(
    html`${cut(gone.project, 60)}, ${gone.environment}${commit}`,
  )}</th><td role="cell">${deletionOutcomeWords(gone.outcome)}${lines(at(gone.deletedAt))}</td><td role="cell">${deletionReasonWords(gone.reason)}${lines(html`created ${at(gone.createdAt)}`)}</td></tr>`;
}

function deletions(view: ViewRunPage): Html {
  if (view.deletions.length === 0)
    return html`<p class="lead">${view.run.dryRun ? 'A dry run deletes nothing.' : 'None.'}</p>`;
  const pages = paging(view.page, view.pages, null, (page) => `${runPath(view.run.key)}?page=${page}`);
  return html`<table class="t x" role="table"><caption>In the order in which they went.</caption>
${head('Deployment', 'Outcome', 'Reason')}
<tbody role="rowgroup">${view.deletions.map(row)}
</tbody></table>${pages}`;
}

function troubles(run: ViewRun): Html {
  const error = errorWords(run.error);
  const refused = refusalLines(run);
  return html`${error === '' ? '' : notice('bad', 'This run met trouble', error, run.detail)}${refused.length === 0 ? '' : notice('busy', 'Not everything was pruned', ...refused)}`;
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
  const body = html`<h1>Run of ${utc(run.scheduledAt)}</h1>
${troubles(run)}${facts(run, frame.now)}
<h2>Deployments it deleted</h2>
${deletions(view)}`;
  return layout(frame, {
    title: `${outcomeWord(run.outcome)}: run of ${utc(run.scheduledAt)}`,
    mood: MOODS[run.outcome],
    body,
    place: 'run',
    json: `${runPath(run.key)}.json`,
  });
}
