// When a cron expression ticks next, as Cloudflare reads it: UTC, and weekdays count from 1 = Sunday.
// Pure: `now` (epoch ms) is passed in; nothing is scheduled here. What is remembered is what was computed, and says the same.
// Of croner it takes the two parts that read and count; its `Cron` would add timers and jobs, a third of it.

import { CronDate, CronPattern } from 'croner';
import { HOUR } from '../time.ts';

const AS_CLOUDFLARE = { mode: '5-part', alternativeWeekdays: true, sloppyRanges: true } as const;
// An offset and not the time zone UTC, which is the same: the first zone of a fresh isolate costs 30 ms and more.
const UTC = 0;
/** Crons that are remembered: far more than one account has, so that nobody fills the memory. */
const MOST_KNOWN = 50;
/** Answers that are remembered of each: a view asks from its last tick on and from now on. */
const MOST_ANSWERS = 4;

/** Asked at any time from `from` on and before `next`, the answer is `next`; `null`: it never ticks again. */
interface Answer {
  readonly from: number;
  readonly next: number | null;
}

interface Known {
  /** `null`: it is no cron. */
  readonly pattern: CronPattern | null;
  answers: readonly Answer[];
}

/** What was read and computed of each cron: a view asks the same of every project. */
const known = new Map<string, Known>();

// Croner takes 0 and 8 for Sunday as well, `?`, names such as @daily, and parts that are left out before a step; Cloudflare
// does not, and a time would be shown that never comes.
const NOT_CLOUDFLARE = /[?@]|(^|[\s,])\//;
const NO_WEEKDAY = /\d\d|[089]/;

function parse(expression: string): CronPattern | null {
  const weekday = expression.slice(expression.lastIndexOf(' '));
  if (NOT_CLOUDFLARE.test(expression) || NO_WEEKDAY.test(weekday)) return null;
  try {
    return new CronPattern(expression, undefined, AS_CLOUDFLARE);
  } catch {
    // Croner throws on whatever is no cron, and on nothing else.
    return null;
  }
}

function knownOf(expression: string): Known {
  const found = known.get(expression);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const fresh: Known = { pattern: parse(expression), answers: [] };
  known.set(expression, fresh);
  return fresh;
}

/** A moment at which a project is pruned, and the crons whose policies act then. */
export interface NextPrune {
  /** Epoch ms. */
  readonly at: number;
  readonly crons: readonly string[];
}

/** The next tick strictly after `from` (epoch ms); `null` when the expression has none, or is no cron. */
export function nextTick(expression: string, from: number): number | null {
  const one = knownOf(expression);
  if (one.pattern === null) return null;
  const holds = ({ from: since, next }: Answer) => from >= since && (next === null || from < next);
  const answer = one.answers.find(holds);
  if (answer !== undefined) return answer.next;
  const next = new CronDate(new Date(from), UTC).increment(one.pattern, {}, false)?.getTime() ?? null;
  one.answers = [{ from, next }, ...one.answers.slice(0, MOST_ANSWERS - 1)];
  return next;
}

/** Until when (epoch ms) a cron that last ticked at `last` may be late for `due`: an hour, or its interval where that is longer. */
const lateUntil = (last: number, due: number) => due + Math.max(HOUR, due - last);

/**
 * From when on all of these crons will have missed their time, so that nothing fires any more; `null`: never, or nobody can
 * tell, for one of them cannot be read. `ticks`: when each last ticked.
 */
export function missedFrom(ticks: Readonly<Record<string, number>>): number | null {
  const ends = Object.entries(ticks).map(([cron, last]) => {
    const due = nextTick(cron, last);
    return due === null ? Number.POSITIVE_INFINITY : lateUntil(last, due) + 1;
  });
  const from = Math.max(...ends);
  return Number.isFinite(from) ? from : null;
}

/**
 * The earliest next tick of these crons. `ticks`: when each last ticked. One that has missed its time by more than an hour
 * and a whole interval is not in `[triggers]` any more: the Worker cannot see those, it remembers the ticks.
 * `from`: ticks at or after this moment only, where it is later than `now`.
 */
export function nextOf(ticks: Readonly<Record<string, number>>, now: number, from = now): number | null {
  const next = Object.entries(ticks).flatMap(([cron, last]) => {
    const due = nextTick(cron, last);
    if (due === null || now > lateUntil(last, due)) return [];
    const after = Math.max(now, from - 1);
    return due > after ? [due] : (nextTick(cron, after) ?? []);
  });
  return next.length === 0 ? null : Math.min(...next);
}
