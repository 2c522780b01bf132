// One build, read twice at different times: no page says two things of it.

import { expect, test } from 'vitest';
import { agree } from '../../src/keeper/views/further.ts';
import { readProjectPage } from '../../src/keeper/views/reads.ts';
import type { Deployment, Project } from '../../src/pages-api/model.ts';
import { deployment, project } from '../web/fixtures.ts';
import { addSite, isList } from './accounts.ts';
import { HOUR, inWorld, MINUTE, START } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null };

test.each([
  ['the list of projects is ahead', 5_000],
  ['both are of one time', 2 * HOUR],
])('on the page of a project, while %s', async (_, later) => {
  await inWorld({}, async (world) => {
    addSite(world).add({ createdAt: START - 1_000, buildMs: 20_000 });
    await world.tick(START, undefined, START + MINUTE / 2);
    // From here on only the list of projects can be read.
    world.simulator.fault = (call) => (isList(call) ? { kind: 'status', status: 500 } : null);
    world.setNow(START + later + MINUTE);
    const see = () => world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL));
    await see();
    await world.run(START + later + 2 * MINUTE);
    const page = await see();
    const latest = page?.summary.latest?.deployment;
    const row = page?.deployments.find(({ deployment: { id } }) => id === latest?.id)?.deployment;
    expect(latest).toBeDefined();
    expect([row?.stage, row?.stageStatus, row?.finishedAt]).toEqual([
      latest?.stage,
      latest?.stageStatus,
      latest?.finishedAt,
    ]);
    expect(latest?.stageStatus).toBe('success');
  });
});

const at = (stage: string, stageStatus: string, change: Partial<Deployment> = {}) =>
  deployment({ stage, stageStatus, ...change });
const QUEUED = at('queued', 'active');
const CLONING = at('clone_repo', 'active');
const BUILT = at('build', 'success');
const FAILED = at('build', 'failure');
const SKIPPED = at('queued', 'active', { skipped: true });

test.each<[Deployment, Deployment, Deployment]>([
  [QUEUED, CLONING, CLONING],
  [CLONING, QUEUED, CLONING],
  [QUEUED, FAILED, FAILED],
  [BUILT, CLONING, BUILT],
  [SKIPPED, QUEUED, SKIPPED],
  [at('a new stage', 'active'), QUEUED, QUEUED],
])('the reading that is further on is the newer one', (listed, read, wanted) => {
  const whole: Project = project({ latest: listed, canonical: listed });
  const agreed = agree(whole, [read, deployment({ id: 'another' })]);
  expect([agreed.project.latest, agreed.project.canonical, agreed.rows[0]]).toEqual([wanted, wanted, wanted]);
  expect(agreed.rows[1]?.id).toBe('another');
});

test('deployments without an id are never taken for one another', () => {
  const nameless = { ...QUEUED, id: '' };
  const { rows } = agree(project({ latest: { ...FAILED, id: '' } }), [nameless]);
  expect(rows).toEqual([nameless]);
});
