// The table of deployments, and the pieces of one that other pages use too. Pure.

import { environmentWord, statusLine, triggerWords } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { verdictWords } from '../../words/verdicts.ts';
import { type Html, html } from '../markup.ts';
import { dashboardUrl } from '../model/links.ts';
import { isBuilt, type ViewDeployment } from '../model/project.ts';
import { ago, bare, foreign, head, lines, link, pill, statusPill } from './parts.ts';

/** First eight characters, as Pages itself writes it. */
export function shortId(id: string): string {
  return cut(id, 9).slice(0, 8);
}

function commitParts(hash: Html | false, { commitMessage, commitDirty }: ViewDeployment): Html {
  const text = commitMessage !== '' && html`<span class="msg">${foreign(commitMessage, 120)}</span>`;
  return html`${hash}${text}${commitDirty && ' (with uncommitted changes)'}`;
}

/** The commit: short hash, linked where the host is known, and its message. */
export function commitLine(deployment: ViewDeployment): Html {
  const { commitHash, commitUrl } = deployment;
  const hash = html`<span class="m">${link(commitUrl, commitHash.slice(0, 7))}</span> `;
  return commitParts(commitHash !== '' && hash, deployment);
}

/** The same without a link: where there are many projects, each is a stop on the way by keyboard. */
export function messageLine(deployment: ViewDeployment): Html {
  const { commitHash } = deployment;
  const hash = html`<span class="m">${commitHash.slice(0, 7)}</span> `;
  return commitParts(commitHash !== '' && hash, deployment);
}

/** The branch, linked to where its newest build is. One that was not built leads nowhere: there is another one's build. */
export function branchLink({ branch, branchUrl, status }: ViewDeployment): Html {
  const name = branch === '' ? '(no branch)' : foreign(branch, 80);
  return link(isBuilt(status) ? branchUrl : null, name);
}

/** Exactly this build; a link only where there is one. */
export function exactLink({ id, url, status }: ViewDeployment): Html {
  return html`<span class="m">${link(isBuilt(status) ? url : null, shortId(id) || 'no id')}</span>`;
}

/** The way on from a build that failed: its log in Cloudflare's dashboard, for those with a seat. */
export function logLink({ project, id, status }: ViewDeployment): Html | null {
  return status === 'failed' && id !== '' ? link(dashboardUrl(project, id), 'Build log') : null;
}

/** Status as word, shape and line. */
export function statusCell(deployment: ViewDeployment, now: number): Html {
  const line = statusLine(deployment, now);
  return html`${statusPill(deployment.status)}${lines(line !== '' && foreign(line, 160))}`;
}

function verdictCell(deployment: ViewDeployment, now: number, dryRun: boolean): Html {
  const { verdict } = deployment;
  const { text, when, soon } = verdictWords(verdict, now, dryRun);
  if (verdict.action === 'delete') return html`${pill('busy', 'bin', text)}${lines(when)}`;
  return html`${lines(soon ? html`<b class="msg">${text}</b>` : text, when)}`;
}

/** `Preview, 1 h ago, by push`. */
function originLine({ environment, createdAt, trigger }: ViewDeployment, now: number): Html {
  const when = createdAt !== null && html`, ${ago(createdAt, now)}`;
  const by = trigger !== '' && `, by ${triggerWords(trigger)}`;
  return html`${environmentWord(environment)}${when}${by}`;
}

/** Its further addresses; `null` where there are none. */
function aliasLine({ aliases, branchUrl }: ViewDeployment): Html | null {
  const others = aliases.filter((alias) => alias !== branchUrl).slice(0, 5);
  if (others.length === 0) return null;
  return html`Also at ${others.map((alias, index) => html`${index > 0 && ', '}${link(alias, bare(alias))}`)}`;
}

function row(deployment: ViewDeployment, now: number, { dryRun, guest }: TableOptions): Html {
  const origin = lines(commitLine(deployment), originLine(deployment, now), aliasLine(deployment));
  return html`
<tr role="row">
<th role="rowheader" scope="row"><span class="nm">${branchLink(deployment)}</span> ${exactLink(deployment)}${origin}</th>
<td role="cell">${statusCell(deployment, now)}${lines(!guest && logLink(deployment))}</td>
<td role="cell">${verdictCell(deployment, now, dryRun)}</td></tr>`;
}

const CAPTION =
  'The branch link always shows the newest build of that branch; the short id shows exactly this build.';

/** `dryRun`: verdicts are spoken in the conditional; `guest`: no way to the dashboard, in which a guest has no seat. */
export interface TableOptions {
  readonly dryRun: boolean;
  readonly guest: boolean;
}

/** The table. */
export function deploymentTable(
  deployments: readonly ViewDeployment[],
  now: number,
  options: TableOptions,
): Html {
  return html`<table class="t d" role="table"><caption>${CAPTION}</caption>
${head('Deployment', 'Status', 'Kept until')}
<tbody role="rowgroup">${deployments.map((deployment) => row(deployment, now, options))}
</tbody></table>`;
}
