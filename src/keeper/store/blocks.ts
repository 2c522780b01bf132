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

/** Characters of a block: rows are some 300, and one may be forty thousand. */
const MOST_IN_A_BLOCK = 150_000;

/** Rows in parts of one block each, in their order. */
export function inBlocks(rows: readonly Deployment[]): Deployment[][] {
  const parts: Deployment[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const length = sizeOf(row);
    if (size + length > MOST_IN_A_BLOCK || (parts.at(-1)?.length ?? 0) >= BLOCK_ROWS) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(row);
    size += length;
  }
  return parts;
}

/** Characters that a deployment takes, roughly: what of it may be long. */
function sizeOf({ url, branch, aliases, commitMessage }: Deployment): number {
  return 500 + url.length + branch.length + commitMessage.length + aliases.join('').length;
}

/** Whether rows fit into one block. */
export function fitInBlock(rows: readonly Deployment[]): boolean {
  return inBlocks(rows).length <= 1;
}

/** Writes rows (newest first) as blocks; gives them newest first, and which of the rows had not finished. */
export function writeBlocks(
  store: Store,
  deployments: readonly Deployment[],
): { blocks: BlockRef[]; open: Unfinished[] } {
  const parts = inBlocks(deployments).map((part) => part.reverse());
  const ids = store.addBlocks(parts);
  const blocks = parts.map((rows, index) => ({ id: ids[index] as number, n: rows.length }));
  return { blocks, open: blocks.flatMap(({ id }, index) => unfinishedIn(parts[index] ?? [], id)) };
}
