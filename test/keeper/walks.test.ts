// Walks that cannot be fooled: by what others do between two pages, totals that lie, rows that finish late, any order.

import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { addSite, deletesOf, idsOf, isList, knownIds, listsOf, mustGo, oldIds } from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const POLICY = { olderThanDays: 1, keepLatest: 3 };
const settings = { RULES: [{ projects: ['*'], prune: POLICY }] };

/** Notes each DELETE of what the rules, looked at afresh, keep. */
function watchDeletes(world: World, project: SimulatedProject, at: number) {
  const wrong: number[] = [];
  const watch = ({ method, deploymentId }: FaultyCall) => {
    if (method !== 'DELETE' || !deploymentId || project.get(deploymentId) === null) return;
    if (!mustGo(world, project, [POLICY], at).has(deploymentId))
      wrong.push(idsOf(project).indexOf(deploymentId));
  };
  return { watch, wrong };
}

/** A project of which 30 deployments are known from a tick at START, none expired, and 60 newer ones are not. */
async function knownAndNew(world: World): Promise<SimulatedProject> {
  const project = world.simulator.account.addProject({ name: 'docs', createdAt: START });
  for (let minute = 90; minute > 60; minute -= 1) project.add({ createdAt: START - minute * MINUTE });
  await world.tick(START, CRON, START + MINUTE);
  for (let minute = 0; minute < 60; minute += 1) project.add({ createdAt: START + minute * MINUTE });
  return project;
}

const between: [string, (project: SimulatedProject, at: number) => void][] = [
  ['a deployment of page 1 is deleted', (project) => project.remove(idsOf(project)[1] ?? '')],
  ['the newest is deleted', (project) => project.remove(idsOf(project)[0] ?? '')],
  ['one of page 2 is deleted', (project) => project.remove(idsOf(project)[30] ?? '')],
  ['a known one is deleted', (project) => project.remove(idsOf(project)[70] ?? '')],
  ['somebody pushes', (project, at) => project.push('main', at)],
  [
    'one is deleted and one pushed',
    (project, at) => {
      project.remove(idsOf(project)[2] ?? '');
      project.push('main', at);
    },
  ],
];

test.each(between)(
  '%s between any two pages: nothing that stays is deleted, all that is known is there',
  async (_, act) => {
    for (let page = 0; page < 5; page += 1) {
      await inWorld({ settings }, async (world) => {
        const project = await knownAndNew(world);
        const at = START + 3 * DAY;
        const { watch, wrong } = watchDeletes(world, project, at);
        let lists = 0;
        world.simulator.fault = (call) => {
          if (isList(call) && lists++ === page) act(project, world.now());
          watch(call);
          return null;
        };
        await world.tick(at);
        expect(wrong, `kept deployments deleted: pages ${page}`).toEqual([]);
        expect(world.runs()[0]?.outcome, `before list ${page}`).toBe('done');
        expect(knownIds(world, project), `before list ${page}`).toEqual(idsOf(project));
        expect(idsOf(project).length, `before list ${page}`).toBeLessThanOrEqual(4);
      });
    }
  },
);

test('a row that a push repeats on the next page is no overlap with what is known: nothing is read twice for it', async () => {
  await inWorld({ settings }, async (world) => {
    const project = await knownAndNew(world);
    const before = world.simulator.calls.length;
    world.simulator.fault = (call) => {
      if (isList(call) && call.query.page === '2') project.push('main', world.now());
      return null;
    };
    await world.tick(START + 3 * DAY);
    const pages = listsOf(world.simulator.calls.slice(before)).map(({ query }) => query.page);
    expect(pages).toEqual(['1', '2', '3', '1']);
  });
});

test('killed between any two pages, with a deployment deleted meanwhile, it knows what is there', async () => {
  for (let page = 1; page < 5; page += 1) {
    await inWorld({ settings }, async (world) => {
      const project = await knownAndNew(world);
      const at = START + 3 * DAY;
      const { watch, wrong } = watchDeletes(world, project, at);
      let lists = 0;
      world.simulator.fault = (call) => {
        if (isList(call) && lists++ === page) {
          project.remove(idsOf(project)[1] ?? '');
          world.restart();
        }
        watch(call);
        return null;
      };
      await world.tick(at);
      expect(wrong).toEqual([]);
      expect(world.runs()[0]?.outcome).toBe('done');
      expect(knownIds(world, project)).toEqual(idsOf(project));
    });
  }
});

test('killed where it begins anew, with blocks of the first attempt stored, it misses nothing', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 350 });
    const planned = oldIds(project);
    let ends = 0;
    let died = false;
    world.simulator.fault = (call) => {
      if (!isList(call)) return null;
      if (call.query.page === '14') ends += 1;
      // The total lags once, where page 1 is read again; death follows with the next call.
      if (call.query.page !== '1' || ends !== 1 || died) return null;
      if (world.log.some(({ event }) => event === 'walk-again')) {
        died = true;
        world.restart();
        return null;
      }
      return { kind: 'total-count', by: 1 };
    };
    await world.tick();
    expect(died).toBe(true);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: planned.length } });
    expect(knownIds(world, project)).toEqual(idsOf(project));
  });
});

