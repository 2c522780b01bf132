// Views: answered from what is stored; a look at the API only when that is old, and never once a visitor.

import { expect, test } from 'vitest';
import { readOverviewPage, readProjectPage } from '../../src/keeper/views/reads.ts';
import type { View } from '../../src/keeper/views/view.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null };
const seeProject = (world: World, name: string) =>
  world.keeper.view(name, (view: View) => readProjectPage(view, name, ALL));
const seeAll = (world: World) => world.keeper.view(null, readOverviewPage);

async function readOnce(world: World): Promise<void> {
  await world.tick(START, undefined, START + MINUTE);
  world.simulator.calls.length = 0;
}

test('a thousand views of fresh data cost no call, of old data one look', async () => {
  await inWorld({}, async (world) => {
    for (let index = 0; index < 20; index += 1) {
      world.simulator.account.addProject({ name: `p${index}` }).add({ createdAt: START - HOUR });
    }
    await readOnce(world);
    world.setNow(START + 30_000);
    for (let view = 0; view < 1_000; view += 1) await seeAll(world);
    await world.run(START + 30_000);
    expect(world.simulator.calls).toHaveLength(0);
    world.setNow(START + 5 * MINUTE);
    for (let view = 0; view < 1_000; view += 1) await seeAll(world);
    await world.run(START + 5 * MINUTE);
    expect(world.simulator.calls).toHaveLength(2);
  });
});

test('a project that has moved is read once for its viewers, though another was seen first', async () => {
  await inWorld({}, async (world) => {
    const [a, b] = ['a', 'b'].map((name) => world.simulator.account.addProject({ name }));
    a?.add({ createdAt: START - HOUR });
    b?.add({ createdAt: START - HOUR });
    await readOnce(world);
    world.setNow(START + 5 * MINUTE);
    a?.push('main', world.now());
    b?.push('main', world.now());
    await seeProject(world, 'a');
    await world.run(world.now());
    for (let view = 0; view < 50; view += 1) await seeProject(world, 'b');
    await world.run(world.now());
    expect((await seeProject(world, 'b'))?.deployments).toHaveLength(2);
    const lists = world.simulator.calls.filter(({ path }) => path.endsWith('/deployments'));
    expect(lists.map(({ project }) => project)).toEqual(['a', 'b']);
  });
});

test('a project that cannot be read whole is not tried again for every visitor', async () => {
  await inWorld({ settings: { RULES: [{ projects: ['*'] }] } }, async (world) => {
    world.simulator.account.addProject({ name: 'docs' }).add({ createdAt: START - DAY });
    world.simulator.fault = ({ path }) =>
      path.endsWith('/deployments') ? { kind: 'status', status: 500 } : null;
    await readOnce(world);
    for (let view = 0; view < 100; view += 1) {
      void seeProject(world, 'docs');
      await world.run(world.now());
    }
    expect(world.simulator.calls.length).toBeLessThanOrEqual(12);
  });
});
