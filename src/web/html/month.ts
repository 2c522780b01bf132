// The builds of this month (UTC) against those that the plan includes. Pure.

import type { Overview } from '../../reads.ts';
import { DAY } from '../../time.ts';
import { count } from '../../words/text.ts';
import { type Html, html } from '../markup.ts';
import { fact, lines } from './parts.ts';
import { filledBar } from './sparkline.ts';

/** Days of a month before anything is foretold of its end. */
const TOO_EARLY = 3;

/** Builds of this month against the plan's: of the account at least so many. */
export function monthFact({ builds, included }: Overview['month'], now: number): Html | false {
  if (builds === 0) return false;
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const from = Date.UTC(year, month);
  const end = Math.round((builds * (Date.UTC(year, month + 1) - from)) / (now - from));
  const rate =
    now - from >= TOO_EARLY * DAY && `About ${count(Math.max(builds, end))} by its end, at this rate`;
  return fact(
    'Builds this month, at least',
    `${count(builds)}`,
    html` <small>of ${count(included)}</small>`,
    lines(rate),
    filledBar(builds / included),
  );
}
