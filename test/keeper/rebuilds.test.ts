// Rebuilds happen once: whatever becomes of the request, the answer, the process or the clocks in between.

import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Fault } from '../../simulator/simulator.ts';
import { addSite, begin, listsOf } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const settings = { RULES: [{ projects: ['*'], rebuild: {} }] };

const posts = (world: World) => world.simulator.calls.filter(({ method }) => method === 'POST');
const builds = (project: SimulatedProject) =>
  project.deployments.filter(({ createdAt }) => createdAt >= START);

/** Faults for POST alone, the first of them for the first. */
function failPosts(world: World, faults: (Fault | null)[], also?: () => void): void {
  world.simulator.fault = ({ method }) => {
    if (method !== 'POST') return null;
    also?.();
    return faults.shift() ?? null;
  };
}

/** Minutes after START at which the head was looked at after the first POST. */
function looks(world: World): number[] {
  const sent = posts(world)[0]?.at ?? 0;
  return listsOf(world.simulator.calls)
    .filter(({ at }) => at > sent)
    .map(({ at }) => Math.round((at - sent) / MINUTE));
}

test.each<[string, Fault]>([
  ['dropped', { kind: 'drop-after' }],
  ['cut off', { kind: 'truncated' }],
])('a POST whose answer was %s is looked for after 60 s: one build, one POST', async (_, fault) => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [fault]);
    await world.tick();
    expect(posts(world)).toHaveLength(1);
    expect(looks(world)).toEqual([1]);
    expect(world.runs()[0]).toMatchObject({
      outcome: 'done',
      rebuilds: [{ deploymentId: builds(project)[0]?.id, status: 'ready' }],
    });
  });
});

test('a process killed between POST and answer finds its build, and posts no other', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    world.onPoint = (point) => {
      if (point === 'answer' && posts(world).length === 1 && builds(project).length === 1) world.restart();
    };
    await begin(world);
    while (posts(world).length === 0) await world.step();
    world.onPoint = null;
    expect(world.runs()[0]?.outcome).toBe('running');
    await world.run();
    expect(posts(world)).toHaveLength(1);
    expect(builds(project)).toHaveLength(1);
    expect(world.runs()[0]?.rebuilds).toMatchObject([{ deploymentId: builds(project)[0]?.id }]);
    expect(world.runs()[0]?.skips).toEqual([]);
  });
});

test('a POST that was lost before its effect is looked for twice, then sent exactly once more', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-before' }]);
    await world.tick();
    expect(looks(world).slice(0, 2)).toEqual([1, 2]);
    expect(posts(world).map(({ at }) => Math.round((at - START) / MINUTE))).toEqual([0, 2]);
    expect(builds(project)).toHaveLength(1);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('a POST is never sent a third time: the run says that nobody knows', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    failPosts(world, [{ kind: 'drop-before' }, { kind: 'status', status: 502 }, null, null]);
    await world.tick();
    expect(posts(world)).toHaveLength(2);
    const [run] = world.runs();
    expect(run).toMatchObject({ outcome: 'partial', rebuilds: [{ status: 'in-doubt' }] });
    expect(run?.refusals[0]?.why).toContain('nobody knows whether its rebuild was started');
  });
});

test('killed between the second POST and its answer it sends no third one', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    failPosts(world, [{ kind: 'drop-before' }, { kind: 'drop-before' }], () => {
      if (posts(world).length === 2) world.restart();
    });
    await world.tick();
    expect(posts(world)).toHaveLength(2);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', rebuilds: [{ status: 'in-doubt' }] });
  });
});

test('a slow POST that takes effect after 90 s is found at the second look', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-before' }]);
    await begin(world);
    while (listsOf(world.simulator.calls).length < 2) await world.step();
    project.push('main', START + 90_000);
    await world.run();
    expect(posts(world)).toHaveLength(1);
    expect(builds(project)).toHaveLength(1);
  });
});

test('somebody else’s deployment of the branch settles a doubt, though its date is before the request', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-before' }], () => project.push('main', START - 5_000));
    await world.tick();
    expect(posts(world)).toHaveLength(1);
    expect(world.runs()[0]).toMatchObject({
      outcome: 'done',
      rebuilds: [{ deploymentId: project.deployments[0]?.id }],
    });
  });
});

