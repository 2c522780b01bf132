// One part's failure is that part's: what the API refuses about one project, what goes wrong within the Keeper about one
// project, or what takes for ever, ends that project's part of the run and nobody else's.

import { describe, expect, test } from 'vitest';
import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { addRebuild } from '../../src/keeper/rebuild/open.ts';
import type { ProjectFacts } from '../../src/policy/facts.ts';
import { addSite, begin, deletesOf, idsOf, isList, knownIds, listsOf, oldIds } from './accounts.ts';
import { acts, CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
const settings = { RULES };
const BLOCKED: Fault = {
  kind: 'status',
  status: 403,
  code: 8_000_119,
  message: 'Your Pages project has been blocked. Contact abusereply@cloudflare.com.',
};
const UNAUTHENTICATED: Fault = { kind: 'status', status: 401, code: 10_000, message: 'Authentication error' };

const posts = (world: World, project: string) =>
  world.simulator.calls.filter((call) => call.method === 'POST' && call.project === project);

/** Three sites, the middle one of which has the fault. */
function addThree(world: World, old = 60) {
  return ['alpha', 'bad', 'gamma'].map((name) => addSite(world, { name, old }));
}

describe('a project that the API does not let us touch', () => {
  const kinds: [string, (call: FaultyCall) => boolean][] = [
    ['reads', (call) => isList(call)],
    ['builds', ({ method }) => method === 'POST'],
    ['deletes', ({ method }) => method === 'DELETE'],
  ];

  test.each(kinds)('its %s end for this run, by name; the others go on', async (_, isOne) => {
    for (const fault of [BLOCKED, UNAUTHENTICATED]) {
      await inWorld({ settings }, async (world) => {
        const [alpha, bad, gamma] = addThree(world);
        world.simulator.fault = (call) => (call.project === 'bad' && isOne(call) ? fault : null);
        await world.tick(START, CRON, START + 50 * MINUTE);
        for (const project of [alpha, gamma]) expect(oldIds(project as NonNullable<typeof bad>)).toEqual([]);
        expect([posts(world, 'alpha').length, posts(world, 'gamma').length]).toEqual([1, 1]);
        const [run] = world.runs();
        expect(run).toMatchObject({ outcome: 'partial', error: null });
        expect(new Set(run?.refusals.map(({ project }) => project))).toEqual(new Set(['bad']));
        expect(run?.refusals[0]?.why).toContain(fault.kind === 'status' ? fault.message : '');
        expect(world.keeper.work().api.trouble).toBeNull();
        expect(world.keeper.health().ok).toBe(true);
        // And on the next tick it is tried again.
        world.simulator.fault = null;
        await world.tick(START + HOUR, CRON, START + 2 * HOUR);
        expect(oldIds(bad as NonNullable<typeof bad>)).toEqual([]);
        expect(posts(world, 'bad').some(({ effect }) => effect)).toBe(true);
      });
    }
  });

  test.each([
    [40, 60],
    [400, 1_500],
  ])('an edge that refuses one call in %i costs time and nothing else', async (each, old) => {
    const NOTIFY_URL = 'https://hooks.example/x';
    await inWorld({ settings: { ...settings, NOTIFY_URL } }, async (world) => {
      const notices: string[] = [];
      world.webhook = (body) => {
        notices.push(body);
        return new Response(null, { status: 204 });
      };
      const projects = addThree(world, old);
      world.simulator.fault = ({ index }) => (index % each === each - 1 ? UNAUTHENTICATED : null);
      await world.tick(START, CRON, START + 55 * MINUTE);
      expect(projects.flatMap((project) => oldIds(project))).toEqual([]);
      expect(world.runs()).toMatchObject([{ outcome: 'done', counts: { deleted: 3 * old, failed: 0 } }]);
      expect(projects.map(({ name }) => posts(world, name).filter(({ effect }) => effect).length)).toEqual([
        1, 1, 1,
      ]);
      expect(notices).toEqual([]);
    });
  });

  test('refused calls while the list gives no answer: it is asked ever less often, and in the end all goes on', async () => {
    await inWorld({ settings }, async (world) => {
      const [alpha] = addThree(world);
      let isDown = false;
      world.simulator.fault = (call) => {
        if (isDown && call.method === 'GET' && call.path.endsWith('/projects'))
          return { kind: 'status', status: 502, body: 'html' };
        if (call.method !== 'DELETE' || isDown) return null;
        isDown = true;
        return UNAUTHENTICATED;
      };
      await begin(world);
      while (!isDown) await world.step();
      const before = world.simulator.calls.length;
      await world.run(START + 5 * MINUTE);
      expect(world.simulator.calls.length - before).toBeLessThan(10);
      await world.run(START + 55 * MINUTE);
      expect(oldIds(alpha as NonNullable<typeof alpha>)).toEqual([]);
    });
  });

  test('no builds and no deletes of a token that may only read: 40 refused calls a tick at most, one notice', async () => {
    const NOTIFY_URL = 'https://hooks.example/x';
    const CLOUDFLARE_API_TOKEN = 'test-read-token';
    await inWorld({ settings: { ...settings, NOTIFY_URL, CLOUDFLARE_API_TOKEN } }, async (world) => {
      const notices: string[] = [];
      world.webhook = (body) => {
        notices.push(body);
        return new Response(null, { status: 204 });
      };
      for (let index = 0; index < 100; index += 1) addSite(world, { name: `site-${index}`, old: 45 });
      const refused: number[] = [];
      for (let tick = 0; tick < 3; tick += 1) {
        const before = world.simulator.calls.length;
        await world.tick(START + tick * HOUR, CRON, START + tick * HOUR + 55 * MINUTE);
        const after = world.simulator.calls.slice(before);
        refused.push(after.filter(({ status }) => status === 403).length);
        expect(world.runs()[0]).toMatchObject({ outcome: 'failed', error: 'token' });
        expect(world.runs()[0]?.errorDetail).toContain('Edit');
        expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'token' });
      }
      expect(Math.max(...refused)).toBeLessThanOrEqual(40);
      // A later tick begins with one of each.
      expect(refused[2]).toBeLessThanOrEqual(4);
      expect(notices).toHaveLength(1);
      expect(notices[0]).toContain('Edit');
      // With a better one everything is made up for.
      world.settings.CLOUDFLARE_API_TOKEN = 'test-token';
      await world.tick(START + 3 * HOUR, CRON, START + 4 * HOUR);
      expect(world.runs()[0]).toMatchObject({ outcome: 'done' });
      expect(world.keeper.health().ok).toBe(true);
    });
  });
});

