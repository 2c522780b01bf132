// The Keeper's pace on the simulated API: under its limit by itself, silent through a block, one probe after it.
// That no invocation makes more than 45 calls, 12 lists or 6 calls at once is checked by the world, in every test.

import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { addSite, begin, deletesOf, drainOneBatch, listsOf, names, oldIds } from './accounts.ts';
import { CRON, DAY, inWorld, MINUTE, START, type World } from './world.ts';

const BLOCK = 300_000;
const PROJECTS = '/accounts/account/pages/projects';

/** Blocks the `nth` call of this method; gives when. */
function blockAt(world: World, nth: number, fault: Fault = { kind: 'block' }): () => number {
  let seen = 0;
  let at = 0;
  world.simulator.fault = () => {
    seen += 1;
    if (seen !== nth) return null;
    at = world.now();
    return fault;
  };
  return () => at;
}

/** Calls made after `from`, each with how long after. */
const since = (world: World, from: number) =>
  world.simulator.calls
    .filter(({ at }) => at > from)
    .map(({ at, method, path }) => ({ after: at - from, method, path }));

test('1,200 deletes against the real limit meet no 429 and take no longer than nine tenths of it allow', async () => {
  const simulator = { limit: { calls: 1_200, windowMs: 300_000, blockMs: BLOCK }, latency: () => 150 };
  await inWorld({ simulator }, async (world) => {
    addSite(world, { old: 1_200 });
    await world.tick();
    const { calls } = world.simulator;
    expect(calls.filter(({ status }) => status === 429)).toEqual([]);
    expect(world.simulator.account.project('docs').deployments).toHaveLength(3);
    const took = (calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0);
    const allowed = (calls.length / (0.9 * 1_200)) * 300_000;
    expect(took).toBeLessThan(allowed * 1.05);
    for (const { at } of calls)
      expect(calls.filter((call) => call.at > at - 300_000 && call.at <= at).length).toBeLessThanOrEqual(
        1_080,
      );
  });
});

test('during a block nothing is sent; after it one probe, then the rest', async () => {
  await inWorld({ simulator: { latency: () => 100 } }, async (world) => {
    const planned = oldIds(addSite(world, { old: 200 }));
    const at = blockAt(world, 80);
    await world.tick();
    const blocked = world.simulator.calls.find(({ status }) => status === 429);
    expect(at()).toBeGreaterThan(0);
    // Five others may have been on their way.
    const after = since(world, (blocked?.at ?? 0) + 100);
    expect(after[0]?.after).toBeGreaterThanOrEqual(BLOCK - 1_000);
    expect(after[0]).toMatchObject({ method: 'GET', path: PROJECTS });
    expect(after[1]?.after).toBeGreaterThanOrEqual((after[0]?.after ?? 0) + 100);
    expect(new Set(deletesOf(world.simulator.calls))).toEqual(new Set(planned));
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 200 } });
  });
});

test.each(['before anything was written down', 'later'])(
  'a block outlives the process: killed %s',
  async (when) => {
    let sent = 0;
    // The answer that blocks overtakes those that are under way with it.
    const latency = () => (++sent === 80 ? 10 : 300);
    await inWorld({ simulator: { latency } }, async (world) => {
      addSite(world, { old: 200 });
      const at = blockAt(world, 80);
      await begin(world);
      if (when !== 'later') {
        // At the first moment after it has understood the answer that said so.
        world.onPoint = (point) => {
          if (point !== 'write' && world.keeper.work().api.pace.blockedUntil > 0) world.restart();
        };
      }
      while (at() === 0) await world.step();
      world.onPoint = null;
      world.restart();
      await world.run();
      const after = since(world, at());
      expect(after[0]?.after).toBeGreaterThanOrEqual(BLOCK);
      expect(after[0]?.method).toBe('GET');
      expect(world.simulator.account.project('docs').deployments).toHaveLength(3);
    });
  },
);

