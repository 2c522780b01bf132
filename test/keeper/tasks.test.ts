// The tasks: asking for a project's deployments to be read, more than once.

import { expect, test } from 'vitest';
import { noWork } from '../../src/keeper/idle.ts';
import { wantReading } from '../../src/keeper/tasks.ts';

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
