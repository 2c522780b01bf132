// Which rows of a block are builds under way, which blocks are the top ones, and how blocks are put in order.

import { expect, test } from 'vitest';
import { mergeWalk } from '../../src/keeper/deployments/merge.ts';
import { startWalk } from '../../src/keeper/deployments/walk.ts';
import { compactBlocks } from '../../src/keeper/prune/compact.ts';
import { topBlocks, unfinishedIn } from '../../src/keeper/store/blocks.ts';
import {
  blocksOf,
  type Inventory,
  isUnchanged,
  type ProjectState,
} from '../../src/keeper/store/inventory.ts';
import type { Store } from '../../src/keeper/store/store.ts';
import { addToFacts, noFacts } from '../../src/policy/facts.ts';
import { BUILDING, deployment } from '../policy/fixture.ts';
import { HOUR, inWorld, MINUTE, START } from './world.ts';

test('under way is what has not finished, has an id and a date', () => {
  const rows = [
    deployment({ ...BUILDING, id: 'builds', branch: 'main', createdAt: START }),
    deployment({ ...BUILDING, id: 'undated', createdAt: null }),
    deployment({ ...BUILDING, id: '' }),
    deployment({ id: 'finished' }),
  ];
  expect(unfinishedIn(rows, 7)).toEqual([{ id: 'builds', block: 7, branch: 'main', createdAt: START }]);
});

test('a project has the blocks that were read of it, and none where nothing was', () => {
  const blocks = [{ id: 7, n: 3 }];
  expect(blocksOf({ inventory: { blocks } as never })).toBe(blocks);
  expect(blocksOf({ inventory: null })).toEqual([]);
  expect(blocksOf(null)).toEqual([]);
});

test('a reading that could not be shown to be whole is never the same as the one before', () => {
  const inventory = (validAt: number | null, count = 3) =>
    ({ validAt, count, generation: validAt ?? 0, blocks: [] }) as unknown as Inventory;
  expect(isUnchanged(inventory(START), inventory(START + HOUR))).toBe(true);
  expect(isUnchanged(inventory(START), inventory(START + HOUR, 4))).toBe(false);
  expect(isUnchanged(inventory(START), inventory(null))).toBe(false);
  expect(isUnchanged(inventory(null), inventory(START))).toBe(false);
  expect(isUnchanged(null, inventory(START))).toBe(false);
});

test.each([
  [[], 0],
  [[100], 1],
  [[100, 100, 100], 2],
  [[3, 97, 50], 2],
  [[3, 50, 50, 100], 3],
  [[3, 50], 2],
  [[1, 50, 1, 48, 100], 4],
])('of blocks of %j rows the top ones are %i', (sizes, top) => {
  const blocks = sizes.map((n, id) => ({ id, n }));
  expect(topBlocks(blocks)).toEqual(blocks.slice(0, top));
});

test('a known row of the hundred newest is stored as it is now, however small the blocks above are', async () => {
  await inWorld({}, async (world) => {
    const site = world.simulator.account.addProject({ name: 'docs', createdAt: START - 200 * MINUTE });
    await world.tick();
    const { store } = world.keeper;
    const state = store.read('projects', site.id);
    if (state?.inventory == null) throw new Error('not read');
    const rows = Array.from({ length: 110 }, (_, n) => deployment({ id: `row-${n}`, createdAt: START - n }));
    const blockOf = (from: number, to: number) => {
      const [id = 0] = store.addBlocks([rows.slice(from, to).reverse()]);
      return { id, n: to - from };
    };
    const blocks = [blockOf(0, 10), blockOf(10, 60), blockOf(60, 110)];
    const known = { ...state, inventory: { ...state.inventory, blocks, count: rows.length } };
    const aliases = ['https://new.docs.pages.dev'];
    const updates = [deployment({ id: 'row-90', createdAt: START - 90, aliases })];
    const walk = { ...startWalk({ kind: 'head', startedAt: START, keep: 1 }), met: true, updates };
    mergeWalk(store, known, walk, [], { valid: true });
    expect(store.readBlock(blocks[2]?.id ?? 0).find((row) => row?.id === 'row-90')).toMatchObject({
      aliases,
    });
  });
});