describe('something that goes wrong within the Keeper about one project', () => {
  /** Makes every write of a document of this project throw, as a value that is too large does. */
  function breakWrites(world: World, id: string, table: string): () => void {
    const { store } = world.keeper;
    const { write, writeFacts, changeFacts } = store;
    const check = (name: string, key: string) => {
      if (key === id && name === table) throw new Error('too large');
    };
    Object.assign(store, {
      write: (name: string, key: string, value: unknown) => {
        check(name, key);
        write(name as never, key, value as never);
      },
      writeFacts: (key: string, facts: ProjectFacts) => {
        check('facts', key);
        writeFacts(key, facts);
      },
      changeFacts: (key: string, facts: ProjectFacts) => {
        check('facts', key);
        changeFacts(key, facts);
      },
    });
    return () => Object.assign(store, { write, writeFacts, changeFacts });
  }

  test.each(['walks', 'facts', 'projects'])(
    'a write of its %s that throws: the others go on',
    async (table) => {
      await inWorld({ settings }, async (world, sql) => {
        const [alpha, bad, gamma] = addThree(world);
        await world.tick(START, CRON, START + 50 * MINUTE);
        for (const project of [alpha, bad, gamma]) project?.push('main', START + 55 * MINUTE);
        for (let row = 0; row < 700; row += 1) bad?.add({ createdAt: START + 56 * MINUTE + row });
        const mend = breakWrites(world, bad?.id ?? '', table);
        for (let hour = 1; hour <= 3; hour += 1)
          await world.tick(START + hour * HOUR, CRON, START + hour * HOUR + 50 * MINUTE);
        for (const { name } of [alpha, gamma] as NonNullable<typeof bad>[])
          expect(posts(world, name)).toHaveLength(4);
        expect(world.runs().map(({ outcome }) => outcome)).toEqual(['partial', 'partial', 'partial', 'done']);
        expect(world.runs()[0]?.refusals).toMatchObject([{ project: 'bad' }, { project: 'bad' }]);
        expect(world.log.filter(({ event }) => event === 'alarm')).toEqual([]);
        // What it had staged is gone again: no block that nobody knows of.
        const { store } = world.keeper;
        const known = store
          .projectIds()
          .flatMap((id) => store.read('projects', id)?.inventory?.blocks ?? [])
          .map((block) => block.id);
        const stored = sql.exec<{ id: number }>('SELECT id FROM blocks').toArray();
        expect(stored.map(({ id }) => id).sort((a, b) => a - b)).toEqual(known.sort((a, b) => a - b));
        mend();
        await world.tick(START + 4 * HOUR, CRON, START + 5 * HOUR);
        expect(world.runs()[0]?.outcome).toBe('done');
        expect(knownIds(world, bad as NonNullable<typeof bad>).length).toBeGreaterThan(700);
      });
    },
  );

  test('its other build, of the same alarm, is not started either', async () => {
    await inWorld({ settings: { RULES: [{ projects: ['*'], rebuild: { hook: true } }] } }, async (world) => {
      const [, bad] = addThree(world);
      const { store } = world.keeper;
      const { write } = store;
      let failures = 0;
      await begin(world);
      Object.assign(store, {
        write: (table: never, key: string, value: never) => {
          if (String(table) === 'posted' && key.includes(bad?.id ?? '') && failures === 0) {
            failures += 1;
            throw new Error('too large');
          }
          write(table, key, value);
        },
      });
      while (!world.keeper.work().rebuilds.some(({ name }) => name === 'bad')) await world.step();
      const [main] = world.keeper.work().rebuilds.filter(({ name }) => name === 'bad');
      if (main !== undefined)
        addRebuild(world.keeper.work(), { ...main, by: 'hook', branch: 'dev', key: `${main.key} dev` });
      await world.run(START + 50 * MINUTE);
      expect(failures).toBe(1);
      expect(posts(world, 'bad')).toEqual([]);
      expect([posts(world, 'alpha').length, posts(world, 'gamma').length]).toEqual([1, 1]);
      expect(world.runs()[0]?.refusals.map(({ project, what }) => [project, what])).toEqual([
        ['bad', 'rebuild'],
      ]);
    });
  });

  test('blocks that cannot be put in order after a run: the others go on, and nothing spins', async () => {
    await inWorld({ settings }, async (world) => {
      const [alpha, bad] = addThree(world);
      const { store } = world.keeper;
      const { readBlock } = store;
      const badBlocks = () =>
        store.read('projects', bad?.id ?? '')?.inventory?.blocks.map(({ id }) => id) ?? [];
      let isBroken = false;
      Object.assign(store, {
        readBlock: (id: number) => {
          if (isBroken && badBlocks().includes(id)) throw new Error('cannot be read');
          return readBlock(id);
        },
      });
      await begin(world);
      while (deletesOf(world.simulator.calls, 'bad').length === 0) await world.step();
      isBroken = true;
      const before = world.slices.length;
      await world.run(START + 50 * MINUTE);
      expect(world.slices.length - before).toBeLessThan(60);
      expect(oldIds(alpha as NonNullable<typeof bad>)).toEqual([]);
      isBroken = false;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      expect(oldIds(bad as NonNullable<typeof bad>)).toEqual([]);
      expect(world.runs()[0]?.outcome).toBe('done');
    });
  });

  test('an answer that comes half a minute later finds nobody who has gone on without it', async () => {
    const latency = (call: { project: string | null }) => (call.project === 'slow' ? 25_000 : 50);
    await inWorld({ settings, simulator: { latency: latency as () => number } }, async (world) => {
      const slow = addSite(world, { name: 'slow', old: 40 });
      addSite(world, { name: 'bad', old: 5 });
      let failing = true;
      const { store } = world.keeper;
      const { writeFacts } = store;
      Object.assign(store, {
        writeFacts: (key: string, facts: ProjectFacts) => {
          const isBad = store.read('projects', key)?.project.name === 'bad';
          if (failing && isBad) throw new Error('too large');
          writeFacts(key, facts);
        },
      });
      await world.tick(START, CRON, START + 20 * MINUTE);
      failing = false;
      await world.tick(START + HOUR, CRON, START + 2 * HOUR);
      const known = knownIds(world, slow);
      expect(new Set(known).size).toBe(known.length);
      expect(known).toEqual(idsOf(slow).filter((id) => known.includes(id)));
      expect(known.length).toBeGreaterThan(3);
      const facts = store.readFacts(slow.id, 'all')?.branches['p:main']?.successes ?? [];
      expect(new Set(facts).size).toBe(facts.length);
    });
  });
});

