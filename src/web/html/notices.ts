// Notices: trouble in plain words and what to do about it, the dry run, a first read, warnings. Pure.

import type { Progress } from '../../report.ts';
import { count, list } from '../../words/text.ts';
import { clock, relative } from '../../words/time.ts';
import { phaseWord } from '../../words/verdicts.ts';
import { type Frame, OLD } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import type { ViewProject } from '../model/project.ts';
import type { ViewTrouble } from '../model/runs.ts';
import { notice } from './parts.ts';

function data(frame: Frame): string {
  return frame.checkedAt === null
    ? 'Nothing has been read yet.'
    : `This is the data of ${clock(frame.checkedAt, frame.now)} (${relative(frame.checkedAt, frame.now)}).`;
}

function again(trouble: ViewTrouble, now: number): string {
  return trouble.until === null ? '' : `It is tried again at ${clock(trouble.until, now)}.`;
}

/** Trouble of the Keeper's own: what happened, what to do, how old the data is. */
export function troubleNotice(frame: Frame): Html {
  const { trouble, now } = frame;
  if (trouble === null) return html``;
  const detail = trouble.detail === null ? null : html`<code>${trouble.detail}</code>`;
  switch (trouble.kind) {
    case 'token':
      return notice(
        'bad',
        `The API token was refused at ${clock(trouble.since, now)}`,
        html`Nothing is rebuilt or deleted until its operator sets a valid one:
<code>npx wrangler secret put CLOUDFLARE_API_TOKEN</code> (permission: Account, Cloudflare Pages, Edit).`,
        data(frame),
        detail,
      );
    case 'blocked':
      return notice(
        'busy',
        trouble.until === null
          ? "Cloudflare's API limit is used up"
          : `Cloudflare's API limit is used up until ${clock(trouble.until, now)}`,
        'Rebuilds, deletions and fresh data wait until then and go on by themselves. Your sites are not affected.',
        data(frame),
        detail,
      );
    case 'unreachable':
      return notice(
        'busy',
        `Cloudflare's API did not answer at ${clock(trouble.since, now)}`,
        `${data(frame)} ${again(trouble, now)}`,
        detail,
      );
    case 'rows':
      return notice(
        'busy',
        "Today's storage budget is used up",
        `Deletions wait until ${trouble.until === null ? '00:00 UTC' : clock(trouble.until, now)} and go on by themselves.
Rebuilds and this page go on.`,
        detail,
      );
  }
  return trouble.kind satisfies never;
}

/** Old data without trouble: nobody has looked for a while, and this view has asked for a new look. */
export function oldNotice(frame: Frame): Html {
  const { trouble, checkedAt, now, path } = frame;
  if (trouble !== null || checkedAt === null || now - checkedAt <= OLD) return html``;
  return notice(
    'calm',
    data(frame),
    html`Newer data has been asked for. <a href="${path}">Load again</a> in a few seconds.`,
  );
}

/** That nothing is really done. */
export function dryRunNotice(projects: readonly ViewProject[]): Html {
  const kept = projects.filter((project) => project.pruned || project.rebuilt);
  const dry = kept.filter((project) => project.dryRun);
  if (dry.length === 0) return html``;
  if (dry.length === kept.length) {
    return notice('calm', 'DRY_RUN is on: nothing is deleted or rebuilt; this is the plan.');
  }
  return notice(
    'calm',
    `Dry run for ${list(dry.map((project) => project.name))}: nothing of theirs is deleted or rebuilt.`,
  );
}

/** What is under way, with its end where it can be told. */
export function progressNotice(progress: Progress | null, now: number): Html {
  if (progress === null) return html``;
  const { done, of } = progress;
  const phase = phaseWord(progress.phase);
  const far = of === null ? (done > 0 ? `: ${count(done)} so far` : '') : `: ${count(done)} of ${count(of)}`;
  const bar =
    of === null || of <= 0
      ? null
      : html`<progress max="${of}" value="${Math.min(done, of)}" aria-label="${phase}"></progress>`;
  const end =
    progress.endsAt === null
      ? ''
      : `Expected to end at ${clock(progress.endsAt, now)} (${relative(progress.endsAt, now)}).`;
  return notice('calm', `${phase}${far}`, bar, end);
}

/** Settings that do nothing, and the like. */
export function warnings(sentences: readonly string[]): Html {
  if (sentences.length === 0) return html``;
  const title =
    sentences.length === 1 ? 'One thing to look at' : `${count(sentences.length)} things to look at`;
  const items = sentences.map((sentence) => html`<li>${sentence}</li>`);
  return html`<section class="n busy" aria-label="${title}">
<div><p><b>${title}</b></p><ul>${items}</ul></div></section>`;
}
