// What the Keeper stores, and how many rows that costs: SQL stands in this folder and nowhere else. Stores and reads, decides
// nothing.
// Every accessor is synchronous, so that what one stretch of code without `await` writes is committed together.

import { blocksIn } from './block-rows.ts';
import { branchFactsIn } from './branch-facts.ts';
import type { Documents } from './documents.ts';
import { gatheredIn } from './gathered.ts';
import { gitIn } from './git-parts.ts';
import { logsIn } from './logs.ts';
import { migrate } from './migrate.ts';
import { queuesIn } from './queues.ts';
import { recordsIn } from './records.ts';
import { searchIn } from './search.ts';
import { checkSizes, type Row, type Run } from './sql.ts';

/** What the store needs of a SQLite Durable Object. */
export interface Storage {
  readonly sql: Pick<SqlStorage, 'exec'>;
  /** Runs synchronous writes as one: when they throw, none of them happened. */
  readonly transactionSync: <T>(writes: () => T) => T;
}

/** Opens the store, its tables brought to this version. */
export function openStore({ sql, transactionSync }: Storage) {
  let rowsWritten = 0;
  let changes = 0;
  let undone = 0;

  function run<T extends Row>(query: string, ...bindings: unknown[]): T[] {
    checkSizes(query, bindings);
    const cursor = sql.exec<T>(query, ...bindings);
    const rows = cursor.toArray();
    rowsWritten += cursor.rowsWritten;
    changes += cursor.rowsWritten;
    return rows;
  }
  transactionSync(() => migrate(run));

  return {
    /** Rows written since the last call, alarms not among them. */
    takeRowsWritten(): number {
      const rows = rowsWritten;
      rowsWritten = 0;
      return rows;
    },
    /** Changes with everything that is written: what was read of the store at this number still stands in it. */
    changes: () => changes,
    /** How often writes were taken back: what was remembered of them may not stand there. */
    undone: () => undone,
    /** Runs writes as one: when they throw, none of them happened. */
    atomically<T>(writes: () => T): T {
      try {
        return transactionSync(writes);
      } catch (error) {
        undone += 1;
        throw error;
      } finally {
        // What was read meanwhile may have been taken back.
        changes += 1;
      }
    },
    ...documentsIn(run),
    ...blocksIn(run),
    ...branchFactsIn(run),
    ...gatheredIn(run),
    ...logsIn(run),
    ...gitIn(run),
    ...queuesIn(run),
    ...recordsIn(run),
    ...searchIn(run),
  };
}

function documentsIn(run: Run) {
  type Table = keyof Documents | 'state';
  const keyOf = (table: Table) => (table === 'state' || table === 'posted' ? 'key' : 'id');
  const readText = (table: Table, id: string): string | null =>
    run<{ value: string }>(`SELECT value FROM ${table} WHERE ${keyOf(table)} = ?`, id)[0]?.value ?? null;
  function read<T>(table: Table, id: string): T | null {
    const text = readText(table, id);
    return text === null ? null : (JSON.parse(text) as T);
  }
  function writeText(table: Table, id: string, text: string): void {
    // Nothing unchanged is written again: a day on the Free plan has 100,000 rows.
    run(
      `INSERT INTO ${table} (${keyOf(table)}, value) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
      id,
      text,
    );
  }
  const write = (table: Table, id: string, value: unknown) => writeText(table, id, JSON.stringify(value));
  const remove = (table: Table, id: string) => void run(`DELETE FROM ${table} WHERE ${keyOf(table)} = ?`, id);
  return {
    /** The text of a value of `state`, as it is stored; `null`: there is none. */
    readStateText: (key: string) => readText('state', key),
    /** Stores a text as it is. */
    writeStateText: (key: string, text: string) => writeText('state', key, text),
    removeState: (key: string) => remove('state', key),
    readState: <T>(key: string) => read<T>('state', key),
    writeState: (key: string, value: unknown) => write('state', key, value),
    read: <K extends keyof Documents>(table: K, id: string) => read<Documents[K]>(table, id),
    /** Those of these that are stored, in no order. */
    readMany: <K extends keyof Documents>(table: K, ids: readonly string[]): Documents[K][] =>
      run<{ value: string }>(
        `SELECT value FROM ${table} WHERE ${keyOf(table)} IN (SELECT value FROM json_each(?))`,
        JSON.stringify(ids),
      ).map(({ value }) => JSON.parse(value) as Documents[K]),
    write: <K extends keyof Documents>(table: K, id: string, value: Documents[K]) => write(table, id, value),
    remove: (table: keyof Documents, id: string) => remove(table, id),
    hookIds: () => run<{ id: string }>('SELECT id FROM hooks').map(({ id }) => id),
    projectIds: () => run<{ id: string }>('SELECT id FROM projects').map(({ id }) => id),
  };
}

/** The open store. */
export type Store = ReturnType<typeof openStore>;
