// The table of deployments, and the pieces of one that other pages use too. Pure.

import { html } from 'hono/html';
import { statusLine, triggerWords } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { verdictWords } from '../../words/verdicts.ts';
import type { ViewDeployment } from '../model/project.ts';
import { ago, bare, type Html, head, lines, link, pill, statusPill } from './parts.ts';

/** First eight characters, as Pages itself writes it. */
export function shortId(id: string): string {
  return cut(id, 9).slice(0, 8);
}

/** The commit: short hash, linked where the host is known, and its message. */
export function commitLine(deployment: ViewDeployment): Html {
  const { hash, message, url, dirty } = deployment.commit;
  const sha = hash === '' ? '' : html`<span class="m">${link(url, hash.slice(0, 7))}</span> `;
  return html`${sha}${message === '' ? '' : html`<span class="msg">${cut(message, 120)}</span>`}${dirty ? ' (with uncommitted changes)' : ''}`;
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

function row(deployment: ViewDeployment, now: number, dryRun: boolean): Html {
  const { environment, aliases, branchUrl, createdAt } = deployment;
  const others = aliases.filter((alias) => alias !== branchUrl).slice(0, 5);
  return html`
<tr role="row"><th role="rowheader" scope="row"><span class="nm">${branchLink(deployment)}</span> ${exactLink(deployment)}${lines(
    commitLine(deployment),
    html`${environment === 'production' ? 'Production' : 'Preview'}${createdAt === null ? '' : html`, ${ago(createdAt, now)}`}${deployment.trigger === '' ? '' : `, by ${triggerWords(deployment.trigger)}`}`,
    others.length > 0 &&
      html`Also at ${others.map((alias, index) => html`${index > 0 ? ', ' : ''}${link(alias, bare(alias))}`)}`,
  )}</th><td role="cell">${statusCell(deployment, now)}</td><td role="cell">${verdictCell(deployment, now, dryRun)}</td></tr>`;
}

/** The table. `dryRun`: verdicts are spoken in the conditional. */
export function deploymentTable(deployments: readonly ViewDeployment[], now: number, dryRun: boolean): Html {
  return html`<table class="t d" role="table"><caption>The branch link always shows the newest build of that branch; the short id shows exactly this build.</caption>
${head('Deployment', 'Status', 'How long it stays')}
<tbody role="rowgroup">${deployments.map((deployment) => row(deployment, now, dryRun))}
</tbody></table>`;
}
