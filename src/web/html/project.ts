// One project: what is live, what comes next, then its deployments. Pure.

import { BUILDS_AN_HOUR } from '../../policy/hooks.ts';
import type { ProjectQuery } from '../../reads.ts';
import { statusLine, statusWord } from '../../words/builds.ts';
import { count, cut, plural } from '../../words/text.ts';
import { clock, relative } from '../../words/time.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { illOf, moodWith, titleWith } from '../model/answer.ts';
import { filterPath, goPath } from '../model/links.ts';
import { isNew, isUnderWay, type ViewProject, type ViewProjectPage } from '../model/project.ts';
import { branchName, commitHash, deploymentTable, message } from './deployments.ts';
import { elsewhere } from './elsewhere.ts';
import { filters, filterWords, isFiltered, paging } from './filters.ts';
import { layout } from './layout.ts';
import { dryRunNotice, oldNotice, progressNotice, troubleNotice } from './notices.ts';
import {
  answerHeading,
  atAgo,
  atFigure,
  bare,
  fact,
  facts,
  foreign,
  lines,
  link,
  statusPill,
  verb,
} from './parts.ts';
import { forecast, trendFact } from './sparkline.ts';
import {
  attentionNotice,
  heldNotice,
  pausedLine,
  productionPill,
  readingWords,
  watchLink,
} from './upkeep.ts';

/** What is live: the first line of the page. */
export function liveLine(project: ViewProject, frame: Frame): Html {
  const { live, productionUrl, domains, subdomain } = project;
  if (live === null) return html`<p class="top">${productionPill(project)}</p>`;
  const built = live.createdAt !== null && html`, built ${atAgo(live.createdAt, frame)}`;
  const site = domains.find(({ name, url }) => name !== subdomain && url !== null)?.url ?? productionUrl;
  const open = site !== null && verb(site, `Open ${cut(bare(site), 60)}`);
  return html`<p class="top">${productionPill(project)}<span>${message(live)} <span class="s">${branchName(live)} ${commitHash(live)}${built}</span></span>${open}</p>`;
}

const DOMAINS = 20;

/** Every address of its. */
export function addresses({ domains }: ViewProject): Html {
  const shown = domains
    .slice(0, DOMAINS)
    .map(({ name, url }, index) => html`${index > 0 && ' · '}${link(url, foreign(name, 100))}`);
  const more = domains.length > DOMAINS && ` and ${count(domains.length - DOMAINS)} more`;
  return html`<p class="s">${shown}${more}</p>`;
}

/** What became of its newest build. */
export function latestFact({ latest, newestFailed }: ViewProject, frame: Frame): Html {
  if (latest === null) return fact('Newest build', 'None yet');
  const line = statusLine(latest, frame.now);
  const { createdAt } = latest;
  const when = createdAt !== null && `${clock(createdAt, frame.now)}, ${relative(createdAt, frame.now)}`;
  const newer = newestFailed && 'A newer one failed, and is deleted';
  return fact(
    'Newest build',
    statusPill(latest.status),
    lines(branchName(latest), line !== '' && foreign(line, 160), when, newer),
  );
}

/** What the next run is to delete, and what is left of the one under way. */
function pruneFact(project: ViewProject, frame: Frame): Html {
  const { pruned, nextPruneAt, total, next: going, left } = project;
  const stored = total === null ? readingWords(project) : `${plural(total, 'deployment')} stored`;
  if (!pruned) return fact('Next pruning', 'None', lines('No rule prunes it', stored));
  const next = nextPruneAt === null ? 'Not known yet' : atFigure(nextPruneAt, frame);
  const goes =
    going === null ? 'Not planned yet' : going === 0 ? 'Nothing to delete' : `${count(going)} to delete`;
  const waits = illOf(frame) === 'token' && 'Waits for a valid token';
  const now = left !== null && `Now: ${count(left)} left to delete`;
  return fact(
    'Next pruning',
    next,
    lines(nextPruneAt !== null && relative(nextPruneAt, frame.now), waits, goes, now, stored),
  );
}

