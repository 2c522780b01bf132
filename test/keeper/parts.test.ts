// Small pure parts of the Keeper, of which no whole run shows what they do by themselves.

import { expect, test } from 'vitest';
import { unfinishedIn } from '../../src/keeper/blocks.ts';
import { callsWanted } from '../../src/keeper/due.ts';
import { startWalk } from '../../src/keeper/reading/walk.ts';
import { addPage } from '../../src/keeper/reading/walk-page.ts';
import { wantWalk } from '../../src/keeper/reading/wanted.ts';
import { CALLS_A_SLICE, LISTS_A_SLICE } from '../../src/keeper/slice.ts';
import { noWork, type Queue } from '../../src/keeper/work.ts';
import type { Deployment } from '../../src/pages-api/model.ts';
import { BUILDING, deployment } from '../plan/fixture.ts';
import { START } from './world.ts';

const QUEUE: Queue = {
  project: 'id',
  name: 'docs',
  run: 'run',
  rulesHash: '',
  walkedAt: START,
  listHead: '',
  remaining: 1,
  due: 0,
  suspended: false,
};

test.each<[string, Partial<Queue>, boolean, number]>([
  ['a queue that is due: a whole batch', {}, false, CALLS_A_SLICE],
  ['one that waits to be tried again: lists', { due: START + 1 }, false, LISTS_A_SLICE],
  ['one that is read and planned again: lists', { suspended: true }, false, LISTS_A_SLICE],
  ['refused credentials: lists', {}, true, LISTS_A_SLICE],
])('what the next batch could use, with %s', (_, change, halted, calls) => {
  expect(callsWanted({ ...noWork(), halted, queues: [{ ...QUEUE, ...change }] }, START)).toBe(calls);
});

test('under way is what has not finished, has an id and a date', () => {
  const rows = [
    deployment({ ...BUILDING, id: 'builds', branch: 'main', createdAt: START }),
    deployment({ ...BUILDING, id: 'undated', createdAt: null }),
    deployment({ ...BUILDING, id: '' }),
    deployment({ id: 'finished' }),
  ];
  expect(unfinishedIn(rows, 7)).toEqual([{ id: 'builds', block: 7, branch: 'main', createdAt: START }]);
});

/** A first page of these rows, added to a reading of everything. */
function firstOf(rows: readonly Deployment[]) {
  const walk = startWalk({ kind: 'full', startedAt: START, keep: 1, unordered: false, unfinished: [] });
  const step = addPage(walk, { rows, totalCount: 90, totalPages: 4, projectId: null }, null);
  return step.kind === 'again' ? step : step.walk.first;
}

test('the first of a list is the first that has an id, and there may be none', () => {
  const [nameless, named] = [deployment({ id: '' }), deployment({ id: 'named' })];
  expect(firstOf([named, nameless])).toEqual({ id: 'named', offset: 0 });
  expect(firstOf([nameless, named])).toEqual({ id: 'named', offset: 1 });
  expect(firstOf([nameless])).toBeNull();
});

test.each([
  [true, false, true],
  [false, true, true],
  [false, false, false],
])('a reading wanted for a run (%s) and then (%s) is for a run: %s', (first, second, forRun) => {
  const work = noWork();
  wantWalk({ work }, 'docs', first);
  wantWalk({ work }, 'docs', second);
  expect(work.walks).toMatchObject([{ project: 'docs', forRun }]);
});
