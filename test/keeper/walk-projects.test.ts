// Projects that vanish, come back under their name, or change their production branch; and answers that only look like it.

import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { addSite, idsOf, isList, knownIds, listsOf, names } from './accounts.ts';
import { HOUR, inWorld, START } from './world.ts';

test('another production branch is another world: everything is read again, as previews what was production', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 60 });
    await world.tick();
    project.renameProductionBranch('trunk');
    const before = world.simulator.calls.length;
    await world.tick(START + 2 * HOUR);
    expect(listsOf(world.simulator.calls.slice(before))).toHaveLength(Math.ceil(60 / 25) + 1);
    expect(knownIds(world, project)).toEqual(idsOf(project));
    const inventory = world.keeper.store.read('projects', project.id)?.inventory;
    expect(inventory).toMatchObject({ productionBranch: 'trunk', count: 60 });
  });
});

test('a project missing from the list is forgotten only when asking for it says that it does not exist', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world);
    addSite(world, { name: 'blog' });
    await world.tick();
    const hide: Fault = {
      kind: 'alter',
      change: (body) => ({
        ...body,
        result: (body.result as { name: string }[]).filter(({ name }) => name !== 'docs'),
      }),
    };
    const isProjects = ({ path }: FaultyCall) => path.endsWith('/projects');
    world.simulator.fault = (call) => (isProjects(call) ? hide : null);
    await world.tick(START + HOUR);
    expect(knownIds(world, project)).toHaveLength(3);
    for (const status of [500, 404]) {
      world.simulator.fault = (call) =>
        isProjects(call) ? hide : call.path.endsWith('/docs') ? { kind: 'status', status, code: 7003 } : null;
      await world.tick(START + 2 * HOUR + status);
      expect(knownIds(world, project)).toHaveLength(3);
    }
    world.simulator.fault = null;
    world.simulator.account.deleteProject('docs');
    await world.tick(START + 4 * HOUR);
    expect(knownIds(world, project)).toEqual([]);
    expect(world.keeper.store.projectIds()).toHaveLength(1);
  });
});

test.each<[string, (call: FaultyCall) => boolean]>([
  ['between the project list and its deployments', isList],
  ['between two pages', (call) => isList(call) && call.query.page === '2'],
  ['between the plan and the first delete', ({ method }) => method === 'DELETE'],
])(
  'a project recreated under its name %s: what is planned and deleted is the new one’s own, later',
  async (_, when) => {
    await inWorld({}, async (world) => {
      const old = addSite(world, { old: 40 });
      let recreated: SimulatedProject | null = null;
      world.simulator.fault = (call) => {
        if (recreated === null && when(call)) {
          world.simulator.account.deleteProject('docs');
          recreated = addSite(world, { old: 41, young: 29 });
        }
        return null;
      };
      await world.tick();
      const project = world.simulator.account.project('docs');
      expect(project.id).not.toBe(old.id);
      expect(project.deployments).toHaveLength(41 + 29);
      await world.tick(START + HOUR);
      expect(project.deployments).toHaveLength(29);
      expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 41, gone: 0 } });
      expect(world.keeper.store.projectIds()).toEqual([project.id]);
    });
  },
);

test('a project recreated under its name since the last run is read from nothing, the old one forgotten', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 40 });
    await world.tick();
    world.simulator.account.deleteProject('docs');
    const project = addSite(world, { old: 2, young: 60 });
    await world.tick(START + HOUR);
    expect(world.keeper.store.projectIds()).toEqual([project.id]);
    expect(knownIds(world, project)).toEqual(idsOf(project));
    expect(world.runs()[0]).toMatchObject({ outcome: 'done' });
  });
});

test.each<[string, Fault]>([
  ['a 404 without an envelope', { kind: 'status', status: 404, body: 'html' }],
  ['a 404 of another code', { kind: 'status', status: 404, code: 7003 }],
  ['"no such project"', { kind: 'status', status: 404, code: 8_000_007 }],
])('%s is not taken for a deletion', async (_, fault) => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 60 });
    world.simulator.fault = ({ method }) => (method === 'DELETE' ? fault : null);
    await world.tick();
    expect(project.deployments).toHaveLength(63);
    for (const run of world.runs()) expect(run.counts).toMatchObject({ deleted: 0, gone: 0 });
    world.simulator.fault = null;
    await world.tick(START + HOUR);
    expect(project.deployments).toHaveLength(3);
  });
});

test('"no such project" in mid-drain drops its queue and lists the projects again', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 60 });
    let sent = 0;
    world.simulator.fault = ({ method }) => {
      if (method === 'DELETE' && ++sent === 20) world.simulator.account.deleteProject('docs');
      return null;
    };
    await world.tick();
    expect(sent).toBeLessThanOrEqual(20 + 5);
    expect(names(world.simulator.calls.slice(-2))).toEqual(['GET', 'GET docs']);
    expect(world.keeper.store.projectIds()).toEqual([]);
    // Those before it, but for some that were in flight.
    const deleted = 63 - project.deployments.length;
    expect(deleted).toBeGreaterThanOrEqual(19 - 5);
    expect(world.runs()[0]?.counts).toMatchObject({ deleted, gone: 0, remaining: 0 });
  });
});
