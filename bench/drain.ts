// The scenario with the real Keeper: the first run, a later run, and the same with ten times as many deployments, ticking every
// hour as shipped. Gives figures; says nothing about targets.

import type { Call } from '../simulator/simulator.ts';
import { allowedRate, NO_PACE } from '../src/policy/pace.ts';
import { addScenario, DAY, HOUR, START, sortOut } from './scenario.ts';
import { type BenchWorld, openBench } from './world.ts';

/** What draining a project took. Times are virtual. */
export interface DrainFigures {
  readonly total: number;
  readonly floor: number;
  readonly calls: number;
  readonly lists: number;
  readonly deleted: number;
  readonly missed: number;
  readonly blocked: number;
  readonly wrong: number;
  readonly invocations: number;
  readonly mostCalls: number;
  readonly mostLists: number;
  readonly mostIn300s: number;
  readonly rows: number;
  readonly minutes: number;
  /** Calls a second against what is allowed, from the first tick to the last delete. */
  readonly pace: number;
}

const isList = (call: Call) => call.method === 'GET';

/** The most calls in any window of 300 s. */
function mostIn(calls: readonly Call[], window: number): number {
  let most = 0;
  let from = 0;
  for (const [index, { at }] of calls.entries()) {
    while (at - (calls[from]?.at ?? at) >= window) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** Ticks hourly until everything that was to go is gone, at most `hours` times. */
async function drainAll(world: BenchWorld, name: string, hours: number): Promise<number> {
  const project = world.simulator.account.project(name);
  let wrong = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    const at = START + hour * HOUR;
    const { keep, go } = sortOut(project, at);
    if (go.size === 0) break;
    const before = world.simulator.calls.length;
    await world.tick(at, at + HOUR - 1);
    const sent = world.simulator.calls.slice(before).filter(({ method }) => method === 'DELETE');
    wrong += sent.filter(({ deploymentId }) => keep.has(deploymentId ?? '')).length;
  }
  return wrong;
}

/** Drains a project of `total` deployments. */
export async function measureDrain(world: BenchWorld, total: number): Promise<DrainFigures> {
  const project = addScenario(world.simulator, 'docs', total);
  const { go } = sortOut(project, START);
  const wrong = await drainAll(world, 'docs', 24);
  const { calls } = world.simulator;
  const last = calls.findLast(({ method }) => method === 'DELETE')?.at ?? START;
  const untilLast = calls.filter(({ at }) => at <= last).length;
  const oldPages = Math.ceil((total * 0.9) / 25);
  return {
    total,
    floor: go.size + oldPages + 2,
    calls: calls.length,
    lists: calls.filter(isList).length,
    deleted: calls.filter(({ method, effect }) => method === 'DELETE' && effect).length,
    missed: [...go].filter((id) => project.get(id) !== null).length,
    blocked: calls.filter(({ status }) => status === 429).length,
    wrong,
    invocations: world.slices.length,
    mostCalls: Math.max(...world.slices.map((slice) => slice.length)),
    mostLists: Math.max(...world.slices.map((slice) => slice.filter(isList).length)),
    mostIn300s: mostIn(calls, 300_000),
    rows: world.rows.written,
    minutes: (last - START) / 60_000,
    pace: untilLast / (last - START) / allowedRate(NO_PACE),
  };
}

/** The scenario's first run, and the run a day later, when ten more have expired: its calls and its deletes. */
export async function measureScenario(
  sql: Pick<SqlStorage, 'exec'>,
  seed: number,
): Promise<{ first: DrainFigures; later: { calls: number; deleted: number } }> {
  const world = openBench(sql, { seed });
  const first = await measureDrain(world, 5_000);
  const before = world.simulator.calls.length;
  await world.tick(START + DAY, START + DAY + HOUR);
  const later = world.simulator.calls.slice(before);
  const deleted = later.filter(({ method, effect }) => method === 'DELETE' && effect).length;
  return { first, later: { calls: later.length, deleted } };
}
