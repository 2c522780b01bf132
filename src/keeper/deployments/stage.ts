// The blocks that a walk writes while it is under way: they count for nothing before it is committed. And the known rows that
// it is to meet.

import { BLOCK_ROWS, writeBlocks } from '../store/blocks.ts';
import type { Inventory } from '../store/inventory.ts';
import type { Store } from '../store/store.ts';
import type { KnownHead, Walk } from './walk.ts';

/** The newest known rows, at least a hundred if there are so many, for a `head` walk to meet. */
export function readKnownHead(store: Store, inventory: Inventory): KnownHead {
  const ids = new Set<string>();
  let oldestAt = Number.POSITIVE_INFINITY;
  for (const { id } of inventory.blocks) {
    for (const row of store.readBlock(id)) {
      if (row === null) continue;
      if (row.id !== '') ids.add(row.id);
      if (row.createdAt !== null) oldestAt = Math.min(oldestAt, row.createdAt);
    }
    if (ids.size >= BLOCK_ROWS) break;
  }
  return { ids, oldestAt };
}

// Rows that are carried on are read and written again in every invocation; a block of a few is a stored row for little.
const ENOUGH = BLOCK_ROWS / 2;

/** The walk with its rows written as blocks, the last ones once they fill half of one. */
export function stageWalk(store: Store, walk: Walk): Walk {
  const rest = walk.tail.length % BLOCK_ROWS;
  const ready = walk.tail.length - (rest < ENOUGH ? rest : 0);
  if (ready === 0) return walk;
  const { blocks, open } = writeBlocks(store, walk.tail.slice(0, ready));
  return {
    ...walk,
    staged: [...walk.staged, ...blocks],
    open: [...walk.open, ...open],
    tail: walk.tail.slice(ready),
  };
}

/** Removes what an abandoned walk has written. */
export function dropWalk(store: Store, projectId: string): void {
  const walk = store.read('walks', projectId);
  for (const { id } of walk?.staged ?? []) store.removeBlock(id);
  if (walk) store.remove('walks', projectId);
}
