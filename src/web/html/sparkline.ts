// Bars in a row: the trend of a project's builds, one bar a build, and when what is here goes, one bar a day; and the same in words.
// Pure; geometry in attributes, for the Content-Security-Policy allows no inline style.

import type { Forecast, ProjectPage } from '../../reads.ts';
import type { BuildPoint, Progress } from '../../report.ts';
import { DAY } from '../../time.ts';
import { count, plural } from '../../words/text.ts';
import { date, duration } from '../../words/time.ts';
import { type Html, html } from '../markup.ts';
import { fact } from './parts.ts';

/** Builds in a row of the overview. */
const MOST = 24;
const STEP = 5;
const HEIGHT = 24;
/** Builds that succeeded stay below the top: reaching it, in a shape of their own, is for those that failed. */
const TALLEST = 20;

/** One skyline, cut into bars by a dashed line: half as many bytes as a path for each bar. `heights`: 0 to 24. */
function bars(heights: readonly number[], between: Html | false = false): Html {
  const skyline = heights.map((height) => `V${HEIGHT - height}h${STEP}`).join('');
  return html`<path d="M0 ${HEIGHT}${skyline}V${HEIGHT}z"/>${between}<path class="g" d="M4.4 12h${heights.length * STEP}"/>`;
}

/**
 * A bar for each of the last `most` builds, failed ones up to the top; nothing where there are too few to compare. `told`: the same
 * stands beside it in words.
 */
export function sparkline(builds: readonly BuildPoint[], most = MOST, told = false): Html {
  const shown = builds.slice(-most);
  // One build compares with nothing.
  if (shown.length < 2) return html``;
  let longest = 1;
  let failed = '';
  for (const [index, { took, ok }] of shown.entries()) {
    longest = Math.max(longest, took);
    if (!ok) failed += `M${index * STEP} 0h${STEP}v${HEIGHT}h-${STEP}z`;
  }
  const heights = shown.map(({ took }) => Math.max(2, Math.round((took / longest) * TALLEST)));
  const marks = failed !== '' && html`<path class="e" d="${failed}"/>`;
  const words = told
    ? html`aria-hidden="true"`
    : html`role="img" aria-label="${trendWords(shown).join(', ')}"`;
  return html`<svg class="sp" ${words} viewBox="0 0 ${most * STEP} ${HEIGHT}">${bars(heights, marks)}</svg>`;
}

/** Units across a bar that is filled. */
const ACROSS = 1_000;

/** A bar that is filled as far as `filled` says, as a path or a part of 1; `ends`: where its pieces end. */
export function filledBar(filled: string | number, ends = ''): Html {
  const path = typeof filled === 'string' ? filled : `M0 0h${Math.round(Math.min(1, filled) * ACROSS)}v20H0z`;
  const between = ends !== '' && html`<path class="g" d="${ends}"/>`;
  return html`<svg class="fc bar" aria-hidden="true" viewBox="0 0 ${ACROSS} 20" preserveAspectRatio="none"><path d="M0 0h${ACROSS}v20H0z"/><path class="on" d="${path}"/>${between}</svg>`;
}

/** One bar for all that a run deletes, a piece a project, each filled as far as it is; what others have done comes first. */
export function partsBar({ parts, done, of }: Progress): Html {
  const scale = (many: number) => Math.round((many * ACROSS) / Math.max(1, of ?? 0));
  let x = scale(done - parts.reduce((sum, part) => sum + part.done, 0));
  let filled = `M0 0h${x}v20H0z`;
  let ends = `M${x} 0v20`;
  for (const part of parts) {
    filled += `M${x} 0h${scale(part.done)}v20H${x}z`;
    x += scale(part.of);
    ends += `M${x} 0v20`;
  }
  return filledBar(filled, ends);
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

/** Builds that a picture has room for, and the Keeper remembers in each environment. */
const REMEMBERED = 40;

function trendLine(name: string, builds: readonly BuildPoint[]): Html | false {
  const words = trendWords(builds).join(', ');
  return builds.length > 0 && html`<p>${name}: ${words}</p>${sparkline(builds, REMEMBERED, true)}`;
}

/** How its last builds went, and how long they took: those of production, and of previews. */
export function trendFact({ builds: { production, preview } }: Pick<ProjectPage, 'builds'>): Html | false {
  const isNone = production.length + preview.length === 0;
  return !isNone && fact('Last builds', trendLine('Production', production), trendLine('Previews', preview));
}

/** When what is here goes, as a section of its own; nothing where nothing goes. The words say all that the picture does. */
export function forecast(of: Forecast | null, now: number): Html | false {
  const days = of?.days ?? [];
  const most = Math.max(0, ...days);
  if (of === null || most === 0) return false;
  const dayOf = (index: number) => date(now + index * DAY, now);
  const all = days.reduce((sum, day) => sum + day, 0);
  const far = of.looked !== null && ` Of the newest ${count(of.looked)}.`;
  const words = html`${plural(all, 'deployment')} in ${days.length} days if nothing is built, most on ${dayOf(days.indexOf(most))}: ${count(most)}.${far}`;
  const heights = days.map((day) => Math.ceil((day / most) * HEIGHT));
  return html`<h2>When what is here goes</h2><p class="s">${words}</p>
<svg class="sp fd" aria-hidden="true" viewBox="0 0 ${days.length * STEP} ${HEIGHT}" preserveAspectRatio="none">${bars(heights)}</svg>
<p class="s ax"><span>today</span><span>${dayOf(days.length - 1)}</span></p>`;
}
