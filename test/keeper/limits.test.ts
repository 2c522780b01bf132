// Limits that the user or the platform sets: rows a day, deletes a run, rebuilds a month. None is ever exceeded.

import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { readOverviewPage, readProjectPage } from '../../src/keeper/views/reads.ts';
import { fakeGit } from '../git/answers.ts';
import { addSite, begin, deletesOf, drainOneBatch, listsOf, names, oldIds } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { planned, queues, readings } from './under-way.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const FIRST = { page: 1, size: 25, find: null, status: null, order: 'need', runs: 5 } as const;
const MIDNIGHT = Date.UTC(2026, 10, 25);

/** Uses up the rows of the day. */
function useUpRows(world: World): void {
  world.keeper.work().quota.rows = 80_000;
}

test('with the day’s rows used up deletes wait for 00:00 UTC, then read again first', async () => {
  await inWorld({}, async (world) => {
    const planned = oldIds(addSite(world, { old: 100 }));
    await drainOneBatch(world);
    useUpRows(world);
    const before = world.simulator.calls.length;
    await world.run();
    const after = world.simulator.calls.slice(before);
    expect(after[0]?.at).toBeGreaterThanOrEqual(MIDNIGHT);
    expect(names(after).slice(0, 3)).toEqual(['GET', 'GET docs/deployments', 'DELETE docs']);
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
  });
});

test('with the day’s rows used up ticks rebuild, by what is read for it, and delete nothing, lost answers included', async () => {
  const rules = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const project = addSite(world, { old: 100 });
    const [lost] = oldIds(project);
    world.simulator.fault = ({ deploymentId }) => (deploymentId === lost ? { kind: 'drop-after' } : null);
    await drainOneBatch(world);
    world.simulator.fault = null;
    useUpRows(world);
    const before = world.simulator.calls.length;
    await world.tick(START + 30 * MINUTE, '30 * * * *', MIDNIGHT - 1);
    const after = world.simulator.calls.slice(before);
    expect(deletesOf(after)).toEqual([]);
    expect(after.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(listsOf(after).length).toBeGreaterThan(0);
    await world.run(MIDNIGHT + HOUR);
    expect(project.deployments).toHaveLength(3 + 2);
  });
});

test.each([
  ['hourly', [1, 2, 3]],
  ['of a run that was under way', []],
])(
  'with the day’s rows used up ticks write next to nothing, %s, and all that is owed is done from 00:00 UTC on',
  async (_, hours) => {
    await inWorld({}, async (world) => {
      const sites = Array.from({ length: 40 }, (_, n) => addSite(world, { name: `site-${n}`, old: 60 }));
      await world.tick(START, CRON, START + 2 * MINUTE);
      expect(world.simulator.calls.some(({ method }) => method === 'DELETE')).toBe(true);
      useUpRows(world);
      // What is in flight then is written, and a plan that was made is looked at once more when it is an hour old.
      await world.run(START + 90 * MINUTE);
      const from = world.simulator.calls.length;
      for (const hour of hours) {
        const before = world.rowsWritten();
        const at = START + hour * HOUR + 45 * MINUTE;
        await world.tick(at, '45 * * * *', at + 14 * MINUTE);
        expect(world.rowsWritten() - before).toBeLessThanOrEqual(30);
      }
      await world.run(MIDNIGHT - 1);
      const calls = world.simulator.calls.slice(from);
      expect(calls.every(({ path }) => path.endsWith('/projects'))).toBe(true);
      const { trouble, progress, health } = await world.keeper.view(null, readOverviewPage);
      expect(trouble).toMatchObject({ kind: 'rows', until: MIDNIGHT });
      expect(progress).toMatchObject({ phase: 'waiting', endsAt: null });
      expect(health.ok).toBe(true);
      expect(world.keeper.work().runs.map(({ record }) => record.outcome)).toEqual(['running']);
      await world.run(MIDNIGHT + HOUR);
      for (const site of sites) expect(site.deployments).toHaveLength(3);
      expect(world.runs()[0]?.outcome).toBe('done');
    });
  },
);

