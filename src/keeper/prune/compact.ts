// Writing a project's blocks without what was deleted, and gathering its facts anew from what is left. No calls; a few
// blocks an alarm, the manifest whole after each.

import type { Deployment } from '../../pages-api/model.ts';
import { addToFacts, mergeFacts, noFacts, type ProjectFacts } from '../../policy/facts.ts';
import { BLOCK_ROWS, fitInBlock, unfinishedIn } from '../store/blocks.ts';
import { isFull } from '../store/gathered.ts';
import {
  type BlockRef,
  type Inventory,
  type ProjectState,
  type Unfinished,
  withinBounds,
} from '../store/inventory.ts';
import type { Store } from '../store/store.ts';

/** What a step did. `next`: blocks in order, counted from the oldest. */
export interface CompactStep {
  readonly inventory: Inventory;
  readonly next: number;
  readonly blocks: number;
  readonly done: boolean;
}

/** Goes on from the `next`-th block, counted from the oldest, for at most `limit` blocks; `keep`: see ProjectFacts. */
export function compactBlocks(
  store: Store,
  { project, inventory: before }: ProjectState & { readonly inventory: Inventory },
  { keep, next, limit }: { readonly keep: number; readonly next: number; readonly limit: number },
): CompactStep {
  const oldestFirst = [...before.blocks].reverse();
  const todo = oldestFirst.slice(next, next + limit);
  const rewritten = rewrite(store, todo);
  const blocks = [
    ...oldestFirst.slice(0, next),
    ...rewritten.blocks,
    ...oldestFirst.slice(next + todo.length),
  ];
  const done = next + todo.length >= oldestFirst.length;
  count(store, project.id, rewritten.rows, { keep, isFirst: next === 0, done });
  const moved = new Set(todo.map((block) => block.id));
  return {
    inventory: withinBounds({
      ...before,
      generation: before.generation + 1,
      blocks: blocks.reverse(),
      count: done ? blocks.reduce((sum, { n }) => sum + n, 0) : before.count,
      unfinished: [...before.unfinished.filter(({ block }) => !moved.has(block)), ...rewritten.unfinished],
    }),
    next: next + rewritten.blocks.length,
    blocks: todo.length,
    done,
  };
}

/** Counts these rows into what is gathered; once all are, that is what is known of the branches. */
function count(
  store: Store,
  id: string,
  rows: readonly Deployment[],
  { keep, isFirst, done }: { readonly keep: number; readonly isFirst: boolean; readonly done: boolean },
): void {
  if (isFirst) store.removeGathered('blocks', id);
  const opened = isFirst ? null : store.openGathered('blocks', id);
  const pieces: ProjectFacts[] = [opened ?? noFacts(keep)];
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const piece = pieces.pop() as ProjectFacts;
    if (isFull(piece)) pieces.push(piece);
    pieces.push(addToFacts(isFull(piece) ? noFacts(keep) : piece, rows.slice(from, from + BLOCK_ROWS)));
  }
  if (!done) {
    for (const [index, piece] of pieces.entries())
      store.writeGathered('blocks', id, piece, index === 0 && opened !== null ? 'last' : 'behind');
    return;
  }
  const stored = isFirst ? [] : store.readGathered('blocks', id);
  const [first = noFacts(keep), ...others] = [...(opened === null ? stored : stored.slice(0, -1)), ...pieces];
  store.writeFacts(id, mergeFacts(first, ...others));
  store.removeGathered('blocks', id);
}

/**
 * Leaves blocks that are whole as they are. What remains of another stays in its place, so that a queue still finds it there;
 * only what has room in the one before moves. Oldest first.
 */
function rewrite(store: Store, todo: readonly BlockRef[]) {
  const blocks: BlockRef[] = [];
  const rows: Deployment[] = [];
  const unfinished: Unfinished[] = [];
  let open: { readonly id: number; readonly left: readonly Deployment[] } | null = null;
  const put = (id: number, part: readonly Deployment[]) => {
    blocks.push({ id, n: part.length });
    unfinished.push(...unfinishedIn(part, id));
  };
  const settle = () => {
    if (open === null) return;
    store.putBlock(open.id, open.left);
    put(open.id, open.left);
    open = null;
  };
  for (const { id, n } of todo) {
    const left = store.readBlock(id);
    rows.push(...left);
    if (left.length === n) {
      settle();
      put(id, left);
      continue;
    }
    const together: Deployment[] = [...(open?.left ?? []), ...left];
    if (open !== null && fitInBlock(together)) open = { id: open.id, left: together };
    else {
      settle();
      open = left.length === 0 ? null : { id, left };
    }
    if (open?.id !== id) store.removeBlock(id);
  }
  settle();
  return { blocks, rows, unfinished };
}
