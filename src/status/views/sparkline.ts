// The trend of a project's builds: one bar a build, and the same in words. Pure; geometry in attributes, for the
// Content-Security-Policy allows no inline style.

import { html } from 'hono/html';
import type { BuildPoint } from '../../plan/report.ts';
import { count } from '../text.ts';
import { duration } from '../time.ts';
import { type Html, lines } from './parts.ts';

const MOST = 24;
const HEIGHT = 24;
const STEP = 5;

/** Bars for the last builds, dashed where one failed, with their words beneath. One build compares with nothing. */
export function sparkline(builds: readonly BuildPoint[]): Html {
  const shown = builds.slice(-MOST);
  if (shown.length < 2) return html`<p>Too few to compare</p>`;
  const longest = Math.max(...shown.map((build) => build.took), 1);
  const bars = (ok: boolean) =>
    shown
      .map((build, index) =>
        build.ok === ok
          ? `M${index * STEP + 2} ${HEIGHT}v-${Math.max(2, Math.round((build.took / longest) * HEIGHT))}`
          : '',
      )
      .join('');
  const width = shown.length * STEP;
  const failed = bars(false);
  return html`<svg class="spark" role="img" aria-label="Build times" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}"><path d="${bars(true)}"/>${failed === '' ? '' : html`<path class="x" d="${failed}"/>`}</svg>${lines(...trendWords(shown))}`;
}

/** `18 of 20 succeeded, 90 %` and `typically in 1 min 47 s`. */
export function trendWords(builds: readonly BuildPoint[]): string[] {
  const ok = builds.filter((build) => build.ok);
  const percent = Math.floor((100 * ok.length) / builds.length);
  const middle = ok.map((build) => build.took).sort((a, b) => a - b)[Math.floor((ok.length - 1) / 2)];
  return [
    `${count(ok.length)} of ${count(builds.length)} succeeded, ${percent}\u00a0%`,
    middle === undefined ? '' : `typically in ${duration(middle)}`,
  ];
}
