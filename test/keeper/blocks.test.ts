// Which rows of a block are builds under way.

import { expect, test } from 'vitest';
import { unfinishedIn } from '../../src/keeper/blocks.ts';
import { BUILDING, deployment } from '../plan/fixture.ts';
import { START } from './world.ts';

test('under way is what has not finished, has an id and a date', () => {
  const rows = [
    deployment({ ...BUILDING, id: 'builds', branch: 'main', createdAt: START }),
    deployment({ ...BUILDING, id: 'undated', createdAt: null }),
    deployment({ ...BUILDING, id: '' }),
    deployment({ id: 'finished' }),
  ];
  expect(unfinishedIn(rows, 7)).toEqual([{ id: 'builds', block: 7, branch: 'main', createdAt: START }]);
});
