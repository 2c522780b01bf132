// Accounts of any size, in virtual time: the largest stored value of many projects and of many branches, the rows that a quiet
// hourly tick writes. Gives figures; says nothing about targets.

import { addProjects } from './quiet.ts';
import { DAY, HOUR, MINUTE, START } from './scenario.ts';
import { type BenchWorld, openBench } from './world.ts';

type Sql = Pick<SqlStorage, 'exec'>;

/** Bytes of the largest stored value. */
export function largestValue(sql: Sql): number {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  const own = tables.filter(({ name }) => !name.startsWith('_') && !name.startsWith('sqlite'));
  const sizes = own.map(({ name }) => {
    const columns = sql.exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`).toArray();
    const longest = columns.map((column) => `MAX(LENGTH(CAST("${column.name}" AS BLOB)))`).join(', ');
    const [row] = sql.exec<Record<string, number | null>>(`SELECT ${longest} FROM ${name}`).toArray();
    return Math.max(0, ...Object.values(row ?? {}).map((size) => size ?? 0));
  });
  return Math.max(...sizes);
}

/** What an account of many took. */
export interface SizeFigures {
  readonly largest: number;
  readonly deleted: number;
  readonly missed: number;
  readonly rows: number;
  readonly hours: number;
}

async function drain(world: BenchWorld, sql: Sql, most: number): Promise<SizeFigures> {
  const { account } = world.simulator;
  const old = () => account.projects.flatMap(({ deployments }) => deployments).filter(goes).length;
  const before = old();
  let [largest, hours] = [0, 0];
  for (; hours < most && (hours === 0 || old() > 0); hours += 1) {
    for (let part = 0; part < 12; part += 1) {
      const until = START + hours * HOUR + (part + 1) * 5 * MINUTE - 1;
      if (part === 0) await world.tick(START + hours * HOUR, until);
      else await world.run(until);
      largest = Math.max(largest, largestValue(sql));
    }
  }
  return { largest, deleted: before - old(), missed: old(), rows: world.rows.written, hours };
}

/** A preview that is older than the rules keep it. */
const goes = ({ createdAt, branch }: { readonly createdAt: number; readonly branch: string }) =>
  branch !== 'main' && createdAt < START - 31 * DAY;

const RULES = [{ projects: ['*'], prune: { olderThanDays: 30, staleBranchesAfterDays: 30 } }];

/** A project of so many preview branches, a deployment each, all of them stale. */
export async function measureBranches(sql: Sql, branches = 20_000): Promise<SizeFigures> {
  const world = openBench(sql, { seed: 6, settings: { RULES } });
  const project = world.simulator.account.addProject({ name: 'renovated', source: 'github' });
  for (let n = branches; n > 0; n -= 1)
    project.add({ createdAt: START - 40 * DAY - n * MINUTE, branch: `renovate/package-${n}` });
  project.add({ createdAt: START - DAY, branch: 'main' });
  return drain(world, sql, 8);
}

/** So many projects, 40 deployments each, half of them on branches that are stale. */
export async function measureProjects(sql: Sql, projects = 1_000): Promise<SizeFigures> {
  const world = openBench(sql, { seed: 7, settings: { RULES } });
  for (let n = 0; n < projects; n += 1) {
    const project = world.simulator.account.addProject({ name: `site-${n}`, source: 'github' });
    for (let age = 40; age > 0; age -= 1)
      project.add({ createdAt: START - (age + 35) * DAY, branch: age % 2 === 0 ? `feature-${age}` : 'main' });
  }
  return drain(world, sql, 8);
}

/** Rows that an hourly tick writes over 100 projects that have both rules, in which nothing was pushed, is due or is built. */
export async function measureQuietRows(sql: Sql): Promise<number> {
  const rules = [
    {
      projects: ['*'],
      rebuild: { ifOlderThanMinutes: 60_000 },
      prune: { olderThanDays: 300, keepLatest: 10 },
    },
  ];
  const world = openBench(sql, { seed: 8, settings: { RULES: rules } });
  addProjects(world, 100, 30);
  for (let hour = 0; hour < 3; hour += 1)
    await world.tick(START + hour * HOUR, START + (hour + 1) * HOUR - 1);
  const before = world.rows.written;
  await world.tick(START + 3 * HOUR, START + 4 * HOUR - 1);
  return world.rows.written - before;
}