test.each([
  ['a skipped one', { branch: 'main', outcome: 'skipped' as const }],
  ['one of another branch', { branch: 'dev', outcome: 'success' as const }],
])('%s does not settle a doubt', async (_, { branch, outcome }) => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-before' }], () => {
      if (posts(world).length === 1) project.push(branch, START + 1, { outcome });
    });
    await world.tick();
    expect(posts(world)).toHaveLength(2);
  });
});

test('two crons at the same minute build once, and so do two ticks of which the first was cut off', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-after' }]);
    await begin(world);
    await world.tick(START, '0 20 * * *');
    expect(posts(world)).toHaveLength(1);
    expect(builds(project)).toHaveLength(1);
    expect(
      world
        .runs()
        .map(({ skips }) => skips.map(({ reason }) => reason))
        .sort(),
    ).toEqual([[], ['requested']]);
  });
});

test('a 4xx is final: nothing is looked for, nothing sent again, and the run says so', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    project.buildRefusal = { status: 400, code: 8_000_099, message: 'Your build quota is used up.' };
    await world.tick();
    expect(posts(world)).toHaveLength(1);
    expect(looks(world)).toEqual([]);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', rebuilds: [{ status: 'refused' }] });
  });
});

test('a POST that met the rate limit is sent after the block, and counts as one rebuild', async () => {
  await inWorld({ settings: { ...settings, REBUILDS_PER_MONTH: 1 } }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'block' }]);
    await world.tick();
    expect(posts(world)).toHaveLength(2);
    expect(builds(project)).toHaveLength(1);
    expect(world.runs()[0]?.skips).toEqual([]);
  });
});

test('a second POST that met the rate limit leaves its doubt as it was: looked for again, then sent', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    failPosts(world, [{ kind: 'drop-before' }, { kind: 'block' }, { kind: 'drop-before' }, null]);
    await world.tick();
    expect(posts(world)).toHaveLength(3);
    expect(posts(world).filter(({ status }) => status !== 429)).toHaveLength(2);
    expect(builds(project)).toEqual([]);
    expect(world.runs()[0]?.outcome).toBe('partial');
  });
});

test.each([
  ['DRY_RUN', { DRY_RUN: 'true' }],
  ['a rule’s dryRun', { RULES: [{ projects: ['*'], dryRun: true, rebuild: {} }] }],
])('%s switched on while a rebuild is in doubt: no second POST, and the run ends', async (_, brake) => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    failPosts(world, [{ kind: 'drop-before' }]);
    await begin(world);
    while (posts(world).length === 0) await world.step();
    Object.assign(world.settings, brake);
    await world.run(START + HOUR);
    expect(posts(world)).toHaveLength(1);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', rebuilds: [{ status: 'in-doubt' }] });
  });
});

test('deletes go on while a rebuild is in doubt, and the run stays open until it is settled', async () => {
  const rules = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const project = addSite(world, { old: 60 });
    failPosts(world, [{ kind: 'drop-after' }]);
    await begin(world);
    await world.run(START + 50_000);
    expect(project.deployments).toHaveLength(3 + 1);
    expect(world.runs()[0]?.outcome).toBe('running');
    await world.run();
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('a build stuck for an hour holds up no rebuild, and after a day is pruned like any other', async () => {
  const rules = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 1 } }];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const project = addSite(world, { old: 0, young: 1 });
    const stuck = project.push('main', START, { outcome: 'building' });
    await world.tick(START + 59 * MINUTE, CRON, START + 60 * MINUTE);
    expect(posts(world)).toEqual([]);
    expect(world.runs()[0]?.skips).toMatchObject([{ reason: 'building' }]);
    await world.tick(START + 60 * MINUTE, CRON, START + 2 * HOUR);
    expect(posts(world)).toHaveLength(1);
    await world.tick(START + DAY - MINUTE, CRON, START + DAY - 1);
    expect(project.get(stuck.id)).not.toBeNull();
    await world.tick(START + DAY);
    expect(project.get(stuck.id)).toBeNull();
  });
});

