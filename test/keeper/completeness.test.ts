// What is known means what was seen: a list is whole because every known row in it was there, not because sums agree.

import { describe, expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { addSite, deletesOf, idsOf, isList, knownIds, oldIds } from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const prune = { olderThanDays: 1, keepLatest: 2 };
const settings = { RULES: [{ projects: ['*'], prune }] };

/** Successes of `main` of the last days, none of which has expired at START; read whole. */
async function known(world: World): Promise<SimulatedProject> {
  const project = world.simulator.account.addProject({ name: 'docs', createdAt: START - DAY });
  for (let row = 60; row > 0; row -= 1) project.add({ createdAt: START - row * MINUTE });
  await world.tick(START, CRON, START + MINUTE);
  return project;
}

describe('a total that lags by one, and one deletion by somebody else', () => {
  test.each([
    ['on the first page', 5],
    ['behind it', 40],
  ])('%s: they cancel each other out in the sums, and no wrong one goes', async (_, pushes) => {
    await inWorld({ settings }, async (world) => {
      const project = await known(world);
      for (let row = 0; row < pushes; row += 1)
        project.add({ createdAt: START + HOUR + row * MINUTE, branch: 'dev' });
      // The two newest of the branch, one of which nobody sees any more.
      const [newest, second, third] = project.deployments
        .filter(({ branch }) => branch === 'main')
        .map(({ id }) => id);
      project.remove(second ?? '');
      world.simulator.fault = (call) => (isList(call) ? { kind: 'total-count', by: 1 } : null);
      await world.tick(START + 3 * DAY, CRON, START + 3 * DAY + HOUR);
      world.simulator.fault = null;
      await world.tick(START + 3 * DAY + 2 * HOUR, CRON, START + 4 * DAY);
      const left = project.deployments.filter(({ branch }) => branch === 'main').map(({ id }) => id);
      expect(left).toEqual([newest, third]);
      expect(deletesOf(world.simulator.calls)).not.toContain(third);
      expect(knownIds(world, project)).toEqual(idsOf(project));
    });
  });
});

describe('a deployment that the API lists twice', () => {
  test.each([
    ['far below, more than a hundred rows apart', 6],
    ['on the next page', 2],
  ])('%s: it counts once, and pushes no other one out', async (_, page) => {
    const policy = { olderThanDays: 30, keepLatest: 5 };
    await inWorld({ settings: { RULES: [{ projects: ['*'], prune: policy }] } }, async (world) => {
      const project = addSite(world, { old: 180, young: 3 });
      const rows = idsOf(project);
      const kept = rows.slice(0, policy.keepLatest);
      let copy: Json | null = null;
      const change = (body: Json): Json => {
        const result = body.result as Json[];
        copy ??= result[3] ?? null;
        const info = body.result_info as { page: number; total_count: number };
        const more = { ...info, total_count: info.total_count + 1 };
        return { ...body, result: info.page === page ? [copy, ...result] : result, result_info: more };
      };
      world.simulator.fault = (call) => (isList(call) ? { kind: 'alter', change } : null);
      await world.tick(START, CRON, START + 2 * HOUR);
      for (const id of kept) expect(deletesOf(world.simulator.calls)).not.toContain(id);
      world.simulator.fault = null;
      await world.tick(START + 3 * HOUR, CRON, START + 5 * HOUR);
      expect(idsOf(project)).toEqual(kept);
    });
  });
});

describe('a project list that is not whole', () => {
  const rebuild = { RULES: [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }] };
  const isProjects = (call: FaultyCall) => call.method === 'GET' && call.path.endsWith('/projects');
  const alter = (change: (body: Json) => Json): Fault => ({ kind: 'alter', change });
  const firstPage = new Map<World, Json>();

  const faults: [string, (world: World, call: FaultyCall) => Fault | null][] = [
    [
      'its second page repeats the first',
      (world, call) =>
        alter((body) => {
          if (call.query.page === '1') firstPage.set(world, body);
          return { ...body, result: (firstPage.get(world) as Json).result as Json };
        }),
    ],
    [
      'one row cannot be read, and nobody says how many pages there are',
      (_world, call) =>
        alter((body) => {
          const { total_pages: _pages, total_count: _count, ...info } = body.result_info as Json;
          const rows = [...(body.result as Json[])];
          if (call.query.page === '1') rows[3] = { id: 7 } as never;
          return { ...body, result: rows as never, result_info: info as never };
        }),
    ],
    [
      'the total says more than were sent',
      () =>
        alter((body) => ({
          ...body,
          result_info: { ...(body.result_info as Json), total_count: 30, total_pages: 2 } as never,
        })),
    ],
  ];

  test.each(faults)('%s: the run says so, and deals with those that were seen', async (_, fault) => {
    await inWorld({ settings: rebuild }, async (world) => {
      const projects = Array.from({ length: 16 }, (_each, index) =>
        addSite(world, { name: `site-${index}`, old: 2 }),
      );
      world.simulator.fault = (call) => (isProjects(call) ? fault(world, call) : null);
      await world.tick(START, CRON, START + 50 * MINUTE);
      const [run] = world.runs();
      expect(run?.outcome).toBe('partial');
      expect(run?.warnings).toMatchObject([{ project: null, text: expect.stringContaining('project list') }]);
      expect(projects.filter((project) => oldIds(project).length === 0).length).toBeGreaterThanOrEqual(9);
      // Nothing is forgotten for not being on a list that is not whole.
      world.simulator.fault = null;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(world.runs()[0]).toMatchObject({ outcome: 'done', warnings: [] });
      expect(projects.every((project) => oldIds(project).length === 0)).toBe(true);
    });
  });
});

