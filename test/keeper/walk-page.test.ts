// What a walk keeps of its first page, to find it again at its end.

import { expect, test } from 'vitest';
import { addPage } from '../../src/keeper/deployments/page.ts';
import { startWalk } from '../../src/keeper/deployments/walk.ts';
import type { Deployment } from '../../src/pages-api/model.ts';
import { deployment } from '../policy/fixture.ts';
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
