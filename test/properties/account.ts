// A random account and its rules, for what is looked at in every phase. Arbitraries and builders; checks nothing.

import fc from 'fast-check';
import type { SimulatedProject } from '../../simulator/account.ts';
import { DAY, HOUR, START, type World } from '../keeper/world.ts';
import { policy, rows } from './arbitraries.ts';

/** What a random account is made from, its rules, and what happens to it. */
export const drawn = fc.record({
  accounts: fc.array(rows, { minLength: 1, maxLength: 2 }),
  policies: fc.array(policy, { minLength: 1, maxLength: 2 }),
  // What a run leaves undone at its limit goes next.
  limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: 1_000, freq: 2 }),
  rolledBack: fc.boolean(),
  // A project of previews only: nothing is live, and nothing ever was.
  headless: fc.boolean(),
  // A project of which production never came to anything: nobody knows what must stay.
  down: fc.boolean(),
  // Builds of what is uploaded are no builds of ours.
  connected: fc.boolean(),
  /** After how many alarms of a run something goes wrong. */
  after: fc.integer({ min: 0, max: 1 }),
  // So many branches beside the others that they are no links any more, some of them stale.
  branches: fc.integer({ min: 0, max: 6 }),
});

/** One of them. */
export type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** No two took as long, nor began at once: a picture that mixes them up is another one. */
const buildMs = (index: number) => 15_000 + ((index * 7_919) % 100_000);

/** Fills the simulated account; gives its projects. */
export function fill(
  world: World,
  { accounts, policies, rolledBack, headless, down, connected, branches }: Drawn,
): SimulatedProject[] {
  return accounts.map((given, index) => {
    const project = world.simulator.account.addProject({
      name: `p${index}`,
      source: connected ? 'github' : null,
    });
    const isHeadless = headless && index === 1;
    // Everything has ended: nothing changes but by what is deleted.
    const isDown = down && index === 1;
    const ending = (branch: string, outcome: 'success' | 'failure') =>
      isDown && branch === 'main' && outcome === 'success' ? 'failure' : outcome;
    if (!isHeadless) project.add({ createdAt: START - 21 * DAY, outcome: ending('main', 'success') });
    // One expires between a run and the next, and another is newer: so it goes then, and not before.
    const soon = START + HOUR / 2 - (policies[0]?.olderThanDays ?? 1) * DAY;
    for (const createdAt of [soon, START - 2 * HOUR])
      project.add({ createdAt, branch: 'dev', outcome: 'failure' });
    const all = given as { days: number; branch: string; outcome: 'success' }[];
    for (const [place, { days, branch, outcome }] of all.entries()) {
      if (isHeadless && branch === 'main') continue;
      const createdAt = START - 25 * HOUR - Math.round(days * DAY) - place;
      project.add({ createdAt, branch, outcome: ending(branch, outcome), buildMs: buildMs(place) });
    }
    for (let nth = 0; nth < branches; nth += 1)
      for (const days of [2, 9])
        project.add({ createdAt: START - days * (nth + 1) * DAY - nth, branch: `topic-${nth}` });
    const target = project.deployments.find(
      (row) => row.environment === 'production' && row.isSuccessful(START),
    );
    const older = project.deployments.findLast(
      (row) => row.environment === 'production' && row.isSuccessful(START),
    );
    if (rolledBack && older !== undefined && older !== target) project.rollback(older.id);
    return project;
  });
}
