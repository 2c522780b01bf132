// One run: what it did, and every deployment it deleted. Pure.

import { html } from 'hono/html';
import type { Deletion } from '../../plan/report.ts';
import type { Frame } from '../frame.ts';
import { projectPath, runPath } from '../links.ts';
import type { ViewRun, ViewRunPage } from '../model-runs.ts';
import { count, cut } from '../text.ts';
import { duration, utc } from '../time.ts';
import { outcomeWord, skipReasonWords, statusWord } from '../words.ts';
import { paging } from './filters.ts';
import { layout } from './layout.ts';
import { at, atAgo, type Html, lines, notice } from './parts.ts';
import { deletionWords, errorWords, outcomePill, refusalLines } from './runs.ts';

const OUTCOMES: Readonly<Record<Deletion['outcome'], string>> = {
  deleted: 'Deleted',
  gone: 'Already gone',
  refused: 'Refused by the API',
  failed: 'Failed',
};

const REASONS: Readonly<Record<Deletion['reason'], string>> = {
  expired: 'expired',
  'stale-branch': 'expired, and its branch is stale',
};

function rebuildStatus(status: ViewRun['rebuilds'][number]['status']): string {
  switch (status) {
    case 'requested':
      return 'requested';
    case 'in-doubt':
      return 'no answer yet, being looked for';
    case 'refused':
      return 'refused by the API';
    default:
      return statusWord(status).toLowerCase();
  }
}

function facts(run: ViewRun, now: number): Html {
  const rebuilds = run.rebuilds.map(
    (rebuild) =>
      html`<p><a href="${projectPath(rebuild.project)}">${cut(rebuild.project, 60)}</a>, ${cut(rebuild.branch, 60)}: ${rebuildStatus(rebuild.status)}</p>`,
  );
  const skips = run.skips.map(
    (skip) => html`<p>${cut(skip.project, 60)}: ${skipReasonWords(skip.reason)}</p>`,
  );
  return html`<dl class="k"><div><dt>Outcome</dt><dd>${outcomePill(run.outcome)}${lines(run.dryRun && 'Dry run: nothing was deleted or rebuilt', errorWords(run), run.detail)}</dd></div>
<div><dt>When</dt><dd><p>Scheduled ${atAgo(run.scheduledAt, now)}, by <code>${cut(run.cron, 60)}</code></p><p class="s">Started ${at(run.startedAt)}${run.finishedAt === null ? '' : `, took ${duration(run.finishedAt - run.startedAt)}`}</p></dd></div>
<div><dt>Deletions</dt><dd>${deletionWords(run)}</dd></div>
<div><dt>API calls</dt><dd>${count(run.calls)}</dd></div>
<div><dt>Rebuilds started</dt><dd>${rebuilds.length === 0 ? 'None' : rebuilds}</dd></div>
${skips.length === 0 ? '' : html`<div><dt>Rebuilds not started</dt><dd>${skips}</dd></div>`}</dl>`;
}

function row(gone: Deletion): Html {
  return html`
<tr role="row"><th role="rowheader" scope="row"><p>${cut(gone.branch, 80)} <span class="m">${gone.id.slice(0, 8)}</span></p>${lines(
    html`${cut(gone.project, 60)}, ${gone.environment}${gone.commit === '' ? '' : html`, <span class="m">${gone.commit.slice(0, 7)}</span>`}`,
  )}</th><td role="cell"><p>${OUTCOMES[gone.outcome]}</p>${lines(at(gone.deletedAt))}</td><td role="cell"><p>${REASONS[gone.reason]}</p>${lines(html`created ${at(gone.createdAt)}`)}</td></tr>`;
}

function deletions(view: ViewRunPage): Html {
  if (view.deletions.length === 0)
    return html`<p class="lead">${view.run.dryRun ? 'A dry run deletes nothing.' : 'None.'}</p>`;
  return html`<table class="t x" role="table"><caption>In the order in which they went.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Deployment</th><th role="columnheader" scope="col">Outcome</th><th role="columnheader" scope="col">Reason</th></tr></thead>
<tbody role="rowgroup">${view.deletions.map(row)}
</tbody></table>${paging(view.page, view.pages, null, (page) => `${runPath(view.run.key)}?page=${page}`)}`;
}

/** `/runs/:id`. */
export function runPage(frame: Frame, view: ViewRunPage): Html {
  const { run } = view;
  const refusals = refusalLines(run);
  const body = html`<h1>Run of ${utc(run.scheduledAt)}</h1>
${refusals.length === 0 ? '' : notice('busy', 'Not everything was pruned', ...refusals)}
${facts(run, frame.now)}
<h2>Deployments</h2>
${deletions(view)}`;
  return layout(frame, {
    title: `${outcomeWord(run.outcome)}: run of ${utc(run.scheduledAt)}`,
    mood: run.outcome === 'failed' ? 'bad' : run.outcome === 'running' ? 'busy' : 'ok',
    body,
    place: 'run',
    json: `${runPath(run.key)}.json`,
  });
}
