// The branches of which a project has deployments: all of them, and those that its page offers to filter by. Reads only.

import type { Environment } from '../../pages-api/model.ts';
import { branchOf, type ProjectFacts } from '../../policy/facts.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import type { BlockRef } from '../store/inventory.ts';
import { mark, SCAN_WIDTH, scanned } from '../store/scan.ts';
import type { View } from './view.ts';

/** Branches that are offered at most. */
const BRANCHES_SHOWN = 60;
/** Pieces of a project's branches that one view reads: some hundreds of branches. */
const MOST_PIECES = 6;

/** What is known of a project's branches, all of them; `null`: nothing yet, or they are more than one view reads. */
export function wholeFacts({ store }: View, id: string): ProjectFacts | null {
  return store.factPieces(id) <= MOST_PIECES ? store.readFacts(id, 'all') : null;
}

/** Whether a branch has a deployment in an environment. */
export type IsThere = (environment: Environment, branch: string) => boolean;

/**
 * Of the branches that are known of a project, by its id, those that are there: all of them, but while its deployments are being
 * deleted, for what is known of the branches is counted anew after that.
 */
export function branchesLeft({ store, work }: View, id: string, blocks: readonly BlockRef[]): IsThere {
  if ((work.tasks.get(id)?.gone ?? 0) === 0) return () => true;
  const left = { production: new Set<number>(), preview: new Set<number>(), unknown: new Set<number>() };
  for (const { scan, gone } of store.readScans(blocks.map((block) => block.id))) {
    const marks = new Set(gone.map(mark));
    for (let at = scan.length - SCAN_WIDTH; at >= 0; at -= SCAN_WIDTH)
      if (!marks.has(scanned.id(scan, at))) left[scanned.environment(scan, at)].add(scanned.branch(scan, at));
  }
  return (environment, branch) => left[environment].has(mark(branch));
}

/** Of a project of some hundreds of branches the newest; of one of more, those of its newest deployments. */
export function newestBranches(
  view: View,
  id: string,
  whole: ProjectFacts | null,
  blocks: readonly BlockRef[],
): string[] {
  const { store } = view;
  const isThere = whole === null ? null : branchesLeft(view, id, blocks);
  const names =
    whole === null
      ? [...newestFirst(store, topBlocks(blocks))].map(({ branch }) => branch).filter((name) => name !== '')
      : Object.entries(whole.branches)
          .sort(([, a], [, b]) => (b.newestAt ?? 0) - (a.newestAt ?? 0))
          .map(([key]) => branchOf(key))
          .filter(({ environment, branch }) => isThere?.(environment, branch))
          .map(({ branch }) => branch);
  return [...new Set(names)].slice(0, BRANCHES_SHOWN);
}
