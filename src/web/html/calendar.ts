// Ninety days as pictures: a square a day, and how many deployments were stored; and the same in words. Pure; geometry in
// attributes, for the Content-Security-Policy allows no inline style.

import type { DayRecord } from '../../report.ts';
import { DAY } from '../../time.ts';
import { count, plural } from '../../words/text.ts';
import { date, weekday } from '../../words/time.ts';
import { type Html, html } from '../markup.ts';
import { runsPath } from '../model/links.ts';
import { head, pill, table } from './parts.ts';

const WEEKS = 13;
/** A square with its gap, in the picture's own units. */
const [ACROSS, DOWN] = [23, 15];
const SQUARE = 'h20v12h-20z';
/** Days that are told in words at once; the others are links. */
const TOLD = 7;

const timeOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
const pathOf = (day: string) => runsPath('/runs', { day });

/** How dark a day is, 0 to 4: by how much was deleted, beside the most of any day. */
function shade(deleted: number, most: number): number {
  return deleted === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((4 * deleted) / most));
}

function square(day: DayRecord, most: number, left: number, now: number): Html {
  const at = timeOf(day.day);
  const x = Math.floor((at - left) / (7 * DAY)) * ACROSS;
  const y = (Math.floor((at - left) / DAY) % 7) * DOWN;
  const words = `${date(at, now)}: ${count(day.deleted)} deleted`;
  const cross = day.failed > 0 && html`<path class="y" d="M${x + 6} ${y + 2}l8 8m0-8l-8 8"/>`;
  const tone = day.failed > 0 ? 'e' : `l${shade(day.deleted, most)}`;
  return html`<a href="${pathOf(day.day)}" tabindex="-1"><title>${words}</title><path class="${tone}" d="M${x} ${y}${SQUARE}"/>${cross}</a>`;
}

/** A square a day for thirteen weeks, each a link to its day; what a screen reader is told is the table of days. */
export function calendar(days: readonly DayRecord[], now: number): Html {
  const today = Math.floor(now / DAY) * DAY;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY;
  const left = monday - (WEEKS - 1) * 7 * DAY;
  const shown = days.filter(({ day }) => timeOf(day) >= left && timeOf(day) <= today);
  const most = Math.max(0, ...shown.map(({ deleted }) => deleted));
  const known = new Set(shown.map(({ day }) => timeOf(day)));
  const empty = Array.from({ length: WEEKS * 7 }, (_, index) => left + index * DAY)
    .filter((at) => at <= today && !known.has(at))
    .map((at) => {
      const index = Math.floor((at - left) / DAY);
      return `M${Math.floor(index / 7) * ACROSS} ${(index % 7) * DOWN}${SQUARE}`;
    })
    .join('');
  return html`<svg class="cal" viewBox="0 0 ${WEEKS * ACROSS} ${7 * DOWN}" aria-hidden="true"><path class="l0" d="${empty}"/>${shown.map((day) => square(day, most, left, now))}</svg>
<p class="s">${plural(WEEKS, 'week')}, a column each from Monday on. The stronger the colour, the more was deleted. A cross: a run failed.</p>`;
}

function dayRow({ day, runs, failed, well: good, deleted, rebuilds, stored }: DayRecord, now: number): Html {
  const at = timeOf(day);
  const name = `${weekday(at)} ${date(at, now)}`;
  const well = `${count(good)} of ${count(runs)}`;
  const state =
    runs === 0
      ? now - at < DAY
        ? pill('busy', 'play', 'Running')
        : // Its last run goes on beyond midnight, or in one of a later day.
          pill('calm', 'skip', 'Continued')
      : failed > 0
        ? pill('bad', 'cross', well)
        : good < runs
          ? pill('busy', 'warn', well)
          : pill('good', 'check', well);
  const did = `${count(deleted)} deleted${rebuilds > 0 ? `, ${plural(rebuilds, 'rebuild')}` : ''}`;
  return html`
<tr role="row"><th role="rowheader" scope="row" class="nm"><a href="${pathOf(day)}">${name}</a></th>
<td role="cell" class="q">${state}</td>
<td role="cell" class="wide">${did}</td>
<td role="cell" class="d num">${stored !== null && count(stored)}</td></tr>`;
}

/** The last days in words, a line each, and links to those before. */
export function dayTable(days: readonly DayRecord[], now: number): Html {
  const columns = head('Day (UTC)', 'Runs that went well', 'What they did', ['Stored at its end', 'd num']);
  const told = days.slice(0, TOLD).map((day) => dayRow(day, now));
  const earlier = days
    .slice(TOLD)
    .map(({ day }) => html`<a href="${pathOf(day)}">${date(timeOf(day), now)}</a> `);
  const more =
    earlier.length > 0 &&
    html`<details><summary>${plural(earlier.length, 'earlier day')}</summary><nav class="fl" aria-label="Earlier days">${earlier}</nav></details>`;
  return html`${table('Days', 'Newest first; each leads to its runs.', columns, told)}${more}`;
}

/** How many deployments were stored, day by day: nothing where there are too few days to compare. */
export function storedPicture(days: readonly DayRecord[]): Html | false {
  const known = days.flatMap(({ stored }) => stored ?? []).reverse();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || known.length < 2) return false;
  const most = Math.max(1, ...known);
  const line = known.map((stored) => `V${20 - Math.round((18 * stored) / most)}h1`).join('');
  const label = `Stored: from ${count(first)} to ${count(last)} in ${plural(known.length, 'day')}`;
  return html`<svg class="fc" role="img" aria-label="${label}" viewBox="0 0 ${known.length} 20" preserveAspectRatio="none"><path d="M0 20${line}V20z"/></svg>`;
}
