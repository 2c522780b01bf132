// The project list: where it ends, whatever the API says of its length, and what becomes of a run that cannot read it.

import { expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { readOverviewPage } from '../../src/keeper/views/reads.ts';
import { addSite, deletesOf, drainOneBatch, listsOf } from './accounts.ts';
import { HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const isProjects = ({ method, path }: Pick<FaultyCall, 'method' | 'path'>) =>
  method === 'GET' && path.endsWith('/projects');
const seen = async (world: World) => world.keeper.view(null, readOverviewPage);

/** Every answer of the list with this for `result_info`. */
const withInfo = (info: Record<string, unknown> | undefined) => (call: FaultyCall) =>
  isProjects(call)
    ? ({ kind: 'alter', change: (body) => ({ ...(body as object), result_info: info }) } as Fault)
    : null;

test.each<[string, Record<string, unknown> | undefined]>([
  ['nothing of its length', undefined],
  ['no number of pages', { total_count: 12 }],
  ['that there are no pages', { total_count: 12, total_pages: 0 }],
  ['that there is none at all', { total_count: 0, total_pages: 0 }],
])('it is read to its end when the API says %s', async (_, info) => {
  await inWorld({}, async (world) => {
    for (let index = 0; index < 12; index += 1) addSite(world, { name: `p${index}`, old: 0, young: 1 });
    world.simulator.fault = withInfo(info);
    await world.tick(START, undefined, START + MINUTE);
    expect(world.simulator.calls.filter(isProjects)).toHaveLength(2);
    const { projects, accountProjects } = await seen(world);
    expect(projects).toHaveLength(12);
    expect(accountProjects).toBe(12);
  });
});

test('it ends where a page is empty, though the API says that there are more', async () => {
  await inWorld({}, async (world) => {
    for (let index = 0; index < 10; index += 1) addSite(world, { name: `p${index}`, old: 0, young: 1 });
    world.simulator.fault = withInfo({ total_count: 30, total_pages: 9 });
    await world.tick(START, undefined, START + MINUTE);
    expect(world.simulator.calls.filter(isProjects)).toHaveLength(2);
    expect((await seen(world)).accountProjects).toBe(30);
  });
});

test('the bare list is asked for once, whether or not the API says how long it is', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    world.simulator.fault = (call) =>
      isProjects(call) && call.query.per_page !== undefined
        ? { kind: 'status', status: 400, code: 8_000_024 }
        : withInfo(undefined)(call);
    await world.tick();
    const sizes = world.simulator.calls.filter(isProjects);
    expect(sizes.map(({ query }) => query.per_page)).toEqual(['10', '5', undefined]);
    expect(deletesOf(world.simulator.calls)).toHaveLength(10);
  });
});

test('a list that cannot be read is asked for six times; then the run has failed, and says so', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    world.simulator.fault = (call) => (isProjects(call) ? { kind: 'status', status: 500 } : null);
    await world.tick(START, undefined, START + HOUR - 1);
    expect(world.simulator.calls).toHaveLength(6);
    const [run] = world.runs();
    expect(run).toMatchObject({ outcome: 'failed', error: 'api' });
    expect(run?.errorDetail).toMatch(/^The project list could not be read \(.+\)\. It is tried again/);
    expect(world.keeper.work().api.trouble).toMatchObject({ kind: 'unreachable', until: null });
    world.simulator.fault = null;
    await world.tick(START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', error: null, counts: { deleted: 10 } });
    expect((await seen(world)).trouble).toBeNull();
  });
});

test('that a view finds no list fails no run that has had its own', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 1_500 });
    await drainOneBatch(world);
    world.simulator.fault = (call) => (isProjects(call) ? { kind: 'status', status: 500 } : null);
    world.setNow(world.now() + 2 * MINUTE);
    await seen(world);
    while (world.keeper.work().api.trouble === null) await world.step();
    expect(world.runs()).toMatchObject([{ outcome: 'running', error: null }]);
    world.simulator.fault = null;
    await world.run(START + HOUR - 1);
    expect(world.runs()).toMatchObject([{ outcome: 'done', error: null, counts: { deleted: 1_500 } }]);
  });
});

test('what is no other deployment has none of them read again in mid-drain; a rollback has', async () => {
  for (const isMoved of [false, true])
    await inWorld({}, async (world) => {
      const docs = addSite(world, { old: 300 });
      await drainOneBatch(world);
      const before = listsOf(world.simulator.calls).length;
      docs.domains = ['docs.example.com'];
      if (isMoved) docs.rollback(docs.deployments[1]?.id ?? '');
      world.setNow(world.now() + 2 * MINUTE);
      await seen(world);
      await world.run(START + HOUR - 1);
      expect((await seen(world)).projects[0]?.project.domains).toContain('docs.example.com');
      expect(listsOf(world.simulator.calls).length > before).toBe(isMoved);
      expect(world.runs()).toMatchObject([{ outcome: 'done', counts: { deleted: 300 } }]);
    });
});
