// The small parts that every page uses. Pure: markup from values, and every value is escaped by the template.

import type { BuildStatus } from '../../pages-api/model.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { iso, relative, utc } from '../../words/time.ts';
import type { Mood } from '../frame.ts';
import { type Html, html } from '../markup.ts';

/** The shapes of the sprite in the layout. */
export type Shape = 'check' | 'ring' | 'play' | 'cross' | 'dash' | 'skip' | 'ask' | 'back' | 'warn' | 'bin';

/** The four tones; each has its own shape beside it, so that colour never says anything alone. */
export type Tone = 'good' | 'busy' | 'bad' | 'calm';

/** A shape, for eyes only. */
export function icon(shape: Shape): Html {
  return html`<svg class="i" aria-hidden="true"><use href="#${shape}"/></svg>`;
}

/** A word in a tone, with its shape. */
export function pill(tone: Tone, shape: Shape, word: string): Html {
  return html`<span class="p ${tone}">${icon(shape)}${word}</span>`;
}

const LOOKS: Readonly<Record<BuildStatus, readonly [Tone, Shape]>> = {
  queued: ['busy', 'ring'],
  building: ['busy', 'play'],
  ready: ['good', 'check'],
  failed: ['bad', 'cross'],
  canceled: ['calm', 'dash'],
  skipped: ['calm', 'skip'],
  'not-built': ['calm', 'dash'],
  unknown: ['calm', 'ask'],
};

/** A build status as word and shape. */
export function statusPill(status: BuildStatus): Html {
  const [tone, shape] = LOOKS[status];
  return pill(tone, shape, statusWord(status));
}

/** A time in relative words; the UTC time is in the element, and beside it in print. */
export function ago(at: number, now: number): Html {
  return html`<time datetime="${minute(at)}" title="${utc(at)}">${relative(at, now)}</time>`;
}

/** A time as UTC. */
export function at(time: number): Html {
  return html`<time datetime="${minute(time)}">${utc(time)}</time>`;
}

/** Both. */
export function atAgo(time: number, now: number): Html {
  return html`<time datetime="${minute(time)}">${utc(time)}</time> (${relative(time, now)})`;
}

function minute(time: number): string {
  return `${(iso(time) ?? '').slice(0, 16)}Z`;
}

/**
 * A text that came from outside, cut for display and kept apart: written from right to left, it must not turn what stands
 * beside it.
 */
export function foreign(text: string, max: number): Html {
  return html`<bdi>${cut(text, max)}</bdi>`;
}

/** A link out; plain text when there is nowhere safe to go. */
export function link(url: string | null, text: string | Html): Html {
  return url === null ? html`${text}` : html`<a href="${url}" rel="noreferrer">${text}</a>`;
}

/** A URL as people read it. */
export function bare(url: string): string {
  return url.replace(/^https:\/\//, '').replace(/\/$/, '');
}

/** Lines of small print; empty ones are left out. */
export function lines(...parts: readonly (Html | string | false | null)[]): Html[] {
  return parts
    .filter((part) => part !== '' && part !== false && part !== null)
    .map((part) => html`<p>${part}</p>`);
}

const MOODS: Readonly<Record<Mood, readonly [Tone, Shape]>> = {
  ok: ['good', 'check'],
  busy: ['busy', 'play'],
  bad: ['bad', 'warn'],
  quiet: ['calm', 'dash'],
};

/** The heading that answers the page's question, with its mood as a shape. */
export function answerHeading(mood: Mood, text: string): Html {
  const [tone, shape] = MOODS[mood];
  const mark = html`<svg class="i ${tone}" aria-hidden="true"><use href="#${shape}"/></svg>`;
  return html`<h1>${mark}<span>${text}</span></h1>`;
}

/** The head of a table. Roles are written out: Chromium forgets them where the style sheet stacks the rows. */
export function head(...columns: readonly string[]): Html {
  const cells = columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`);
  return html`<thead role="rowgroup"><tr role="row">${cells}</tr></thead>`;
}

/** A notice: something to know before reading on. */
export function notice(tone: Tone, title: string, ...body: readonly (Html | string | false | null)[]): Html {
  const shape = tone === 'bad' ? 'cross' : tone === 'busy' ? 'warn' : 'ring';
  return html`<section class="n ${tone}" aria-label="${title}">${icon(shape)}
<div><p><b>${title}</b></p>${lines(...body)}</div></section>`;
}
