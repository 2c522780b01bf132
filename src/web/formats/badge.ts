// The status badge: an SVG of a name and a status. Pure; cleaned and escaped by the template, so that it is legal XML.

import type { BuildStatus } from '../../pages-api/model.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import { html } from '../markup.ts';

const FILLS: Readonly<Record<BuildStatus, string>> = {
  ready: '#0b7a43',
  failed: '#b3121f',
  building: '#8a5300',
  queued: '#8a5300',
  canceled: '#56616e',
  skipped: '#56616e',
  'not-built': '#56616e',
  unknown: '#56616e',
};

const PER_CHARACTER = 7;
const MARGIN = 7;

const widthOf = (text: string) => text.length * PER_CHARACTER;

/** The badge. Widths are estimated and then forced by `textLength`, for there is no font to measure with. */
export function statusBadge(name: string, status: BuildStatus): string {
  const label = cut(name, 40);
  const word = statusWord(status).toLowerCase();
  const left = widthOf(label) + 2 * MARGIN;
  const right = widthOf(word) + 2 * MARGIN;
  const width = left + right;
  const text = (x: number, value: string) =>
    html`<text x="${x}" y="14" textLength="${widthOf(value)}" lengthAdjust="spacingAndGlyphs">${value}</text>`;
  const picture = html`
<title>${label}: ${word}</title>
<clipPath id="r"><rect width="${width}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)">
<rect width="${left}" height="20" fill="#333b45"/>
<rect x="${left}" width="${right}" height="20" fill="${FILLS[status]}"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${text(MARGIN, label)}${text(left + MARGIN, word)}
</g>`;
  const size = html`width="${width}" height="20"`;
  return `${html`<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}: ${word}">${picture}
</svg>`}`;
}
