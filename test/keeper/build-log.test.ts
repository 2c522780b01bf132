// The end of a failed build's log, by the real Keeper: read by an alarm once somebody who may asks for it, once for each
// deployment, ten a minute, kept without secrets, and no longer than the deployment.

import { describe, expect, test } from 'vitest';
import type { SimulatedDeployment } from '../../simulator/deployment.ts';
import { pagesOf, readsOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const SECOND = 1_000;
const DOOR = { mode: 'password', password: 'long enough' } as const;
const headers = { authorization: `Basic ${btoa('me:long enough')}` };
const TOKEN = 'our-own.word';
const GIT = 'another-word';

const settings: Settings = {
  CLOUDFLARE_API_TOKEN: TOKEN,
  BUILD_LOGS: 'true',
  GIT_TOKEN: `me:${GIT}`,
  RULES: [
    { projects: ['secret'], show: false },
    { projects: ['*'], prune: { olderThanDays: 2 } },
  ],
};

const pathOf = (one: SimulatedDeployment, project = 'docs') => `/projects/${project}/deployments/${one.id}`;
const see = async (world: World, path: string, init: RequestInit = { headers }) =>
  (await pagesOf(world, DOOR).request(path, init)).text();
const gets = (world: World) => world.simulator.calls.filter(({ path }) => path.endsWith('/history/logs'));
const stored = (sql: SqlStorage) => sql.exec<{ id: string; value: string }>('SELECT * FROM logs').toArray();

/** A project with a live build, one that failed and one that was cancelled, read by a run. */
async function withFailure(
  use: (world: World, failed: SimulatedDeployment, sql: SqlStorage) => Promise<void>,
  more: Settings = {},
): Promise<void> {
  const options = { settings: { ...settings, ...more }, simulator: { token: TOKEN } };
  await inWorld(options, async (world, sql) => {
    const docs = world.simulator.account.addProject({ name: 'docs' });
    docs.add({ createdAt: START - 2 * DAY });
    docs.add({ createdAt: START - DAY, branch: 'feat', outcome: 'canceled' });
    const failed = docs.add({ createdAt: START - DAY, branch: 'fix', outcome: 'failure' });
    docs.add({ createdAt: START - HOUR, branch: 'fix' });
    await world.tick(START, CRON, START + 10 * MINUTE);
    world.setNow(START + 20 * MINUTE);
    await use(world, failed, sql);
  });
}

test('a view asks, an alarm reads it, the next view shows it, and nobody reads it again', async () => {
  await withFailure(async (world, failed) => {
    expect(await see(world, pathOf(failed))).toContain('is being fetched');
    expect(gets(world)).toEqual([]);
    const calls = world.simulator.calls.length;
    await see(world, pathOf(failed));
    await world.run(world.now() + 5 * MINUTE);
    expect(gets(world)).toHaveLength(1);
    const shown = await see(world, pathOf(failed));
    expect(shown).toContain('<bdi>Failed: build command exited with code: 1</bdi>');
    expect(shown).toContain('That is best effort');
    expect(shown).toContain('NPM_TOKEN=[masked]');
    expect(shown).not.toContain('an-invented-token-of-the-demo');
    await world.tick(START + HOUR, CRON, START + 2 * HOUR);
    await see(world, pathOf(failed));
    await world.run(START + 3 * HOUR);
    expect(gets(world)).toHaveLength(1);
    expect(world.simulator.calls.length).toBeGreaterThan(calls);
  });
});

test('who looks while it is being read asks for it no second time', async () => {
  await withFailure(async (world, failed) => {
    await see(world, pathOf(failed));
    // Not by the page: how long that takes to be made is the machine's, and the answer may be there before.
    const looks: Promise<unknown>[] = [];
    world.simulator.fault = ({ path }) => {
      if (path.endsWith('/history/logs'))
        looks.push(readsOf(world.keeper).deployment('docs', failed.id, true));
      return null;
    };
    await world.run(world.now() + 10 * MINUTE);
    expect(await Promise.all(looks)).toMatchObject([{ log: { kind: 'asked' } }]);
    expect(gets(world)).toHaveLength(1);
  });
});

test('one that ends its alarm ends no other', async () => {
  await withFailure(async (world, failed) => {
    await see(world, pathOf(failed));
    world.simulator.fault = ({ path }) => {
      if (path.endsWith('/history/logs')) world.restart();
      return null;
    };
    await world.run(world.now() + 5 * MINUTE);
    expect(gets(world)).toHaveLength(1);
    expect(await see(world, pathOf(failed))).toContain('could not be read at');
  });
});

test('what goes wrong with one holds up neither the others nor the run', async () => {
  await withFailure(async (world, failed) => {
    world.keeper.work().logs.asked.push({ id: 'no id', project: 'nobody', name: 'docs' });
    await see(world, pathOf(failed));
    await world.run(world.now() + 10 * MINUTE);
    expect(await see(world, pathOf(failed))).toContain('build command exited');
    expect(world.log.filter(({ event }) => event === 'alarm')).toEqual([]);
    await world.tick(START + HOUR);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done' });
  });
});

describe('nobody else is told of it, and nothing is asked', () => {
  test.each<[string, Settings, object]>([
    ['who has no password', {}, { mode: 'public' }],
    ['where it is not switched on', { BUILD_LOGS: 'false' }, DOOR],
  ])('%s', async (_name, more, door) => {
    await withFailure(async (world, failed) => {
      const pages = pagesOf(world, door as typeof DOOR);
      const shown = await (await pages.request(pathOf(failed), { headers })).text();
      expect(shown).toContain('Build log at Cloudflare');
      expect(shown).not.toMatch(/build log is|end of its build log/i);
      await world.run(world.now() + 20 * MINUTE);
      expect(gets(world)).toEqual([]);
    }, more);
  });

  test('of a build that did not fail, in JSON, or of a hidden project', async () => {
    await withFailure(async (world, failed) => {
      const { deployments } = world.simulator.account.project('docs');
      const secret = world.simulator.account.addProject({ name: 'secret' });
      const hidden = secret.add({ createdAt: START - HOUR, outcome: 'failure' });
      await world.tick(START + HOUR, CRON, START + HOUR + 10 * MINUTE);
      for (const one of deployments.filter(({ outcome }) => outcome !== 'failure'))
        await see(world, pathOf(one));
      await see(world, pathOf(hidden, 'secret'));
      await see(world, `${pathOf(failed)}.json`);
      await world.run(world.now() + 20 * MINUTE);
      expect(gets(world)).toEqual([]);
      await see(world, pathOf(failed));
      await world.run(world.now() + 5 * MINUTE);
      expect(gets(world)).toHaveLength(1);
      for (const path of [`${pathOf(failed)}.json`, '/projects/docs', '/feed.atom', '/runs', '/status.json'])
        expect(await see(world, path)).not.toContain('build command exited');
    });
  });
});

test('ten a minute at most, and twenty that wait', async () => {
  await withFailure(async (world) => {
    const docs = world.simulator.account.project('docs');
    const failed = Array.from({ length: 25 }, (_, at) =>
      docs.add({ createdAt: START - 3 * HOUR + at, branch: `b${at}`, outcome: 'failure' }),
    );
    await world.tick(START + HOUR, CRON, START + HOUR + 10 * MINUTE);
    const from = START + 2 * HOUR;
    world.setNow(from);
    for (const one of failed) await see(world, pathOf(one));
    // However often an alarm fires, for whatever reason.
    for (let alarm = 0; alarm < 15; alarm += 1) await world.keeper.alarm();
    expect(gets(world)).toHaveLength(10);
    await world.run(from + 10 * MINUTE);
    const times = gets(world).map(({ at }) => at);
    expect(times).toHaveLength(20);
    for (const at of times)
      expect(times.filter((other) => other >= at && other < at + MINUTE).length).toBeLessThanOrEqual(10);
    expect(times.at(-1)).toBeGreaterThan(from + 59 * SECOND);
    expect(times.at(-1)).toBeLessThan(from + 2 * MINUTE);
  });
});

describe('it is kept no longer than its deployment', () => {
  /** Read, and kept. */
  const kept = (use: (world: World, failed: SimulatedDeployment, sql: SqlStorage) => Promise<void>) =>
    withFailure(async (world, failed, sql) => {
      await see(world, pathOf(failed));
      await world.run(world.now() + 5 * MINUTE);
      expect(stored(sql).map(({ id }) => id)).toEqual([failed.id]);
      await use(world, failed, sql);
    });

  test('which we delete', async () => {
    await kept(async (world, failed, sql) => {
      await world.tick(START + 2 * DAY);
      expect(world.simulator.account.project('docs').get(failed.id)).toBeNull();
      expect(stored(sql)).toEqual([]);
    });
  });

  test('which somebody else deletes', async () => {
    await kept(async (world, failed, sql) => {
      const docs = world.simulator.account.project('docs');
      docs.remove(failed.id);
      docs.push('main', START + 25 * MINUTE);
      await world.tick(START + HOUR);
      expect(stored(sql)).toEqual([]);
    });
  });

  test('whose project is no more', async () => {
    await kept(async (world, _failed, sql) => {
      world.simulator.account.deleteProject('docs');
      await world.tick(START + HOUR);
      expect(stored(sql)).toEqual([]);
    });
  });

  test('which is missing when everything is read anew', async () => {
    await kept(async (world, failed, sql) => {
      // Once a week, and when another branch is production's.
      world.simulator.account.project('docs').renameProductionBranch('trunk');
      world.simulator.account.project('docs').remove(failed.id);
      await world.tick(START + 8 * DAY);
      expect(stored(sql)).toEqual([]);
    });
  });

  test('nor than it is switched on', async () => {
    await kept(async (world, _failed, sql) => {
      world.settings.BUILD_LOGS = 'false';
      await world.tick(START + HOUR);
      expect(stored(sql)).toEqual([]);
    });
  });

  test('and of one that is deleted before the answer comes nothing is kept', async () => {
    await withFailure(async (world, failed, sql) => {
      await see(world, pathOf(failed));
      world.simulator.fault = ({ path }) => {
        if (path.endsWith('/history/logs'))
          world.keeper.store.markGone(blockOf(world, failed.id), [failed.id]);
        return null;
      };
      await world.run(world.now() + 5 * MINUTE);
      expect([gets(world).length, stored(sql)]).toEqual([1, []]);
    });
  });
});

function blockOf(world: World, id: string): number {
  const { store } = world.keeper;
  const blocks = store.projectIds().flatMap((one) => store.read('projects', one)?.inventory?.blocks ?? []);
  return blocks.find((block) => store.readBlock(block.id).some((row) => row.id === id))?.id ?? 0;
}

test('one that cannot be read is told, and asked for again ten minutes later, when somebody looks', async () => {
  await withFailure(async (world, failed) => {
    world.simulator.fault = ({ path }) =>
      path.endsWith('/history/logs') ? { kind: 'status', status: 502, body: 'html' } : null;
    await see(world, pathOf(failed));
    await world.run(world.now() + 2 * MINUTE);
    const at = world.now();
    expect(await see(world, pathOf(failed))).toContain('could not be read at');
    await world.run(at + 5 * MINUTE);
    expect(gets(world)).toHaveLength(1);
    world.simulator.fault = () => null;
    world.setNow(at + 11 * MINUTE);
    expect(await see(world, pathOf(failed))).toContain('is being fetched');
    await world.run(world.now() + 2 * MINUTE);
    expect(await see(world, pathOf(failed))).toContain('build command exited');
    expect(gets(world)).toHaveLength(2);
  });
});

test('one of more than 1 MB is told as that, and not read again', async () => {
  await withFailure(async (world, failed) => {
    failed.log = Array.from({ length: 5_000 }, () => 'x'.repeat(250));
    await see(world, pathOf(failed));
    await world.run(world.now() + 5 * MINUTE);
    expect(await see(world, pathOf(failed))).toContain('longer than 1 MB');
    await world.run(world.now() + 20 * MINUTE);
    await see(world, pathOf(failed));
    await world.run(world.now() + 20 * MINUTE);
    expect(gets(world)).toHaveLength(1);
  });
});

test('what is kept is bounded, in each and in number, and holds no token of ours', async () => {
  await withFailure(async (world, failed, sql) => {
    failed.log = Array.from({ length: 300 }, (_, at) => `${at} by ${TOKEN} ${GIT} ${'word '.repeat(300)}`);
    await see(world, pathOf(failed));
    await world.run(world.now() + 5 * MINUTE);
    const [row] = stored(sql);
    expect(row?.value).toContain('[masked]');
    expect(row?.value).not.toContain(TOKEN);
    expect(row?.value).not.toContain(GIT);
    expect(row?.value.length).toBeLessThan(14_000);
    for (let at = 0; at < 300; at += 1)
      world.keeper.store.writeLog(`id-${at}`, 'p', { kind: 'unread', at: world.now() + at });
    expect(stored(sql)).toHaveLength(200);
    expect(world.keeper.store.readLog('id-299')).not.toBeNull();
    expect(world.keeper.store.readLog(failed.id)).toBeNull();
  });
});
