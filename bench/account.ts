// Large accounts, drained to their end in virtual time, ticking hourly: what that takes, and whether projects take turns. Gives
// figures; says nothing about targets. `npm run bench -- --large`: it takes half an hour.

import type { SimulatedProject } from '../simulator/account.ts';
import { addScenario, DAY, HOUR, KEEP_DAYS, MINUTE, START, sortOut } from './scenario.ts';
import { largestValue } from './size.ts';
import { type BenchWorld, openBench } from './world.ts';

/** What draining an account took. Hours are virtual. */
export interface AccountFigures {
  readonly projects: number;
  readonly total: number;
  /** A call a deletion, one for each list page that holds an old row, and two. */
  readonly floor: number;
  readonly calls: number;
  readonly deleted: number;
  readonly missed: number;
  readonly blocked: number;
  /** Deletes sent for a young, live or newest deployment. */
  readonly wrong: number;
  readonly mostCalls: number;
  readonly rows: number;
  readonly mostRowsADay: number;
  /** Bytes of the largest stored value. */
  readonly largest: number;
  readonly hours: number;
  /** Runs, by how they ended. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Once all had begun, of two projects that both had something left: how many deletions one got ahead of the other at most. */
  readonly ahead: number;
}

const LONGEST_HOURS = 24 * 30;
const PAGE = 25;
/** Every so many hours, and in each of the first ones, all that is stored is looked through for the largest value. */
const LOOKED = 6;

/** Until when each deployment may not be deleted; nobody pushes meanwhile, so the newest of a branch stays for good. */
function keptUntil(project: SimulatedProject): [id: string, at: number][] {
  const forGood = sortOut(project, Number.POSITIVE_INFINITY).keep;
  return [...sortOut(project, START).keep].map((id) => {
    const createdAt = project.get(id)?.createdAt ?? 0;
    return [id, forGood.has(id) ? Number.POSITIVE_INFINITY : createdAt + KEEP_DAYS * DAY];
  });
}

/** Counts what went since it was asked last, and lets go of the log of calls: there are a million. */
class Counter {
  readonly gone = new Map<string, number>();
  readonly figures = { calls: 0, deleted: 0, blocked: 0, wrong: 0, mostCalls: 0, ahead: 0 };
  readonly #world: BenchWorld;
  readonly #wanted: ReadonlyMap<string, number>;
  readonly #keepUntil: ReadonlyMap<string, number>;
  /** What was gone of each when the last of them began: until then it was not read, and there was no turn to take. */
  #begun: ReadonlyMap<string, number> | null = null;

  constructor(world: BenchWorld) {
    this.#world = world;
    this.#wanted = new Map(
      world.simulator.account.projects.map((project) => [project.name, sortOut(project, START).go.size]),
    );
    this.#keepUntil = new Map(world.simulator.account.projects.flatMap(keptUntil));
  }

  /** `tickedAt`: since when the calls were made. */
  count(tickedAt: number): void {
    const { simulator, slices } = this.#world;
    const { figures } = this;
    for (const { method, project, deploymentId, effect, status } of simulator.calls) {
      if (status === 429) figures.blocked += 1;
      if (method !== 'DELETE') continue;
      if ((this.#keepUntil.get(deploymentId ?? '') ?? 0) > tickedAt) figures.wrong += 1;
      if (effect) this.gone.set(project ?? '', (this.gone.get(project ?? '') ?? 0) + 1);
    }
    figures.calls += simulator.calls.length;
    figures.mostCalls = Math.max(figures.mostCalls, ...slices.map((slice) => slice.length));
    simulator.calls.length = 0;
    slices.length = 0;
    figures.deleted = [...this.gone.values()].reduce((sum, gone) => sum + gone, 0);
    figures.ahead = Math.max(figures.ahead, this.#spread());
  }

  /** Whether as many are gone of each project as were to go. */
  isDone(): boolean {
    return [...this.#wanted].every(([name, wanted]) => (this.gone.get(name) ?? 0) >= wanted);
  }

  /** Of all projects that have something left. */
  #spread(): number {
    if ([...this.#wanted].every(([name, wanted]) => wanted === 0 || this.gone.has(name)))
      this.#begun ??= new Map(this.gone);
    const { gone } = this;
    const at = [...this.#wanted].flatMap(([name, wanted]) => {
      const now = gone.get(name) ?? 0;
      return now < wanted ? [now - (this.#begun?.get(name) ?? now)] : [];
    });
    return at.length === 0 ? 0 : Math.max(...at) - Math.min(...at);
  }
}

/** An account of so many projects of so many deployments, nine tenths of them old: until nothing is left that is to go. */
export async function drainAccount(
  sql: Pick<SqlStorage, 'exec'>,
  { projects, deployments }: { readonly projects: number; readonly deployments: number },
): Promise<AccountFigures> {
  const world = openBench(sql, { seed: 9 });
  for (let n = 0; n < projects; n += 1) addScenario(world.simulator, `site-${n}`, deployments);
  const counter = new Counter(world);
  let [hours, largest, mostRowsADay, dayBegan] = [0, 0, 0, 0];
  const { account } = world.simulator;
  const left = () => account.projects.reduce((sum, project) => sum + sortOut(project, START).go.size, 0);
  for (; hours < LONGEST_HOURS && !(counter.isDone() && left() === 0); hours += 1) {
    const at = START + hours * HOUR;
    if (at % (24 * HOUR) === 0) dayBegan = world.rows.written;
    for (let part = 0; part < 12; part += 1) {
      const until = at + (part + 1) * 5 * MINUTE - 1;
      await (part === 0 ? world.tick(at, until) : world.run(until));
      counter.count(at);
    }
    if (hours < LOOKED || hours % LOOKED === 0) largest = Math.max(largest, largestValue(sql));
    mostRowsADay = Math.max(mostRowsADay, world.rows.written - dayBegan);
  }
  const runs = world.keeper.store.readRuns('', '~', LONGEST_HOURS);
  const outcomes = Map.groupBy(runs, ({ outcome }) => outcome);
  const { deleted } = counter.figures;
  return {
    ...{ projects, total: projects * deployments, ...counter.figures },
    floor: deleted + projects * Math.ceil((deployments * 0.9) / PAGE) + 2,
    missed: left(),
    ...{ rows: world.rows.written, mostRowsADay, largest, hours },
    outcomes: Object.fromEntries([...outcomes].map(([outcome, some]) => [outcome, some.length])),
  };
}