test.each([0, 23, 24, 25, 60, 99, 100, 130])(
  'a row recorded as building under %d others that has finished since is read again',
  async (above) => {
    const prune = { olderThanDays: 1, keepLatest: 2 };
    await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
      const project = world.simulator.account.addProject({ name: 'docs', createdAt: START });
      for (const days of [4, 3, 2]) project.add({ createdAt: START - days * DAY, branch: 'dev' });
      project.add({ createdAt: START - DAY });
      const late = project.push('dev', START - 30_000);
      for (let row = 0; row < above; row += 1) project.add({ createdAt: START - 20_000 + row, buildMs: 1 });
      await world.tick(START, CRON, START + 1_000);
      // The alias is this one's, so the API would let `late` go.
      const newest = project.push('dev', START + 2 * HOUR);
      await world.tick(START + 2 * DAY);
      const left = project.deployments.filter(({ branch }) => branch === 'dev').map(({ id }) => id);
      expect(left).toEqual([newest.id, late.id]);
      expect(project.deployments.filter(({ branch }) => branch === 'main').length).toBeLessThanOrEqual(2);
    });
  },
);

test.each<[string, (index: number) => Fault | null, string]>([
  ['always one too many', () => ({ kind: 'total-count', by: 1 }), 'the API says'],
  [
    'another one at each answer',
    (index) => ({ kind: 'total-count', by: index }),
    'deleted while they were read',
  ],
  [
    'missing',
    () => ({ kind: 'alter', change: ({ result_info: _, ...body }) => body }),
    'did not say how many',
  ],
])(
  'a total that is %s: tried three times, then this project is left alone, and others are not',
  async (_, fault, why) => {
    await inWorld(
      { settings: { RULES: [{ projects: ['*'], prune: { olderThanDays: 30 } }] } },
      async (world) => {
        const docs = addSite(world, { old: 40 });
        const blog = addSite(world, { name: 'blog', old: 40 });
        const planned = oldIds(blog);
        let lists = 0;
        world.simulator.fault = (call) => (isList(call) && call.project === 'docs' ? fault(lists++) : null);
        await world.tick();
        expect(deletesOf(world.simulator.calls, 'docs')).toEqual([]);
        expect(deletesOf(world.simulator.calls, 'blog')).toEqual(planned);
        expect(docs.deployments).toHaveLength(43);
        expect(listsOf(world.simulator.calls).filter(({ query }) => query.page === '2')).toHaveLength(3);
        const [run] = world.runs();
        expect(run?.outcome).toBe('partial');
        expect(run?.refusals).toMatchObject([{ project: 'docs', why: expect.stringContaining(why) }]);
        world.simulator.fault = null;
        await world.tick(START + HOUR);
        expect(docs.deployments).toHaveLength(3);
      },
    );
  },
);

test('a total that lags once is asked for again', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 40 }));
    let lists = 0;
    world.simulator.fault = (call) => (isList(call) && lists++ === 0 ? { kind: 'total-count', by: 1 } : null);
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('an order that is not newest first is read whole, every id remembered, and pruned all the same', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 60 });
    const planned = oldIds(project);
    const reversed: Fault = {
      kind: 'alter',
      change: (body) => ({ ...body, result: Array.isArray(body.result) ? body.result.reverse() : null }),
    };
    world.simulator.fault = (call) => (isList(call) ? reversed : null);
    await world.tick();
    expect(deletesOf(world.simulator.calls).toSorted()).toEqual(planned.toSorted());
    expect(world.runs()[0]?.outcome).toBe('done');
    // Nothing tells where the new ones are, so the next run reads everything, too.
    for (let row = 0; row < 30; row += 1) project.push('dev', START + HOUR + row * 1_000);
    const before = world.simulator.calls.length;
    await world.tick(START + 2 * HOUR);
    expect(listsOf(world.simulator.calls.slice(before))).toHaveLength(Math.ceil(33 / 25) + 1);
    expect(knownIds(world, project).toSorted()).toEqual(idsOf(project).toSorted());
  });
});

test('a short reading whose end fails is dropped: what was known before is valid still, and read on from there', async () => {
  await inWorld({ settings }, async (world) => {
    const project = await knownAndNew(world);
    let head = 0;
    world.simulator.fault = (call) => {
      // From the second time on that page 1 is asked for.
      if (isList(call) && call.query.page === '1') head += 1;
      return isList(call) && head > 1 ? { kind: 'status', status: 500 } : null;
    };
    await world.tick(START + DAY, CRON, START + 2 * DAY);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', refusals: [{ project: 'docs' }] });
    expect(knownIds(world, project)).toHaveLength(30);
    world.simulator.fault = null;
    const before = world.simulator.calls.length;
    await world.tick(START + 2 * DAY);
    // The 60 new ones and the first known: three pages, and page 1 again.
    expect(listsOf(world.simulator.calls.slice(before))).toHaveLength(4);
  });
});
