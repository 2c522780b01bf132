// Rows as they are stored, and back.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsFromText, rowsToText } from '../../src/keeper/block-rows.ts';
import { type Deployment, readDeployment } from '../../src/pages-api/model.ts';
import { deployment } from '../plan/fixture.ts';

const text = fc.string({ unit: 'binary' });
const at = fc.option(fc.integer({ min: 0 }));
const row: fc.Arbitrary<Deployment> = fc.record({
  id: text,
  environment: fc.constantFrom('production', 'preview'),
  branch: text,
  createdAt: at,
  finishedAt: at,
  stage: text,
  stageStatus: text,
  skipped: fc.boolean(),
  skipReason: fc.option(text),
  trigger: text,
  url: text,
  aliases: fc.array(text),
  commitHash: text,
  commitMessage: text,
  commitDirty: fc.boolean(),
});

test('what is read is what was written, field by field, in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(row)), (rows) => {
      const read = rowsFromText(rowsToText(rows));
      expect(read).toEqual(rows);
      // Known rows are compared as text with what the API says.
      expect(JSON.stringify(read)).toBe(JSON.stringify(rows));
    }),
  );
});

test('the fields are those that the API is read into, in that order', () => {
  const row = readDeployment({});
  const [read] = rowsFromText(rowsToText([row]));
  expect(Object.keys(read ?? {})).toEqual(Object.keys(row));
});

test('rows that were stored with names are read too', () => {
  const rows = [deployment(), null, deployment({ id: 'another', aliases: ['https://docs.pages.dev'] })];
  expect(rowsFromText(JSON.stringify(rows))).toEqual(rows);
});

test('names are not stored', () => {
  expect(rowsToText([deployment()])).not.toMatch(/commit|branch/);
});
