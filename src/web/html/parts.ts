// The small parts that every page uses. Pure: markup from values, and every value is escaped by the template.

import type { BuildStatus } from '../../pages-api/model.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { brief, clock, iso, relative } from '../../words/time.ts';
import { there } from '../../words/zone.ts';
import type { Clock, Mood } from '../frame.ts';
import { type Html, html, type Part, raw } from '../markup.ts';

/** The shapes of the sprite in the layout. */
export type Shape = 'check' | 'ring' | 'play' | 'cross' | 'dash' | 'skip' | 'ask' | 'back' | 'warn' | 'bin';

/** The four tones; each has its own shape beside it, so that colour never says anything alone. */
export type Tone = 'good' | 'busy' | 'bad' | 'calm';

/** A shape, for eyes only. */
function icon(shape: Shape): Html {
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

function minute(time: number): string {
  return `${(iso(time) ?? '').slice(0, 16)}Z`;
}

/** A time in a table whose caption names the zone: as text alone, for there are many of them. */
export function when(time: number, now: number): string {
  return brief(time, now);
}

/** A time: UTC, and the reader's own where it is another one. */
export function at(time: number, { now, zone }: Clock): Html {
  const own = there(time, zone);
  return html`<time datetime="${minute(time)}">${clock(time, now)}</time>${own !== '' && ` (${own})`}`;
}

/** The same as a figure: the reader's own time in small print. */
export function atFigure(time: number, { now, zone }: Clock): Html {
  const own = there(time, zone);
  return html`<time datetime="${minute(time)}">${clock(time, now)}</time>${own !== '' && html` <small>${own}</small>`}`;
}

/** The same, and how far away it is. */
export function atAgo(time: number, frame: Clock): Html {
  return html`${at(time, frame)}, ${relative(time, frame.now)}`;
}

/** What the times of a table are, said once: `Times are UTC: it is 13:17, 14:17 in Berlin.` */
export function zoneWords({ now, zone }: Clock): string {
  const own = there(now, zone);
  return own === '' ? 'Times are UTC.' : `Times are UTC; it is ${clock(now, now)}, ${own}.`;
}

/**
 * A text that came from outside, cut for display and kept apart: written from right to left, it must not turn what stands
 * beside it.
 */
export function foreign(text: string, max: number): Html {
  return html`<bdi>${cut(text, max)}</bdi>`;
}

/** A link out, which tells nobody where one comes from (a header of every page says so); plain text when there is nowhere safe to go. */
export function link(url: string | null, text: string | Html): Html {
  return url === null ? html`${text}` : html`<a href="${url}">${text}</a>`;
}

/**
 * Something to do, as a link that looks like it. `what`: that which it is done to, where a page has many of one name; seen by
 * screen readers only.
 */
export function verb(href: string, text: string, what = ''): Html {
  const label = what !== '' && html` aria-label="${text}: ${what}"`;
  return html`<a class="x" href="${href}"${label}>${text}</a>`;
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
export function answerHeading(mood: Mood, text: Html | string): Html {
  const [tone, shape] = MOODS[mood];
  const mark = html`<svg class="i ${tone}" aria-hidden="true"><use href="#${shape}"/></svg>`;
  return html`<h1>${mark}<span>${text}</span></h1>`;
}

/** A column's name; `where`: how it is set. */
export type Column = string | readonly [name: string, where: string];

/** The head of a table. Roles are written out: Chromium forgets them where the style sheet stacks the rows. */
export function head(...columns: readonly Column[]): Html {
  const cells = columns.map((column) => {
    const [name, where] = typeof column === 'string' ? [column, ''] : column;
    return html`<th role="columnheader" scope="col"${where !== '' && html` class="${where}"`}>${name}</th>`;
  });
  return html`<thead role="rowgroup"><tr role="row">${cells}</tr></thead>`;
}

/** A table: its name, what is the same in every row, its head and its rows. */
export function table(name: string, same: Part, columns: Html, rows: readonly Html[], kind = ''): Html {
  return html`<table role="table"${kind !== '' && html` class="${kind}"`}><caption>${name} <span>${same}</span></caption>
${columns}
<tbody role="rowgroup">${raw(rows.join('').replaceAll('\n<t', '<t'))}</tbody></table>`;
}

/** A fact of a page's head, with its name. */
export function fact(name: string, ...value: readonly Part[]): Html {
  return html`
<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** Facts side by side. */
export function facts(...of: readonly (Html | false | null)[]): Html {
  return html`<dl class="f">${of}</dl>`;
}

/** A notice: something to know before reading on; `verbs`: what can be done about it. */
export function notice(
  tone: Tone,
  title: string,
  body: readonly (Html | string | false | null)[],
  ...verbs: readonly (Html | false | null)[]
): Html {
  const some = verbs.filter((one) => one !== false && one !== null);
  return html`<section class="n ${tone}" aria-label="${title}">
<div><p><b>${title}</b></p>${lines(...body)}</div>${some.length > 0 && html`<p class="ac">${some}</p>`}</section>`;
}
