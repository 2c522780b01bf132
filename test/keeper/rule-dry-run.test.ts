// A rule's own `dryRun` beside rules that are live. Found by test/e2e/worker.test.ts.

import { expect, test } from 'vitest';
import { DAY, inWorld, START } from './world.ts';

// Fails: what the held project would lose counts as `remaining`, and that makes every run `partial`, and a warning in the log.
test('a project held by dryRun does not make the runs of the others partial', () =>
  inWorld(
    {
      settings: {
        RULES: [
          { projects: ['held'], dryRun: true, prune: { olderThanDays: 30 } },
          { projects: ['*'], prune: { olderThanDays: 30 } },
        ],
      },
    },
    async (world) => {
      for (const name of ['held', 'docs']) {
        const project = world.simulator.account.addProject({ name });
        for (let days = 40; days > 0; days -= 1) project.add({ createdAt: START - days * DAY });
      }
      await world.tick();
      const [run] = world.runs();
      expect(run).toMatchObject({ dryRun: false, counts: { deleted: 11, failed: 0 }, refusals: [] });
      expect(run?.outcome).toBe('done');
    },
  ));
