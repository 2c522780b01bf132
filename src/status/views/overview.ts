// The overview: one answer, then every shown project, those that need eyes first. Pure.

import { html } from 'hono/html';
import { type Frame, watchPath } from '../frame.ts';
import { projectPath } from '../links.ts';
import { isUnderWay, type ViewProject } from '../model.ts';
import type { ViewOverview } from '../model-runs.ts';
import { summarize } from '../sentence.ts';
import { count, cut, plural } from '../text.ts';
import { statusLine } from '../words.ts';
import { branchLink, commitLine, exactLink } from './deployments.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice, warnings } from './notices.ts';
import { ago, type Html, lines, link, pill, statusPill } from './parts.ts';
import { sparkline } from './sparkline.ts';

/** What is live, or why not. */
export function productionPill(project: ViewProject): Html {
  if (project.live === null) return pill('bad', 'cross', 'Nothing live');
  if (project.failedSinceLive > 0) return pill('bad', 'warn', 'Live, but behind');
  return project.rolledBack ? pill('busy', 'back', 'Live, rolled back') : pill('good', 'check', 'Live');
}

/** How production stands, in a sentence; `''` when all is well. */
export function productionLine(project: ViewProject): string {
  if (project.failedSinceLive > 0 && project.live !== null)
    return `Production is behind: ${plural(project.failedSinceLive, 'newer build')} failed.`;
  if (project.rolledBack) return 'Rolled back: an older build than the newest good one is live.';
  return '';
}

/** What will happen to a project, and when. */
export function upkeepLines(project: ViewProject, now: number): Html[] {
  const { nextRebuildAt, nextPruneAt, counts, reading } = project;
  return lines(
    nextRebuildAt === null
      ? project.rebuilt
        ? 'Next rebuild not known yet'
        : 'Not rebuilt'
      : html`Next rebuild ${ago(nextRebuildAt, now)}`,
    nextPruneAt === null
      ? project.pruned
        ? 'Next pruning not known yet'
        : 'Not pruned'
      : html`Next pruning ${ago(nextPruneAt, now)}`,
    reading !== null
      ? `Reading deployments: ${count(reading.read)}${reading.of === null ? '' : ` of ${count(reading.of)}`}`
      : counts.total !== null &&
          `${plural(counts.total, 'deployment')}${counts.expired === null || counts.expired === 0 ? '' : `, ${count(counts.expired)} to delete`}`,
    project.dryRun && (project.pruned || project.rebuilt) && 'Dry run',
  );
}

function where(project: ViewProject): Html {
  const domains = project.domains.filter((domain) => domain.name !== project.subdomain);
  const first = domains.slice(0, 3);
  return html`<p>${link(project.productionUrl, project.subdomain)}</p>${first.map((domain) => html`<p>${link(domain.url, cut(domain.name, 80))}</p>`)}${domains.length > 3 ? html`<p>and ${plural(domains.length - 3, 'more domain')}</p>` : ''}`;
}

function row(project: ViewProject, now: number): Html {
  const { live, latest } = project;
  const behind = productionLine(project);
  return html`
<tr role="row"><th role="rowheader" scope="row"><p class="nm"><a href="${projectPath(project.key)}">${cut(project.name, 80)}</a></p>${where(project)}<details class="s"><summary>Project id</summary><code>${project.id}</code></details></th>
<td role="cell">${productionPill(project)}${lines(
    behind,
    live !== null &&
      html`${exactLink(live)}${live.createdAt === null ? '' : html`, built ${ago(live.createdAt, now)}`}`,
    live !== null && commitLine(live),
  )}</td>
<td role="cell">${
    latest === null
      ? 'None yet'
      : html`${statusPill(latest.status)}${lines(
          cut(statusLine(latest, now), 160),
          html`${branchLink(latest)}${latest.createdAt === null ? '' : html`, ${ago(latest.createdAt, now)}`}`,
        )}`
  }${sparkline(project.builds)}</td>
<td role="cell" class="s">${upkeepLines(project, now)}</td></tr>`;
}

function table(projects: readonly ViewProject[], now: number): Html {
  return html`<table class="t o" role="table"><caption>Projects, those that need eyes first.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Project</th><th role="columnheader" scope="col">Production</th><th role="columnheader" scope="col">Latest build</th><th role="columnheader" scope="col">Upkeep</th></tr></thead>
<tbody role="rowgroup">${projects.map((project) => row(project, now))}
</tbody></table>`;
}

function nothing(view: ViewOverview): Html {
  const all = view.accountProjects ?? 0;
  if (all === 0)
    return html`<p class="lead">There are no Pages projects in this account yet. Once there is one, and a rule matches it, it shows up here.</p>`;
  const touched = view.runs.some(
    (run) => run.rebuilds.length + run.skips.length + run.counts.deleted + run.counts.remaining > 0,
  );
  const none = touched
    ? 'none is shown: no rule that matches one shows it'
    : 'none is rebuilt, pruned or shown';
  return html`<p class="lead">This account has ${plural(all, 'project')}; ${none}. Add the first <code>[[vars.RULES]]</code> to <code>wrangler.toml</code>, then <code>npm run deploy</code>:</p>
<pre><code>[[vars.RULES]]
projects = ["*"]
prune = { olderThanDays = 30, keepLatest = 10 }</code></pre>`;
}

/** A link to start or stop reloading, where there is something to wait for. */
export function watchLink(frame: Frame, underWay: boolean): Html {
  if (frame.watching)
    return html`<p class="nop">${underWay ? 'This page reloads every 15 seconds.' : 'Nothing is being built any more.'} <a href="${frame.path}">Stop watching</a></p>`;
  return underWay
    ? html`<p class="nop"><a href="${watchPath(frame.path, true)}">Watch: reload every 15 seconds</a></p>`
    : html``;
}

/** `/`. */
export function overviewPage(frame: Frame, view: ViewOverview): Html {
  const { projects } = view;
  const summary = summarize(projects);
  const underWay = projects.some((project) => isUnderWay(project.status));
  const body = html`<h1>${summary.sentence}</h1>
${summary.also.length === 0 ? '' : html`<p class="lead">${summary.also.join(' ')}</p>`}${watchLink(frame, underWay)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice(projects)}${progressNotice(view.progress, frame.now)}
${projects.length === 0 ? nothing(view) : table(projects, frame.now)}${warnings(view.warnings)}`;
  return layout(frame, {
    title: summary.title,
    mood: frame.trouble?.kind === 'token' ? 'bad' : summary.mood,
    body,
    place: 'projects',
    feed: '/feed.atom',
    json: '/status.json',
  });
}
