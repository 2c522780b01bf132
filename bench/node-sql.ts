// Node's own SQLite in the place of a Durable Object's. For accounts that take an hour to drain: an object in workerd that is started
// anew meanwhile would go on with another account on what is stored of the first. Counts rows as the platform does, for no table has
// an index beside it.
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A storage in memory. */
export function openSql(): Pick<SqlStorage, 'exec'> {
  const database = new DatabaseSync(':memory:');
  const statements = new Map<string, StatementSync>();
  const prepare = (query: string): StatementSync => {
    const known = statements.get(query) ?? database.prepare(query);
    statements.set(query, known);
    return known;
  };
  const changes = () => Number(prepare('SELECT total_changes() AS n').get()?.n);
  return {
    exec<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) {
      const before = changes();
      const rows = prepare(query).all(...(bindings as (string | number | null)[])) as T[];
      const cursor = { toArray: () => rows, rowsRead: rows.length, rowsWritten: changes() - before };
      return cursor as unknown as SqlStorageCursor<T>;
    },
  };
}
