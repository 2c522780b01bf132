// How many calls the next batch could use, by what is under way.

import { expect, test } from 'vitest';
import { CALLS_AN_ALARM, LISTS_AN_ALARM } from '../../src/keeper/budget.ts';
import { callsWanted } from '../../src/keeper/due.ts';
import { noWork } from '../../src/keeper/idle.ts';
import type { Queue, Reading, Task, Work } from '../../src/keeper/work.ts';
import { START } from './world.ts';

const QUEUE: Queue = {
  plan: 1,
  run: 'run',
  basis: {
    ...{ account: 'a@h', rules: '', name: 'docs', productionBranch: 'main' },
    ...{ at: START, walkedAt: START, listedAt: START, generation: 1 },
    ...{ canonicalId: 'live', gitReadAt: null },
  },
  listHead: '',
  left: 1,
  of: 1,
  due: 0,
  sending: null,
  stopped: false,
};
const READING: Reading = { for: 'run', due: 0, read: 0, of: null, pages: 0, begunAt: 0 };

function workWith(queue: Partial<Queue>, reading: Reading | null, halted: boolean): Work {
  const work = noWork();
  const owed = { run: 'run', crons: ['0 * * * *'] };
  const task: Task = {
    ...{ name: 'docs', gone: 0, git: null, reading },
    prune: { step: 'deleting', for: owed, queue: { ...QUEUE, ...queue } },
  };
  return { ...work, api: { ...work.api, halted }, tasks: { id: task } };
}

test.each<[string, Partial<Queue>, Reading | null, boolean, number]>([
  ['a queue that is due: a whole batch', {}, null, false, CALLS_AN_ALARM],
  ['one that waits to be tried again: lists', { due: START + 1 }, null, false, LISTS_AN_ALARM],
  ['one whose project is to be read: lists', {}, READING, false, LISTS_AN_ALARM],
  ['one whose run has failed: lists', { stopped: true }, null, false, LISTS_AN_ALARM],
  ['refused credentials: lists', {}, null, true, LISTS_AN_ALARM],
])('what the next batch could use, with %s', (_, queue, reading, halted, calls) => {
  expect(callsWanted(workWith(queue, reading, halted), START)).toBe(calls);
});
