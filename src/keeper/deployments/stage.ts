// The blocks that a walk writes while it is under way: they count for nothing before it is committed. And the known rows that
// it is to meet.

import { noFacts } from '../../policy/facts.ts';
import { BLOCK_ROWS, writeBlocks } from '../store/blocks.ts';
import { isFull } from '../store/gathered.ts';
import type { BlockRef, Inventory } from '../store/inventory.ts';
import type { Store } from '../store/store.ts';
import type { KnownHead, KnownRow, Place, Walk } from './walk.ts';

/** Known rows newest first, from behind `after` on (`null`: from the newest), a hundred at least if there are so many, or `all`. */
export function knownRows(
  store: Store,
  blocks: readonly BlockRef[],
  after: Place | null,
  { all = false } = {},
): KnownRow[] {
  const from = after === null ? 0 : blocks.findIndex(({ id }) => id === after.block);
  const rows: KnownRow[] = [];
  for (const { id: block } of blocks.slice(Math.max(0, from))) {
    const inBlock = store.readBlock(block).reverse();
    const behind = after?.block === block ? inBlock.findIndex(({ id }) => id === after.id) + 1 : 0;
    for (const row of inBlock.slice(behind)) rows.push({ block, id: row.id, createdAt: row.createdAt, row });
    if (!all && rows.length >= BLOCK_ROWS) break;
  }
  return rows;
}

/** The newest known rows, for a `head` walk to meet. */
export function readKnownHead(store: Store, inventory: Inventory): KnownHead {
  const rows = knownRows(store, inventory.blocks, null);
  const dates = rows.flatMap(({ createdAt }) => createdAt ?? []);
  return {
    ids: new Set(rows.map(({ id }) => id).filter((id) => id !== '')),
    oldestAt: Math.min(Number.POSITIVE_INFINITY, ...dates),
    rows,
  };
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

/** The walk with what it has counted stored by itself, once that is much. */
export function stageFacts(store: Store, projectId: string, walk: Walk): Walk {
  if (!isFull(walk.facts)) return walk;
  store.writeGathered('walk', projectId, walk.facts, 'behind');
  return { ...walk, facts: noFacts(walk.facts.keep) };
}

/** Removes what an abandoned walk has written. */
export function dropWalk(store: Store, projectId: string): void {
  const walk = store.read('walks', projectId);
  for (const { id } of walk?.staged ?? []) store.removeBlock(id);
  if (walk) store.remove('walks', projectId);
  store.removeGathered('walk', projectId);
}
