// Reading many projects at once: an alarm looks at those that it can read a page of, however many wait.

import { expect, test } from 'vitest';
import { addSite, begin, listsOf } from './accounts.ts';
import { CRON, HOUR, inWorld, START } from './world.ts';

/** Rows that one alarm reads from the storage in mid-reading, of an account of so many projects. */
async function rowsOfAnAlarm(projects: number): Promise<number> {
  let rows = 0;
  await inWorld({}, async (world) => {
    for (let index = 0; index < projects; index += 1) addSite(world, { name: `site-${index}`, old: 60 });
    await begin(world);
    while (listsOf(world.simulator.calls, 'site-0').length === 0) await world.step();
    await world.step();
    const before = world.rowsRead();
    await world.step();
    rows = world.rowsRead() - before;
    expect(world.slices.at(-1)).toBe(12);
  });
  return rows;
}

test('what an alarm reads of its storage does not grow with the projects that wait', async () => {
  const [few, many] = [await rowsOfAnAlarm(24), await rowsOfAnAlarm(96)];
  expect(many).toBeLessThanOrEqual(few + 12);
});

test('all projects are begun before any of them is read to its end', async () => {
  await inWorld({}, async (world) => {
    const sites = Array.from({ length: 40 }, (_, index) =>
      addSite(world, { name: `site-${index}`, old: 110 }),
    );
    await begin(world);
    const listed = () => sites.map(({ name }) => listsOf(world.simulator.calls, name).length);
    while (listed().includes(0)) await world.step();
    // Five pages each: of the first ones two were read before the others' turn came.
    expect(Math.max(...listed())).toBeLessThan(5);
  });
});

test('how far a walk has come, and since when, is known without reading it', async () => {
  await inWorld({}, async (world) => {
    for (const name of ['one', 'two']) addSite(world, { name, old: 400 });
    await begin(world);
    while (listsOf(world.simulator.calls, 'one').length < 6) await world.step();
    const { store } = world.keeper;
    const readings = [...world.keeper.work().tasks].flatMap(([id, { reading }]) =>
      reading !== null && reading.pages > 0 ? [[id, reading] as const] : [],
    );
    expect(readings.length).toBeGreaterThan(0);
    for (const [id, { begunAt, pages }] of readings)
      expect(store.read('walks', id)).toMatchObject({ startedAt: begunAt, page: pages + 1 });
  });
});

test('more than can be read in an hour is read in several: none begins anew while another goes on', async () => {
  await inWorld({ simulator: { latency: () => 20_000 } }, async (world) => {
    const projects = Array.from({ length: 30 }, (_, index) =>
      addSite(world, { name: `site-${index}`, old: 0, young: 420 }),
    );
    const isRead = ({ id }: { readonly id: string }) =>
      (world.keeper.store.read('projects', id)?.inventory?.validAt ?? null) !== null;
    for (let hour = 0; hour < 5; hour += 1)
      await world.tick(START + hour * HOUR, CRON, START + (hour + 1) * HOUR - 1);
    expect(projects.filter((project) => !isRead(project))).toEqual([]);
  });
});
