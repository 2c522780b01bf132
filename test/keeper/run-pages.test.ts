// What a run of a large account lists, by page: its record holds the first of each list, the others are read with their page.

import { expect, test } from 'vitest';
import { closeRun, newRun, noteBuild, noteOutcome, runId } from '../../src/keeper/runs.ts';
import { readFound } from '../../src/keeper/views/find.ts';
import { readRunPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import type { RunPage } from '../../src/reads.ts';
import type { RunRecord } from '../../src/report.ts';
import { addSite, oldIds } from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const AT = START + 2 * HOUR;
const TICK = { cron: CRON, scheduledTime: AT };
const ID = runId(TICK);
const named = (name: string, many: number) => Array.from({ length: many }, (_, at) => `${name}-${at}`);

/** A run in some hundred projects, after one that has seen the account. */
async function addRun(world: World): Promise<RunRecord> {
  await world.tick();
  const work = world.keeper.work();
  work.runs.push({ record: newRun(TICK, AT, false), listed: false, sent: 0 });
  for (const project of named('fresh', 130)) noteOutcome(work, ID, { skip: { project, reason: 'fresh' } });
  for (const project of named('busy', 25)) noteOutcome(work, ID, { skip: { project, reason: 'building' } });
  for (const project of named('left', 230))
    noteOutcome(work, ID, { refusal: { project, what: 'prune', why: 'no reading' } });
  for (const project of named('built', 150))
    noteOutcome(work, ID, {
      rebuild: { project, branch: 'main', deploymentId: project, status: 'building' },
    });
  return work.runs.at(-1)?.record as RunRecord;
}

function close(world: World): void {
  const { store } = world.keeper;
  const work = world.keeper.work();
  for (const run of [...work.runs]) closeRun(store, work, run, AT + MINUTE);
}

const pageOf = async (world: World, page: number): Promise<RunPage> =>
  (await world.keeper.view(null, (view) => readRunPage(view, ID, page))) as RunPage;

const rowsListed = (sql: SqlStorage) => sql.exec('SELECT page FROM listed ORDER BY page').toArray();

test.each([
  ['under way', () => undefined],
  ['that has ended', close],
])('a run %s: a hundred of each list a page, and all of them on its pages', async (_, end) => {
  await inWorld({}, async (world) => {
    const record = await addRun(world);
    end(world);
    const pages = await Promise.all([1, 2, 3, 4].map((page) => pageOf(world, page)));
    expect(pages.map((one) => one.pages)).toEqual([3, 3, 3, 3]);
    for (const list of ['skips', 'refusals', 'rebuilds'] as const) {
      const lists = pages.map(({ run }) => run[list]);
      expect(Math.max(...lists.map(({ length }) => length))).toBe(100);
      expect(lists.flat()).toEqual(record[list]);
    }
  });
});

test('where runs are listed the first of each list stand, and how many there are', async () => {
  const query = { day: null, before: null, page: 1, size: 25 };
  await inWorld({}, async (world, sql) => {
    await addRun(world);
    const open = await world.keeper.view(null, (view) => readRunsPage(view, query));
    close(world);
    const closed = await world.keeper.view(null, (view) => readRunsPage(view, query));
    for (const { runs } of [open, closed]) {
      const [run] = runs;
      expect(run?.listed).toEqual({
        ...{ rebuilds: 150, started: 150, refusals: 230, warnings: 0 },
        skips: { fresh: 130, building: 25 },
      });
      expect([run?.rebuilds.length, run?.refusals.length, run?.skips.length]).toEqual([20, 20, 40]);
      expect(run?.skips[20]).toEqual({ project: 'busy-0', reason: 'building' });
    }
    const [stored] = sql
      .exec<{ n: number }>('SELECT LENGTH(value) AS n FROM runs WHERE id = ?', ID)
      .toArray();
    expect(stored?.n).toBeLessThan(10_000);
  });
});

test('how a build went is told on the page that lists it, also after its run has ended', async () => {
  await inWorld({}, async (world) => {
    await addRun(world);
    close(world);
    for (const id of ['built-3', 'built-120'])
      noteBuild(world.keeper.store, world.keeper.work(), ID, id, 'ready');
    const ready = (page: RunPage) => page.run.rebuilds.filter(({ status }) => status === 'ready');
    expect(ready(await pageOf(world, 1)).map(({ project }) => project)).toEqual(['built-3']);
    expect(ready(await pageOf(world, 2)).map(({ project }) => project)).toEqual(['built-120']);
    const listed = world.keeper.store.read('runs', ID)?.rebuilds.filter(({ status }) => status === 'ready');
    expect(listed?.map(({ project }) => project)).toEqual(['built-3']);
  });
});

test('what a short run lists stands in its record alone', async () => {
  await inWorld({}, async (world, sql) => {
    await world.tick();
    const work = world.keeper.work();
    work.runs.push({ record: newRun(TICK, AT, false), listed: false, sent: 0 });
    for (const project of named('fresh', 20)) noteOutcome(work, ID, { skip: { project, reason: 'fresh' } });
    close(world);
    expect(rowsListed(sql)).toEqual([]);
    const { run, pages } = await pageOf(world, 1);
    expect([run.skips.length, run.listed, pages]).toEqual([20, undefined, 1]);
  });
});

test('the pages of a run go with it, after ninety days', async () => {
  await inWorld({}, async (world, sql) => {
    await addRun(world);
    close(world);
    expect(rowsListed(sql)).toHaveLength(3);
    await world.tick(START + 92 * DAY);
    expect(world.keeper.store.read('runs', ID)).toBeNull();
    expect(rowsListed(sql)).toEqual([]);
  });
});

test('what a run did is told for ninety days, by day, on its own page and where it is looked for', async () => {
  await inWorld({}, async (world) => {
    const [old = ''] = oldIds(addSite(world));
    await world.tick();
    const id = world.runs()[0]?.id ?? '';
    const deleted = () => world.deletions(id).map((one) => one.id);
    const seen = () =>
      world.keeper.view(null, (view) => ({
        ofDay: readRunsPage(view, { day: id.slice(0, 10), before: null, page: 1, size: 25 }).runs.length,
        own: readRunPage(view, id, 1)?.total ?? null,
        found: readFound(view, old.slice(0, 13), 1).gone.length,
      }));
    expect(deleted()).toHaveLength(10);
    const all = { ofDay: 1, own: 10, found: 1 };
    expect(await seen()).toEqual(all);
    await world.tick(START + 89 * DAY, CRON, START + 89 * DAY + HOUR);
    expect([await seen(), deleted().length]).toEqual([all, 10]);
    await world.tick(START + 91 * DAY, CRON, START + 91 * DAY + HOUR);
    expect([await seen(), deleted()]).toEqual([{ ofDay: 0, own: null, found: 0 }, []]);
  });
});
