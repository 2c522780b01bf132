// Every earlier version's storage, opened by this one in the middle of its work: nothing is lost, repeated, or planned away.
// The next one: `VITE_DUMP_STORAGE=1 npx vitest run --project worker test/keeper/upgrade.test.ts` writes storage-<version>.json,
// and `npm run format` lays it out.

import { env, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../src/report.ts';
import { VERSION } from '../../src/version.ts';
import { deletesOf, idsOf } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { dump, isPlanned, LIMIT, liveUntilToday, RULES, replay, type Stored, YESTERDAY } from './storage.ts';
import { columnsOf, loadTables } from './tables.ts';
import { acts, CRON, DAY, HOUR, inWorld, openWorld, START, type World } from './world.ts';

const earlier = Object.entries(
  import.meta.glob<Stored>('./storage-*.json', { import: 'default', eager: true }),
);
const settings = { RULES };

/** Opens what was stored, in a world whose account is where that Keeper had left it. */
async function inStored(
  stored: Stored,
  use: (world: World, sql: SqlStorage) => Promise<void>,
): Promise<void> {
  const stub = env.KEEPER.getByName(`upgrade-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_instance, { storage: { sql } }) => {
    loadTables(sql, stored.tables);
    const world = openWorld(sql, { settings, start: stored.now, alarm: stored.alarm });
    await replay(world, stored);
    await use(world, sql);
  });
}

const deletedBefore = ({ acts: done }: Stored) =>
  done.filter(([, method]) => method === 'DELETE').map(([, , path]) => path.replace(/.*\//, ''));

const rowsOf = (stored: Stored, table: string) =>
  stored.tables.find(({ create }) => create.startsWith(`CREATE TABLE ${table} `))?.rows ?? [];

test.each(earlier)('%s was written in the middle of everything', async (_, stored) => {
  for (const table of ['blocks', 'deletions', 'intents', 'projects', 'queue', 'refusals', 'runs', 'walks'])
    expect(rowsOf(stored, table), table).not.toEqual([]);
  await inStored(stored, async (world) => {
    const work = world.keeper.work();
    expect(work.intents).toMatchObject([{ state: 'doubt', attempt: 1 }]);
    expect(work.queues).toMatchObject([{ name: 'docs' }]);
    expect(work.walks).toMatchObject([{ read: 25, of: 28 }]);
  });
});

test.each(earlier)('opened, %s has every table and column of a new storage', async (_, stored) => {
  let wanted: string[] = [];
  await inWorld({}, async (_world, sql) => {
    wanted = columnsOf(sql);
  });
  await inStored(stored, async (_world, sql) => {
    expect(columnsOf(sql)).toEqual(wanted);
  });
});

test.each(earlier)('the page reads %s as it is', async (_, stored) => {
  const [closed] = rowsOf(stored, 'runs').map(({ value }) => JSON.parse(String(value)) as RunRecord);
  await inStored(stored, async (world) => {
    const app = pagesOf(world);
    const [first] = deletedBefore(stored);
    for (const [path, text] of [
      ['/', 'docs'],
      ['/projects/docs', 'Kept: the API refused to delete it'],
      ['/projects/blog', 'Reading deployments: 25 of 28'],
      ['/runs', closed?.id],
      [`/runs/${closed?.id}`, 'shop'],
      [`/runs/${closed?.id}.json`, first],
      ['/status.json', closed?.id],
      ['/feed.atom', closed?.id],
      ['/healthz', '"ok":true'],
    ]) {
      const response = await app.request(path ?? '');
      expect(response.status, path).toBe(200);
      expect(await response.text(), path).toContain(text);
    }
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test.each(earlier)(
  'the run of %s goes on: the planned set, one build, every run listed',
  async (_, stored) => {
    await inStored(stored, async (world) => {
      const { projects } = world.simulator.account;
      const before = projects.flatMap(idsOf);
      const [open] = world.keeper.work().runs.map(({ record }) => record);
      await world.run(START + HOUR);

      const { calls } = world.simulator;
      const gone = before.filter((id) => !projects.flatMap(idsOf).includes(id));
      expect(gone.sort()).toEqual(before.filter(isPlanned).sort());
      // The one whose answer was lost is sent again, as it must be; none of those that were known to be gone.
      const sent = [...deletesOf(calls, 'docs'), ...deletesOf(calls, 'blog')];
      expect(new Set(sent).size).toBe(sent.length);
      expect(sent.filter((id) => !gone.includes(id))).toHaveLength(1);

      // Of docs the answer was lost before, not the build.
      expect(acts(world.simulator).filter((act) => act.startsWith('POST'))).toEqual(['POST blog main']);
      const [run, ...older] = world.runs();
      expect(run).toMatchObject({ id: open?.id, outcome: 'done', counts: { failed: 0, remaining: 0 } });
      expect(run?.rebuilds.map(({ status }) => status)).toEqual(['ready', 'ready']);
      expect(older).toEqual(rowsOf(stored, 'runs').map(({ value }) => JSON.parse(String(value))));
      const recorded = world.runs().flatMap(({ id }) => world.deletions(id));
      const planned = [...gone, ...deletedBefore(stored)].filter(isPlanned);
      expect(
        recorded
          .map(({ id }) => id)
          .filter(isPlanned)
          .sort(),
      ).toEqual([...new Set(planned)].sort());
    });
  },
);

test.each(earlier)('the day after %s is an ordinary day', async (_, stored) => {
  await inStored(stored, async (world) => {
    await world.run(START + HOUR);
    world.simulator.calls.length = 0;
    await world.tick(START + DAY, CRON, START + DAY + HOUR);
    expect(deletesOf(world.simulator.calls).filter(isPlanned)).toEqual([]);
    expect(world.runs()[0]).toMatchObject({ cron: CRON, outcome: 'done', counts: { remaining: 0 } });
  });
});

test.runIf(import.meta.env.VITE_DUMP_STORAGE)('the storage of this version is written down', async () => {
  await inWorld({ settings, start: YESTERDAY, simulator: { limit: LIMIT } }, async (world, sql) => {
    await liveUntilToday(world);
    const text = JSON.stringify(dump(sql, world));
    await expect(text).toMatchFileSnapshot(`storage-${VERSION}.json`);
  });
});
