// Whether the Keeper is well, by what has come of its runs, and whether the cron event shows it.

import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { addSite } from './accounts.ts';
import { CRON, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const faults: [string, Fault][] = [
  ['a wrong account id', { kind: 'status', status: 404, code: 7_003, message: 'Could not route' }],
  ['errors', { kind: 'status', status: 500 }],
  ['an HTML 403', { kind: 'status', status: 403, body: 'html' }],
];

async function tickHours(world: World, from: number, hours: number): Promise<boolean[]> {
  const ok: boolean[] = [];
  for (let hour = from; hour < from + hours; hour += 1)
    ok.push((await world.tick(START + hour * HOUR, CRON, START + hour * HOUR + 50 * MINUTE)).ok);
  return ok;
}

test.each(faults)('%s on the list, run after run: not well, and the cron events fail', async (_, fault) => {
  await inWorld({}, async (world) => {
    addSite(world);
    world.simulator.fault = () => fault;
    expect(await tickHours(world, 0, 3)).toEqual([false, false, false]);
    expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'failing', lastSuccessAt: null });
    world.simulator.fault = null;
    expect(await tickHours(world, 3, 1)).toEqual([true]);
    expect(world.keeper.health()).toMatchObject({ ok: true, reason: null });
  });
});

test('one run or two that fail after good ones are no trouble of the Keeper’s yet; three are', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await tickHours(world, 0, 1);
    world.simulator.fault = () => ({ kind: 'status', status: 500 });
    await tickHours(world, 1, 2);
    expect(world.keeper.health().ok).toBe(true);
    await tickHours(world, 3, 1);
    expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'failing' });
  });
});
