// One deployment: how it came out, how long it stays and by which rule, where it is. And what became of a deleted one. Pure.

import { environmentWord, statusLine, statusWord, triggerWords } from '../../words/builds.ts';
import { cut, plural } from '../../words/text.ts';
import { clock, relative } from '../../words/time.ts';
import { verdictWords } from '../../words/verdicts.ts';
import { there } from '../../words/zone.ts';
import type { Frame, Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { moodWith, titleWith } from '../model/answer.ts';
import type { ViewDeploymentPage } from '../model/deployment.ts';
import { dashboardUrl, deploymentPath, filterPath, runPath } from '../model/links.ts';
import { isBuilt, isUnderWay, type ViewDeployment } from '../model/project.ts';
import { deletionReasonWords } from '../model/run-words.ts';
import { branchName, commitHash, message, shortId } from './deployments.ts';
import { layout } from './layout.ts';
import type { Message } from './message.ts';
import { dryRunNotice, oldNotice, troubleNotice } from './notices.ts';
import {
  answerHeading,
  at,
  atAgo,
  atFigure,
  bare,
  fact,
  facts,
  foreign,
  lines,
  link,
  notice,
  statusPill,
  verb,
} from './parts.ts';
import { heldNotice, isOnlyPlanned, watchLink } from './upkeep.ts';

function verbs({ project, id, url, branchUrl, status }: ViewDeployment): Html {
  const isThere = isBuilt(status);
  return html`${isThere && url !== null && verb(url, 'Open this build')}${
    isThere && branchUrl !== null && branchUrl !== url && verb(branchUrl, 'Open the newest of its branch')
  }${verb(dashboardUrl(project, id), status === 'failed' ? 'Build log at Cloudflare' : 'See it at Cloudflare')}`;
}

/** The rule that led to the verdict: `RULES[0] (docs-*), prune[1]: …`. */
function ruleWords({ rule }: ViewDeploymentPage, { place, verdict }: ViewDeployment): Html {
  const named = html`<code>RULES[${rule.index}]</code> (<code>${cut(rule.pattern, 60)}</code>)`;
  if (place === null) return html`By ${named}: no prune policy covers it.`;
  const { policy, olderThanDays, keepLatest } = place;
  const days = plural(olderThanDays, 'day');
  const policyWords = html`By ${named}, <code>prune[${policy}]</code>: what is older than ${days} goes, except the newest ${
    keepLatest === 1 ? 'success' : `${keepLatest} successes`
  } of each branch.`;
  const since = verdict.action === 'delete' ? ' It has expired, and is none of these.' : '';
  return html`${policyWords}${since}`;
}

function factsOf(view: ViewDeploymentPage, deployment: ViewDeployment, frame: Frame): Html {
  const { createdAt, trigger, environment } = deployment;
  const line = statusLine(deployment, frame.now);
  const { text } = verdictWords(deployment, view.project.live, frame.now, isOnlyPlanned(view.project));
  const { expiresAt } = deployment.verdict;
  const by = trigger !== '' && html`by ${foreign(triggerWords(trigger), 60)}`;
  return facts(
    fact('State', statusPill(deployment.status), lines(line !== '' && foreign(line, 160))),
    fact(
      'Created',
      createdAt === null ? 'Not known' : atFigure(createdAt, frame),
      lines(createdAt !== null && relative(createdAt, frame.now), by),
    ),
    fact('Environment', environmentWord(environment), lines(html`branch ${branchName(deployment)}`)),
    fact(
      'How long it stays',
      html`${text}`,
      lines(
        expiresAt !== null && expiresAt > frame.now && there(expiresAt, frame.zone),
        ruleWords(view, deployment),
      ),
    ),
  );
}

function aliases({ aliases: all }: ViewDeployment): Html | false {
  const shown = all.slice(0, 10).map((alias) => html`<li>${link(alias, cut(bare(alias), 100))}</li>`);
  return (
    shown.length > 0 &&
    html`<h2>${plural(all.length, 'further address', 'further addresses')}</h2><ul>${shown}</ul>`
  );
}

const MASKED = 'What looks like a secret is masked. That is best effort: look before you pass it on.';

/** The end of its build log, for those who may read it. */
function logEnd({ log }: ViewDeploymentPage, { now, path }: Frame): Html {
  if (log === null) return html``;
  switch (log.kind) {
    case 'asked':
      return notice(
        'calm',
        'The end of its build log is being fetched',
        ['Reload in a few seconds.'],
        verb(path, 'Reload'),
      );
    case 'unread':
      return notice('busy', `Its build log could not be read at ${clock(log.at, now)}`, [
        'It is tried again when somebody looks ten minutes later.',
      ]);
    case 'too-long':
      return notice('calm', 'Its build log is longer than 1 MB', ['So it is not read. Cloudflare has it.']);
    case 'read':
      return html`<h2>The end of its build log</h2><p class="s">${plural(log.lines.length, 'line')}. ${MASKED}</p>
<pre>${log.lines.map((line) => html`<bdi>${line}</bdi><br>`)}</pre>`;
  }
}

const MOODS: Readonly<Partial<Record<ViewDeployment['status'], Mood>>> = { failed: 'bad', ready: 'ok' };

/** `/projects/:name/deployments/:id`. */
export function deploymentPage(frame: Frame, view: ViewDeploymentPage, deployment: ViewDeployment): Html {
  const { project } = view;
  const { status, branch, id } = deployment;
  const mood = isUnderWay(status) ? 'busy' : (MOODS[status] ?? 'quiet');
  const to = filterPath(project.path, { branch });
  const about = html`<p class="top"><span>${message(deployment)} <span class="s">${commitHash(deployment)}</span></span></p>
<p class="s"><a href="${project.path}">${cut(project.name, 60)}</a>, ${branch === '' || branch.length > 150 ? branchName(deployment) : html`<a href="${to}">${branchName(deployment)}</a>`}, <code>${cut(id, 60)}</code></p>
<p class="top gap">${verbs(deployment)}</p>`;
  const named = html`${branch === '' ? 'no branch' : foreign(branch, 60)} ${shortId(id)}`;
  const body = html`${answerHeading(moodWith(frame, mood), named)}
${about}${watchLink(frame, isUnderWay(status))}
${troubleNotice(frame)}${oldNotice(frame)}${heldNotice(project)}${dryRunNotice([project])}
${factsOf(view, deployment, frame)}${logEnd(view, frame)}${aliases(deployment)}`;
  const title = `${statusWord(status)}: ${cut(project.name, 60)} ${shortId(id)}`;
  return layout(frame, {
    title: titleWith(frame, mood, title),
    mood: moodWith(frame, mood),
    body,
    place: 'project',
    json: `${deploymentPath(project.name, id)}.json`,
  });
}

/** What became of a deployment that is no more. */
export function deletedMessage({ project, gone }: ViewDeploymentPage, frame: Frame): Message {
  const back = html`<a href="${project.path}">${cut(project.name, 60)}</a>`;
  if (gone === null)
    return { word: 'deleted', title: 'Deleted', body: html`<p class="lead">It is no more. ${back}</p>` };
  const { run, deletion } = gone;
  const { branch, commit, createdAt, deletedAt, reason, outcome } = deletion;
  const how = outcome === 'gone' ? 'It was already gone when its turn came,' : 'It was deleted';
  return {
    word: 'deleted',
    title: 'Deleted',
    body: html`<p class="lead">${how} ${atAgo(deletedAt, frame)}, by <a href="${runPath(run)}">this run</a>. Why: ${deletionReasonWords(reason)}.</p>
<p class="lead">It was of ${back}, branch <b>${foreign(branch, 80)}</b>${commit !== '' && html`, commit <span class="m">${commit.slice(0, 7)}</span>`}, created ${at(createdAt, frame)}.</p>`,
  };
}
