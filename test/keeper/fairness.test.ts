// Nobody waits for somebody else's trouble: projects take turns, what fails goes behind the others, what is refused is let be.

import { expect, test } from 'vitest';
import { addSite, deletesOf, idsOf, isList, listsOf, oldIds } from './accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

/** Names of the projects whose deletes went, one for each batch. */
function turns(world: World): string[] {
  const sent = world.simulator.calls.filter(({ method }) => method === 'DELETE');
  return sent.map(({ project }) => project ?? '').filter((name, at, all) => name !== all[at - 1]);
}

test('projects take turns by batch', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { name: 'a', old: 135 });
    addSite(world, { name: 'b', old: 90 });
    addSite(world, { name: 'c', old: 45 });
    await world.tick();
    const batches = turns(world);
    expect(batches.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
    expect(batches.filter((name) => name === 'a').length).toBeGreaterThanOrEqual(2);
    expect(batches.filter((name) => name === 'b').length).toBeGreaterThanOrEqual(2);
    expect(world.simulator.account.projects.map((project) => project.deployments.length)).toEqual([3, 3, 3]);
  });
});

test('a project whose deletes all fail holds up no other, ends as failed, and the run as partial', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { name: 'bad', old: 90 });
    const good = addSite(world, { name: 'good', old: 200 });
    const planned = oldIds(good);
    world.simulator.fault = ({ method, project }) =>
      method === 'DELETE' && project === 'bad' ? { kind: 'status', status: 500 } : null;
    await world.tick();
    expect(deletesOf(world.simulator.calls, 'good')).toEqual(planned);
    const ended = world.simulator.calls.findLast(
      ({ method, project }) => method === 'DELETE' && project === 'good',
    );
    // 740 calls at 3.6 a second take 205 s; alone, its 200 would take 43.
    expect((ended?.at ?? 0) - START).toBeLessThan(2 * MINUTE);
    const [run] = world.runs();
    expect(run).toMatchObject({ outcome: 'partial', counts: { deleted: 200, failed: 90, remaining: 0 } });
    const tries = Map.groupBy(deletesOf(world.simulator.calls, 'bad'), (id) => id);
    expect([...tries.values()].map(({ length }) => length)).toEqual(Array(90).fill(5));
  });
});

test('100 deletes that always fail do not stop the 100 behind them, and the next tick starts afresh', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 200 });
    const stuck = new Set(oldIds(project).slice(0, 100));
    const others = oldIds(project).slice(100);
    world.simulator.fault = ({ deploymentId }) =>
      deploymentId !== null && stuck.has(deploymentId) ? { kind: 'status', status: 503, body: 'html' } : null;
    await world.tick();
    const sent = deletesOf(world.simulator.calls);
    expect(sent.slice(0, 200).toSorted()).toEqual([...stuck, ...others].toSorted());
    expect(sent).toHaveLength(100 + 5 * 100);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', counts: { deleted: 100, failed: 100 } });
    world.simulator.fault = null;
    await world.tick(START + HOUR);
    expect(idsOf(project)).toHaveLength(3);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 100, failed: 0 } });
  });
});

test('what failed is tried again after 2 s, 8 s, 32 s and 2 min', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 1 });
    world.simulator.fault = ({ method }) => (method === 'DELETE' ? { kind: 'drop-before' } : null);
    await world.tick();
    const at = world.simulator.calls.filter(({ method }) => method === 'DELETE').map((call) => call.at);
    const waits = at.slice(1).map((time, index) => Math.round((time - (at[index] ?? 0)) / 1_000));
    expect(waits).toEqual([2, 8, 32, 120]);
    // Only the last try settled something.
    expect(world.deletions(world.runs()[0]?.id ?? '')).toMatchObject([{ outcome: 'failed' }]);
  });
});

test('2,000 kept deployments at the tail do not hide what has expired above them', async () => {
  const prune = { olderThanDays: 30, branches: ['main'] };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 60 });
    const planned = oldIds(project);
    for (let row = 0; row < 2_000; row += 1)
      project.add({ createdAt: START - 90 * DAY - row * 1_000, branch: 'archive' });
    await world.tick();
    expect(deletesOf(world.simulator.calls)).toEqual(planned);
    expect(idsOf(project)).toHaveLength(2_003);
    const before = world.simulator.calls.length;
    await world.tick(START + HOUR);
    expect(world.simulator.calls.slice(before)).toHaveLength(2);
  });
});

const again: [string, (world: World) => void, number][] = [
  ['while all is as it was', () => undefined, 0],
  [
    'once another deployment is live',
    (world) => void world.simulator.account.project('docs').push('main', START + HOUR),
    1,
  ],
  [
    'once its branch has a newer deployment',
    (world) => void world.simulator.account.project('docs').push('dev', START + HOUR),
    1,
  ],
  [
    'once another rule applies',
    (world) => Object.assign(world.settings, { RULES: [{ projects: ['*'], prune: { olderThanDays: 29 } }] }),
    1,
  ],
];