function rebuildFact(project: ViewProject, frame: Frame): Html {
  const { rebuilt, uploaded, nextRebuildAt, savedBuilds } = project;
  if (!rebuilt) {
    const why = uploaded ? 'Direct upload, nothing to build from' : 'No rule asks for one';
    return fact('Next rebuild', 'None', lines(why));
  }
  const waits = illOf(frame) === 'token' && 'Waits for a valid token';
  const unknown = project.hook ? 'When asked for' : 'Not known yet';
  const next = nextRebuildAt === null ? unknown : atFigure(nextRebuildAt, frame);
  const saved =
    savedBuilds > 0 && `${plural(savedBuilds, 'build')} saved this month: the content had not changed`;
  return fact(
    'Next rebuild',
    next,
    lines(
      nextRebuildAt !== null && relative(nextRebuildAt, frame.now),
      waits,
      pausedLine(project, frame),
      saved,
    ),
  );
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

/** Its deployments, as they were asked for. */
export function found(view: ViewProjectPage, query: ProjectQuery, frame: Frame): Html {
  const { project, deployments, page, pages, matching } = view;
  if (deployments.length === 0) return nothing(view, query);
  const to = (other: number) => filterPath(project.path, { ...query, page: other });
  const name = matching === null ? 'Deployments' : plural(matching, 'deployment');
  const far = view.looked !== null && html`<p class="s">Looked through the newest ${count(view.looked)}.</p>`;
  return html`${deploymentTable(name, deployments, project, frame)}${far}${paging(page, pages, to)}`;
}

/** How it stands at a glance. */
export function moodOf(project: ViewProject): Mood {
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

/** Whether anything of it is on its way. */
export function isAnyUnderWay({ project, deployments }: ViewProjectPage): boolean {
  return [project, ...deployments].some(({ status }) => isUnderWay(status));
}

/** How this page's visitor, and programs, may have a build asked for. */
export interface Asking {
  readonly hooks: boolean;
  readonly button: boolean;
}

/** How often it may be built because somebody asks. */
function hookLine({ hook }: ViewProject, { hooks, button }: Asking): Html {
  if (!hook || !(hooks || button)) return html``;
  const who = hooks ? `Hooks ${button ? 'and the button ' : ''}start` : 'The button starts';
  return html`<p class="s">${who} ${BUILDS_AN_HOUR} builds an hour at most; what is asked for beyond that is one build at the hour's end.</p>`;
}

/** Has a build asked for. */
function button({ hook, path, name }: ViewProject, asking: Asking): Html {
  if (!hook || !asking.button) return html``;
  return html`<form method="post" action="${path}/rebuild"><button type="submit">Rebuild ${cut(name, 60)}</button></form>`;
}

/** `/projects/:name` */
export function projectPage(frame: Frame, view: ViewProjectPage, query: ProjectQuery, asking: Asking): Html {
  const { project } = view;
  const { path } = project;
  const empty = view.deployments.length === 0 && !isFiltered(query) && query.page === 1;
  const mood = moodWith(frame, moodOf(project));
  const title = `${statusWord(project.status)}: ${cut(project.name, 60)}`;
  const body = html`${answerHeading(mood, cut(project.name, 100))}${liveLine(project, frame)}${addresses(project)}${watchLink(frame, isAnyUnderWay(view))}
${troubleNotice(frame)}${oldNotice(frame)}${attentionNotice(project, frame)}${heldNotice(project)}${dryRunNotice([project])}${progressNotice(view.progress, frame)}
${facts(latestFact(project, frame), trendFact(view), pruneFact(project, frame), rebuildFact(project, frame))}
${button(project, asking)}${hookLine(project, asking)}${forecast(view.forecast, frame.now)}${empty ? '' : filters(view, query)}${goLine(view, query)}
${found(view, query, frame)}${elsewhere(project, frame)}`;
  return layout(frame, {
    title: titleWith(frame, moodOf(project), title),
    mood,
    body,
    place: 'project',
    feed: `${path}/feed.atom`,
    json: `${path}.json`,
  });
}
