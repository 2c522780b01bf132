// The rows of a queue at the next tick: those that the new plan holds as well are not written again, and what is in the queue is
// what this plan says, whatever has happened since the earlier one and wherever it was cut off.

import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Policy } from '../properties/oracle.ts';
import { addSite, begin, drainOneBatch, mustGo, oldIds } from './accounts.ts';
import { planned, queues } from './under-way.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

type Sql = Pick<SqlStorage, 'exec'>;

interface Row {
  readonly plan: number;
  readonly lane: number;
  readonly seq: number;
  readonly ids: readonly string[];
}

/** What is in the queue. */
function rowsIn(sql: Sql): Row[] {
  const rows = sql.exec<{ plan: number; lane: number; seq: number; value: string }>(
    'SELECT plan, lane, seq, value FROM queue ORDER BY lane, seq',
  );
  return rows.toArray().map(({ value, ...row }) => ({
    ...row,
    ids: (JSON.parse(value) as { id: string }[]).map(({ id }) => id),
  }));
}

/** Those of these rows that do not stand there as they did. */
function changedSince(before: readonly Row[], sql: Sql): number {
  const now = new Set(rowsIn(sql).map((row) => JSON.stringify(row)));
  return before.filter((row) => !now.has(JSON.stringify(row))).length;
}

/** Goes on until the plan of the run of `at` stands. */
async function untilPlanned(world: World, at: number): Promise<void> {
  while (!queues(world).some(({ basis }) => basis.at === at))
    if (!(await world.step())) throw new Error('it was never planned');
}

/** In the queue is what the rules let go of, each once, in rows that fit into an alarm; nothing of another plan. */
function expectRight(
  world: World,
  sql: Sql,
  project: SimulatedProject,
  policies: Policy[],
  at: number,
): void {
  const rows = rowsIn(sql);
  const ids = rows.flatMap((row) => row.ids);
  expect(ids.toSorted()).toEqual([...mustGo(world, project, policies, at)].toSorted());
  const [queue] = queues(world);
  expect(queue?.left).toBe(ids.length);
  for (const row of rows) {
    expect(row.plan).toBe(queue?.plan);
    expect(row.ids.length).toBeGreaterThan(0);
    expect(row.ids.length).toBeLessThanOrEqual(row.lane === 2 ? 44 : 45);
  }
}

const POLICIES: Policy[] = [{ olderThanDays: 30, keepLatest: 3 }];
const settingsOf = (policies: Policy[]) => ({ RULES: [{ projects: ['*'], prune: policies }] });

test.each([
  ['of a small project', 300, 3],
  ['of one that takes several alarms to plan', 2_300, 5],
])('the queue %s is not written again at the next tick', async (_, old, most) => {
  await inWorld({ settings: settingsOf(POLICIES) }, async (world, sql) => {
    const project = addSite(world, { old });
    await drainOneBatch(world);
    const before = rowsIn(sql);
    expect(before.length).toBeGreaterThan(old / 45 - 2);
    await begin(world, START + HOUR);
    await untilPlanned(world, START + HOUR);
    // Those whose block was put in order, and those of which one alarm judged one half and the next the other.
    expect(changedSince(before, sql)).toBeLessThanOrEqual(most);
    expect(rowsIn(sql).length).toBeLessThanOrEqual(before.length + most);
    expectRight(world, sql, project, POLICIES, START + HOUR);
    await world.run(START + HOUR + 59 * MINUTE);
    expect(oldIds(project)).toEqual([]);
  });
});

/** Something that happens in mid-drain; gives the policies that hold then. */
type Change = (world: World, project: SimulatedProject) => Policy[];

const STALE = { olderThanDays: 7, keepLatest: 3, staleBranchesAfterDays: 14 };
const withRules = (world: World, policies: Policy[]): Policy[] => {
  Object.assign(world.settings, settingsOf(policies));
  return policies;
};
const deletesHere =
  (...places: number[]): Change =>
  (_, project) => {
    const ids = oldIds(project);
    for (const place of places) project.remove(ids[place] ?? '');
    return POLICIES;
  };

