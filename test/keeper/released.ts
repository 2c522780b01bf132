// A storage as a version left it, in the middle of a run: what a new version finds when it is deployed. Made once for each release
// (released.test.ts says how), kept in released/, and never changed after it.

import { readOverviewPage, readProjectPage } from '../../src/keeper/views/reads.ts';
import { addSite } from './accounts.ts';
import { DAY, type Settings, START, type World } from './world.ts';

type Cell = string | number | null;

/** Every table, by name: the statement that made it, and its rows. */
export type Stored = Readonly<
  Record<string, { readonly sql: string; readonly rows: readonly Readonly<Record<string, Cell>>[] }>
>;

/** The rules under which it was stored. */
export const SETTINGS: Settings = {
  RULES: [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 60 }, prune: { olderThanDays: 30 } }],
};

/** The account behind it: the same one each time. */
export function fill(world: World): void {
  addSite(world, { name: 'docs', old: 250 });
  addSite(world, { name: 'shop', old: 3, upload: true });
}

/** A run that ended, and one in whose middle the Worker is deployed anew. */
export async function untilHalf(world: World): Promise<void> {
  world.settings.MAX_DELETES_PER_RUN = 50;
  await world.tick(START);
  delete world.settings.MAX_DELETES_PER_RUN;
  await world.tick(START + DAY, undefined, START + DAY);
  const deleted = () => world.simulator.calls.filter(({ method }) => method === 'DELETE').length;
  const before = deleted();
  while (deleted() < before + 60 && (await world.step()));
  if (world.keeper.work().runs.length !== 1) throw new Error('the run is over already');
}

/** What is stored now. */
export function dump(sql: SqlStorage): Stored {
  const tables = sql
    .exec<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name",
    )
    .toArray()
    .filter(({ name }) => !/^(_cf_|sqlite_)/.test(name));
  return Object.fromEntries(
    tables.map(({ name, sql: made }) => [
      name,
      { sql: made, rows: sql.exec<Record<string, Cell>>(`SELECT * FROM ${name}`).toArray() },
    ]),
  );
}

/** Puts that in the place of what is stored. */
export function restore(sql: SqlStorage, stored: Stored): void {
  for (const name of Object.keys(dump(sql))) sql.exec(`DROP TABLE ${name}`);
  for (const [name, { sql: made, rows }] of Object.entries(stored)) {
    sql.exec(made);
    for (const row of rows) {
      const columns = Object.keys(row);
      const marks = columns.map(() => '?').join(', ');
      sql.exec(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${marks})`, ...Object.values(row));
    }
  }
}

/** What a visitor is shown. */
export async function look(world: World) {
  const all = { page: 1, branch: null, environment: null, status: null, verdict: null };
  return {
    overview: await world.keeper.view(null, readOverviewPage),
    project: await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', all)),
  };
}
