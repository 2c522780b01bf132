// The queues' rows in the storage, each under its plan's number: a plan never meets the rows of another one. Stores and reads.

import type { QueueRow } from '../prune/rows.ts';
import type { RowPlace } from '../work.ts';
import type { Run } from './sql.ts';

/** What can be done with them. */
export function queuesIn(run: Run) {
  type Found = { lane: number; seq: number; attempt: number; due: number; value: string };
  const read = ({ value, ...row }: Found): QueueRow => ({ ...row, items: JSON.parse(value) });
  return {
    /** The first row of a plan's queue, in the order in which they go; `lane`: of that lane only. */
    firstRow(project: string, plan: number, lane: number | null = null): QueueRow | null {
      const [row] = run<Found>(
        `SELECT lane, seq, attempt, due, value FROM queue
         WHERE project = ?1 AND plan = ?2 AND (?3 IS NULL OR lane = ?3) ORDER BY lane, seq LIMIT 1`,
        project,
        plan,
        lane,
      );
      return row ? read(row) : null;
    },
    readRow(project: string, plan: number, { lane, seq }: RowPlace): QueueRow | null {
      const [row] = run<Found>(
        'SELECT lane, seq, attempt, due, value FROM queue WHERE project = ? AND plan = ? AND lane = ? AND seq = ?',
        project,
        plan,
        lane,
        seq,
      );
      return row ? read(row) : null;
    },
    /** The rows of one lane, in their order. */
    rowsOf: (project: string, plan: number, lane: number): QueueRow[] =>
      run<Found>(
        `SELECT lane, seq, attempt, due, value FROM queue
         WHERE project = ? AND plan = ? AND lane = ? ORDER BY seq`,
        project,
        plan,
        lane,
      ).map(read),
    /** The number that a new row behind all others of its lane has. */
    nextSeq: (project: string, plan: number, lane: number) =>
      run<{ seq: number }>(
        'SELECT COALESCE(MAX(seq), 0) + 1 AS seq FROM queue WHERE project = ? AND plan = ? AND lane = ?',
        project,
        plan,
        lane,
      )[0]?.seq ?? 1,
    ...writesIn(run),
  };
}

function writesIn(run: Run) {
  return {
    writeRow(project: string, plan: number, row: QueueRow): void {
      run(
        `INSERT INTO queue (project, plan, lane, seq, attempt, due, value) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET attempt = excluded.attempt, due = excluded.due, value = excluded.value
         WHERE value <> excluded.value OR attempt <> excluded.attempt OR due <> excluded.due`,
        project,
        plan,
        row.lane,
        row.seq,
        row.attempt,
        row.due,
        JSON.stringify(row.items),
      );
    },
    removeRow: (project: string, plan: number, { lane, seq }: RowPlace) =>
      void run(
        'DELETE FROM queue WHERE project = ? AND plan = ? AND lane = ? AND seq = ?',
        project,
        plan,
        lane,
        seq,
      ),
    /** Removes the rows of a plan that were never sent; gives how many deployments the others hold. */
    removeUnsent(project: string, plan: number): number {
      run('DELETE FROM queue WHERE project = ? AND plan = ? AND attempt = 0', project, plan);
      const rows = run<{ n: number }>(
        'SELECT json_array_length(value) AS n FROM queue WHERE project = ? AND plan = ?',
        project,
        plan,
      );
      return rows.reduce((sum, { n }) => sum + n, 0);
    },
    /** Removes a project's rows, of whatever plan. */
    removeQueues: (project: string) => void run('DELETE FROM queue WHERE project = ?', project),
  };
}
