// The blocks that a walk writes while it is under way: they count for nothing before it is committed. And the known rows that
// it is to meet.

import { BLOCK_ROWS, writeBlocks } from '../blocks.ts';
import type { Inventory } from '../inventory.ts';
import type { Store } from '../store.ts';
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

/** The walk with its full blocks written, so that the next invocation carries few rows. */
export function stageWalk(store: Store, walk: Walk): Walk {
  const full = walk.tail.length - (walk.tail.length % BLOCK_ROWS);
  if (full === 0) return walk;
  const { blocks, open } = writeBlocks(store, walk.tail.slice(0, full));
  return {
    ...walk,
    staged: [...walk.staged, ...blocks],
    open: [...walk.open, ...open],
    tail: walk.tail.slice(full),
  };
}

/** Removes what an abandoned walk has written. */
export function dropWalk(store: Store, projectId: string): void {
  const walk = store.read('walks', projectId);
  for (const { id } of walk?.staged ?? []) store.removeBlock(id);
  if (walk) store.remove('walks', projectId);
}
