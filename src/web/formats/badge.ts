// The status badge: an SVG of a project's name and status. Pure. Escaped by the template; texts are cleaned already,
// so that nothing illegal in XML is left.

import { html } from 'hono/html';
import type { BuildStatus } from '../../pages-api/model.ts';
import { statusWord } from '../../words/builds.ts';
import { cut } from '../../words/text.ts';
import type { ViewProject } from '../model/project.ts';

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

/** The badge. Widths are estimated and then forced by `textLength`, for there is no font to measure with. */
export function badge(project: ViewProject): string {
  const label = cut(project.name, 40);
  const word = statusWord(project.status).toLowerCase();
  const left = label.length * PER_CHARACTER + 14;
  const right = word.length * PER_CHARACTER + 14;
  const text = (x: number, value: string) =>
    html`<text x="${x + 7}" y="14" textLength="${value.length * PER_CHARACTER}" lengthAdjust="spacingAndGlyphs">${value}</text>`;
  return String(
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${word}"><title>${label}: ${word}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="4"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#333b45"/><rect x="${left}" width="${right}" height="20" fill="${FILLS[project.status]}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(0, label)}${text(left, word)}</g></svg>`,
  );
}