test('a probe that meets the block again waits again: one call each time', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    const blocked: number[] = [];
    world.simulator.fault = ({ index, path: at }) => {
      if (blocked.length === 0 ? index < 40 : !at.endsWith(PROJECTS) || blocked.length >= 3) return null;
      blocked.push(world.now());
      return { kind: 'block' };
    };
    await world.tick();
    expect(blocked.slice(1).map((at, index) => at - (blocked[index] ?? 0))).toEqual([BLOCK, BLOCK]);
    const probes = world.simulator.calls.filter(({ status }) => status === 429).slice(1);
    expect(names(probes)).toEqual(['GET', 'GET']);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test.each<[string, string | null, number]>([
  ['seconds', '77', 77_000],
  ['a date', new Date(START + 10 * MINUTE).toUTCString(), 10 * MINUTE],
  ['nothing', null, BLOCK],
])('retry-after in %s is waited for', async (_, header, wait) => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 10 });
    const at = blockAt(world, 5, { kind: 'status', status: 429 });
    world.onAnswer = (response) => {
      if (response.status !== 429) return response;
      const headers = new Headers(response.headers);
      headers.delete('retry-after');
      if (header !== null) headers.set('retry-after', header);
      return new Response(response.body, { status: 429, headers });
    };
    await world.tick();
    expect(since(world, at())[0]?.after).toBe(wait);
  });
});

test('while the API says that little remains nothing is sent, until it says that more does', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    let low = 0;
    world.onAnswer = (response) => {
      const headers = new Headers(response.headers);
      headers.set('ratelimit-policy', '"default";q=1200;w=300');
      // One low answer, out of order: later ones that say "plenty" do not overrule it.
      const r = low === 0 && world.simulator.calls.length >= 30 ? 119 : 900;
      if (r === 119) low = world.now();
      headers.set('ratelimit', `"default";r=${r};t=45`);
      return new Response(response.body, { status: response.status, headers });
    };
    await world.tick();
    expect(low).toBeGreaterThan(0);
    expect(since(world, low)[0]?.after).toBeGreaterThanOrEqual(45_000);
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('an alarm that fires before the pace allows sends nothing and sets itself again', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 200 });
    const at = blockAt(world, 80);
    await begin(world);
    while (at() === 0) await world.step();
    const due = world.alarmAt() ?? 0;
    const before = world.simulator.calls.length;
    await world.keeper.alarm();
    expect(world.simulator.calls).toHaveLength(before);
    expect(world.alarmAt()).toBe(due);
  });
});

test('a tick re-arms what stopped: an alarm that the platform dropped', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 100 });
    await drainOneBatch(world);
    world.dropAlarm();
    await world.run();
    expect(world.simulator.account.project('docs').deployments.length).toBeGreaterThan(3);
    await world.tick(START);
    expect(world.simulator.account.project('docs').deployments).toHaveLength(3);
    expect(world.runs()).toHaveLength(1);
    await world.tick(START + DAY);
    expect(world.runs()).toHaveLength(2);
  });
});

test('with answers of any latency a list and a delete are never under way together, nor more than six calls', async () => {
  let calls = 0;
  const latency = () => ((calls++ * 7_919) % 13) * 200;
  // One project is read for its rebuild while another one's queue is drained.
  const rules = [
    { projects: ['site'], rebuild: { cron: '1 20 * * *' } },
    { projects: ['docs'], prune: { olderThanDays: 30, cron: CRON } },
  ];
  await inWorld({ simulator: { latency }, settings: { RULES: rules } }, async (world) => {
    addSite(world, { name: 'site', old: 60, young: 30 });
    const docs = addSite(world, { old: 200 });
    await drainOneBatch(world);
    await world.tick(START + MINUTE, '1 20 * * *');
    expect(docs.deployments).toHaveLength(3);
    expect(listsOf(world.simulator.calls, 'site').length).toBeGreaterThan(3);
  });
});
