// Which deployments of a project match what a viewer asks for: all of them looked through by their scans, so that the count is
// complete, and only the rows of one page read. Reads only.

import type { Deployment } from '../../pages-api/model.ts';
import { deletes, type Reason } from '../../policy/verdict.ts';
import type { ProjectQuery } from '../../reads.ts';
import type { BlockRef } from '../store/inventory.ts';
import { ENDED_AS, hasEnded, mark, markDigits, SCAN_WIDTH, scanned, statusAt } from '../store/scan.ts';
import type { ByTimes } from './by-times.ts';
import type { View } from './view.ts';

/** Deployments that one view looks through at most, newest first. */
export const MOST_LOOKED = 200_000;

/** What a row is asked, at its place in a scan. */
type Test = (scan: string, at: number) => boolean;

function testsOf({ now }: View, query: ProjectQuery, byTimes: ByTimes | null): Test[] {
  const { branch, environment, status, verdict } = query;
  const tests: Test[] = [];
  if (branch !== null) {
    const digits = markDigits(branch);
    tests.push((scan, at) => scan.startsWith(digits, at + scanned.branchAt));
  }
  if (environment !== null) tests.push((scan, at) => scanned.environment(scan, at) === environment);
  if (status !== null)
    tests.push(
      (scan, at) => statusAt(scanned.kind(scan, at), scanned.createdAt(scan, at) || null, now) === status,
    );
  if (verdict !== null && byTimes !== null) {
    const isWanted = (reason: Reason) => (verdict === 'next' ? deletes(reason) : reason === 'latest');
    tests.push((scan, at) => {
      const kind = scanned.kind(scan, at);
      return isWanted(
        byTimes(scanned.environment(scan, at), scanned.branch(scan, at), scanned.id(scan, at), {
          outcome: ENDED_AS[kind],
          finished: hasEnded(kind),
          createdAt: scanned.createdAt(scan, at),
        }),
      );
    });
  }
  return tests;
}

/** The deployments of one page that match, how many do in all, and over how many it was looked; `null`: over all of them. */
export interface Matching {
  readonly rows: Deployment[];
  readonly matching: number;
  readonly looked: number | null;
}

/** Looks through the blocks, newest first; `size` deployments are on a page. */
export function filterRows(
  view: View,
  blocks: readonly BlockRef[],
  query: ProjectQuery,
  size: number,
  byTimes: ByTimes | null,
): Matching {
  const { store } = view;
  const tests = testsOf(view, query, byTimes);
  const first = (query.page - 1) * size;
  const places: { readonly block: number; readonly place: number }[] = [];
  let [matching, looked] = [0, 0];
  for (const { id, scan, gone } of store.readScans(blocks.map((block) => block.id))) {
    if (looked >= MOST_LOOKED) break;
    const marks = gone.length === 0 ? null : new Set(gone.map(mark));
    for (let at = scan.length - SCAN_WIDTH; at >= 0; at -= SCAN_WIDTH) {
      if (marks?.has(scanned.id(scan, at))) continue;
      looked += 1;
      let isOne = true;
      for (const test of tests) isOne &&= test(scan, at);
      if (!isOne) continue;
      if (matching >= first && places.length < size) places.push({ block: id, place: at / SCAN_WIDTH });
      matching += 1;
    }
  }
  const rows = [...Map.groupBy(places, ({ block }) => block)].flatMap(([block, found]) =>
    store.readLines(
      block,
      found.map(({ place }) => place),
    ),
  );
  return { rows, matching, looked: looked >= MOST_LOOKED ? looked : null };
}
