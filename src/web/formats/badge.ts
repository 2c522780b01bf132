// The status badge: an SVG of a name and a status. Pure; cleaned and escaped by the template, so that it is legal XML.

import type { BuildStatus } from '../../pages-api/model.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { html } from '../markup.ts';

const GREY = '#56616e';
const FILLS: Readonly<Record<BuildStatus, string>> = {
  ready: '#0b7a43',
  failed: '#b3121f',
  building: '#8a5300',
  queued: '#8a5300',
  canceled: GREY,
  skipped: GREY,
  'not-built': GREY,
  unknown: GREY,
};

/** Widths in Verdana at 11 px, to the next half pixel: characters that are alike in width stand together. */
const WIDTHS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    3: 'il',
    4: "fjt.,;: '",
    4.5: 'rIJ-()',
    5.5: 'csz',
    6.5: 'abdeghknopquvxy_FLTY0123456789',
    7.5: 'ABCEKPRSVXZ',
    8.5: 'wDGHNOQU',
    10.5: 'mMW@',
  }).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)])),
);
const UNKNOWN_WIDTH = 8.5;
const MARGIN = 7;

const widthOf = (text: string) =>
  Math.round([...text].reduce((sum, letter) => sum + (WIDTHS[letter] ?? UNKNOWN_WIDTH), 0));

/**
 * The badge of a project's status; `null`: nothing is known, or may be. A picture all the same, for it stands in somebody's README.
 * `isWell`: whether the Keeper is: else what was ready may not be any more, and is not green.
 */
export function statusBadge(
  project: { readonly name: string; readonly status: BuildStatus } | null,
  isWell: boolean,
): string {
  if (project === null) return badge('project', 'unknown', GREY);
  const { name, status } = project;
  const fill = status === 'ready' && !isWell ? GREY : FILLS[status];
  return badge(name, statusWord(status).toLowerCase(), fill);
}

/** There is no font to measure with: widths are those of the first one named, and the letters of another are spaced to fit. */
function badge(name: string, word: string, fill: string): string {
  const label = cut(name, 40);
  const left = widthOf(label) + 2 * MARGIN;
  const right = widthOf(word) + 2 * MARGIN;
  const width = left + right;
  const text = (x: number, value: string) =>
    html`<text x="${x}" y="14" textLength="${widthOf(value)}" lengthAdjust="spacing">${value}</text>`;
  const picture = html`
<title>${label}: ${word}</title>
<clipPath id="r"><rect width="${width}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)">
<rect width="${left}" height="20" fill="#333b45"/>
<rect x="${left}" width="${right}" height="20" fill="${fill}"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${text(MARGIN, label)}${text(left + MARGIN, word)}
</g>`;
  const size = html`width="${width}" height="20"`;
  return `${html`<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}: ${word}">${picture}
</svg>`}`;
}
