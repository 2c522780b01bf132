// When a view has the account looked at again, to the millisecond, and how long the very first one waits.

import { expect, test } from 'vitest';
import { readOverviewPage, readProjectPage } from '../../src/keeper/views/reads.ts';
import { addSite, isList, listsOf } from './accounts.ts';
import { readings } from './under-way.ts';
import { HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null };
const seeAll = (world: World) => world.keeper.view(null, readOverviewPage);
const seeDocs = (world: World) => world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL));

/** Reads everything once, and gives when the list was read. */
async function readOnce(world: World): Promise<number> {
  await world.tick(START, undefined, START + MINUTE);
  expect(world.alarmAt()).toBeNull();
  return world.keeper.work().looked.checkedAt ?? 0;
}

/** Whether a view at this time asks for a look. */
async function asks(world: World, at: number, see: (world: World) => Promise<unknown>): Promise<boolean> {
  world.setNow(at);
  await see(world);
  return world.alarmAt() !== null;
}

test('what was seen is fresh for a minute', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    const checkedAt = await readOnce(world);
    expect(await asks(world, checkedAt + MINUTE, seeAll)).toBe(false);
    expect(await asks(world, checkedAt + MINUTE + 1, seeAll)).toBe(true);
  });
});

test('while a build is under way it is fresh for 15 s', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world);
    project.add({ createdAt: START - 1_000, buildMs: HOUR });
    const checkedAt = await readOnce(world);
    expect(await asks(world, checkedAt + 15_000, seeAll)).toBe(false);
    expect(await asks(world, checkedAt + 15_001, seeAll)).toBe(true);
  });
});

test('a project with a build under way has its deployments read again after 15 s, not sooner', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world);
    project.add({ createdAt: START - 1_000, buildMs: HOUR });
    await readOnce(world);
    const readAt = world.keeper.store.read('projects', project.id)?.inventory?.validAt ?? 0;
    world.setNow(readAt + 15_000);
    await seeDocs(world);
    expect(readings(world)).toEqual([]);
    world.setNow(readAt + 15_001);
    await seeDocs(world);
    expect(readings(world)).toMatchObject([{ project: project.id, for: 'view' }]);
  });
});

test('a project that could not be read whole by a run is not read again at once for who looks', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 60 });
    world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 3 } : null);
    await world.tick(START, undefined, START + MINUTE);
    const inventory = world.keeper.store.read('projects', project.id)?.inventory;
    expect(inventory).toMatchObject({ validAt: null });
    world.setNow((inventory?.fullAt ?? 0) + MINUTE);
    await seeDocs(world);
    expect(readings(world)).toEqual([]);
    world.setNow((inventory?.fullAt ?? 0) + MINUTE + 1);
    await seeDocs(world);
    expect(readings(world)).toHaveLength(1);
  });
});

test('the very first view waits for the first look, and no longer', async () => {
  await inWorld({ simulator: { latency: () => 100 } }, async (world) => {
    addSite(world);
    let seenAt = 0;
    const seeing = seeAll(world).then((page) => {
      seenAt = world.now();
      return page;
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await world.run(START);
    expect((await seeing).projects).toHaveLength(1);
    expect(seenAt).toBeLessThan(START + 1_000);
  });
});

test('where the token is refused there is nothing that a view could wait for', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    world.simulator.fault = () => ({ kind: 'status', status: 403, code: 9109 });
    await world.tick(START, undefined, START + MINUTE);
    const before = world.now();
    await seeAll(world);
    expect(world.now()).toBe(before);
  });
});

test('a tick for what a viewer already has read is one reading, and shows as the run’s', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 400 });
    await readOnce(world);
    project.push('main', START + HOUR - MINUTE);
    world.setNow(START + HOUR);
    await seeDocs(world);
    await world.step();
    world.simulator.calls.length = 0;
    await world.tick(START + HOUR, undefined, START + HOUR + MINUTE);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', scheduledAt: START + HOUR });
    expect(listsOf(world.simulator.calls).length).toBeLessThanOrEqual(2);
  });
});
