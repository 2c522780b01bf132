// One project: what is live, what comes next, then its deployments. Pure.

import { html } from 'hono/html';
import type { Progress, ProjectQuery } from '../../report.ts';
import { statusWord } from '../../words/builds.ts';
import { cut, plural } from '../../words/text.ts';
import type { Frame, Mood } from '../frame.ts';
import { filterPath, goPath } from '../model/links.ts';
import { isUnderWay, type ViewProject, type ViewProjectPage } from '../model/project.ts';
import { branchLink, commitLine, deploymentTable, exactLink, statusCell } from './deployments.ts';
import { filters, filterWords, isFiltered, paging } from './filters.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice } from './notices.ts';
import { answerHeading, atAgo, type Html, lines, link } from './parts.ts';
import { sparkline } from './sparkline.ts';
import { productionLine, productionPill, upkeepLines, watchLink } from './upkeep.ts';

function facts(project: ViewProject, now: number): Html {
  const { live, latest } = project;
  const domains = project.domains.slice(0, 20);
  return html`<dl class="k"><div><dt>Live</dt><dd>${productionPill(project)}${lines(
    productionLine(project),
    live !== null && commitLine(live),
    live !== null &&
      html`${exactLink(live)}${live.createdAt === null ? '' : html`, built ${atAgo(live.createdAt, now)}`}`,
  )}</dd></div>
<div><dt>Latest build</dt><dd>${latest === null ? 'None yet' : html`${statusCell(latest, now)}<p>${branchLink(latest)} ${exactLink(latest)}</p>`}${sparkline(project.builds)}</dd></div>
<div><dt>Upkeep</dt><dd>${upkeepLines(project, now)}</dd></div>
<div><dt>Addresses</dt><dd>${project.domains.length === 0 ? link(project.productionUrl, project.subdomain) : domains.map((domain) => html`<p>${link(domain.url, cut(domain.name, 100))}</p>`)}${project.domains.length > domains.length ? html`<p>and ${plural(project.domains.length - domains.length, 'more')}</p>` : ''}<p class="s">Project id <code>${project.id}</code></p></dd></div></dl>`;
}

function found(view: ViewProjectPage, query: ProjectQuery, now: number): Html {
  const { project, deployments } = view;
  if (deployments.length > 0)
    return html`${deploymentTable(deployments, now, project.dryRun)}${paging(view.page, view.pages, view.matching, (page) => filterPath(project.path, { ...query, page }))}`;
  if (isFiltered(query))
    return html`<p class="lead">No deployments match: ${filterWords(query)}. <a href="${project.path}">Show all</a></p>`;
  if (query.page > 1)
    return html`<p class="lead">There is no page ${query.page}. <a href="${project.path}">First page</a></p>`;
  return project.reading === null
    ? html`<p class="lead">No deployments yet. The first push builds one.</p>`
    : html`<p class="lead">Its deployments are being read for the first time.</p>`;
}

function moodOf(project: ViewProject): Mood {
  if (project.live === null || project.failedSinceLive > 0) return 'bad';
  return isUnderWay(project.status) ? 'busy' : 'ok';
}

/** The link that leads to a branch's newest build, where one branch is looked at. */
function goLine({ project }: ViewProjectPage, { branch }: ProjectQuery): Html {
  if (branch === null) return html``;
  const path = goPath(project.key, branch);
  return html`<p class="s">Always the newest ready build of this branch: <a href="${path}">${cut(path, 120)}</a></p>`;
}

/** `/projects/:name`; `shared`: for somebody who has a link to this one project, and may see no other page. */
export function projectPage(
  frame: Frame,
  view: ViewProjectPage,
  query: ProjectQuery,
  progress: Progress | null,
  shared = false,
): Html {
  const { project } = view;
  const { path } = project;
  const underWay =
    isUnderWay(project.status) || view.deployments.some((deployment) => isUnderWay(deployment.status));
  const empty = view.deployments.length === 0 && !isFiltered(query) && query.page === 1;
  const body = html`${answerHeading(moodOf(project), cut(project.name, 100))}${watchLink(frame, underWay)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice([project])}${progressNotice(progress, frame.now)}
${facts(project, frame.now)}
<h2>Deployments</h2>
${empty ? '' : filters(view, query)}${shared ? '' : goLine(view, query)}
${found(view, query, frame.now)}`;
  return layout(frame, {
    title: `${statusWord(project.status)}: ${cut(project.name, 60)}`,
    mood: moodOf(project),
    body,
    ...(shared ? { place: 'shared' } : { place: 'project', feed: `${path}/feed.atom`, json: `${path}.json` }),
  });
}
