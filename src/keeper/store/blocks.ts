// Blocks: a hundred deployments in a stored row, oldest first, so that a new one is appended and nothing moves. Writes what it is given; which blocks are a project's is the inventory's to say.

import { type Deployment, isFinished } from '../../pages-api/model.ts';
import type { BlockRef, Unfinished } from './inventory.ts';
import type { Store } from './store.ts';

/** Deployments in one block, at most. */
export const BLOCK_ROWS = 100;

/** The newest of these blocks (newest first): two, or as many more as hold a hundred rows. */
export function topBlocks(blocks: readonly BlockRef[]): readonly BlockRef[] {
  let rows = 0;
  for (const [index, { n }] of blocks.entries()) {
    if (index >= 2 && rows >= BLOCK_ROWS) return blocks.slice(0, index);
    rows += n;
  }
  return blocks;
}

/** The row, if it had not finished: an array of one, or of none. */
export const openRow = (row: Deployment, block: number): Unfinished[] =>
  isFinished(row) || row.id === '' || row.createdAt === null
    ? []
    : [{ id: row.id, block, branch: row.branch, createdAt: row.createdAt }];

/** Those of a block's rows that had not finished. */
export const unfinishedIn = (rows: readonly Deployment[], block: number): Unfinished[] =>
  rows.flatMap((row) => openRow(row, block));

/** The deployments in these blocks (newest first), newest first; reads no more blocks than are asked for. */
export function* newestFirst(store: Store, blocks: readonly BlockRef[]): Generator<Deployment> {
  for (const { id } of blocks) yield* store.readBlock(id).reverse();
}

/** Writes rows (newest first) as blocks; gives them newest first, and which of the rows had not finished. */
export function writeBlocks(
  store: Store,
  deployments: readonly Deployment[],
): { blocks: BlockRef[]; open: Unfinished[] } {
  const blocks: BlockRef[] = [];
  const open: Unfinished[] = [];
  for (let from = 0; from < deployments.length; from += BLOCK_ROWS) {
    const rows = deployments.slice(from, from + BLOCK_ROWS).reverse();
    const id = store.addBlock(rows);
    blocks.push({ id, n: rows.length });
    open.push(...unfinishedIn(rows, id));
  }
  return { blocks, open };
}
