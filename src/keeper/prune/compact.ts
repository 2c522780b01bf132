// Writing a project's blocks without what was deleted, and gathering its facts anew from what is left. No calls; a few
// blocks an invocation, the manifest whole after each.

import type { Deployment } from '../../pages-api/model.ts';
import { addToFacts, noFacts } from '../../policy/facts.ts';
import { BLOCK_ROWS, type BlockRef, unfinishedIn } from '../store/blocks.ts';
import type { Inventory, ProjectState } from '../store/inventory.ts';
import type { Store } from '../store/store.ts';

/** What a step did. `next`: blocks in order, counted from the oldest. */
export interface IndexStep {
  readonly inventory: Inventory;
  readonly next: number;
  readonly blocks: number;
  readonly done: boolean;
}

/** Goes on from the `next`-th block, counted from the oldest, for at most `limit` blocks; `keep`: see ProjectFacts. */
export function indexBlocks(
  store: Store,
  state: ProjectState,
  keep: number,
  next: number,
  limit: number,
): IndexStep {
  const inventory = state.inventory as Inventory;
  const { id } = state.project;
  const gathered = `${id} gathered`;
  const oldestFirst = [...inventory.blocks].reverse();
  const todo = oldestFirst.slice(next, next + limit);
  const rewritten = rewrite(store, todo);
  const blocks = [
    ...oldestFirst.slice(0, next),
    ...rewritten.blocks,
    ...oldestFirst.slice(next + todo.length),
  ];
  const before = next === 0 ? null : store.read('facts', gathered);
  const facts = addToFacts(before ?? noFacts(keep), rewritten.rows);
  const done = next + todo.length >= oldestFirst.length;
  store.write('facts', done ? id : gathered, facts);
  if (done) store.remove('facts', gathered);
  const moved = new Set(todo.map((block) => block.id));
  return {
    inventory: {
      ...inventory,
      blocks: blocks.reverse(),
      count: done ? blocks.reduce((sum, { n }) => sum + n, 0) : inventory.count,
      unfinished: [...inventory.unfinished.filter(({ block }) => !moved.has(block)), ...rewritten.unfinished],
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
  const unfinished: Inventory['unfinished'][number][] = [];
  let loose: Deployment[] = [];
  const settle = () => {
    for (let from = 0; from < loose.length; from += BLOCK_ROWS) {
      const part = loose.slice(from, from + BLOCK_ROWS);
      const id = store.addBlock(part);
      blocks.push({ id, n: part.length });
      unfinished.push(...unfinishedIn(part, id));
    }
    loose = [];
  };
  for (const block of todo) {
    const stored = store.readBlock(block.id);
    const left = stored.filter((row) => row !== null);
    rows.push(...left);
    if (left.length === stored.length) {
      settle();
      blocks.push({ id: block.id, n: left.length });
      unfinished.push(...unfinishedIn(left, block.id));
    } else {
      loose.push(...left);
      store.removeBlock(block.id);
    }
  }
  settle();
  return { blocks, rows, unfinished };
}
