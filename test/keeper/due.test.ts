// How many calls the next batch could use, by what is under way.

import { expect, test } from 'vitest';
import { CALLS_A_SLICE, LISTS_A_SLICE } from '../../src/keeper/calls.ts';
import { callsWanted } from '../../src/keeper/due.ts';
import { noWork, type Queue } from '../../src/keeper/work.ts';
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