const changes: [string, Change][] = [
  ['nothing', () => POLICIES],
  ['somebody deletes one that a row begins with', deletesHere(45)],
  ['somebody deletes one in the middle of a row', deletesHere(60)],
  ['somebody deletes seven rows', deletesHere(...Array.from({ length: 7 * 45 }, (_, at) => 45 + at))],
  ['somebody deletes here and there', deletesHere(...Array.from({ length: 60 }, (_, at) => at * 9))],
  [
    'a rollback to one that waits',
    (_, project) => {
      project.rollback(oldIds(project)[100] ?? '');
      return POLICIES;
    },
  ],
  ['more is kept', (world) => withRules(world, [{ olderThanDays: 30, keepLatest: 90 }])],
  ['other branches go', (world) => withRules(world, [{ branches: ['feat/*'], olderThanDays: 30 }])],
  ['stale branches go', (world) => withRules(world, [STALE])],
];

/** Half of it on stale preview branches, in between. */
function addMixed(world: World, old: number): SimulatedProject {
  const project = addSite(world, { old: 0, young: 3 });
  const preview = (at: number) => ({ environment: 'preview', branch: `feat/${at % 7}` }) as const;
  for (let at = 0; at < old; at += 1)
    project.add({ createdAt: START - 60 * DAY + at * MINUTE, ...(at % 2 === 0 ? {} : preview(at)) });
  return project;
}

/** A queue of which one batch went; then something happens, and the next tick plans anew. `victim`: the write before which it dies. */
async function planTwice(
  first: Policy[],
  change: Change,
  { old = 700, victim = 0, lost = false }: { old?: number; victim?: number; lost?: boolean } = {},
): Promise<number> {
  let writes = 0;
  await inWorld({ settings: settingsOf(first) }, async (world, sql) => {
    const project = addMixed(world, old);
    if (lost) world.simulator.fault = ({ method }) => (method === 'DELETE' ? { kind: 'drop-before' } : null);
    await drainOneBatch(world);
    const policies = change(world, project);
    await begin(world, START + HOUR);
    world.onPoint = (point) => {
      if (point !== 'write' || planned(world).length === 0) return;
      writes += 1;
      if (writes === victim) world.restart();
    };
    await untilPlanned(world, START + HOUR);
    world.simulator.fault = null;
    expectRight(world, sql, project, policies, START + HOUR);
    await world.run(START + HOUR + 59 * MINUTE);
    expect(mustGo(world, project, policies, START + HOUR)).toEqual(new Set());
  });
  return writes;
}

test.each(changes)('%s: the queue is what the new plan says', async (_, change) => {
  await planTwice(POLICIES, change);
});

test('deletes that got no answer: they stand in the queue once, as the others do', async () => {
  await planTwice(POLICIES, () => POLICIES, { lost: true });
});

test('a stale branch that comes alive leaves the queue, in either of its lanes', async () => {
  await planTwice([STALE], (world, project) => {
    project.push('feat/1', world.now());
    return [STALE];
  });
});

test('what goes later, by another policy, stands between what waits', async () => {
  const two = (days: number): Policy[] => [
    { environment: 'preview', olderThanDays: days },
    { environment: 'production', olderThanDays: 30 },
  ];
  await planTwice(two(60), (world) => withRules(world, two(30)));
});

test('cut off at any write of the second plan: the queue is what it says', async () => {
  const change = deletesHere(45, 60, 200, 201, 202);
  const writes = await planTwice(POLICIES, change, { old: 300 });
  expect(writes).toBeGreaterThan(4);
  for (let victim = 1; victim <= writes; victim += Math.ceil(writes / 8))
    await planTwice(POLICIES, change, { old: 300, victim });
});