const tasks = (world: World) => [...world.keeper.work().tasks.values()];

test.each<[string, (world: World) => boolean]>([
  ['a reading', (world) => readings(world).length > 0],
  ['asking Git', (world) => tasks(world).some(({ reading, git }) => reading === null && git !== null)],
  ['a plan', (world) => planned(world).length > 0],
])('with the day’s rows used up %s waits for 00:00 UTC, and is done then', async (step, isUnderWay) => {
  const prune = { olderThanDays: 30, goneBranchesAfterDays: 1 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    // More pages than one alarm may read.
    const project = addSite(world, { old: 400 });
    let asked = 0;
    let isDown = step === 'asking Git';
    world.source = async (request) => {
      asked += 1;
      if (isDown) return new Response('down', { status: 503 });
      const refs = [{ name: 'refs/heads/main', commit: '1'.repeat(40) }];
      const body = new TextDecoder().decode(await request.arrayBuffer());
      return fakeGit({ refs })(request.url, request.method === 'POST' ? { body } : {});
    };
    await begin(world);
    while (!isUnderWay(world)) expect(await world.step()).toBe(true);
    useUpRows(world);
    isDown = false;
    const before = { calls: world.simulator.calls.length, asked, rows: world.rowsWritten() };
    // Whatever alarm is set already fires.
    await world.step();
    expect(world.alarmAt()).toBe(MIDNIGHT);
    const now = { calls: world.simulator.calls.length, asked, rows: world.rowsWritten() };
    expect({ ...now, rows: 0 }).toEqual({ ...before, rows: 0 });
    expect(now.rows - before.rows).toBeLessThanOrEqual(5);
    await world.run(MIDNIGHT + HOUR);
    expect(project.deployments).toHaveLength(3);
    expect(asked).toBeGreaterThan(before.asked);
  });
});

test('what is said of the day’s rows is what was written', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 400 });
    const before = world.rowsWritten();
    await world.tick(START, CRON, START + 50 * MINUTE);
    expect(world.keeper.work().quota.rows).toBe(world.rowsWritten() - before);
  });
});

test('with the day’s rows used up the page says so, and until when', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await world.tick();
    const trouble = async () => (await world.keeper.view(null, readOverviewPage)).trouble;
    expect(await trouble()).toBeNull();
    world.keeper.work().quota.rows = 80_123;
    const message = '80123 rows were written today; Workers Free includes 100,000.';
    expect(await trouble()).toEqual({ kind: 'rows', since: world.now(), until: MIDNIGHT, message });
    const page = await (await pagesOf(world).request('/')).text();
    expect(page).toContain('Deletions wait until 25 Nov, 00:00 UTC, then continue by themselves.');
    world.setNow(MIDNIGHT);
    expect(await trouble()).toBeNull();
  });
});

test('with the day’s rows used up a view asks for no fresh look', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await world.tick();
    const view = () => world.keeper.view(null, (from) => readOverviewPage(from));
    world.setNow(START + HOUR);
    useUpRows(world);
    await view();
    expect(world.alarmAt()).toBeNull();
    world.setNow(MIDNIGHT);
    await view();
    expect(world.alarmAt()).toBe(MIDNIGHT);
  });
});

const faults: [string, Fault | null][] = [
  ['no fault', null],
  ['answers lost', { kind: 'drop-after' }],
  ['requests lost', { kind: 'drop-before' }],
  ['errors', { kind: 'status', status: 500 }],
];

