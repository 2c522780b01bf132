// Writing a project's blocks without what was deleted, and gathering its facts anew from what is left. No calls; a few
// blocks an alarm, the manifest whole after each.

import type { Deployment } from '../../pages-api/model.ts';
import { addToFacts, noFacts } from '../../policy/facts.ts';
import { BLOCK_ROWS, unfinishedIn } from '../store/blocks.ts';
import type { BlockRef, Inventory, ProjectState, Unfinished } from '../store/inventory.ts';
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
  const gathered = next === 0 ? null : store.read('gathered', project.id);
  const facts = addToFacts(gathered ?? noFacts(keep), rewritten.rows);
  const done = next + todo.length >= oldestFirst.length;
  store.write(done ? 'facts' : 'gathered', project.id, facts);
  if (done) store.remove('gathered', project.id);
  const moved = new Set(todo.map((block) => block.id));
  return {
    inventory: {
      ...before,
      generation: before.generation + 1,
      blocks: blocks.reverse(),
      count: done ? blocks.reduce((sum, { n }) => sum + n, 0) : before.count,
      unfinished: [...before.unfinished.filter(({ block }) => !moved.has(block)), ...rewritten.unfinished],
    },
    next: next + rewritten.blocks.length,
    blocks: todo.length,
    done,
  };
}

/** Leaves blocks that are whole as they are; puts what remains of the others together. Oldest first. */
function rewrite(store: Store, todo: readonly BlockRef[]) {
  const blocks: BlockRef[] = [];
  const rows: Deployment[] = [];
  const unfinished: Unfinished[] = [];
  let loose: Deployment[] = [];
  const put = (id: number, part: readonly Deployment[]) => {
    blocks.push({ id, n: part.length });
    unfinished.push(...unfinishedIn(part, id));
  };
  const settle = () => {
    for (let from = 0; from < loose.length; from += BLOCK_ROWS) {
      const part = loose.slice(from, from + BLOCK_ROWS);
      put(store.addBlock(part), part);
    }
    loose = [];
  };
  for (const block of todo) {
    const left = store.readBlock(block.id);
    rows.push(...left);
    if (left.length === block.n) {
      settle();
      put(block.id, left);
    } else {
      loose.push(...left);
      store.removeBlock(block.id);
    }
  }
  settle();
  return { blocks, rows, unfinished };
}
