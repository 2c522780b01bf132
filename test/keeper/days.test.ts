// What the runs of each day came to: counted as they close, for ninety days.

import { expect, test } from 'vitest';
import { DAYS_KEPT, knownDays, withRun, withSettled } from '../../src/keeper/days.ts';
import { readOverviewPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import type { DayRecord, RunRecord } from '../../src/report.ts';
import { day, run } from '../web/fixtures.ts';
import { addSite } from './accounts.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START } from './world.ts';

const of = (day: string, change: Partial<RunRecord> = {}) => run({ id: `${day}T10-00-x`, ...change });

test('a day counts its runs, what failed and what went well, what was deleted and rebuilt, and how much was left', () => {
  const counts = { deleted: 5, gone: 0, refused: 0, failed: 0, remaining: 0 };
  let days: DayRecord[] = [];
  days = withRun(days, of('2026-11-24', { counts }), 90);
  days = withRun(days, of('2026-11-24', { counts, outcome: 'failed', rebuilds: [] }), null);
  // What was not done whole has neither failed nor gone well; what another run took over is that one's.
  for (const outcome of ['partial', 'superseded'] as const)
    days = withRun(days, of('2026-11-24', { counts, outcome, rebuilds: [] }), null);
  days = withRun(days, of('2026-11-23', { rebuilds: [], counts }), 95);
  days = withSettled(days, of('2026-11-23'), 2);
  expect(days).toEqual([
    { day: '2026-11-23', runs: 1, failed: 0, well: 1, deleted: 7, rebuilds: 0, stored: 95 },
    { day: '2026-11-24', runs: 3, failed: 1, well: 1, deleted: 20, rebuilds: 1, stored: 90 },
  ]);
});

test('of a day that was stored before they were counted, all runs went well but those that failed', () => {
  const { well: _, ...stored } = day({ day: '2026-11-24', runs: 3, failed: 1 });
  expect(knownDays([stored as DayRecord], [])).toMatchObject([{ runs: 3, well: 2 }]);
  expect(withRun([stored as DayRecord], of('2026-11-24'), 1)).toMatchObject([{ runs: 4, well: 3 }]);
});

test('days are kept for thirteen weeks, and one that has only begun is among them', () => {
  let days: DayRecord[] = [];
  for (let index = 0; index < 200; index += 1)
    days = withRun(days, of(new Date(START + index * DAY).toISOString().slice(0, 10)), 1);
  expect([days.length, days[0]?.day]).toEqual([DAYS_KEPT, '2027-03-13']);
  const counts = { deleted: 45, gone: 1, refused: 0, failed: 0, remaining: 9 };
  const open = [of('2027-06-12', { counts }), of(days[90]?.day ?? '', { counts, rebuilds: [] })];
  const [begun, before, ...others] = knownDays(days, open);
  expect(begun).toEqual({
    ...{ day: '2027-06-12', runs: 0, failed: 0, well: 0, deleted: 45, rebuilds: 1, stored: null },
  });
  // What a run under way has deleted is deleted, though the day's count of it is not closed.
  expect(before).toEqual({ ...days[90], deleted: 45 + (days[90]?.deleted ?? 0) });
  expect(others).toHaveLength(DAYS_KEPT - 2);
});

test('what runs did is on the page, by the day that they were scheduled on', async () => {
  await inWorld({}, async (world) => {
    addSite(world);
    await world.tick(START, undefined, START + HOUR);
    await world.tick(START + DAY, undefined, START + DAY + HOUR);
    const { days } = await world.keeper.view(null, readRunsPage);
    const deleted = world.runs().reduce((sum, { counts }) => sum + counts.deleted, 0);
    expect(days.map(({ day, runs, failed }) => [day, runs, failed])).toEqual([
      ['2026-11-25', 1, 0],
      ['2026-11-24', 1, 0],
    ]);
    expect(days.reduce((sum, day) => sum + day.deleted, 0)).toBe(deleted);
    expect(deleted).toBeGreaterThan(0);
    expect(days[0]?.stored).toBeGreaterThan(0);
    expect((await world.keeper.view(null, (view) => readOverviewPage(view))).days).toEqual(days);
  });
});

test('a run that has not ended has its day', async () => {
  await inWorld({}, async (world) => {
    // Four hundred deletions take minutes.
    addSite(world, { old: 400 });
    await world.tick(START, undefined, START + MINUTE / 2);
    const { days } = await world.keeper.view(null, readRunsPage);
    const { deleted } = world.runs()[0]?.counts ?? { deleted: 0 };
    expect(deleted).toBeGreaterThan(0);
    expect(days).toMatchObject([{ day: '2026-11-24', runs: 0, deleted }]);
    world.setNow(START + DAY);
    expect((await world.keeper.view(null, readRunsPage)).days).toMatchObject([
      { day: '2026-11-24', deleted },
    ]);
  });
});

test('what is stored at a run’s end is what is there then, also where its last alarm has put a project in order', async () => {
  await inWorld({}, async (world) => {
    const docs = addSite(world, { name: 'docs', old: 2 });
    // So many pages that it is read when the deletions of the other go, and planned when that is put in order.
    const blog = addSite(world, { name: 'blog', old: 0, young: 300 });
    await world.tick(START, CRON, START + HOUR);
    expect(docs.deployments).toHaveLength(3);
    const stored = world.keeper.work().days.map((one) => one.stored);
    expect(stored).toEqual([docs.deployments.length + blog.deployments.length]);
  });
});

test('nor is it not known where the alarm that has read everything for the first time is the run’s last', async () => {
  const RULES = [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 600 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    const docs = addSite(world, { old: 0, young: 4 });
    await world.tick(START, CRON, START + HOUR);
    expect(world.keeper.work().days.map((one) => one.stored)).toEqual([docs.deployments.length]);
  });
});
