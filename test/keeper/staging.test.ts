// Which rows of a walk are written as blocks at the end of an invocation, and which are carried on.

import { expect, test } from 'vitest';
import { stageWalk } from '../../src/keeper/deployments/stage.ts';
import { startWalk } from '../../src/keeper/deployments/walk.ts';
import type { Store } from '../../src/keeper/store/store.ts';
import { deployment } from '../policy/fixture.ts';

/** Stages a walk whose tail has so many rows, newest first. */
function stage(rows: number) {
  const written: string[][] = [];
  const addBlocks: Store['addBlocks'] = (blocks) =>
    blocks.map((block) => written.push(block.map(({ id }) => id)));
  const ids = Array.from({ length: rows }, (_, index) => `row-${index}`);
  const walk = {
    ...startWalk({ kind: 'full', startedAt: 0, keep: 1 }),
    staged: [{ id: 99, n: 100 }],
    tail: ids.map((id) => deployment({ id })),
  };
  return { ids, written, walk: stageWalk({ addBlocks } as Store, walk) };
}

test.each([
  [0, [], 0],
  [49, [], 49],
  [50, [50], 0],
  [99, [99], 0],
  [100, [100], 0],
  [149, [100], 49],
  [150, [100, 50], 0],
  [275, [100, 100, 75], 0],
])('of %i rows blocks of %j are written, and %i rows carried on', (rows, blocks, carried) => {
  const { ids, written, walk } = stage(rows);
  expect(written.map(({ length }) => length)).toEqual(blocks);
  expect(walk.tail).toHaveLength(carried);
  // Nothing is lost or moved: blocks newest first, their rows oldest first, then the tail.
  expect([...written.flatMap((block) => block.toReversed()), ...walk.tail.map(({ id }) => id)]).toEqual(ids);
  expect(walk.staged).toEqual([{ id: 99, n: 100 }, ...blocks.map((n, index) => ({ id: index + 1, n }))]);
});
