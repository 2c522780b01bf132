// What the Keeper stores, and how many rows that costs: SQL stands in this folder and nowhere else. Stores and reads, decides
// nothing.
// Every accessor is synchronous, so that what one stretch of code without `await` writes is committed together.

import type { Deployment } from '../../pages-api/model.ts';
import type { Documents } from './documents.ts';
import { migrate } from './migrate.ts';
import { queuesIn } from './queues.ts';
import { recordsIn } from './records.ts';
import { searchIn } from './search.ts';

import { asText, type Row, type Run } from './sql.ts';

/** What the store needs of a SQLite Durable Object. */
export interface Storage {
  readonly sql: Pick<SqlStorage, 'exec'>;
  /** Runs synchronous writes as one: when they throw, none of them happened. */
  readonly transactionSync: <T>(writes: () => T) => T;
}

/** Opens the store, its tables brought to this version. */
export function openStore({ sql, transactionSync }: Storage) {
  let rowsWritten = 0;

  function run<T extends Row>(query: string, ...bindings: unknown[]): T[] {
    const cursor = sql.exec<T>(query, ...bindings);
    const rows = cursor.toArray();
    rowsWritten += cursor.rowsWritten;
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
    /** Runs writes as one: when they throw, none of them happened. */
    atomically: transactionSync,
    ...documentsIn(run),
    ...blocksIn(run),
    ...queuesIn(run),
    ...recordsIn(run),
    ...searchIn(run),
  };
}

function documentsIn(run: Run) {
  const keyOf = (table: keyof Documents | 'state') =>
    table === 'state' || table === 'posted' ? 'key' : 'id';

  function read<T>(table: keyof Documents | 'state', id: string): T | null {
    const row = run<{ value: string }>(`SELECT value FROM ${table} WHERE ${keyOf(table)} = ?`, id)[0];
    return row ? (JSON.parse(row.value) as T) : null;
  }
  function write(table: keyof Documents | 'state', id: string, value: unknown): void {
    // Nothing unchanged is written again: a day on the Free plan has 100,000 rows.
    run(
      `INSERT INTO ${table} (${keyOf(table)}, value) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
      id,
      asText(table, value),
    );
  }
  return {
    readState: <T>(key: string) => read<T>('state', key),
    writeState: (key: string, value: unknown) => write('state', key, value),
    read: <K extends keyof Documents>(table: K, id: string) => read<Documents[K]>(table, id),
    write: <K extends keyof Documents>(table: K, id: string, value: Documents[K]) => write(table, id, value),
    remove: (table: keyof Documents, id: string) =>
      void run(`DELETE FROM ${table} WHERE ${keyOf(table)} = ?`, id),
    projectIds: () => run<{ id: string }>('SELECT id FROM projects').map(({ id }) => id),
  };
}

function blocksIn(run: Run) {
  return {
    /** Stores deployments, oldest first, as a block; returns its number. */
    addBlock(rows: readonly Deployment[]): number {
      return run<{ id: number }>(
        'INSERT INTO blocks (value) VALUES (?) RETURNING id',
        asText('blocks', rows),
      )[0]?.id as number;
    },
    /** Replaces a block's rows; those that are marked as deleted stay marked. */
    replaceBlock: (id: number, rows: readonly Deployment[]) =>
      void run('UPDATE blocks SET value = ?1 WHERE id = ?2 AND value <> ?1', asText('blocks', rows), id),
    removeBlock: (id: number) => void run('DELETE FROM blocks WHERE id = ?', id),
    /** A block's rows, oldest first, without those that were deleted. */
    readBlock(id: number): Deployment[] {
      const row = run<{ value: string; gone: string }>('SELECT value, gone FROM blocks WHERE id = ?', id)[0];
      if (!row) return [];
      const rows = JSON.parse(row.value) as Deployment[];
      if (row.gone === '') return rows;
      const gone = new Set(row.gone.trimEnd().split(' '));
      return rows.filter((one) => !gone.has(one.id));
    },
    /** A block's rows as they are stored, those that were deleted among them. */
    readWholeBlock(id: number): Deployment[] {
      const [row] = run<{ value: string }>('SELECT value FROM blocks WHERE id = ?', id);
      return row ? (JSON.parse(row.value) as Deployment[]) : [];
    },
    /** Marks rows of a block as deleted, without reading it: this happens once a batch. */
    markGone: (id: number, ids: readonly string[]) =>
      void run('UPDATE blocks SET gone = gone || ? WHERE id = ?', `${ids.join(' ')} `, id),
  };
}

/** The open store. */
export type Store = ReturnType<typeof openStore>;
