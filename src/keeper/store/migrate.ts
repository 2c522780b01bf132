// Bringing a storage to the tables of this version: made when it is new, changed step by step when it is an older one.

import { MIGRATIONS, SCHEMA, VERSION } from './schema.ts';
import type { Run } from './sql.ts';

/** What a version's storage looks like, and how the storage of each version before it becomes the next one's. */
export interface Layout {
  readonly version: number;
  readonly schema: readonly string[];
  /** By the version that they start from. */
  readonly migrations: Readonly<Record<number, readonly string[]>>;
}

const LAYOUT: Layout = { version: VERSION, schema: SCHEMA, migrations: MIGRATIONS };

/**
 * Makes or changes the tables. Throws where the storage is of a later version than this one, or of one that nobody knows how
 * to change: to go on would be to misread what is there.
 */
export function migrate(run: Run, { version, schema, migrations }: Layout = LAYOUT): void {
  const stored = storedVersion(run);
  if (stored === version) return;
  if (stored === null) for (const statement of schema) run(statement);
  else if (stored > version)
    throw new Error(
      `The storage is of version ${stored}, this Worker knows ${version}: deploy the newer one again`,
    );
  for (let from = stored ?? version; from < version; from += 1) {
    const steps = migrations[from];
    if (steps === undefined)
      throw new Error(`No migration leads from version ${from} of the storage to the next`);
    for (const statement of steps) run(statement);
  }
  run(
    `INSERT INTO state (key, value) VALUES ('version', ?1) ON CONFLICT DO UPDATE SET value = excluded.value`,
    JSON.stringify(version),
  );
}

/** The version of what is stored; `null`: nothing is. */
function storedVersion(run: Run): number | null {
  if (run("SELECT 1 FROM sqlite_master WHERE name = 'state'").length === 0) return null;
  const [row] = run<{ value: string }>("SELECT value FROM state WHERE key = 'version'");
  return row === undefined ? null : (JSON.parse(row.value) as number);
}
