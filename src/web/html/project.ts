// One project: what is live, what comes next, then its deployments. Pure.

import type { ProjectQuery } from '../../reads.ts';
import { statusWord } from '../../words/builds.ts';
import { cut, plural } from '../../words/text.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html, type Part } from '../markup.ts';
import { moodWith, titleWith } from '../model/answer.ts';
import { filterPath, goPath } from '../model/links.ts';
import { isNew, isUnderWay, type ViewProject, type ViewProjectPage } from '../model/project.ts';
import { branchLink, commitLine, deploymentTable, exactLink, logLink, statusCell } from './deployments.ts';
import { filters, filterWords, isFiltered, paging } from './filters.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice } from './notices.ts';
import { answerHeading, atAgo, foreign, lines, link } from './parts.ts';
import { sparkline } from './sparkline.ts';
import { productionLine, productionPill, upkeepLines, watchLink } from './upkeep.ts';

const fact = (name: string, ...value: readonly Part[]) => html`
<div><dt>${name}</dt><dd>${value}</dd></div>`;

function liveFact(project: ViewProject, now: number): Html {
  const { live } = project;
  if (live === null) return fact('Live', productionPill(project), lines(productionLine(project)));
  const built = live.createdAt !== null && html`, built ${atAgo(live.createdAt, now)}`;
  const which = html`${exactLink(live)}${built}`;
  return fact('Live', productionPill(project), lines(productionLine(project), commitLine(live), which));
}

function latestFact({ latest, builds }: ViewProject, { now, guest }: Frame): Html {
  const build =
    latest === null
      ? 'None yet'
      : html`${statusCell(latest, now)}${lines(html`${branchLink(latest)} ${exactLink(latest)}`, !guest && logLink(latest))}`;
  return fact('Latest build', build, sparkline(builds));
}

const DOMAINS = 20;

function addressFact({ domains, productionUrl, subdomain, id }: ViewProject): Html {
  const own = domains.slice(0, DOMAINS).map(({ name, url }) => html`<p>${link(url, foreign(name, 100))}</p>`);
  const more = domains.length > DOMAINS && html`<p>and ${plural(domains.length - DOMAINS, 'more')}</p>`;
  const all = domains.length === 0 ? link(productionUrl, subdomain) : own;
  return fact('Addresses', all, more, html`<p class="s">Project id <code>${id}</code></p>`);
}

function facts(project: ViewProject, frame: Frame): Html {
  const { now } = frame;
  return html`<dl class="k">${liveFact(project, now)}${latestFact(project, frame)}
${fact('Upkeep', upkeepLines(project, now))}${addressFact(project)}</dl>`;
}

/** Why there is no deployment to show. */
function nothing({ project }: ViewProjectPage, query: ProjectQuery): Html {
  if (isFiltered(query)) {
    const words = filterWords(query);
    return html`<p class="lead">No deployments match: ${words}. <a href="${project.path}">Show all</a></p>`;
  }
  if (query.page > 1)
    return html`<p class="lead">There is no page ${query.page}. <a href="${project.path}">First page</a></p>`;
  return project.reading === null
    ? html`<p class="lead">No deployments yet. The first push builds one.</p>`
    : html`<p class="lead">Its deployments are being read for the first time.</p>`;
}

function found(view: ViewProjectPage, query: ProjectQuery, { now, guest }: Frame): Html {
  const { project, deployments, page, pages, matching } = view;
  const options = { dryRun: project.dryRun, guest };
  if (deployments.length === 0) return nothing(view, query);
  const to = (other: number) => filterPath(project.path, { ...query, page: other });
  return html`${deploymentTable(deployments, now, options)}${paging(page, pages, matching, to)}`;
}

function moodOf(project: ViewProject): Mood {
  if (project.failedSinceLive > 0 || (project.live === null && !isNew(project))) return 'bad';
  if (isUnderWay(project.status)) return 'busy';
  return project.live === null ? 'quiet' : 'ok';
}

/** The link that leads to a branch's newest build, where one branch is looked at. */
function goLine({ project }: ViewProjectPage, { branch }: ProjectQuery): Html {
  if (branch === null) return html``;
  const path = goPath(project.name, branch);
  const link = html`<a href="${path}">${cut(path, 120)}</a>`;
  return html`<p class="s">Always the newest ready build of this branch: ${link}</p>`;
}

/** `/projects/:name`; `shared`: for somebody who has a link to this one project, and may see no other page. */
export function projectPage(frame: Frame, view: ViewProjectPage, query: ProjectQuery, shared = false): Html {
  const { project } = view;
  const { path } = project;
  const underWay =
    isUnderWay(project.status) || view.deployments.some((deployment) => isUnderWay(deployment.status));
  const empty = view.deployments.length === 0 && !isFiltered(query) && query.page === 1;
  const mood = moodWith(frame, moodOf(project));
  const title = `${statusWord(project.status)}: ${cut(project.name, 60)}`;
  const body = html`${answerHeading(mood, cut(project.name, 100))}${watchLink(frame, underWay)}
${troubleNotice(frame)}${oldNotice(frame)}${dryRunNotice([project])}${progressNotice(view.progress, frame)}
${facts(project, frame)}
<h2>Deployments</h2>
${empty ? '' : filters(view, query)}${shared ? '' : goLine(view, query)}
${found(view, query, frame)}`;
  return layout(frame, {
    title: shared ? title : titleWith(frame, moodOf(project), title),
    mood,
    body,
    ...(shared ? { place: 'shared' } : { place: 'project', feed: `${path}/feed.atom`, json: `${path}.json` }),
  });
}
