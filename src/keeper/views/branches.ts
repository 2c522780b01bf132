// The branches that a project's page offers to filter by: newest first. Reads only.

import { branchOf } from '../../policy/facts.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import type { BlockRef } from '../store/inventory.ts';
import type { View } from './view.ts';

/** Branches that are offered at most. */
const BRANCHES_SHOWN = 60;
/** Pieces of a project's branches that one view reads: some hundreds of branches. */
export const MOST_PIECES = 6;

/** Of a project of some hundreds of branches the newest; of one of more, those of its newest deployments. */
export function newestBranches({ store }: View, id: string, blocks: readonly BlockRef[]): string[] {
  const names =
    store.factPieces(id) <= MOST_PIECES
      ? Object.entries(store.readFacts(id, 'all')?.branches ?? {})
          .sort(([, a], [, b]) => (b.newestAt ?? 0) - (a.newestAt ?? 0))
          .map(([key]) => branchOf(key).branch)
      : [...newestFirst(store, topBlocks(blocks))].map(({ branch }) => branch).filter((name) => name !== '');
  return [...new Set(names)].slice(0, BRANCHES_SHOWN);
}
