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
