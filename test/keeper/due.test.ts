// When what is under way is due, whose turn it is, and whether an alarm may delete.

import { expect, test } from 'vitest';
import { CALLS_AN_ALARM, LISTS_AN_ALARM } from '../../src/keeper/budget.ts';
import { callsWanted, isDecidable, mayDelete, nextAlarm, turnsDue } from '../../src/keeper/due.ts';
import { noWork } from '../../src/keeper/idle.ts';
import { replan, toTheBack, wantForecast, wantPrune } from '../../src/keeper/tasks.ts';
import type { Queue, Reading, Task, Work } from '../../src/keeper/work.ts';
import { MINUTE, START } from './world.ts';

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

const LISTING = {
  startedAt: START,
  page: 1,
  perPage: 10,
  ids: [],
  unread: 0,
  tries: 0,
  said: null,
  due: START,
};

test.each<[string, Partial<Queue>, Reading | null, boolean, number]>([
  ['a queue that is due: a whole batch', {}, null, false, CALLS_AN_ALARM],
  ['one that waits to be tried again: lists', { due: START + 1 }, null, false, LISTS_AN_ALARM],
  ['one whose project is to be read: lists', {}, READING, false, LISTS_AN_ALARM],
  ['one whose run has failed: lists', { stopped: true }, null, false, LISTS_AN_ALARM],
  ['refused credentials: lists', {}, null, true, LISTS_AN_ALARM],
])('what the next batch could use, with %s', (_, queue, reading, halted, calls) => {
  const work = workInTurn(1, queue);
  work.api.halted = halted;
  const one = work.tasks.get('ready-0');
  if (one) one.reading = reading;
  expect(callsWanted(work, START)).toBe(calls);
});

/** So many projects whose queues are ready, and one that waits for its turn. */
function workInTurn(ready: number, queue: Partial<Queue> = {}): Work {
  const work = noWork();
  const one: Task = {
    ...{ name: 'docs', gone: 0, git: null, reading: null },
    prune: { step: 'deleting', for: { run: 'run', crons: [] }, queue: { ...QUEUE, ...queue } },
  };
  for (let n = 0; n < ready; n += 1) work.tasks.set(`ready-${n}`, structuredClone(one));
  const again: Task = {
    ...{ name: 'again', gone: 0, git: null, reading: null },
    prune: {
      step: 'waiting',
      for: { run: 'run', crons: [] },
      due: 0,
      lost: { ...QUEUE, left: 0 },
    },
  };
  work.tasks.set('again', again);
  return work;
}

const dueOf = (work: Work) => turnsDue(work, START);

// The documented limit: 1,080 calls in five minutes, 12,960 in an hour, three batches of 45 a project.
test('what was planned before is read again when fewer than 96 queues are ready', () => {
  expect(dueOf(workInTurn(95))).toEqual(['again']);
  expect(dueOf(workInTurn(96))).toEqual([]);
  // Those that wait to be tried again, or for the next tick, are not ready.
  expect(dueOf(workInTurn(96, { due: START + 1 }))).toEqual(['again']);
  expect(dueOf(workInTurn(96, { stopped: true }))).toEqual(['again']);
  const work = workInTurn(96);
  expect(nextAlarm(work, START, null)).toBeNull();
  work.api.standing = { ...work.api.standing, writes: 'no' };
  expect(dueOf(work)).toEqual(['again']);
  // With refused credentials nothing would be read.
  work.api.halted = true;
  expect(dueOf(work)).toEqual([]);
});

test('those that are read or planned for a run have their turn as well; those that are tried later, or looked at, have not', () => {
  const work = workInTurn(94);
  const named = (id: string) => ({ id, name: id });
  wantPrune(work, named('read'), { run: 'run', crons: [] });
  expect(dueOf(work)).toEqual(['again']);
  wantPrune(work, named('planned'), { run: 'run', crons: [] });
  expect(dueOf(work)).toEqual([]);
  replan(work, 'planned');
  const planned = work.tasks.get('planned');
  if (planned) planned.reading = null;
  expect([planned?.prune?.step, dueOf(work)]).toEqual(['compacting', []]);
  const reading = work.tasks.get('read')?.reading;
  if (reading) reading.due = START + 1;
  expect(dueOf(work)).toEqual(['again']);
  // Nor has a long walk, of which one goes at a time.
  if (reading) Object.assign(reading, { due: START, pages: 4 });
  expect(dueOf(work)).toEqual([]);
  if (reading) reading.pages = 5;
  expect(dueOf(work)).toEqual(['again']);
  wantForecast(work, named('looked-at'));
  expect(dueOf(work)).toEqual(['again']);
});

test('twelve at a time have their turn, those before their time have not; and no alarm fires for what waits behind others', () => {
  const config = { concurrentRebuilds: null, destinations: [], rules: [] };
  const work = workInTurn(0);
  const again = work.tasks.get('again');
  for (let n = 0; n < 20; n += 1) work.tasks.set(`more-${n}`, structuredClone(again as Task));
  expect(dueOf(work)).toHaveLength(12);
  expect(nextAlarm(work, START, config)).toBe(START);
  for (const { prune } of work.tasks.values()) if (prune?.step === 'waiting') prune.due = START + 5;
  expect([dueOf(work), nextAlarm(work, START, config)]).toEqual([[], START + 5]);
  // Ready from then on: what waits has no time of its own.
  const full = workInTurn(96, { due: START + 7 });
  expect(nextAlarm(full, START, config)).toBe(START);
  for (const { prune } of full.tasks.values()) if (prune?.step === 'deleting') prune.queue.due = START;
  full.api.pace = { ...full.api.pace, blockedUntil: START + 9 };
  expect(nextAlarm(full, START, config)).toBe(START + 9);
  expect(isDecidable(full, 'again')).toBe(true);
});

test('an alarm that reads deletes nothing; with a long walk deletes take turns, and a run with a limit does both', () => {
  const work = workInTurn(1);
  const again = work.tasks.get('again');
  if (again) Object.assign(again, { reading: { ...READING } });
  expect([mayDelete(work, START, null), mayDelete(work, START, 500)]).toEqual([false, true]);
  if (again?.reading) again.reading.pages = 5;
  expect([mayDelete(work, START, null), mayDelete(work, START, 500)]).toEqual([false, true]);
  if (again?.reading) again.reading.begunAt = START;
  toTheBack(work, 'again');
  expect(mayDelete(work, START, null)).toBe(true);
  // A long walk of half an hour goes alone: in another half it would begin anew.
  expect(mayDelete(work, START + 30 * MINUTE - 1, null)).toBe(true);
  expect(mayDelete(work, START + 30 * MINUTE, null)).toBe(false);
  toTheBack(work, 'ready-0');
  expect(mayDelete(work, START, null)).toBe(false);
  if (again) again.reading = null;
  work.listing = { ...LISTING, due: START };
  expect([mayDelete(work, START, null), mayDelete(work, START, 500)]).toEqual([false, true]);
  work.listing = { ...LISTING, due: START + 1 };
  expect(mayDelete(work, START, null)).toBe(true);
  work.api.halted = true;
  expect([mayDelete(work, START, null), mayDelete(work, START, 500)]).toEqual([false, false]);
});
