// When what is here goes: how many of a project's deployments go with the runs of each of the next days, by their scans. Reads only.

import { isDue } from '../../policy/rules.ts';
import type { PruneContext } from '../../policy/verdict.ts';
import type { Forecast } from '../../reads.ts';
import { DAY } from '../../time.ts';
import { nextTickOf } from '../next-run.ts';
import { leftOf } from '../prune/forecast.ts';
import type { BlockRef } from '../store/inventory.ts';
import { ENDED_AS, hasEnded, mark, SCAN_WIDTH, scanned } from '../store/scan.ts';
import { owedOf, servedQueue } from '../tasks.ts';
import type { Task } from '../work.ts';
import { type DayOf, goesOnBy } from './by-times.ts';
import type { View } from './view.ts';

/** Days that are foretold, today (UTC) the first. */
export const FORETOLD = 30;
/** Deployments that one view looks through at most, newest first. */
const MOST_FORETOLD = 5_000;

/** Of one day: until when what expires still goes on it, and from when on it goes on a later one. */
interface Bounds {
  same: number;
  later: number;
  laterDay: number;
}

/**
 * The day of the first run after a deployment has expired. Looking at a cron takes CPU, so each answer is kept as a bound, and a
 * day takes a few of them. Where no run is known, the day on which it expires.
 */
function dayOfRun({ work, now }: View): DayOf {
  const today = Math.floor(now / DAY);
  const known = new Map<string | null, Bounds[]>();
  return (cron, from) => {
    const at = Math.max(from, now);
    const day = Math.floor(at / DAY) - today;
    if (day >= FORETOLD) return day;
    const days = known.get(cron) ?? [];
    known.set(cron, days);
    days[day] ??= { same: 0, later: Number.POSITIVE_INFINITY, laterDay: day };
    const bounds = days[day];
    if (at <= bounds.same) return day;
    if (at >= bounds.later) return bounds.laterDay;
    const run = nextTickOf(work, cron, now, at);
    if (run === null) return day;
    const goes = Math.floor(run / DAY) - today;
    if (goes === day) bounds.same = run;
    else Object.assign(bounds, { later: at, laterDay: goes });
    return goes;
  };
}

/** The same while a run is under way: what is left of it goes today, however much of it that is; and how many those were so far. */
function daysOf(view: View, task: Task | undefined): { readonly of: DayOf; readonly ofRun: () => number } {
  const after = dayOfRun(view);
  const queue = leftOf(task) === null ? null : servedQueue(task);
  const crons = owedOf(task)?.crons ?? [];
  let left = queue?.left ?? 0;
  const of: DayOf = (cron, from) => {
    const isOfRun = left > 0 && queue !== null && from <= queue.basis.at;
    if (!isOfRun || !crons.some((ticked) => isDue(cron, ticked))) return after(cron, from);
    left -= 1;
    return 0;
  };
  return { of, ofRun: () => (queue?.left ?? 0) - left };
}

/**
 * How many go on each day if nothing is built; `task`: what is under way in the project. The context's facts are of every branch.
 * `null` where nothing is pruned, or no plan would be carried out.
 */
export function forecastOf(
  view: View,
  context: PruneContext,
  blocks: readonly BlockRef[],
  task: Task | undefined,
): Forecast | null {
  // Where nobody knows what must stay, nothing goes.
  const isHeld = context.canonicalId === null && context.facts.hasProduction;
  if (context.policies.length === 0 || isHeld) return null;
  const { store, now } = view;
  const { of, ofRun } = daysOf(view, task);
  const goesOn = goesOnBy(context, now, of);
  const days = Array.from({ length: FORETOLD }, () => 0);
  let [looked, going] = [0, 0];
  for (const { scan, gone } of store.readScans(blocks.map((block) => block.id))) {
    if (looked >= MOST_FORETOLD) break;
    const marks = gone.length === 0 ? null : new Set(gone.map(mark));
    for (let at = scan.length - SCAN_WIDTH; at >= 0 && looked < MOST_FORETOLD; at -= SCAN_WIDTH) {
      const deployment = scanned.id(scan, at);
      if (marks?.has(deployment)) continue;
      looked += 1;
      const kind = scanned.kind(scan, at);
      const times = {
        outcome: ENDED_AS[kind],
        finished: hasEnded(kind),
        createdAt: scanned.createdAt(scan, at),
      };
      const day = goesOn(scanned.environment(scan, at), scanned.branch(scan, at), deployment, times);
      if (day >= FORETOLD) continue;
      days[day] = (days[day] ?? 0) + 1;
      going += 1;
    }
  }
  // A plan that would leave none is refused whole; that of the run under way was not.
  const last = days.findLastIndex((many) => many > 0);
  if (last >= 0 && going === looked) days[last] = last === 0 ? ofRun() : 0;
  return { days, looked: looked >= MOST_FORETOLD ? looked : null };
}
