// The table of deployments, and the pieces of one that other pages use too. Pure.

import { statusLine, triggerWords } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { verdictWords } from '../../words/verdicts.ts';
import { type Html, html } from '../markup.ts';
import type { ViewDeployment } from '../model/project.ts';
import { ago, bare, head, lines, link, pill, statusPill } from './parts.ts';

/** First eight characters, as Pages itself writes it. */
export function shortId(id: string): string {
  return cut(id, 9).slice(0, 8);
}

/** The commit: short hash, linked where the host is known, and its message. */
export function commitLine(deployment: ViewDeployment): Html {
  const { commitHash: hash, commitMessage: message, commitUrl: url, commitDirty: dirty } = deployment;
  const sha = hash === '' ? '' : html`<span class="m">${link(url, hash.slice(0, 7))}</span> `;
  const text = message === '' ? '' : html`<span class="msg">${cut(message, 120)}</span>`;
  return html`${sha}${text}${dirty && ' (with uncommitted changes)'}`;
}

/** The branch, linked to where its newest build is. */
export function branchLink(deployment: ViewDeployment): Html {
  return link(deployment.branchUrl, deployment.branch === '' ? '(no branch)' : cut(deployment.branch, 80));
}

/** Exactly this build. */
export function exactLink(deployment: ViewDeployment): Html {
  return html`<span class="m">${link(deployment.url, shortId(deployment.id) || 'no id')}</span>`;
}

/** Status as word, shape and line. */
export function statusCell(deployment: ViewDeployment, now: number): Html {
  return html`${statusPill(deployment.status)}${lines(cut(statusLine(deployment, now), 160))}`;
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
  return html`${environment === 'production' ? 'Production' : 'Preview'}${when}${by}`;
}

/** Its further addresses; `null` where there are none. */
function aliasLine({ aliases, branchUrl }: ViewDeployment): Html | null {
  const others = aliases.filter((alias) => alias !== branchUrl).slice(0, 5);
  if (others.length === 0) return null;
  return html`Also at ${others.map((alias, index) => html`${index > 0 && ', '}${link(alias, bare(alias))}`)}`;
}

function row(deployment: ViewDeployment, now: number, dryRun: boolean): Html {
  const origin = lines(commitLine(deployment), originLine(deployment, now), aliasLine(deployment));
  return html`
<tr role="row">
<th role="rowheader" scope="row"><span class="nm">${branchLink(deployment)}</span> ${exactLink(deployment)}${origin}</th>
<td role="cell">${statusCell(deployment, now)}</td>
<td role="cell">${verdictCell(deployment, now, dryRun)}</td></tr>`;
}

const CAPTION =
  'The branch link always shows the newest build of that branch; the short id shows exactly this build.';

/** The table. `dryRun`: verdicts are spoken in the conditional. */
export function deploymentTable(deployments: readonly ViewDeployment[], now: number, dryRun: boolean): Html {
  return html`<table class="t d" role="table"><caption>${CAPTION}</caption>
${head('Deployment', 'Status', 'How long it stays')}
<tbody role="rowgroup">${deployments.map((deployment) => row(deployment, now, dryRun))}
</tbody></table>`;
}
