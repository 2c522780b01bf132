// What was found, by kind: projects, branches, deployments, what was deleted. Pure.

import { count, cut, plural } from '../../words/text.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { moodWith } from '../model/answer.ts';
import type { ViewFound } from '../model/deployment.ts';
import { filterPath, findPath, goPath, projectPath } from '../model/links.ts';
import type { ViewDeployment, ViewProject } from '../model/project.ts';
import { goneTable } from './deletions.ts';
import { commitHash, message, wayOn, whatLink } from './deployments.ts';
import { layout } from './layout.ts';
import { troubleNotice } from './notices.ts';
import { foreign, head, statusPill, table, verb, when, zoneWords } from './parts.ts';
import { productionPill } from './upkeep.ts';

const more = (left: number) => (left > 0 ? `and ${count(left)} more: look for more of the name. ` : '');

function projects(found: readonly ViewProject[], left: number): Html | false {
  const rows = found.map(
    ({ path, name, live, productionUrl, ...rest }) => html`
<tr role="row"><th role="rowheader" scope="row" class="nm"><a href="${path}">${cut(name, 80)}</a></th>
<td role="cell" class="q">${productionPill({ path, name, live, productionUrl, ...rest })}</td>
<td role="cell" class="cw c">${live !== null && message(live)}</td>
<td role="cell" class="num">${productionUrl !== null && verb(productionUrl, 'Open', cut(name, 80))}</td></tr>`,
  );
  const columns = head('Project', 'State', 'Live: last change', ['Link', 'num']);
  return rows.length > 0 && table(plural(rows.length + left, 'project'), more(left), columns, rows, 'o');
}

function branches({ branches: found, left }: ViewFound, frame: Frame): Html | false {
  const rows = found.map(({ project, branch, environment, newestAt }) => {
    const to = filterPath(projectPath(project), { branch });
    return html`
<tr role="row"><th role="rowheader" scope="row" class="nm"><a href="${to}">${foreign(branch, 80)}</a></th>
<td role="cell" class="u q">${newestAt !== null && when(newestAt, frame.now)}</td>
<td role="cell" class="u">${cut(project, 80)}${environment === 'production' && ', production'}</td>
<td role="cell" class="num">${verb(goPath(project, branch), 'Open', `${cut(branch, 60)} of ${cut(project, 60)}`)}</td></tr>`;
  });
  const columns = head('Branch', 'Newest', 'Project', ['Newest ready build', 'num']);
  const name = plural(rows.length + left.branches, 'branch', 'branches');
  return rows.length > 0 && table(name, more(left.branches), columns, rows, 'o');
}

function deployments(found: readonly ViewDeployment[], frame: Frame): Html | false {
  const rows = found.map(
    (one) => html`
<tr role="row"><td role="cell" class="nw">${statusPill(one.status)}</td>
<th role="rowheader" scope="row" class="cw"><div class="c">${whatLink(one, projectPath(one.project), frame.guest)}</div></th>
<td role="cell" class="d">${commitHash(one)}</td>
<td role="cell" class="u q">${one.createdAt !== null && when(one.createdAt, frame.now)}</td>
<td role="cell" class="u kp">${cut(one.project, 80)}</td>
<td role="cell" class="go num">${wayOn(one, frame.guest)}</td></tr>`,
  );
  const columns = head('State', 'Branch and change', ['Commit', 'd'], 'Created', 'Project', ['Link', 'num']);
  return rows.length > 0 && table(plural(rows.length, 'deployment'), '', columns, rows, 'v');
}

/** How far was looked for a commit or an id, and how to look further. */
function farLine({ looked, page, more: isMore }: ViewFound, text: string): Html | false {
  if (looked === null) return false;
  const where = page > 1 ? 'further deployments' : 'newest deployments';
  const next = isMore && html` <a rel="next" href="${findPath(text, page + 1)}">Look further</a>`;
  return html`<p class="s gap">Commits and ids were looked for in ${count(looked)} ${where}.${next}</p>`;
}

function results(frame: Frame, text: string, found: ViewFound): Html {
  const deleted = goneTable(
    plural(found.gone.length + found.left.gone, 'deleted deployment'),
    found.gone,
    frame,
  );
  const none =
    found.projects.length + found.branches.length + found.deployments.length + found.gone.length === 0;
  const hint = html`<p class="lead">Looked for: projects and branches by a part of the name, commits and ids by their first seven characters or more; what was deleted, for 90 days.</p>`;
  return html`${none ? hint : html`<p class="lead">${zoneWords(frame)}</p>`}${projects(found.projects, found.left.projects)}${branches(found, frame)}
${deployments(found.deployments, frame)}${found.gone.length > 0 && deleted}${farLine(found, text)}`;
}

/** `/find`; `found` `null`: there was too little or too much to look for. */
export function findPage(frame: Frame, text: string, found: ViewFound | null): Html {
  const sum =
    found === null
      ? 0
      : found.projects.length + found.branches.length + found.deployments.length + found.gone.length;
  const what = sum === 0 ? 'Nothing found' : 'Found';
  const short = 'Look for two characters or more';
  const heading = found === null ? short : html`${what} for “${foreign(text, 60)}”`;
  const body = html`<h1><span>${heading}</span></h1>
${troubleNotice(frame)}${found === null ? html`<p class="lead">And a hundred at most.</p>` : results(frame, text, found)}`;
  return layout(frame, {
    title: found === null ? short : `${what} for “${cut(text, 60)}”`,
    mood: moodWith(frame, 'quiet'),
    body,
    place: 'run',
    looked: cut(text, 100),
  });
}
