// The document around every page. Pure; no script, no request, no cookie.

import type { Frame, Mood } from '../frame.ts';
import { type Html, html, raw } from '../markup.ts';
import { atAgo } from './parts.ts';
import { ACCOUNT_STYLE, STYLE } from './style.ts';

const MOODS: Readonly<Record<Mood, readonly [fill: string, mark: string]>> = {
  ok: ['%230b7a43', 'M9 16.5l5 5 9-11'],
  busy: ['%23a86400', 'M12 9l11 7-11 7z'],
  bad: ['%23c21a28', 'M10 10l12 12M22 10L10 22'],
  quiet: ['%2356616e', 'M10 16h12'],
};

/** The favicon: one shape, tinted and marked by the state. In the page, so that it costs no request. */
function favicon(mood: Mood): string {
  const [fill, mark] = MOODS[mood];
  const line = "fill='none' stroke='white' stroke-width='4' stroke-linecap='round' stroke-linejoin='round'";
  const shape = `<rect width='32' height='32' rx='8' fill='${fill}'/><path d='${mark}' ${line}/>`;
  return `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${shape}</svg>`;
}

const SHAPES: Readonly<Record<string, string>> = {
  check: 'M3 8.5l3.3 3.3L13 4.5',
  ring: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  play: 'M4.5 3l8 5-8 5z',
  cross: 'M4 4l8 8M12 4l-8 8',
  dash: 'M3.5 8h9',
  skip: 'M3 3.5L8 8l-5 4.5M8.5 3.5l5 4.5-5 4.5',
  ask: 'M5.5 5.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.8-1.1 1.8M8 13v.01',
  back: 'M6 3L2.5 6.5 6 10M3 6.5h6a4 4 0 0 1 0 7.5H7',
  bin: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  warn: 'M8 2L1.5 13.5h13zM8 6.5v3M8 11.7v.01',
};

/** The shapes that a page uses, and no others: each is forty bytes. */
function sprite(body: Html): Html {
  const named = new Set(String(body).match(/"#\w+"/g));
  const used = Object.entries(SHAPES).filter(([id]) => named.has(`"#${id}"`));
  const symbols = used.map(([id, d]) => `<symbol id="${id}" viewBox="0 0 16 16"><path d="${d}"/></symbol>`);
  return raw(`<svg class="z" aria-hidden="true">${symbols.join('')}</svg>`);
}

const LOGO = raw(
  [
    '<svg viewBox="0 0 32 32" aria-hidden="true">',
    '<rect width="32" height="32" rx="8" fill="#3b5bdb"/>',
    '<path d="M9 9h9l5 5v9H9z" fill="#fff"/>',
    '<path d="M12 17.5l2.8 2.8L19.5 15" fill="none" stroke="#3b5bdb" stroke-width="2.5"/>',
    '</svg>',
  ].join(''),
);

/** What a page adds to the frame. */
export interface Page {
  /** Without the site's name. */
  readonly title: string;
  readonly mood: Mood;
  readonly body: Html;
  /** Which entry of the navigation this page is; `shared` and `null`: none, for those who may see no other page, or none. */
  readonly place: 'projects' | 'project' | 'runs' | 'run' | 'shared' | null;
  /** What was looked for. */
  readonly looked?: string;
  /** Feed and JSON of this page. */
  readonly feed?: string;
  readonly json?: string;
}

function nav(place: NonNullable<Page['place']>): Html {
  const entry = (href: string, text: string, here: boolean) =>
    here ? html`<a href="${href}" aria-current="page">${text}</a>` : html`<a href="${href}">${text}</a>`;
  const projects = entry('/', 'Projects', place === 'projects');
  return html`<nav aria-label="Main">${projects}${entry('/runs', 'Runs', place === 'runs')}</nav>`;
}

const FIND = 'Project, branch, commit or id';

/** The one thing that can be asked from every page; `looked`: what was. */
function findForm(looked = ''): Html {
  const field = html`<input type="search" name="q" aria-label="${FIND}" placeholder="${FIND}" value="${looked}" minlength="2" maxlength="100">`;
  return html`<form action="/find" role="search">${field}<button type="submit">Find</button></form>`;
}

function header(frame: Frame, { place, looked }: Page): Html {
  const simulated = html`<p class="sim">Simulated account. Nothing of yours is touched.</p>`;
  const brand =
    place === 'shared'
      ? html`<span class="b">${LOGO}Pages Keeper</span>`
      : html`<a class="b" href="/">${LOGO}Pages Keeper</a>`;
  const links = place !== null && place !== 'shared' && html`${nav(place)}${findForm(looked)}`;
  return html`<header>${frame.simulated && simulated}<div class="w">${brand}${links}</div></header>`;
}

function footer(frame: Frame, { place, json, feed }: Page): Html {
  if (place === null) return html``;
  const { checkedAt, version, newer } = frame;
  const asOf = checkedAt !== null && html`<span>As of ${atAgo(checkedAt, frame)}</span>`;
  const forPrograms = json !== undefined && html`<a href="${json}">JSON</a>`;
  const atom = feed !== undefined && html`<a href="${feed}">Feed</a>`;
  return html`<footer><div class="w">${asOf}
${forPrograms}${atom}
<span>Pages Keeper ${version}${newer !== null && html`; version ${newer} is there`}</span></div></footer>`;
}

/** The same page in other forms, for programs that look for them. */
function alternates({ feed, json }: Page): Html {
  const link = (type: string, href: string, title: string | null) =>
    html`
<link rel="alternate" type="${type}"${title !== null && html` title="${title}"`} href="${href}">`;
  return html`${feed !== undefined && link('application/atom+xml', feed, 'Finished builds')}${
    json !== undefined && link('application/json', json, null)
  }`;
}

/** The whole document. */
export function layout(frame: Frame, page: Page): Html {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${page.title} - Pages status</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${favicon(page.mood)}">${alternates(page)}
<style>${raw(STYLE)}</style>${(page.place === 'runs' || page.place === 'projects') && html`<style>${raw(ACCOUNT_STYLE)}</style>`}</head>
<body><a class="k" href="#main">Skip to content</a>${sprite(page.body)}
${header(frame, page)}
<main class="w" id="main" tabindex="-1">
${page.body}
</main>
${footer(frame, page)}
</body></html>`;
}
