// Pages that are one message: turned away, not found, not configured, no data yet. Pure. They name no project and no count.

import type { Problem } from '../../config/config.ts';
import { type Build, statusLine, statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import type { TurnedAway } from '../auth/door.ts';
import type { Frame } from '../frame.ts';
import { type Html, html } from '../markup.ts';
import { layout } from './layout.ts';
import { troubleNotice } from './notices.ts';

/** A message: the word for programs, and what people read. */
export interface Message {
  /** `error` in JSON. */
  readonly word: string;
  readonly title: string;
  readonly body: Html;
}

const TURNED_AWAY: Readonly<Record<TurnedAway, Message>> = {
  closed: {
    word: 'closed',
    title: 'This page is closed',
    body: html`<p class="lead">Its operator can open it with <code>STATUS_PAGE</code> under <code>[vars]</code> in
<code>wrangler.toml</code>, then <code>npm run deploy</code>:</p>
<pre><code>STATUS_PAGE = "public"    # anyone who has the address
STATUS_PAGE = "password"  # asks for the secret STATUS_PASSWORD
STATUS_PAGE = "access"    # people whom Cloudflare Access lets in</code></pre>
<p class="lead">For <code>password</code>, set the secret as well:
<code>npx wrangler secret put STATUS_PASSWORD</code></p>`,
  },
  password: {
    word: 'password',
    title: 'Password needed',
    body: html`<p class="lead">Load this page again and give the password; any user name will do.
Whoever runs it has set the password with <code>npx wrangler secret put STATUS_PASSWORD</code>.</p>`,
  },
  access: {
    word: 'access',
    title: 'Cloudflare Access did not let you in',
    body: html`<p class="lead">This page is for people whom Cloudflare Access has let in. Its operator: protect the
Worker in the dashboard (Access tab), or set <code>ACCESS_TEAM_DOMAIN</code> and <code>ACCESS_AUD</code> as the README
says.</p>`,
  },
  share: {
    word: 'share',
    title: 'This link does not work',
    body: html`<p class="lead">It has expired, or was not copied in full. Ask whoever gave it to you for a new one.</p>`,
  },
};

/** Why a visitor was turned away, and what the operator can do. */
export function turnedAwayMessage(why: TurnedAway): Message {
  return TURNED_AWAY[why];
}

/** Nothing here, or nothing that is shown. */
export const NOT_FOUND: Message = {
  word: 'not-found',
  title: 'Not found',
  body: html`<p class="lead">Nothing here: it does not exist, was deleted, or is hidden.
<a href="/">All projects</a></p>`,
};

/** The configuration is broken. `problems`: to be told to this visitor. */
export function notConfiguredMessage(problems: readonly Problem[]): Message {
  const items = problems.map(({ path, message }) => html`<li><code>${path}</code>: ${message}</li>`);
  const how =
    items.length === 0
      ? html`Its operator finds every setting that is wrong with <code>npm run doctor</code>, or in the log:
<code>npx wrangler tail</code>`
      : html`What is wrong:`;
  const list = items.length > 0 && html`<ul>${items}</ul>`;
  return {
    word: 'config',
    title: 'Not configured',
    body: html`<p class="lead">The Keeper's configuration is not valid, so it does nothing. ${how}</p>${list}`,
  };
}

/** The Keeper did not answer. */
export const BROKEN: Message = {
  word: 'internal',
  title: 'That did not work',
  body: html`<p class="lead">The Keeper did not answer. The log says why. <a href="/">Try again</a></p>`,
};

/** A branch of which no build is ready: whether one is on its way, or what became of the newest. */
export function notReadyMessage(build: Build, branch: string, now: number): Message {
  const line = statusLine(build, now);
  const isUnderWay = build.status === 'queued' || build.status === 'building';
  const newest = html`The newest build of <b><bdi>${cut(branch, 80)}</bdi></b>`;
  const how = html`${statusWord(build.status).toLowerCase()}${line !== '' && html`, <bdi>${cut(line, 160)}</bdi>`}`;
  return {
    word: build.status,
    title: isUnderWay ? 'Not ready yet' : 'No build of this branch is ready',
    body: isUnderWay
      ? html`<p class="lead">${newest} is ${how}. This address leads to it once it is ready: load it again in a minute.</p>`
      : html`<p class="lead">${newest}: ${how}. This address leads to the branch's newest build as soon as one is ready.</p>`,
  };
}

/** Before the first look at the account. */
export function startingMessage(frame: Frame): Message {
  return frame.trouble === null
    ? {
        word: 'starting',
        title: 'Collecting data for the first time',
        body: html`<p class="lead">The account is being looked at. This takes a few seconds.
<a href="${frame.path}">Try again</a></p>`,
      }
    : { word: frame.trouble.kind, title: 'No data yet', body: troubleNotice(frame) };
}

/** A message as a page. `isLetIn`: the visitor came through the door, and may have the navigation. */
export function messagePage(frame: Frame, message: Message, isLetIn: boolean): Html {
  return layout(frame, {
    title: message.title,
    mood: 'quiet',
    body: html`<h1>${message.title}</h1>${message.body}`,
    place: isLetIn ? 'run' : null,
  });
}
