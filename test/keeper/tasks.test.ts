// The tasks: asking for a project's deployments to be read, more than once; and leaving its blocks as they are.

import { expect, test } from 'vitest';
import { noWork } from '../../src/keeper/idle.ts';
import {
  endWaiting,
  leaveBlocks,
  replan,
  wantForecast,
  wantPrune,
  wantReading,
} from '../../src/keeper/tasks.ts';
import type { Queue, Task } from '../../src/keeper/work.ts';

test.each([
  ['run', 'view', 'run'],
  ['view', 'run', 'run'],
  ['view', 'view', 'view'],
] as const)('a reading wanted for a %s and then a %s is for a %s', (first, second, both) => {
  const work = noWork();
  wantReading(work, { id: 'id', name: 'docs' }, first);
  wantReading(work, { id: 'id', name: 'docs' }, second);
  expect([...work.tasks]).toMatchObject([['id', { name: 'docs', reading: { for: both } }]]);
});

test('blocks that could not be put in order are left where nobody waits for the plan', () => {
  const work = noWork();
  leaveBlocks(work, 'id');
  expect(work.tasks.size).toBe(0);

  const project = { id: 'id', name: 'docs' };
  wantForecast(work, project);
  expect(work.tasks.get('id')?.prune?.step).toBe('compacting');
  leaveBlocks(work, 'another');
  expect(work.tasks.get('id')?.prune?.step).toBe('compacting');
  for (let n = 0; n < 2; n += 1) {
    leaveBlocks(work, 'id');
    expect(work.tasks.get('id')?.prune).toBeNull();
  }

  // A run waits for it: it ends by what was wrong, not by this.
  wantPrune(work, project, { run: 'run', crons: [] });
  replan(work, 'id');
  leaveBlocks(work, 'id');
  expect(work.tasks.get('id')?.prune).toMatchObject({ step: 'compacting', for: { run: 'run' } });
});

const PROJECT = { id: 'id', name: 'docs' };

function workWithQueue() {
  const work = noWork();
  const task: Task = {
    ...{ name: 'docs', reading: null, gone: 0, git: null },
    prune: { step: 'deleting', for: { run: 'one', crons: [] }, queue: { plan: 1, left: 7, of: 9 } as Queue },
  };
  work.tasks.set('id', task);
  return { work, task };
}

test('what was planned before waits for its turn, whatever else has it read', () => {
  const { work, task } = workWithQueue();
  wantPrune(work, PROJECT, { run: 'two', crons: ['a'] });
  expect([task.prune?.step, task.reading]).toEqual(['waiting', null]);
  // A later tick, before its turn has come.
  wantPrune(work, PROJECT, { run: 'three', crons: ['b'] });
  expect(task.prune).toMatchObject({
    step: 'waiting',
    for: { run: 'three', crons: ['a', 'b'] },
    lost: { plan: 1 },
  });
  wantReading(work, PROJECT, 'view');
  expect([task.prune?.step, task.reading?.for]).toEqual(['waiting', 'view']);
  endWaiting(work, 'id');
  expect(task.prune).toMatchObject({ step: 'reading', for: { run: 'three' }, lost: { plan: 1 } });
  expect(task.reading?.for).toBe('run');
  endWaiting(work, 'id');
  endWaiting(work, 'another');
  expect(task.prune?.step).toBe('reading');
});

test('a project that has no queue, or is being read already, is read at once', () => {
  const fresh = noWork();
  wantPrune(fresh, PROJECT, { run: 'one', crons: [] });
  expect(fresh.tasks.get('id')?.prune?.step).toBe('reading');
  const { work, task } = workWithQueue();
  wantReading(work, PROJECT, 'view');
  wantPrune(work, PROJECT, { run: 'two', crons: [] });
  expect([task.prune?.step, task.reading?.for]).toEqual(['reading', 'run']);
});
