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
    ...startsIn(run),
    ...writesIn(run),
  };
}

function startsIn(run: Run) {
  return {
    /** The rows of a lane after one and up to another, at most `limit` of them: with which deployment each begins. */
    rowStarts: (
      project: string,
      plan: number,
      lane: number,
      { after, to }: { readonly after: number; readonly to: number },
      limit: number,
    ) =>
      run<{ seq: number; id: string | null }>(
        `SELECT seq, value ->> '$[0].id' AS id FROM queue
         WHERE project = ? AND plan = ? AND lane = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
        project,
        plan,
        lane,
        after,
        to,
        limit,
      ),
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
    /** Removes the rows of a lane that stand between two. */
    removeRows: (
      project: string,
      plan: number,
      lane: number,
      { after, before }: { readonly after: number; readonly before: number },
    ) =>
      void run(
        'DELETE FROM queue WHERE project = ? AND plan = ? AND lane = ? AND seq > ? AND seq < ?',
        project,
        plan,
        lane,
        after,
        before,
      ),
    /** Removes a project's rows, of whatever plan; `but`: what was never sent of this one stays. */
    removeQueues: (project: string, but: number | null = null) =>
      void run(
        'DELETE FROM queue WHERE project = ?1 AND (?2 IS NULL OR plan <> ?2 OR attempt > 0)',
        project,
        but,
      ),
  };
}
