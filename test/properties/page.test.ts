// The page and the pruner share one function: what the page marks "delete" is what a tick at that instant deletes.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import type { View } from '../../src/keeper/views/view.ts';
import { acts, DAY, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import { cases } from '../long.ts';
import { policy, rows } from './arbitraries.ts';

const CASES = cases({ usually: 200, long: 5_000 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_124);

const ALL = { branch: null, environment: null, status: null, verdict: null };

/** Ids that the project's pages mark, all of them leafed through. */
async function marked(world: World, name: string): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const shown = await world.keeper.view(name, (view: View) =>
      readProjectPage(view, name, { ...ALL, page }),
    );
    pages = shown?.pages ?? 0;
    for (const { deployment, verdict } of shown?.deployments ?? []) {
      if (verdict.action === 'delete') found.push(deployment.id);
    }
  }
  return found.sort();
}

test(`what the page marks is what a tick then deletes, on ${CASES} random accounts (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  const account = fc.record({ rows, policies: fc.array(policy, { minLength: 1, maxLength: 2 }) });
  let marks = 0;
  await fc.assert(
    fc.asyncProperty(account, async ({ rows: given, policies }) => {
      await inWorld(
        {
          settings: { DRY_RUN: 'true', RULES: [{ projects: ['*'], prune: policies }] },
          start: START - MINUTE,
        },
        async (world) => {
          const project = world.simulator.account.addProject({ name: 'docs' });
          for (const { days, branch, outcome } of given) {
            project.add({ createdAt: START - 10 * MINUTE - Math.round(days * DAY), branch, outcome });
          }
          // Something is always live, so that the gate refuses nothing that the page marks.
          // Old enough to have been built: nothing changes between the reading and the view.
          project.add({ createdAt: START - 10 * MINUTE });
          await world.tick(START - MINUTE, '1 * * * *', START - 1);
          world.setNow(START);
          const shown = await marked(world, 'docs');
          world.settings.DRY_RUN = 'false';
          await world.tick(START, undefined, START + 30 * MINUTE);
          const deleted = acts(world.simulator).map((call) => call.split(' ')[2]);
          expect(deleted.sort()).toEqual(shown);
          marks += shown.length;
        },
      );
    }),
    { numRuns: CASES, seed: SEED },
  );
  // A property over accounts in which nothing is ever deleted would hold of anything.
  expect(marks).toBeGreaterThan(CASES);
});