test('scans are given of every block that is asked for, in its order, however many there are', async () => {
  await inWorld({}, async ({ keeper: { store } }) => {
    const rows = Array.from({ length: 205 }, (_, index) => [deployment({ id: `one-${index}` })]);
    const ids = store.addBlocks(rows);
    // Each has its own number, however many are added together.
    expect(ids.map((id) => store.readBlock(id))).toEqual(rows);
    const asked = ids.toReversed();
    expect([...store.readScans(asked)].map(({ id }) => id)).toEqual(asked);
    for (const many of [0, 1, 99, 100, 101, 200])
      expect([...store.readScans(asked.slice(0, many))]).toHaveLength(many);
  });
});

test('lines of a block are given by their places; of a block that is no more there are none', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.keeper;
    const rows = ['a', 'b', 'c'].map((id) => deployment({ id }));
    const [block = 0] = store.addBlocks([rows]);
    const at = (...places: number[]) => store.readLines(block, places).map(({ id }) => id);
    expect([at(0, 2), at(1), at(3), at()]).toEqual([['a', 'c'], ['b'], [], []]);
    store.removeBlock(block);
    expect([at(0), store.readWholeBlock(block), store.readBlock(block)]).toEqual([[], [], []]);
  });
});

/** A project that was read, and what is known of it. */
async function withKnown(
  use: (store: Store, state: ProjectState & { readonly inventory: Inventory }) => Promise<void>,
): Promise<void> {
  await inWorld({}, async (world) => {
    const site = world.simulator.account.addProject({ name: 'docs', createdAt: START - MINUTE });
    await world.tick();
    const { store } = world.keeper;
    const state = store.read('projects', site.id);
    if (state?.inventory == null) throw new Error('not read');
    await use(store, { ...state, inventory: state.inventory });
  });
}

test.each([
  ['some of each', [20, 0, 60, 70, 100], [0, 3, 4]],
  ['half of each, and all of the last', [50, 50, 51, 100, 0], [0, 2, 3]],
])('what remains of a block stays in its place, or goes where there is room: %s', async (_, left, kept) => {
  await withKnown(async (store, state) => {
    const parts = left.map((many, block) =>
      Array.from({ length: 100 }, (_row, n) =>
        deployment({ id: `row-${block}-${n}`, createdAt: START + n, aliases: [`${many}`] }),
      ),
    );
    const ids = store.addBlocks(parts);
    for (const [block, id] of ids.entries())
      store.markGone(id, parts[block]?.slice(left[block]).map((row) => row.id) ?? []);
    const blocks = ids.map((id) => ({ id, n: 100 })).reverse();
    const known = { ...state, inventory: { ...state.inventory, blocks, count: 500 } };
    const { inventory, done } = compactBlocks(store, known, { keep: 1, next: 0, limit: 20 });
    const oldestFirst = inventory.blocks.toReversed();
    expect(done).toBe(true);
    expect(oldestFirst.map(({ id }) => ids.indexOf(id))).toEqual(kept);
    // In their order, each once, and no mark is left.
    const there = oldestFirst.flatMap(({ id }) => store.readWholeBlock(id)).map(({ id }) => id);
    expect(there).toEqual(parts.flatMap((part, block) => part.slice(0, left[block]).map(({ id }) => id)));
    expect(
      oldestFirst.map(({ id, n }) => [n, store.readBlock(id).length, store.readWholeBlock(id).length]),
    ).toEqual(oldestFirst.map(({ n }) => [n, n, n]));
    expect(inventory.count).toBe(there.length);
    for (const id of ids)
      if (!oldestFirst.some((block) => block.id === id)) expect(store.readWholeBlock(id)).toEqual([]);
  });
});

test('branches that are counted over many alarms are counted all, however many there are', async () => {
  await withKnown(async (store, state) => {
    const rows = Array.from({ length: 2_000 }, (_, n) =>
      deployment({ id: `row-${n}`, branch: `branch-${n}`, createdAt: START - n }),
    );
    const blocks = Array.from({ length: 20 }, (_, n) => ({
      id: store.addBlocks([rows.slice(n * 100, n * 100 + 100).reverse()])[0] ?? 0,
      n: 100,
    }));
    const inventory: Inventory = { ...state.inventory, blocks, count: rows.length };
    let known = { ...state, inventory };
    for (let next = 0; next < 20; next += 4) {
      const step = compactBlocks(store, known, { keep: 1, next, limit: 4 });
      known = { ...known, inventory: step.inventory };
      expect(step.done).toBe(next === 16);
    }
    expect(store.readFacts(state.project.id, 'all')).toEqual(addToFacts(noFacts(1), rows));
  });
});
