// When what is here goes: how many of a project's deployments expire on each of the next days, by their scans. Reads only.

import type { Rule } from '../../policy/rules.ts';
import type { Forecast } from '../../reads.ts';
import { DAY } from '../../time.ts';
import type { BlockRef } from '../store/inventory.ts';
import type { OverviewEntry } from '../store/overview-entry.ts';
import { ENDED_AS, hasEnded, mark, SCAN_WIDTH, scanned } from '../store/scan.ts';
import { MOST_PIECES } from './branches.ts';
import { goesFromBy } from './by-times.ts';
import { contextOf } from './summaries.ts';
import type { View } from './view.ts';

/** Days that are foretold, today (UTC) the first. */
export const FORETOLD = 30;
/** Deployments that one view looks through at most, newest first. */
const MOST_FORETOLD = 5_000;

/**
 * How many go on each day if nothing is built; what has expired goes on the day of the next run. `null` where nothing is pruned,
 * or it is of more branches than a view reads.
 */
export function forecastOf(
  view: View,
  { entry, rule }: { readonly entry: OverviewEntry; readonly rule: Rule },
  blocks: readonly BlockRef[],
  nextAt: number | null,
): Forecast | null {
  const { store, now } = view;
  const { id } = entry.project;
  if (rule.prune.length === 0 || store.factPieces(id) > MOST_PIECES) return null;
  const facts = store.readFacts(id, 'all');
  if (facts === null) return null;
  const refusals = store.read('refusals', id) ?? {};
  const goesFrom = goesFromBy(contextOf(view, entry.project, rule, { facts, refusals }), now);
  const days = Array.from({ length: FORETOLD }, () => 0);
  const [today, next] = [Math.floor(now / DAY), nextAt ?? now];
  let looked = 0;
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
      const from = goesFrom(scanned.environment(scan, at), scanned.branch(scan, at), deployment, times);
      const day = Math.floor(Math.max(from, next) / DAY) - today;
      if (day < FORETOLD) days[day] = (days[day] ?? 0) + 1;
    }
  }
  return { days, looked: looked >= MOST_FORETOLD ? looked : null };
}
