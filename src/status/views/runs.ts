// The runs: what is under way, the plan as of now, what the last runs did and cost. Pure.

import { html } from 'hono/html';
import type { Frame } from '../frame.ts';
import { projectPath, runPath } from '../links.ts';
import type { ViewProject } from '../model.ts';
import type { ViewRun, ViewRunsPage } from '../model-runs.ts';
import { count, cut, list, plural } from '../text.ts';
import { duration } from '../time.ts';
import { outcomeWord, skipReasonWords } from '../words.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import { ago, at, atAgo, type Html, lines, pill, type Shape, type Tone } from './parts.ts';

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

/** What was deleted, in words. Under a dry run nothing was, and the plan is told instead. */
export function deletionWords(run: ViewRun): string {
  const { deleted, gone, refused, failed, remaining } = run.counts;
  if (run.dryRun)
    return remaining === 0 ? 'Nothing to delete' : `Would delete ${plural(remaining, 'deployment')}`;
  const parts = [
    deleted > 0 ? `deleted ${plural(deleted, 'deployment')}` : '',
    gone > 0 ? `${count(gone)} already gone` : '',
    refused > 0 ? `${count(refused)} refused by the API` : '',
    failed > 0 ? `${count(failed)} failed` : '',
    remaining > 0 ? `${count(remaining)} in the queue` : '',
  ].filter((text) => text !== '');
  const text = parts.join(', ');
  return text === '' ? 'Nothing to delete' : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Rebuilds started, in words; `''` for none. */
export function rebuildWords(run: ViewRun): string {
  const { rebuilds } = run;
  return rebuilds.length === 0
    ? ''
    : `Rebuilt ${list(
        rebuilds.map((rebuild) => cut(rebuild.project, 40)),
        4,
      )}`;
}

/** Rebuilds not started, by reason; `''` for none. */
export function skipWords(run: ViewRun): string {
  const reasons = [...new Set(run.skips.map((skip) => skip.reason))];
  return reasons
    .map((reason) => {
      const names = run.skips.filter((skip) => skip.reason === reason).map((skip) => cut(skip.project, 40));
      return `Not rebuilt: ${list(names, 4)} (${skipReasonWords(reason)})`;
    })
    .join('. ');
}

const ERRORS: Readonly<Record<NonNullable<ViewRun['error']>, string>> = {
  config: 'The configuration was not valid: the log names what to mend (npx wrangler tail).',
  token: 'The API token was refused: npx wrangler secret put CLOUDFLARE_API_TOKEN',
  blocked: "Cloudflare's API limit was used up.",
  stalled: 'It stopped making progress; the next run starts afresh.',
  api: "Cloudflare's API did not answer as it should.",
};

/** What went wrong, in words; `''` for nothing. */
export function errorWords(run: ViewRun): string {
  return run.error === null ? '' : ERRORS[run.error];
}

/** Refused plans, in words. */
export function refusalLines(run: ViewRun): string[] {
  return run.refusals.map(
    (refusal) => `${cut(refusal.project, 60)} was not pruned: ${cut(refusal.why, 300)}`,
  );
}

function runRow(run: ViewRun, now: number): Html {
  const took = run.finishedAt === null ? '' : `took ${duration(run.finishedAt - run.startedAt)}`;
  return html`
<tr role="row"><th role="rowheader" scope="row"><p><a href="${runPath(run.key)}">${at(run.scheduledAt)}</a></p>${lines(
    ago(run.scheduledAt, now),
    html`<code>${cut(run.cron, 60)}</code>`,
  )}</th><td role="cell">${outcomePill(run.outcome)}${lines(took, run.dryRun && 'Dry run')}</td><td role="cell"><p>${deletionWords(run)}</p>${lines(
    rebuildWords(run),
    skipWords(run),
    ...refusalLines(run).slice(0, 5),
    errorWords(run),
    run.detail,
  )}</td><td role="cell" class="num">${count(run.calls)}</td></tr>`;
}

function runTable(runs: readonly ViewRun[], now: number): Html {
  if (runs.length === 0)
    return html`<p class="lead">No run yet. The first one starts with the next trigger of <code>crons</code> in <code>wrangler.toml</code>.</p>`;
  return html`<table class="t r" role="table"><caption>Newest first. A run is what one scheduled time did, and what it cost in API calls.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Scheduled</th><th role="columnheader" scope="col">Outcome</th><th role="columnheader" scope="col">What it did</th><th role="columnheader" scope="col" class="num">API calls</th></tr></thead>
<tbody role="rowgroup">${runs.map((run) => runRow(run, now))}
</tbody></table>`;
}

function planRow(project: ViewProject, now: number): Html {
  const { counts, reading, expiredIfStale, nextPruneAt } = project;
  const plan =
    reading !== null
      ? `Reading deployments: ${count(reading.read)}${reading.of === null ? '' : ` of ${count(reading.of)}`}`
      : counts.expired === null
        ? 'Not planned yet'
        : `${count(counts.expired)}${counts.total === null ? '' : ` of ${count(counts.total)}`}`;
  return html`
<tr role="row"><th role="rowheader" scope="row"><a href="${projectPath(project.key)}">${cut(project.name, 80)}</a></th><td role="cell">${plan}${lines(
    expiredIfStale !== null &&
      expiredIfStale > 0 &&
      html`${count(expiredIfStale)} more with <code>staleBranchesAfterDays</code>`,
    project.plannedAt !== null && html`as of ${ago(project.plannedAt, now)}`,
  )}</td><td role="cell">${nextPruneAt === null ? 'Not known yet' : atAgo(nextPruneAt, now)}${lines(project.dryRun && 'Dry run')}</td></tr>`;
}

function planTable(plan: readonly ViewProject[], now: number): Html {
  if (plan.length === 0) return html`<p class="lead">No rule prunes a project.</p>`;
  return html`<table class="t pl" role="table"><caption>What a run at this moment would delete.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Project</th><th role="columnheader" scope="col">To delete</th><th role="columnheader" scope="col">Next pruning</th></tr></thead>
<tbody role="rowgroup">${plan.map((project) => planRow(project, now))}
</tbody></table>`;
}

/** `/runs`. */
export function runsPage(frame: Frame, view: ViewRunsPage): Html {
  const last = view.runs.find((run) => run.outcome !== 'running');
  const sentence =
    view.progress !== null
      ? 'A run is under way'
      : last === undefined
        ? 'No run yet'
        : `Last run: ${outcomeWord(last.outcome).toLowerCase()}`;
  const body = html`<h1>${sentence}</h1>
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice(view.plan)}${progressNotice(view.progress, frame.now)}${warnings(view.warnings)}
<h2>The plan</h2>
${planTable(view.plan, frame.now)}
<h2>Runs</h2>
${runTable(view.runs, frame.now)}`;
  return layout(frame, {
    title: sentence,
    mood: last?.outcome === 'failed' ? 'bad' : view.progress !== null ? 'busy' : 'ok',
    body,
    place: 'runs',
    feed: '/feed.atom',
    json: '/runs.json',
  });
}