test('a POST that was lost in an account of small pages is looked for, and holds nobody up', async () => {
  await inWorld({ settings: { ...settings, CONCURRENT_REBUILDS: 1 } }, async (world) => {
    addSite(world, { name: 'alpha', old: 1 });
    addSite(world, { name: 'beta', old: 1 });
    let lost = false;
    world.simulator.fault = (call) => {
      if (isList(call) && Number(call.query.per_page) > 10)
        return { kind: 'status', status: 400, code: 8_000_024, message: 'Invalid list options' };
      if (call.method !== 'POST' || lost) return null;
      lost = true;
      return { kind: 'drop-before' };
    };
    await world.tick(START, CRON, START + 50 * MINUTE);
    const built = ['alpha', 'beta'].map((name) => posts(world, name).filter(({ effect }) => effect).length);
    expect(built).toEqual([1, 1]);
  });
});

test('a stale branch in an account of small pages is deleted whole, alias included', async () => {
  const prune = { olderThanDays: 7, staleBranchesAfterDays: 14 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 0 });
    const head = project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
    world.simulator.fault = (call) =>
      isList(call) && Number(call.query.per_page) > 10
        ? { kind: 'status', status: 400, code: 8_000_024, message: 'Invalid list options' }
        : null;
    await world.tick(START, CRON, START + 50 * MINUTE);
    expect(project.get(head.id)).toBeNull();
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});

