// The branches that a project's page offers to filter by: newest first. Reads only.

import { branchOf, type ProjectFacts } from '../../policy/facts.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import type { BlockRef } from '../store/inventory.ts';
import type { View } from './view.ts';

/** Branches that are offered at most. */
const BRANCHES_SHOWN = 60;
/** Pieces of a project's branches that one view reads: some hundreds of branches. */
const MOST_PIECES = 6;

/** What is known of a project's branches, all of them; `null`: nothing yet, or they are more than one view reads. */
export function wholeFacts({ store }: View, id: string): ProjectFacts | null {
  return store.factPieces(id) <= MOST_PIECES ? store.readFacts(id, 'all') : null;
}

/** Of a project of some hundreds of branches the newest; of one of more, those of its newest deployments. */
export function newestBranches(
  { store }: View,
  whole: ProjectFacts | null,
  blocks: readonly BlockRef[],
): string[] {
  const names =
    whole === null
      ? [...newestFirst(store, topBlocks(blocks))].map(({ branch }) => branch).filter((name) => name !== '')
      : Object.entries(whole.branches)
          .sort(([, a], [, b]) => (b.newestAt ?? 0) - (a.newestAt ?? 0))
          .map(([key]) => branchOf(key).branch);
  return [...new Set(names)].slice(0, BRANCHES_SHOWN);
}