test.each(faults)(
  'MAX_DELETES_PER_RUN is never exceeded: %s at every third call, and a death in each batch',
  async (_, fault) => {
    for (const most of [1, 44, 60]) {
      await inWorld({ settings: { MAX_DELETES_PER_RUN: most } }, async (world) => {
        addSite(world, { name: 'docs', old: 70 });
        addSite(world, { name: 'blog', old: 70 });
        let deaths = 0;
        world.simulator.fault = ({ method, index }) => {
          if (method !== 'DELETE') return null;
          if (index % 29 === 0 && deaths++ < 3) world.restart();
          return index % 3 === 0 ? fault : null;
        };
        await world.tick();
        const ids = [
          ...deletesOf(world.simulator.calls, 'docs'),
          ...deletesOf(world.simulator.calls, 'blog'),
        ];
        expect(new Set(ids).size).toBe(most);
        const [run] = world.runs();
        expect(run?.outcome).toBe('partial');
        expect(run?.refusals.some(({ why }) => why.includes(`MAX_DELETES_PER_RUN = ${most}`))).toBe(true);
        expect(run?.counts.remaining).toBe(0);
      });
    }
  },
);

test('MAX_DELETES_PER_RUN holds for a run that is planned again in its middle', async () => {
  await inWorld({ settings: { MAX_DELETES_PER_RUN: 50 } }, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    world.settings.RULES = [{ projects: ['*'], prune: { olderThanDays: 31 } }];
    await world.run();
    expect(deletesOf(world.simulator.calls)).toHaveLength(50);
    await world.tick(START + HOUR);
    expect(deletesOf(world.simulator.calls)).toHaveLength(100);
  });
});

test.each([
  ['by age', { olderThanDays: 7 }, (): string => 'main'],
  [
    'with force',
    { olderThanDays: 7, staleBranchesAfterDays: 7 },
    (index: number): string => `topic-${index}`,
  ],
])('what MAX_DELETES_PER_RUN leaves to the next run is written by none: %s', async (_, prune, branch) => {
  const settings = { MAX_DELETES_PER_RUN: 100, RULES: [{ projects: ['*'], prune }] };
  await inWorld({ settings }, async (world, sql) => {
    const project = world.simulator.account.addProject({ name: 'docs', source: 'github' });
    for (let index = 0; index < 1_000; index += 1)
      project.add({ createdAt: START - 90 * DAY + index * MINUTE, branch: branch(index) });
    project.add({ createdAt: START - HOUR, branch: 'main' });
    const oldest = project.deployments.map(({ id }) => id).toReversed();
    for (let run = 0; run < 3; run += 1) {
      const before = world.simulator.calls.length;
      await begin(world, START + run * HOUR);
      while (queues(world).length === 0) await world.step();
      const queued = sql.exec('SELECT seq FROM queue').toArray();
      expect(queued.length).toBeLessThanOrEqual(Math.ceil(100 / 44));
      await world.run(START + (run + 1) * HOUR);
      const deleted = deletesOf(world.simulator.calls.slice(before));
      expect(deleted.toSorted()).toEqual(oldest.splice(0, 100).toSorted());
      const left = 1_000 - (run + 1) * 100;
      const why = `the run stopped at MAX_DELETES_PER_RUN = 100; ${left} more wait for the next run`;
      expect(world.runs()[0]).toMatchObject({
        outcome: 'partial',
        counts: { deleted: 100, remaining: 0 },
        refusals: [{ project: project.name, what: 'prune', why }],
      });
    }
  });
});

test('of projects that a run plans at its limit nothing is written, and all of theirs goes next', async () => {
  await inWorld({ settings: { MAX_DELETES_PER_RUN: 30 } }, async (world, sql) => {
    for (let index = 0; index < 60; index += 1) addSite(world, { name: `site-${index}`, old: 20 });
    const rows = () => sql.exec<{ id: string; value: string }>('SELECT id, value FROM projects').toArray();
    await world.tick();
    const before = new Map(rows().map(({ id, value }) => [id, value]));
    const written = new Set<string>();
    await begin(world, START + HOUR);
    while (await world.step())
      for (const { id, value } of rows()) if (value !== before.get(id)) written.add(id);
    // Those that were read before the first batches had left: by two alarms, twelve each.
    expect(written.size).toBeLessThanOrEqual(24);
    const page = await world.keeper.view(null, (view) => readOverviewPage(view, { ...FIRST, size: 100 }));
    for (const { project, next } of page.projects.filter((one) => !written.has(one.project.id)))
      expect(next).toBe(oldIds(world.simulator.account.project(project.name)).length);
  });
});