test('a head that can never be read again before force=true: tried a few times, ever later, then it has failed', async () => {
  const prune = { olderThanDays: 7, staleBranchesAfterDays: 14 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 0 });
    const head = project.add({ createdAt: START - 40 * DAY, branch: 'dev' });
    let lists = 0;
    world.simulator.fault = (call) => {
      if (!isList(call)) return null;
      lists += 1;
      return lists > 1 ? { kind: 'status', status: 500 } : null;
    };
    await world.tick(START, CRON, START + 50 * MINUTE);
    expect(listsOf(world.simulator.calls).length).toBeLessThan(12);
    expect(deletesOf(world.simulator.calls)).toEqual([]);
    expect(world.runs()[0]).toMatchObject({ outcome: 'partial', counts: { failed: 1, remaining: 0 } });
    expect(project.get(head.id)).not.toBeNull();
  });
});

test.each([
  ['four large projects', [7_500, 7_500, 7_500, 7_500]],
  ['six, and small ones behind them', [3_000, 4_500, 3_000, 4_500, 3_000, 4_500, 30, 30]],
])('%s at once are each read whole, one after the other', async (_, sizes) => {
  const limit = { calls: 40, windowMs: 60_000, blockMs: 60_000 };
  await inWorld({ simulator: { limit } }, async (world) => {
    for (const [index, size] of sizes.entries()) {
      const project = world.simulator.account.addProject({ name: `p${index}` });
      for (let row = size; row > 0; row -= 1) project.add({ createdAt: START - row * MINUTE });
    }
    await world.tick(START, CRON, START + 55 * MINUTE);
    const { store } = world.keeper;
    const whole = store.projectIds().map((id) => store.read('projects', id)?.inventory?.validAt ?? null);
    expect(whole.filter((at) => at !== null)).toHaveLength(sizes.length);
    // What was read once was not read again.
    const pages = sizes.reduce((sum, size) => sum + Math.ceil(size / 25) + 1, 0);
    expect(world.simulator.calls.filter(({ path }) => path.endsWith('/deployments')).length).toBeLessThan(
      pages + 2 * sizes.length,
    );
  });
});

test('a block that says "one second" for ever is asked about less and less often', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    world.simulator.fault = () => ({ kind: 'status', status: 429, retryAfter: 1 });
    await world.tick(START, CRON, START + 30 * MINUTE);
    expect(world.simulator.calls.length).toBeLessThan(20);
    world.simulator.fault = null;
    await world.run(START + HOUR);
    expect(acts(world.simulator).length).toBe(10);
  });
});

test('an alarm that fails as a whole is tried again ever later', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await begin(world);
    const waits: number[] = [];
    const { store } = world.keeper;
    const { writeStateText } = store;
    Object.assign(store, {
      writeStateText: () => {
        throw new Error('too large');
      },
    });
    for (let time = 0; time < 7; time += 1) {
      const at = world.alarmAt() ?? 0;
      await world.step();
      waits.push((world.alarmAt() ?? 0) - at);
    }
    expect(waits).toEqual([20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]);
    Object.assign(store, { writeStateText });
    await world.run();
    expect(world.runs()[0]?.outcome).toBe('done');
  });
});