test.each(again)('what the API refused is sent again %s: no sooner', async (_, change, times) => {
  for (const code of [8_000_034, 8_000_035]) {
    await inWorld({}, async (world) => {
      const project = addSite(world, { old: 0 });
      const refused = project.add({ createdAt: START - 60 * DAY, branch: 'dev' });
      project.add({ createdAt: START - DAY, branch: 'dev' });
      world.simulator.fault = ({ method }) =>
        method === 'DELETE' ? { kind: 'status', status: 400, code } : null;
      await world.tick();
      expect(deletesOf(world.simulator.calls)).toEqual([refused.id]);
      expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { refused: 1, failed: 0 } });
      change(world);
      await world.tick(START + 2 * HOUR);
      await world.tick(START + 3 * HOUR);
      // Called live, it is tried once more in any case: there and back again, nothing would seem to have changed.
      const more = code === 8_000_034 ? Math.max(times, 1) : times;
      expect(deletesOf(world.simulator.calls)).toHaveLength(1 + more);
    });
  }
});

test('what was live for a moment, by a rollback there and back that no list has shown, goes at the next run', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 3 });
    const live = project.canonical?.id ?? '';
    const [first = ''] = oldIds(project);
    world.simulator.fault = ({ deploymentId }) => {
      if (deploymentId === first) project.rollback(first);
      return null;
    };
    await world.tick(START, undefined, START + MINUTE);
    expect(world.runs()[0]?.counts).toMatchObject({ refused: 1, deleted: 2 });
    world.simulator.fault = null;
    project.rollback(live);
    await world.tick(START + HOUR);
    expect(project.deployments.map(({ id }) => id)).not.toContain(first);
  });
});

test('a project whose list fails is left alone after five retries, unbuilt too; others are not', async () => {
  const rules = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES: rules } }, async (world) => {
    const bad = addSite(world, { name: 'bad', old: 40 });
    const good = addSite(world, { name: 'good', old: 40 });
    await world.tick(START, undefined, START + 10 * MINUTE);
    for (const project of [bad, good]) project.push('main', START + HOUR);
    world.simulator.fault = (call) =>
      call.project === 'bad' && isList(call) ? { kind: 'status', status: 502, body: 'html' } : null;
    const before = world.simulator.calls.length;
    await world.tick(START + 2 * HOUR);
    const after = world.simulator.calls.slice(before);
    expect(listsOf(after, 'bad')).toHaveLength(1 + 5);
    expect(after.filter(({ method }) => method === 'POST').map(({ project }) => project)).toEqual(['good']);
    expect(world.runs()[0]?.refusals).toMatchObject([
      { project: 'bad', what: 'prune', why: expect.stringContaining('the list could not be read') },
      { project: 'bad', what: 'rebuild', why: expect.stringContaining('the list could not be read') },
    ]);
    expect(world.runs()[0]?.outcome).toBe('partial');
    world.simulator.fault = null;
    await world.tick(START + 4 * HOUR);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('a push to a stale branch between the plan and force=true: its head is read again and stays', async () => {
  const prune = { olderThanDays: 7, staleBranchesAfterDays: 14 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 100, young: 1 });
    const head = project.add({ createdAt: START - 20 * DAY, branch: 'old' });
    const asleep = project.add({ createdAt: START - 20 * DAY, branch: 'asleep' });
    let pushed = false;
    world.simulator.fault = ({ method }) => {
      if (method === 'DELETE' && !pushed) {
        pushed = true;
        project.push('old', world.now(), { outcome: 'failure' });
      }
      return null;
    };
    await world.tick();
    expect(project.get(head.id)).not.toBeNull();
    expect(project.get(asleep.id)).toBeNull();
    const forced = world.simulator.calls.filter(({ force }) => force);
    expect(forced.map(({ deploymentId }) => deploymentId)).toEqual([asleep.id]);
  });
});

test('a branch whose builds broke all week is alive: its last working preview stays', async () => {
  const prune = { olderThanDays: 7, staleBranchesAfterDays: 14 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 0 });
    const works = project.add({ createdAt: START - 30 * DAY, branch: 'dev' });
    for (const day of [20, 3, 1])
      project.add({ createdAt: START - day * DAY, branch: 'dev', outcome: 'failure' });
    await world.tick();
    expect(project.get(works.id)).not.toBeNull();
    expect(project.deployments.filter(({ branch }) => branch === 'dev')).toHaveLength(3);
  });
});

test('after a rollback both the live deployment and the newest success of production stay', async () => {
  await inWorld(
    { settings: { RULES: [{ projects: ['*'], prune: { olderThanDays: 1 } }] } },
    async (world) => {
      const project = addSite(world, { old: 10, young: 0 });
      const [newest] = idsOf(project);
      const live = project.rollback(idsOf(project)[5] ?? '');
      project.add({ createdAt: START - 100 * DAY, outcome: 'failure' });
      await world.tick();
      expect(idsOf(project)).toEqual([newest, live.id]);
      expect(world.runs()[0]?.counts).toMatchObject({ refused: 0, failed: 0 });
    },
  );
});
