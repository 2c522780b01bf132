// The tasks: asking for a project's deployments to be read, more than once; and leaving its blocks as they are.

import { expect, test } from 'vitest';
import { noWork } from '../../src/keeper/idle.ts';
import { leaveBlocks, replan, wantForecast, wantPrune, wantReading } from '../../src/keeper/tasks.ts';

test.each([
  ['run', 'view', 'run'],
  ['view', 'run', 'run'],
  ['view', 'view', 'view'],
] as const)('a reading wanted for a %s and then a %s is for a %s', (first, second, both) => {
  const work = noWork();
  wantReading(work, { id: 'id', name: 'docs' }, first);
  wantReading(work, { id: 'id', name: 'docs' }, second);
  expect(work.tasks).toMatchObject({ id: { name: 'docs', reading: { for: both } } });
});

test('blocks that could not be put in order are left where nobody waits for the plan', () => {
  const work = noWork();
  leaveBlocks(work, 'id');
  expect(work.tasks).toEqual({});

  const project = { id: 'id', name: 'docs' };
  wantForecast(work, project);
  expect(work.tasks.id?.prune?.step).toBe('compacting');
  leaveBlocks(work, 'another');
  expect(work.tasks.id?.prune?.step).toBe('compacting');
  for (let n = 0; n < 2; n += 1) {
    leaveBlocks(work, 'id');
    expect(work.tasks.id?.prune).toBeNull();
  }

  // A run waits for it: it ends by what was wrong, not by this.
  wantPrune(work, project, { run: 'run', crons: [] });
  replan(work, 'id');
  leaveBlocks(work, 'id');
  expect(work.tasks.id?.prune).toMatchObject({ step: 'compacting', for: { run: 'run' } });
});
