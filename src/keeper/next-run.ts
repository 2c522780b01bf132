// When a project is rebuilt and pruned next, by the ticks that are known. Reads only.

import type { Rule } from '../policy/rules.ts';
import { type NextPrune, nextOf, nextTick } from '../policy/schedule.ts';
import type { Work } from './work.ts';

/** No cron has this name: with it only those policies act that every tick carries out. */
const EVERY_TICK = '';

/** When this cron ticks next; `null`: the next tick of any that is known. */
export function nextTickOf(
  { looked }: Pick<Work, 'looked'>,
  cron: string | null,
  now: number,
  from = now,
): number | null {
  if (cron === null) return nextOf(looked.ticks, now, from);
  const last = looked.ticks[cron];
  return last === undefined ? nextTick(cron, Math.max(now, from - 1)) : nextOf({ [cron]: last }, now, from);
}

/** When a rule's project is pruned next; `null`: nobody knows, for no cron has ticked yet. */
export function nextPruneOf(work: Pick<Work, 'looked'>, rule: Rule, now: number): NextPrune | null {
  const ticks = rule.prune.flatMap(({ cron }) => {
    const at = nextTickOf(work, cron, now);
    return at === null ? [] : [{ at, cron: cron ?? EVERY_TICK }];
  });
  if (ticks.length === 0) return null;
  const at = Math.min(...ticks.map((tick) => tick.at));
  return { at, crons: ticks.filter((tick) => tick.at === at).map(({ cron }) => cron) };
}

/** When a rule's projects are rebuilt and pruned next. */
export interface NextOfRule {
  readonly nextRebuildAt: number | null;
  readonly nextPruneAt: number | null;
}

/** The same, asked with what is known; `from`: rebuilds of a commit that keeps failing wait. */
export function nextOfRule(work: Pick<Work, 'looked'>, rule: Rule, now: number, from = now): NextOfRule {
  return {
    nextRebuildAt: rule.rebuild === null ? null : nextTickOf(work, rule.rebuild.cron, now, from),
    nextPruneAt: nextPruneOf(work, rule, now)?.at ?? null,
  };
}

/** The same for one view: projects share their rules, and looking at a cron takes CPU. */
export function nextByRule({ work, now }: { readonly work: Pick<Work, 'looked'>; readonly now: number }) {
  const known = new Map<Rule, NextOfRule>();
  return (rule: Rule): NextOfRule => {
    const next = known.get(rule) ?? nextOfRule(work, rule, now);
    known.set(rule, next);
    return next;
  };
}