const LIMITED = {
  code: 10_000,
  message: 'Rate limited. Please wait and consider throttling your request speed',
};

describe('a rebuild is started once', () => {
  const settingsOf = (ifOlderThanMinutes = 0) => ({
    RULES: [{ projects: ['*'], rebuild: { ifOlderThanMinutes } }],
  });
  const effects = (world: World) =>
    world.simulator.calls.filter(({ method, effect }) => method === 'POST' && effect);

  test.each([200, 500, 503])(
    'where a %i speaks of the rate limit without being a 429, after it was started',
    async (status) => {
      await inWorld({ settings: settingsOf() }, async (world) => {
        addSite(world, { old: 0 });
        world.onAnswer = (response) => {
          const isFirst = effects(world).length === 1 && world.simulator.calls.at(-1)?.method === 'POST';
          const body = JSON.stringify({ success: false, result: null, messages: [], errors: [LIMITED] });
          return isFirst ? new Response(body, { status, headers: response.headers }) : response;
        };
        await world.tick(START, CRON, START + 50 * MINUTE);
        expect(effects(world)).toHaveLength(1);
        expect(world.runs()[0]).toMatchObject({ outcome: 'done', rebuilds: [{ project: 'docs' }] });
      });
    },
  );

  test('where a second cron of the same minute comes after two requests that went unanswered', async () => {
    await inWorld({ settings: settingsOf() }, async (world) => {
      addSite(world, { old: 0 });
      world.simulator.fault = ({ method }) => (method === 'POST' ? { kind: 'drop-before' } : null);
      await world.tick(START, CRON, START + 20 * MINUTE);
      await world.tick(START, '0 20 * * *', START + 50 * MINUTE);
      expect(world.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(2);
      expect(world.runs().flatMap(({ skips }) => skips)).toMatchObject([{ reason: 'requested' }]);
    });
  });

  test.each([26, 60])('where %i previews are pushed before it is looked for', async (pushes) => {
    await inWorld({ settings: settingsOf() }, async (world) => {
      const project = addSite(world, { old: 0, young: 30 });
      let lost = false;
      world.simulator.fault = (call) => {
        if (call.method !== 'POST' || lost) return null;
        lost = true;
        return { kind: 'drop-after' };
      };
      world.onPoint = () => {
        if (!lost || project.deployments.length > 60) return;
        for (let push = 0; push < pushes; push += 1) project.push('dev', world.now() + push);
      };
      await world.tick(START, CRON, START + 50 * MINUTE);
      expect(effects(world)).toHaveLength(1);
      expect(world.simulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
    });
  });
});
