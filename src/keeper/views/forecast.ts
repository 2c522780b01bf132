// When what is here goes: how many of a project's deployments expire on each of the next days, by their scans. Reads only.

import type { PruneContext } from '../../policy/verdict.ts';
import type { Forecast } from '../../reads.ts';
import { DAY } from '../../time.ts';
import type { BlockRef } from '../store/inventory.ts';
import { ENDED_AS, hasEnded, mark, SCAN_WIDTH, scanned } from '../store/scan.ts';
import { goesFromBy } from './by-times.ts';
import type { View } from './view.ts';

/** Days that are foretold, today (UTC) the first. */
export const FORETOLD = 30;
/** Deployments that one view looks through at most, newest first. */
const MOST_FORETOLD = 5_000;

/**
 * How many go on each day if nothing is built; what has expired goes on the day of the next run, at `nextAt` (epoch ms). The
 * context's facts are of every branch. `null` where nothing is pruned.
 */
export function forecastOf(
  { store, now }: View,
  context: PruneContext,
  blocks: readonly BlockRef[],
  nextAt: number | null,
): Forecast | null {
  if (context.policies.length === 0) return null;
  const goesFrom = goesFromBy(context, now);
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
