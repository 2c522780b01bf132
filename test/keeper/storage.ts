// The storage of a Keeper in the middle of its work, to be opened by a later version: how it came about, as rows, and back.
// The account beside it is made from the same lines, and then from what that Keeper had done to it: never by today's Keeper.

import type { Fault, FaultyCall } from '../../simulator/simulator.ts';
import { begin, deletesOf } from './accounts.ts';
import { dumpTables, type Table } from './tables.ts';
import { CRON, DAY, HOUR, START, type World } from './world.ts';

/** Rules under which the stored Keeper lived. */
export const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];

/** What `test/keeper/storage-<version>.json` holds. */
export interface Stored {
  readonly now: number;
  readonly alarm: number | null;
  /** Calls that changed the account, oldest first. */
  readonly acts: readonly (readonly [at: number, method: string, path: string])[];
  readonly tables: readonly Table[];
}

/** Ids of deployments that the rules let go at START; all others stay. */
export const isPlanned = (id: string) => id.startsWith('old-');

/** A limit of its own: a batch takes part of a queue's row. */
export const LIMIT = { calls: 30, windowMs: 60_000, blockMs: 60_000 };

/** When its life began. */
export const YESTERDAY = START - DAY;

/** The account then. Ids are given, so that they are the same whatever the simulator makes up. */
export function addYesterday(world: World): void {
  const docs = project(world, 'docs');
  add(docs, 'old', 6, 60 * DAY);
  // Not expired on the day before.
  add(docs, 'old', 30, 30 * DAY + HOUR);
  add(docs, 'refused', 1, 70 * DAY, 'odd');
  add(docs, 'newest', 1, 50 * DAY, 'odd');
  add(docs, 'young', 2, 3 * DAY);
  add(project(world, 'shop', null), 'young', 4, 20 * DAY);
}

/** What had come until START: too much for one page. */
export function addToday(world: World): void {
  const blog = project(world, 'blog');
  add(blog, 'old', 10, 45 * DAY);
  add(blog, 'young', 18, 10 * DAY);
}

function project(world: World, name: string, source: 'github' | null = 'github') {
  return world.simulator.account.addProject({ name, source, id: `project-${name}`, createdAt: YESTERDAY });
}

function add(
  to: ReturnType<typeof project>,
  what: string,
  count: number,
  age: number,
  branch = to.productionBranch,
): void {
  for (let index = 0; index < count; index += 1) {
    const id = `${what}-${to.name}-${age / HOUR}-${index}`;
    to.add({
      id,
      branch,
      createdAt: START - age + index * 1_000,
      message: 'Say more',
      hash: '0123456789abcdef',
    });
  }
}

/** The API never deletes this one. */
const refuseOne = ({ method, deploymentId }: FaultyCall): Fault | null =>
  method === 'DELETE' && deploymentId?.startsWith('refused-')
    ? { kind: 'status', status: 400, code: 8_000_035 }
    : null;

/**
 * A life of two runs: a closed one with deletions, a refused id and a project left alone; and one that stands in mid-queue,
 * with a build and a deletion whose answers were lost, and a project of which only the first page was read.
 */
export async function liveUntilToday(world: World): Promise<void> {
  const { simulator } = world;
  addYesterday(world);
  simulator.fault = (call) =>
    call.method === 'GET' && call.project === 'shop' ? { kind: 'total-count', by: 1 } : refuseOne(call);
  await world.tick(YESTERDAY, CRON, START - 1);
  addToday(world);
  simulator.fault = (call) => {
    if (call.method === 'POST' || call.deploymentId?.endsWith('-7')) return { kind: 'drop-after' };
    return call.project === 'blog' && call.query.page === '2' ? { kind: 'drop-before' } : refuseOne(call);
  };
  const before = deletesOf(simulator.calls).length;
  await begin(world, START);
  while (deletesOf(simulator.calls).length === before) await world.step();
}

/** Everything that was stored, and what the Keeper had done. */
export function dump(sql: SqlStorage, world: World): Stored {
  const acts = world.simulator.calls
    .filter(({ effect }) => effect)
    .map(({ at, method, path, force }) => [at, method, `${path}${force ? '?force=true' : ''}`] as const);
  return { now: world.now(), alarm: world.alarmAt(), acts, tables: dumpTables(sql) };
}

/** Brings the account of a new world to where the stored Keeper had left it; the log of calls starts here. */
export async function replay(world: World, { now, acts }: Stored): Promise<void> {
  addYesterday(world);
  for (const [at, method, path] of acts) {
    if (at >= START && world.simulator.account.find('blog') === null) addToday(world);
    world.setNow(at);
    const headers = { authorization: 'Bearer test-token' };
    await world.simulator.fetch(new Request(`https://api.test/client/v4${path}`, { method, headers }));
  }
  world.simulator.calls.length = 0;
  world.simulator.fault = refuseOne;
  world.setNow(now);
}
