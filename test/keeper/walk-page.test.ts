// What a walk makes of a page: what it keeps of the first, to find it again at its end; what it misses; what it knows already.

import { expect, test } from 'vitest';
import { addPage } from '../../src/keeper/deployments/page.ts';
import { recallPage } from '../../src/keeper/deployments/recall.ts';
import { knownRows, readKnownHead } from '../../src/keeper/deployments/stage.ts';
import { startWalk } from '../../src/keeper/deployments/walk.ts';
import type { Inventory } from '../../src/keeper/store/inventory.ts';
import type { Store } from '../../src/keeper/store/store.ts';
import type { Deployment } from '../../src/pages-api/model.ts';
import { deployment, FAILED } from '../policy/fixture.ts';
import { START } from './world.ts';

/** The first of these rows, read as the first page of everything. */
function firstOf(rows: readonly Deployment[]) {
  const walk = startWalk({ kind: 'full', startedAt: START, keep: 1, unordered: false, unfinished: [] });
  const page = { rows, unread: 0, totalCount: 90, totalPages: 4, projectId: null };
  const step = addPage(walk, page, null, []);
  return step.kind === 'again' ? step : step.walk.first;
}

test('the first of a list is the first that has an id, and there may be none', () => {
  const [nameless, named] = [deployment({ id: '' }), deployment({ id: 'named' })];
  expect(firstOf([named, nameless])).toEqual({ id: 'named', offset: 0 });
  expect(firstOf([nameless, named])).toEqual({ id: 'named', offset: 1 });
  expect(firstOf([nameless])).toBeNull();
});

/** What was expected on the first page of a longer list, and is not there; and how far the known rows were passed. */
function notOn(rows: readonly Deployment[], expected: readonly [id: string, createdAt: number | null][]) {
  const walk = startWalk({ kind: 'full', startedAt: START, keep: 1, unordered: false, unfinished: [] });
  const page = { rows, unread: 0, totalCount: 90, totalPages: 4, projectId: null };
  const known = expected.map(([id, createdAt]) => ({
    block: 7,
    id,
    createdAt,
    row: deployment({ id, createdAt }),
  }));
  const step = addPage(walk, page, null, known);
  if (step.kind === 'again') throw new Error(step.why);
  return [step.walk.missing.map(({ id }) => id), step.walk.passed?.id ?? null];
}

test('a known row above the last that was read is missing; from that one on nothing is said', () => {
  const rows = [deployment({ id: 'a', createdAt: START }), deployment({ id: 'b', createdAt: START - 10 })];
  // Nobody knows where one without a date belongs.
  expect(
    notOn(rows, [
      ['a', START],
      ['undated', null],
      ['gone', START - 9],
      ['b', START - 10],
    ]),
  ).toEqual([['gone'], 'b']);
  expect(
    notOn(rows, [
      ['gone', START - 5],
      ['equal', START - 10],
      ['older', START - 11],
    ]),
  ).toEqual([['gone'], 'gone']);
  const undated = [deployment({ id: 'u', createdAt: null })];
  expect(
    notOn(undated, [
      ['u', null],
      ['known', START],
      ['u', null],
    ]),
  ).toEqual([[], 'u']);
  expect(notOn(undated, [['known', START]])).toEqual([[], null]);
});

/** Known rows in blocks of these, both newest first. */
function known(...blocks: readonly (readonly Deployment[])[]) {
  const refs = blocks.map(({ length: n }, id) => ({ id, n }));
  const store = { readBlock: (id: number) => blocks[id]?.toReversed() ?? [] } as unknown as Store;
  return { store, refs, head: readKnownHead(store, { blocks: refs } as unknown as Inventory) };
}

test('the known rows that come next are those behind the last one that was passed, and no row twice', () => {
  const rows = ['e', 'd', 'c', 'b', 'a'].map((id, at) => deployment({ id, createdAt: START - at }));
  const { store, refs } = known(rows.slice(0, 3), rows.slice(3));
  const behind = (block: number, id: string) => knownRows(store, refs, { block, id }).map((row) => row.id);
  expect(behind(0, 'e')).toEqual(['d', 'c', 'b', 'a']);
  expect(behind(0, 'c')).toEqual(['b', 'a']);
  expect(behind(1, 'b')).toEqual(['a']);
  expect(behind(1, 'a')).toEqual([]);
  expect(knownRows(store, refs, null).map(({ id, block }) => `${block} ${id}`)).toEqual([
    '0 e',
    '0 d',
    '0 c',
    '1 b',
    '1 a',
  ]);
});

test('rows without an id are no known one: nobody can say that two of them are the same', () => {
  const nameless = deployment({ id: '', createdAt: START - 5 });
  const { head } = known([deployment({ id: 'top', createdAt: START }), nameless]);
  const walk = startWalk({ kind: 'head', startedAt: START, keep: 1 });
  const rows = [
    deployment({ id: '', createdAt: START + 9 }),
    deployment({ id: 'new', createdAt: START + 8 }),
    deployment({ id: 'top', createdAt: START }),
  ];
  const page = { rows, unread: 0, totalCount: 4, totalPages: 1, projectId: null };
  const step = addPage(walk, page, head, []);
  expect(step.kind === 'again' ? step : step.walk.tail.map(({ id }) => id)).toEqual(['', 'new']);
  // Nor is what one of them was said of another.
  const again = { ...page, rows: [deployment({ ...FAILED, id: '', createdAt: START + 9 })] };
  expect(recallPage(walk, again, head.rows)).toMatchObject({ page: again, walk: { contradicted: 0 } });
});
