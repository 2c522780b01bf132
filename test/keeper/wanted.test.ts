// Asking for a project's deployments to be read, more than once.

import { expect, test } from 'vitest';
import { wantWalk } from '../../src/keeper/deployments/want.ts';
import { noWork } from '../../src/keeper/work.ts';

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
