// The trend of a project's builds: one bar a build, and the same in words. Pure; geometry in attributes, for the
// Content-Security-Policy allows no inline style.

import type { BuildPoint } from '../../report.ts';
import { count } from '../../words/text.ts';
import { duration } from '../../words/time.ts';
import { type Html, html } from '../markup.ts';

const MOST = 24;
const STEP = 5;
const HEIGHT = 24;
/** Builds that succeeded stay below the top: reaching it, in a shape of their own, is for those that failed. */
const TALLEST = 20;

/** A bar for each of the last builds, failed ones up to the top; nothing where there are too few to compare. */
export function sparkline(builds: readonly BuildPoint[]): Html {
  const shown = builds.slice(-MOST);
  // One build compares with nothing.
  if (shown.length < 2) return html``;
  const longest = Math.max(...shown.map((build) => build.took), 1);
  const top = (took: number) => HEIGHT - Math.max(2, Math.round((took / longest) * TALLEST));
  // One skyline, cut into bars by a dashed line: half as many bytes as a path for each bar.
  const skyline = shown.map((build) => `V${top(build.took)}h${STEP}`).join('');
  const failed = shown
    .map((build, index) => (build.ok ? '' : `M${index * STEP} 0h${STEP}v${HEIGHT}h-${STEP}z`))
    .join('');
  const width = shown.length * STEP;
  return html`<svg class="sp" role="img" aria-label="${trendWords(shown).join(', ')}" viewBox="0 0 ${MOST * STEP} ${HEIGHT}"><path d="M0 ${HEIGHT}${skyline}V${HEIGHT}z"/>${
    failed !== '' && html`<path class="e" d="${failed}"/>`
  }<path class="g" d="M4.4 12h${width}"/></svg>`;
}

/** `18 of 20 succeeded` and `typically in 1 min 47 s`. */
export function trendWords(builds: readonly BuildPoint[]): string[] {
  const ok = builds.filter((build) => build.ok);
  const middle = ok.map((build) => build.took).sort((a, b) => a - b)[Math.floor((ok.length - 1) / 2)];
  return [
    `${count(ok.length)} of ${count(builds.length)} succeeded`,
    ...(middle === undefined ? [] : [`typically in ${duration(middle)}`]),
  ];
}
