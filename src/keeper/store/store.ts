// What the Keeper stores, and how many rows that costs: the one place with SQL. Stores and reads, decides nothing.
// Every accessor is synchronous, so that what one stretch of code without `await` writes is committed together.

import type { Deployment } from '../../pages-api/model.ts';
import type { ProjectFacts } from '../../policy/facts.ts';
import type { Refusal } from '../../policy/verdict.ts';
import type { Deletion, RunRecord } from '../../report.ts';
import type { Walk } from '../deployments/walk.ts';
import type { QueueRow } from '../prune/rows.ts';
import type { ContentRow } from '../rebuild/content.ts';
import type { Intent } from '../rebuild/intent.ts';
import type { ProjectState } from './inventory.ts';
import { NEWEST_TABLE, SCHEMA } from './schema.ts';

/** Tables of one value a row, and what is in it. */
interface Documents {
  projects: ProjectState;
  facts: ProjectFacts;
  refusals: Record<string, Refusal>;
  walks: Walk;
  runs: RunRecord;
  content: ContentRow;
  intents: Intent;
}

/** What the store needs of a SQLite Durable Object. */
export type Sql = Pick<SqlStorage, 'exec'>;

/** Runs one statement; gives its rows. */
type Run = <T extends Row>(query: string, ...bindings: unknown[]) => T[];
type Row = Record<string, SqlStorageValue>;

/** Opens the store, creating what is missing. */
export function openStore(sql: Sql) {
  let rowsWritten = 0;

  function run<T extends Row>(query: string, ...bindings: unknown[]): T[] {
    const cursor = sql.exec<T>(query, ...bindings);
    const rows = cursor.toArray();
    rowsWritten += cursor.rowsWritten;
    return rows;
  }
  // Most invocations find everything there, and asking costs a tenth of what these statements do.
  if (run('SELECT 1 FROM sqlite_master WHERE name = ?', NEWEST_TABLE).length === 0)
    for (const statement of SCHEMA) run(statement);

  return {
    /** Rows written since the last call, alarms not among them. */
    takeRowsWritten(): number {
      const rows = rowsWritten;
      rowsWritten = 0;
      return rows;
    },
    ...documentsIn(run),
    ...blocksIn(run),
    ...queueIn(run),
    ...runsIn(run),
  };
}

function documentsIn(run: Run) {
  const keyOf = (table: keyof Documents | 'state') =>
    table === 'state' || table === 'intents' ? 'key' : 'id';

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
      JSON.stringify(value),
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
    /** Stores deployments, oldest first, as a block; returns its number. Never changes their order later. */
    addBlock(rows: readonly Deployment[]): number {
      return run<{ id: number }>(
        'INSERT INTO blocks (value) VALUES (?) RETURNING id',
        JSON.stringify(rows),
      )[0]?.id as number;
    },
    replaceBlock: (id: number, rows: readonly (Deployment | null)[]) =>
      void run('UPDATE blocks SET value = ?1 WHERE id = ?2 AND value <> ?1', JSON.stringify(rows), id),
    removeBlock: (id: number) => void run('DELETE FROM blocks WHERE id = ?', id),
    /** A block's rows, oldest first, with `null` in place of each that was deleted. */
    readBlock(id: number): (Deployment | null)[] {
      const row = run<{ value: string; gone: string }>('SELECT value, gone FROM blocks WHERE id = ?', id)[0];
      if (!row) return [];
      const rows = JSON.parse(row.value) as (Deployment | null)[];
      for (const index of row.gone.split(',')) if (index !== '') rows[Number(index)] = null;
      return rows;
    },
    /** Marks rows of a block as deleted, without reading it: this happens once a batch. */
    markGone: (id: number, indexes: readonly number[]) =>
      void run('UPDATE blocks SET gone = gone || ? WHERE id = ?', `${indexes.join(',')},`, id),
  };
}

function queueIn(run: Run) {
  return {
    /** The first queue row of a project whose number is `from` or more. */
    queueRowFrom(project: string, from: number): QueueRow | null {
      const row = run<{ seq: number; attempt: number; due: number; value: string }>(
        'SELECT seq, attempt, due, value FROM queue WHERE project = ? AND seq >= ? ORDER BY seq LIMIT 1',
        project,
        from,
      )[0];
      return row ? { seq: row.seq, attempt: row.attempt, due: row.due, items: JSON.parse(row.value) } : null;
    },
    lastQueueSeq: (project: string, from: number, below: number) =>
      run<{ seq: number | null }>(
        'SELECT MAX(seq) AS seq FROM queue WHERE project = ? AND seq >= ? AND seq < ?',
        project,
        from,
        below,
      )[0]?.seq ?? null,
    writeQueueRow(project: string, row: QueueRow): void {
      run(
        `INSERT INTO queue (project, seq, attempt, due, value) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET attempt = excluded.attempt, due = excluded.due, value = excluded.value
         WHERE value <> excluded.value OR attempt <> excluded.attempt OR due <> excluded.due`,
        project,
        row.seq,
        row.attempt,
        row.due,
        JSON.stringify(row.items),
      );
    },
    /** Removes queue rows whose number is from `from` up to, not including, `to`. */
    removeQueueRows: (project: string, from: number, to: number) =>
      void run('DELETE FROM queue WHERE project = ? AND seq >= ? AND seq < ?', project, from, to),
  };
}

/** Closed runs, and the deletions of all. */
function runsIn(run: Run) {
  return {
    /** The newest `limit` closed runs, newest first. */
    recentRuns: (limit: number) =>
      run<{ value: string }>('SELECT value FROM runs ORDER BY id DESC LIMIT ?', limit).map(
        ({ value }) => JSON.parse(value) as RunRecord,
      ),
    /** Forgets runs, their deletions and rebuild intents that sort before these ids. */
    forgetBefore(runId: string, intentKey: string): void {
      run('DELETE FROM deletions WHERE run < ?', runId);
      run('DELETE FROM runs WHERE id < ?', runId);
      run('DELETE FROM intents WHERE key < ?', intentKey);
    },
    addDeletions(runId: string, deletions: readonly Deletion[]): void {
      run(
        'INSERT INTO deletions (run, seq, value) SELECT ?1, COALESCE(MAX(seq), 0) + 1, ?2 FROM deletions WHERE run = ?1',
        runId,
        JSON.stringify(deletions),
      );
    },
    /** The batches of a run's deletions from the `offset`-th on, and how many batches there are. */
    readDeletions(runId: string, offset: number, limit: number): { batches: Deletion[][]; of: number } {
      const of =
        run<{ n: number }>('SELECT COALESCE(MAX(seq), 0) AS n FROM deletions WHERE run = ?', runId)[0]?.n ??
        0;
      const rows = run<{ value: string }>(
        'SELECT value FROM deletions WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?',
        runId,
        offset,
        limit,
      );
      return { batches: rows.map(({ value }) => JSON.parse(value) as Deletion[]), of };
    },
  };
}

/** The open store. */
export type Store = ReturnType<typeof openStore>;
