// Notices: trouble in plain words and what to do about it, the dry run, a first read, warnings. Pure.

import type { Progress } from '../../report.ts';
import { count, cut, list, plural } from '../../words/text.ts';
import { clock, relative } from '../../words/time.ts';
import { phaseWord } from '../../words/verdicts.ts';
import { type Frame, OLD } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { illOf } from '../model/answer.ts';
import type { ViewProject } from '../model/project.ts';
import type { ViewTrouble } from '../model/runs.ts';
import { atAgo, notice, verb } from './parts.ts';
import { partsBar } from './sparkline.ts';

function data({ checkedAt, now }: Frame): string {
  if (checkedAt === null) return 'Nothing has been read yet.';
  return `What you see is as of ${clock(checkedAt, now)} (${relative(checkedAt, now)}).`;
}

const TOKEN_ADVICE = html`Nothing is rebuilt or deleted until the operator sets a valid one:
<code>npx wrangler secret put CLOUDFLARE_API_TOKEN</code> (permission: Account, Cloudflare Pages, Edit).`;

/** Trouble with the API: what happened, what to do, how old the data is. */
function apiNotice(frame: Frame, { kind, since, until, detail }: ViewTrouble): Html {
  const { now } = frame;
  const said = detail !== null && html`<code><bdi>${detail}</bdi></code>`;
  const limit = "Cloudflare's API limit is used up";
  switch (kind) {
    case 'token':
      return notice('bad', `The API token was refused at ${clock(since, now)}`, [
        TOKEN_ADVICE,
        data(frame),
        said,
      ]);
    case 'blocked':
      return notice('busy', until === null ? limit : `${limit} until ${clock(until, now)}`, [
        WAITS,
        data(frame),
        said,
      ]);
    case 'unreachable':
      return notice('busy', `Cloudflare's API did not answer at ${clock(since, now)}`, [
        data(frame),
        'It is tried again when somebody looks, and at the next run.',
        said,
      ]);
    case 'rows': {
      const until0 = until === null ? '00:00 UTC' : clock(until, now);
      const words = `Deletions wait until ${until0}, then continue by themselves. Rebuilds and this page go on.`;
      return notice('busy', "Today's storage budget is used up", [words, said]);
    }
  }
  return kind satisfies never;
}

const WAITS =
  'Rebuilds, deletions and fresh data wait until then and continue by themselves. Your sites are not affected.';

/** What ails the Keeper itself, where nothing was heard of it from the API. */
function healthNotice(frame: Frame): Html {
  const ill = illOf(frame);
  const { now } = frame;
  const missed = frame.health?.missed ?? null;
  switch (ill) {
    case 'stalled':
      return notice('bad', 'Nothing was done for 15 minutes or more', [
        html`Work is waiting. The next run starts afresh. If this lasts, the log says why:
<code>npx wrangler tail</code>`,
      ]);
    case 'overdue':
      return notice(
        'bad',
        missed === null
          ? 'No run has started'
          : `No run has started since that of ${clock(missed.tickedAt, now)}`,
        [
          missed !== null && `The next was due at ${clock(missed.dueAt, now)}.`,
          html`Every cron has missed its time. The operator: are they set in <code>[triggers]</code> in
<code>wrangler.toml</code>, and is that deployed?`,
        ],
      );
    case 'failing':
      return notice('bad', 'The last runs failed', ['Each run says why.'], verb('/runs', 'See the runs'));
    case 'blocked':
      return notice('busy', "Cloudflare's API limit is used up", [WAITS]);
    case 'token':
      return notice('bad', 'The API token was refused', [TOKEN_ADVICE]);
    default:
      return html``;
  }
}

/** Trouble of the Keeper's own. A guest is told of none: it is not his. */
export function troubleNotice(frame: Frame): Html {
  const { trouble, guest } = frame;
  if (guest) return html``;
  const ill = illOf(frame);
  // What the API said is the better word for the same trouble.
  const isSame = trouble !== null && (ill === null || ill === trouble.kind);
  return html`${trouble !== null && apiNotice(frame, trouble)}${!isSame && healthNotice(frame)}`;
}

/** Old data without trouble: nobody has looked for a while, and this view has asked for a new look. */
export function oldNotice({ trouble, checkedAt, now, path }: Frame): Html {
  if (trouble !== null || checkedAt === null || now - checkedAt <= OLD) return html``;
  return notice(
    'calm',
    `As of ${clock(checkedAt, now)} (${relative(checkedAt, now)})`,
    ['Refreshing; reload in a few seconds.'],
    verb(path, 'Reload'),
  );
}

/** That nothing is really done. */
export function dryRunNotice(
  projects: readonly Pick<ViewProject, 'name' | 'pruned' | 'rebuilt' | 'dryRun'>[],
): Html {
  const kept = projects.filter((project) => project.pruned || project.rebuilt);
  const dry = kept.filter((project) => project.dryRun);
  if (dry.length === 0) return html``;
  if (dry.length === kept.length) {
    return notice('calm', 'DRY_RUN is on: nothing is deleted or rebuilt; this is the plan.', []);
  }
  return notice(
    'calm',
    `Dry run for ${list(dry.map((project) => project.name))}: nothing of theirs is deleted or rebuilt.`,
    [],
  );
}

/** How a run is stopped: it reads the settings again before each batch. From a phone too. */
const STOP = html`To stop it: in
<a href="https://dash.cloudflare.com/?to=/:account/workers-and-pages">Cloudflare's dashboard</a>,
<i>pages-keeper</i>, <i>Settings</i>, <i>Variables</i>, set <code>DRY_RUN</code> to <code>true</code>.`;

/** Projects that are named. */
const NAMED = 5;

/** `docs: 120 of 400, blog: 3 of 20`. */
function partWords({ parts }: Progress): string {
  const named = parts
    .slice(0, NAMED)
    .map(({ project, done, of }) => `${cut(project, 60)}: ${count(done)} of ${count(of)}`);
  return [...named, ...(parts.length > NAMED ? ['and others'] : [])].join(', ');
}

/** What is under way, with its end where it can be told: not while the Keeper is not well. */
export function progressNotice(progress: Progress | null, frame: Frame): Html {
  if (progress === null) return html``;
  const { done, of } = progress;
  const phase = phaseWord(progress.phase);
  const far = of === null ? (done > 0 ? `: ${count(done)} so far` : '') : `: ${count(done)} of ${count(of)}`;
  const bar =
    of === null || of <= 0
      ? null
      : html`<progress max="${of}" value="${Math.min(done, of)}" aria-label="${phase}"></progress>`;
  const end =
    progress.endsAt === null || illOf(frame) !== null
      ? ''
      : html`Expected to end at ${atAgo(progress.endsAt, frame)}.`;
  const shown = progress.parts.length > 1 ? [partsBar(progress), partWords(progress)] : [bar];
  return notice('calm', `${phase}${far}`, [...shown, end, !frame.guest && STOP]);
}

/** Settings that do nothing, and the like. */
export function warnings(sentences: readonly string[]): Html {
  if (sentences.length === 0) return html``;
  const items = sentences.map((sentence) => html`<bdi>${sentence}</bdi>`);
  return notice('busy', plural(sentences.length, 'warning'), items);
}