test('REBUILDS_PER_MONTH holds over projects and ticks, and starts at 0 with the calendar month (UTC)', async () => {
  const settings = { RULES: [{ projects: ['*'], rebuild: {} }], REBUILDS_PER_MONTH: 3 };
  const start = Date.UTC(2026, 10, 30, 21);
  await inWorld({ settings, start }, async (world) => {
    for (const name of ['a', 'b']) addSite(world, { name });
    const posts = () => world.simulator.calls.filter(({ method }) => method === 'POST').length;
    const counts: number[] = [];
    for (let hour = 0; hour < 5; hour += 1) {
      await world.tick(start + hour * HOUR, CRON, start + hour * HOUR + 50 * MINUTE);
      counts.push(posts());
    }
    expect(counts).toEqual([2, 3, 3, 5, 6]);
    expect(world.runs().at(-2)?.skips).toMatchObject([{ reason: 'limit' }]);
  });
});

test('a rebuild that the API refused started nothing and counts for nothing', async () => {
  const settings = { RULES: [{ projects: ['*'], rebuild: {} }], REBUILDS_PER_MONTH: 1 };
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    project.buildRefusal = { status: 400, code: 8_000_099, message: 'no Git connection' };
    await world.tick(START, CRON, START + 10 * MINUTE);
    project.buildRefusal = null;
    await world.tick(START + HOUR, CRON, START + 2 * HOUR);
    expect(project.deployments.filter(({ createdAt }) => createdAt >= START)).toHaveLength(1);
  });
});

test('a project of 2,500 deployments is planned over several invocations, and a tick in between loses nothing', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 2_450, young: 50 });
    await begin(world);
    while (planned(world).length === 0) await world.step();
    await world.step();
    expect(planned(world)).toMatchObject([{ next: 20 }]);
    await world.tick(START + 30 * MINUTE, '30 * * * *', START + DAY);
    expect(project.deployments).toHaveLength(50);
    expect(new Set(deletesOf(world.simulator.calls)).size).toBe(2_450);
  });
});

test('an invocation that plans sends nothing, though another project has deletes to send', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { name: 'small', old: 600 });
    addSite(world, { name: 'large', old: 2_450 });
    await begin(world);
    let alarms = 0;
    while (world.keeper.work().runs.length > 0) {
      const planning = planned(world).length > 0;
      const waiting = queues(world).length > 0;
      // The pace would allow calls.
      if (planning) world.setNow(world.now() + MINUTE);
      await world.step();
      if (!planning) continue;
      if (waiting) alarms += 1;
      if (planned(world).length > 0) expect(world.slices.at(-1)).toBe(0);
    }
    expect(alarms).toBeGreaterThan(0);
    expect(deletesOf(world.simulator.calls, 'small')).toHaveLength(600);
    expect(deletesOf(world.simulator.calls, 'large')).toHaveLength(2_450);
  });
});

test('a view reads a few rows, whatever the number of deployments', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    addSite(world, { old: 2_000 });
    await world.tick();
    const before = world.rowsRead();
    const query = { page: 3, branch: null, environment: null, status: null, verdict: null };
    const page = await world.keeper.view('docs', (from) => readProjectPage(from, 'docs', query));
    expect(page?.deployments).toHaveLength(25);
    expect(page?.matching).toBe(2_003);
    await world.keeper.view(null, (from) => readOverviewPage(from));
    expect(world.rowsRead() - before).toBeLessThan(20);
  });
});
