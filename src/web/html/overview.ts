// The overview: one answer, then every shown project, those that need attention first. Pure.

import { cut, plural } from '../../words/text.ts';
import { clock } from '../../words/time.ts';
import { type Frame, OLD } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { type Answer, worstOf } from '../model/answer.ts';
import { isUnderWay, type ViewProject } from '../model/project.ts';
import type { ViewOverview } from '../model/runs.ts';
import { summarize } from '../model/sentence.ts';
import { branchLink, messageLine, shortId, statusCell } from './deployments.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import { ago, answerHeading, foreign, head, lines, link } from './parts.ts';
import { sparkline } from './sparkline.ts';
import { productionLine, productionPill, upkeepLines, watchLink } from './upkeep.ts';

const DOMAINS = 3;

function addresses(project: ViewProject): Html[] {
  const own = project.domains.filter((domain) => domain.name !== project.subdomain);
  return lines(
    link(project.productionUrl, project.subdomain),
    ...own.slice(0, DOMAINS).map((domain) => link(domain.url, foreign(domain.name, 80))),
    own.length > DOMAINS && `and ${plural(own.length - DOMAINS, 'more domain')}`,
  );
}

const builtAgo = (at: number | null, now: number) => at !== null && html`, ${ago(at, now)}`;

function production(project: ViewProject, now: number): Html {
  const { live } = project;
  const what =
    live !== null && html`<span class="m">${shortId(live.id)}</span>${builtAgo(live.createdAt, now)}`;
  return html`${productionPill(project)}${lines(productionLine(project), what, live !== null && messageLine(live))}`;
}

function latestBuild({ latest }: ViewProject, now: number): Html {
  if (latest === null) return html`None yet`;
  const where = html`${branchLink(latest)}${builtAgo(latest.createdAt, now)}`;
  return html`${statusCell(latest, now)}${lines(where)}`;
}

function row(project: ViewProject, now: number): Html {
  const name = html`<a class="nm" href="${project.path}">${cut(project.name, 80)}</a>`;
  return html`
<tr role="row"><th role="rowheader" scope="row">${name}${addresses(project)}</th>
<td role="cell">${production(project, now)}</td>
<td role="cell">${latestBuild(project, now)}</td>
<td role="cell">${sparkline(project.builds)}</td>
<td role="cell">${upkeepLines(project, now)}</td></tr>`;
}

function table(projects: readonly ViewProject[], now: number): Html {
  return html`<table class="t o" role="table"><caption>Needs attention first. All times are UTC.</caption>
${head('Project', 'Production', 'Latest build', 'Builds', 'Upkeep')}
<tbody role="rowgroup">${projects.map((project) => row(project, now))}
</tbody></table>`;
}

/** No project is shown: because there is none, or because no rule asks for one. */
function nothing(view: ViewOverview): Html {
  const all = view.accountProjects ?? 0;
  if (all === 0)
    return html`<p class="lead">There are no Pages projects in this account yet. Once there is one, and a rule
matches it, it shows up here.</p>`;
  const touched = view.runs.some((run) => run.rebuilds.length + run.skips.length + run.counts.deleted > 0);
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

/** `/`. */
export function overviewPage(frame: Frame, view: ViewOverview): Html {
  const { projects } = view;
  const underWay = projects.some((project) => isUnderWay(project.status));
  const { mood, title, sentence, also } = worstOf(frame, asOf(frame, summarize(projects)));
  const body = html`${answerHeading(mood, sentence)}
${also.map((fact) => html`<p class="lead">${fact}</p>`)}${watchLink(frame, underWay)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice(projects)}${progressNotice(view.progress, frame)}
${projects.length === 0 ? nothing(view) : table(projects, frame.now)}${warnings(view.warnings)}`;
  return layout(frame, { title, mood, body, place: 'projects', feed: '/feed.atom', json: '/status.json' });
}
