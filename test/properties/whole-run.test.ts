// Whole runs of the real Keeper over random accounts, rules, events and faults. `npm run test:long` plays more; the seed is fixed
// unless VITE_SEED names another.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../long.ts';
import { story } from './arbitraries.ts';
import { play } from './story.ts';

const CASES = cases({ usually: 100, long: 3_000 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_124);

test(`${CASES} random whole runs (seed ${SEED}) keep what the rules keep, and end where the rules say`, {
  timeout: 3_600_000,
}, async () => {
  let played = 0;
  let deleted = 0;
  let byGit = 0;
  let byPull = 0;
  let retried = 0;
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      const came = await play(one);
      deleted += came.deleted;
      byGit += came.byGit;
      byPull += came.byPull;
      retried += came.retried;
      played += 1;
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: false, interruptAfterTimeLimit: 3_500_000 },
  );
  expect(played).toBeGreaterThanOrEqual(CASES);
  // Runs in which nothing is ever deleted would keep anything.
  expect(deleted).toBeGreaterThan(CASES);
  expect(byGit).toBeGreaterThan(CASES / 4);
  // Of a few there may be none.
  if (CASES >= 100) expect([byPull > 0, retried > 0]).toEqual([true, true]);
  console.info(
    `${played} whole runs, ${deleted} deployments deleted, ${byGit} of them by Git alone and of these ${byPull} by their pull request, ${retried} builds tried once more`,
  );
});
