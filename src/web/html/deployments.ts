// The table of deployments, and the pieces of one that other pages use too. Pure.

import { statusLine, triggerWords } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { verdictWords } from '../../words/verdicts.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { dashboardUrl, deploymentPath, filterPath } from '../model/links.ts';
import { isBuilt, type ViewDeployment, type ViewProject } from '../model/project.ts';
import { foreign, head, lines, link, pill, statusPill, table, verb, when, zoneWords } from './parts.ts';
import { isOnlyPlanned } from './upkeep.ts';

const LONGEST_LINK = 150;
/** Digits of a commit in a link to it. */
const LINKED = 16;

/** First eight characters, as Pages itself writes it. */
export function shortId(id: string): string {
  return cut(id, 9).slice(0, 8);
}

/** The commit's short hash, linked where the host is known; nothing where there is none. */
export function commitHash({ commitHash: hash, commitUrl }: ViewDeployment): Html | false {
  // As much of it as no two commits of one repository share: a page has many.
  const url = commitUrl?.replace(hash, hash.slice(0, LINKED)) ?? null;
  return hash !== '' && html`<span class="m">${link(url, hash.slice(0, 7))}</span>`;
}

/** What was changed; of a build without a commit, how it came about. */
export function message({ commitMessage, commitDirty, trigger }: ViewDeployment): Html {
  if (commitMessage === '')
    return html`<small>by ${foreign(triggerWords(trigger) || 'nobody knows whom', 60)}</small>`;
  return html`${foreign(commitMessage, 120)}${commitDirty && ' (with uncommitted changes)'}`;
}

/** The branch. */
export function branchName({ branch }: Pick<ViewDeployment, 'branch'>): Html {
  return branch === '' ? html`(no branch)` : foreign(branch, 80);
}

/** The way on: to exactly this build; from one that failed to its log in the dashboard, for those with a seat. */
export function wayOn(deployment: ViewDeployment, guest: boolean): Html | false {
  const { project, id, url, status, branch } = deployment;
  const which = `${cut(branch, 60)} ${shortId(id)}`;
  if (isBuilt(status)) return url !== null && verb(url, 'Open', which);
  return !guest && status === 'failed' && id !== '' && verb(dashboardUrl(project, id), 'Build log', which);
}

/** The line under a build that is not simply ready: at which stage, how long, why. */
function statusDetail(deployment: ViewDeployment, now: number): string {
  return deployment.status === 'ready' ? '' : statusLine(deployment, now);
}

/** Branch and change, which lead to the deployment's own page; a guest has none, and is led to the branch. */
export function whatLink(deployment: ViewDeployment, path: string, guest: boolean): Html {
  const { project, id, branch, environment } = deployment;
  const production = environment === 'production' && html` <small>production</small>`;
  const name = html`<span class="nm">${branchName(deployment)}</span>`;
  const change = html`${production} ${message(deployment)}`;
  if (!guest)
    return id === ''
      ? html`${name}${change}`
      : html`<a href="${deploymentPath(project, id)}">${name}${change}</a>`;
  // An address as long as a branch's name can be is no link that anybody needs.
  if (branch === '' || branch.length > LONGEST_LINK) return html`${name}${change}`;
  const to = filterPath(path, { branch });
  return html`<span><a href="${to}">${name}</a>${change}</span>`;
}

/** How long it stays; what goes stands out. */
function keptCell(deployment: ViewDeployment, project: ViewProject, now: number): Html {
  const { brief } = verdictWords(deployment, project.live, now, isOnlyPlanned(project));
  return deployment.verdict.action === 'delete' ? pill('busy', 'bin', brief) : html`${brief}`;
}

function row(deployment: ViewDeployment, project: ViewProject, { now, guest }: Frame): Html {
  const { createdAt, status } = deployment;
  const detail = statusDetail(deployment, now);
  const small = lines(detail !== '' && foreign(detail, 160));
  return html`
<tr role="row"><td role="cell" class="nw">${statusPill(status)}</td>
<th role="rowheader" scope="row" class="cw"><div class="c">${whatLink(deployment, project.path, guest)}</div>${small}</th>
<td role="cell" class="d">${commitHash(deployment)}</td>
<td role="cell" class="u q">${createdAt !== null && when(createdAt, now)}</td>
${!guest && html`<td role="cell" class="u kp">${keptCell(deployment, project, now)}</td>`}
<td role="cell" class="go num">${wayOn(deployment, guest)}</td></tr>`;
}

/** The table; `name`: what is in it. */
export function deploymentTable(
  name: string,
  deployments: readonly ViewDeployment[],
  project: ViewProject,
  frame: Frame,
): Html {
  const columns = head(
    'State',
    'Branch and change',
    ['Commit', 'd'],
    'Created',
    ...(frame.guest ? [] : ['Kept']),
    ['Link', 'num'],
  );
  const rows = deployments.map((deployment) => row(deployment, project, frame));
  return table(name, `Newest first. ${zoneWords(frame)}`, columns, rows, 'v');
}
