// The runs: what is under way, what the last runs did and cost, the plan as of now. Pure.

import { count, cut, plural } from '../../words/text.ts';
import { duration } from '../../words/time.ts';
import { outcomeWord } from '../../words/verdicts.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { type Answer, worstOf } from '../model/answer.ts';
import { runPath } from '../model/links.ts';
import type { ViewProject } from '../model/project.ts';
import {
  deletionWords,
  errorWords,
  rebuildWords,
  refusalLines,
  skipLines,
  warningLines,
} from '../model/run-words.ts';
import type { ViewRun, ViewRunsPage } from '../model/runs.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import { ago, answerHeading, at, head, lines, pill, type Shape, type Tone } from './parts.ts';
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

function runRow(run: ViewRun, now: number): Html {
  const took = run.finishedAt !== null && `took ${duration(run.finishedAt - run.startedAt)}`;
  const name = html`<a class="nw" href="${runPath(run.id)}">${at(run.scheduledAt)}</a>`;
  const when = lines(ago(run.scheduledAt, now), html`<code class="nw">${cut(run.cron, 60)}</code>`);
  const did = lines(
    errorWords(run.error),
    run.detail !== null && html`<bdi>${run.detail}</bdi>`,
    ...foreignLines([...refusalLines(run).slice(0, 5), ...warningLines(run).slice(0, 5)]),
    rebuildWords(run),
    ...skipLines(run),
  );
  return html`
<tr role="row"><th role="rowheader" scope="row">${name}${when}</th>
<td role="cell">${outcomePill(run.outcome)}${lines(took, run.dryRun && 'Dry run')}</td>
<td role="cell">${deletionWords(run)}${did}</td>
<td role="cell" class="num">${count(run.calls)}</td></tr>`;
}

const RUNS_CAPTION = 'Newest first. Each scheduled time is one run.';

function runTable({ runs, plan }: ViewRunsPage, { now }: Frame): Html {
  if (runs.length > 0)
    return html`<table class="t r" role="table"><caption>${RUNS_CAPTION}</caption>
${head('Scheduled', 'Outcome', 'What it did', 'API calls')}
<tbody role="rowgroup">${runs.map((run) => runRow(run, now))}
</tbody></table>`;
  const needsPlanning = plan.some(({ expired }) => expired !== null);
  return html`<p class="lead">No run yet. The first one starts at the next of the <code>crons</code> in
<code>wrangler.toml</code>.${needsPlanning && ' The plan below says what it would do.'}</p>`;
}

function toDelete({ expired, expiredIfStale }: ViewProject): Html {
  if (expired === null) return html`Not planned yet`;
  const more = expiredIfStale ?? 0;
  const words = more > 0 && html`${count(more)} more with <code>staleBranchesAfterDays</code>`;
  return html`${count(expired)}${lines(words)}`;
}

function planRow(project: ViewProject, now: number): Html {
  const { plannedAt, nextPruneAt, total, path, name, dryRun } = project;
  const known = total === null ? 'Not known yet' : count(total);
  const next = nextPruneAt === null ? 'Not known yet' : ago(nextPruneAt, now);
  return html`
<tr role="row"><th role="rowheader" scope="row"><a href="${path}">${cut(name, 80)}</a></th>
<td role="cell">${readingWords(project) || known}</td>
<td role="cell">${toDelete(project)}</td>
<td role="cell">${plannedAt === null ? 'Not yet' : ago(plannedAt, now)}</td>
<td role="cell">${next}${lines(dryRun && 'Dry run')}</td></tr>`;
}

function planTable(plan: readonly ViewProject[], { now, checkedAt }: Frame): Html {
  if (checkedAt === null)
    return html`<p class="lead">There is no plan yet: the account has not been looked at.</p>`;
  if (plan.length === 0) return html`<p class="lead">No rule prunes a project.</p>`;
  const sum = plan.reduce((total, project) => total + (project.expired ?? 0), 0);
  const caption = `By the last plan of each project: ${plural(sum, 'deployment')} to delete.
Each project's page says for every deployment how long it stays, or why it is kept.`;
  return html`<table class="t l" role="table"><caption>${caption}</caption>
${head('Project', 'Deployments', 'To delete', 'Planned', 'Next pruning')}
<tbody role="rowgroup">${plan.map((project) => planRow(project, now))}
</tbody></table>`;
}

function answerOf(view: ViewRunsPage): Answer {
  const last = view.runs.find((run) => run.outcome !== 'running');
  const running = view.progress !== null || view.runs.some((run) => run.outcome === 'running');
  const say = (mood: Mood, sentence: string): Answer => ({ mood, sentence, title: sentence, also: [] });
  if (running) return say('busy', 'A run is under way');
  if (last === undefined) return say('quiet', 'No run yet');
  switch (last.outcome) {
    case 'failed':
      return say('bad', 'The last run failed');
    case 'partial':
      return say('bad', 'The last run did not do everything');
    default:
      return say('ok', 'The last run went well');
  }
}

/** `/runs`. */
export function runsPage(frame: Frame, view: ViewRunsPage): Html {
  const { mood, sentence, title, also } = worstOf(frame, answerOf(view));
  const body = html`${answerHeading(mood, sentence)}
${also.map((fact) => html`<p class="lead">${fact}</p>`)}${watchLink(frame, view.progress !== null)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice(view.plan)}
${progressNotice(view.progress, frame)}${warnings(view.warnings)}
<h2>Runs</h2>
${runTable(view, frame)}
<h2>The plan</h2>
${planTable(view.plan, frame)}`;
  return layout(frame, { title, mood, body, place: 'runs', feed: '/feed.atom', json: '/runs.json' });
}