test('what was started is under way on every page at once, not from the next look on', async () => {
  await inWorld({ settings }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs' });
    docs.add({ createdAt: START - DAY });
    await world.tick(START, undefined, START + 2_000);
    const [build] = docs.deployments;
    const page = async (path: string) => (await pagesOf(world).request(path)).text();
    expect(JSON.parse(await page('/projects/docs.json'))).toMatchObject({
      ...{ status: 'queued', latest: { id: build?.id }, live: { id: docs.canonical?.id } },
    });
    expect(await page('/')).toContain('1 build is under way: docs.');
    // And no older answer of the API takes it back: the build is younger than what was known.
    await world.run(START + 5 * MINUTE);
    expect(JSON.parse(await page('/projects/docs.json'))).toMatchObject({ latest: { id: build?.id } });
  });
});

test('a build that was found after a lost answer likewise', async () => {
  await inWorld({ settings }, async (world) => {
    const docs = world.simulator.account.addProject({ name: 'docs', buildMs: 10 * MINUTE });
    docs.add({ createdAt: START - DAY });
    world.simulator.fault = ({ method }) => (method === 'POST' ? { kind: 'drop-after' } : null);
    await world.tick(START, undefined, START + 61_000);
    const status = await (await pagesOf(world).request('/projects/docs.json')).json();
    expect(status).toMatchObject({ status: 'building', latest: { id: docs.deployments[0]?.id } });
  });
});

test('a build’s outcome is followed into the record of its run, closed or not', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    Object.assign(project, { buildOutcome: 'failure', buildMs: 5 * MINUTE });
    await world.tick(START, CRON, START + 30_000);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', rebuilds: [{ status: 'queued' }] });
    await world.run();
    expect(world.runs()[0]?.rebuilds).toMatchObject([{ status: 'failed' }]);
  });
});

test('the same minute by another cron, once the first one’s build has ended, is requested already', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    await world.tick(START, CRON, START + 30 * MINUTE);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', rebuilds: [{ status: 'ready' }] });
    world.setNow(START + 30 * MINUTE);
    void world.keeper.tick({ cron: '*/5 * * * *', scheduledTime: START + 500 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await world.run(START + HOUR);
    expect(posts(world)).toHaveLength(1);
    const second = world.runs().find(({ cron }) => cron === '*/5 * * * *');
    expect(second?.skips).toEqual([{ project: 'docs', reason: 'requested' }]);
  });
});

test('what was cut off is looked for a minute later, not at once', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    world.onPoint = (point) => {
      if (point === 'answer' && posts(world).length === 1 && builds(project).length === 1) world.restart();
    };
    await begin(world);
    while (posts(world).length === 0) await world.step();
    world.onPoint = null;
    const from = world.simulator.calls.length;
    await world.step();
    const foundAt = world.now();
    await world.run();
    const [look] = listsOf(world.simulator.calls.slice(from));
    expect(look?.at).toBeGreaterThanOrEqual(foundAt + MINUTE);
    expect(world.log).toContainEqual(expect.objectContaining({ level: 'warn', event: 'rebuild-cut-off' }));
  });
});

test('a look that fails settles nothing: it is made again', async () => {
  await inWorld({ settings }, async (world) => {
    const project = addSite(world);
    let failed = 0;
    world.simulator.fault = ({ method, path }) => {
      if (method === 'POST') return { kind: 'drop-after' };
      if (posts(world).length === 0 || !path.endsWith('/deployments') || failed > 0) return null;
      failed += 1;
      return { kind: 'status', status: 500 };
    };
    await world.tick();
    expect(failed).toBe(1);
    expect(posts(world)).toHaveLength(1);
    expect(world.runs()[0]).toMatchObject({
      outcome: 'done',
      rebuilds: [{ deploymentId: builds(project)[0]?.id, status: 'ready' }],
    });
  });
});

test('a rebuild in doubt of a project that is no more is lost at the first look', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    failPosts(world, [{ kind: 'drop-before' }], () => world.simulator.account.deleteProject('docs'));
    await world.tick();
    expect(posts(world)).toHaveLength(1);
    expect(looks(world)).toEqual([1]);
    expect(world.keeper.work().rebuilds).toEqual([]);
    expect(world.runs()[0]?.outcome).not.toBe('running');
  });
});
