// A deployment as a block holds it: nothing is lost, nothing changes its place, and what is looked for is found by its piece.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deploymentPiece, fromValues, valuesOf } from '../../src/keeper/store/values.ts';
import { deployment } from '../policy/fixture.ts';
import { inWorld } from './world.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const rows = fc.record({
  id: fc.uuid(),
  environment: fc.constantFrom('production', 'preview', 'unknown'),
  branch: text,
  createdAt: fc.option(fc.nat()),
  finishedAt: fc.option(fc.nat()),
  stage: text,
  stageStatus: text,
  skipped: fc.option(fc.boolean()),
  skipReason: fc.option(text),
  trigger: text,
  pushedTo: text,
  url: text,
  aliases: fc.array(text, { maxLength: 3 }),
  commitHash: text,
  commitMessage: fc.oneof(text, fc.constantFrom('],\n["', ',\n', '"],["', '["')),
  commitDirty: fc.boolean(),
  recorded: fc.option(
    fc.record({
      environment: fc.constantFrom('production', 'preview', 'unknown'),
      branch: text,
      createdAt: fc.option(fc.nat()),
      success: fc.boolean(),
    }),
  ),
});

test('what was stored is read again, whole and row by row, and found by its id', async () => {
  await inWorld({}, async ({ keeper: { store } }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 5 }), async (block) => {
        const [id = 0] = store.addBlocks([block]);
        expect(store.readBlock(id)).toEqual(block);
        expect(store.readWholeBlock(id)).toEqual(block);
        for (const [place, row] of block.entries()) {
          expect(store.readLines(id, [place])).toEqual([row]);
          expect(store.blocksWith([id], deploymentPiece(row.id), 1)).toEqual([id]);
        }
      }),
    );
  });
});

test('each field has a place of its own', () => {
  const row = deployment();
  expect(valuesOf(row)).toHaveLength(Object.keys(row).length);
  expect(fromValues(valuesOf(row))).toEqual(row);
});

test('a block of before, of rows with their names, is read as well', () => {
  const row = deployment({ aliases: ['https://a.docs.pages.dev'] });
  expect(fromValues(JSON.parse(JSON.stringify(row)))).toEqual(row);
});

test('a deployment is not found where another one only speaks of it', async () => {
  await inWorld({}, async ({ keeper: { store } }) => {
    const id = 'a3b1c2d4-0000-4000-8000-000000000001';
    const hostile = [`["${id}",`, `"${id}"`, id].map((word) =>
      deployment({ id: crypto.randomUUID(), commitMessage: word, branch: word, commitHash: id, aliases: [] }),
    );
    const [other = 0, own = 0] = store.addBlocks([hostile, [deployment({ id })]]);
    expect(store.blocksWith([other, own], deploymentPiece(id), 9)).toEqual([own]);
  });
});
