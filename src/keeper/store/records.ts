// What runs did, in the storage: closed runs, what the long ones list, and the deletions of all, by project. Stores and reads.

import type { Deletion, RunRecord } from '../../report.ts';
import type { RunLists } from '../run-lists.ts';
import type { Run } from './sql.ts';

/** A batch of deletions: which project it was of, its place among them, and how many it holds. */
export interface BatchPlace {
  readonly project: string;
  readonly seq: number;
  readonly n: number;
}

/** What can be done with them. */
export function recordsIn(run: Run) {
  return {
    /** Closed runs whose ids lie from `from` on and before `before`, the newest `limit` of them, newest first. */
    readRuns: (from: string, before: string, limit: number): RunRecord[] =>
      run<{ value: string }>(
        'SELECT value FROM runs WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?',
        from,
        before,
        limit,
      ).map(({ value }) => JSON.parse(value) as RunRecord),
    /** Forgets runs, their deletions and the rebuilds posted that sort before these ids. */
    forgetBefore(runId: string, key: string): void {
      run('DELETE FROM deletions WHERE run < ?', runId);
      run('DELETE FROM listed WHERE run < ?', runId);
      run('DELETE FROM runs WHERE id < ?', runId);
      run('DELETE FROM posted WHERE key < ?', key);
    },
    ...listedIn(run),
    /** Adds deletions of one project, by its name, as a batch. */
    addDeletions(runId: string, project: string, deletions: readonly Deletion[]): void {
      run(
        `INSERT INTO deletions (run, project, seq, n, value)
         SELECT ?1, ?2, COALESCE(MAX(seq), 0) + 1, ?3, ?4 FROM deletions WHERE run = ?1 AND project = ?2`,
        runId,
        project,
        deletions.length,
        JSON.stringify(deletions),
      );
    },
    /** Those of these deployments of a project that runs from `runId` on have recorded as gone. */
    recordedGone: (runId: string, project: string, ids: readonly string[]): string[] =>
      run<{ id: string }>(
        `SELECT one.value ->> 'id' AS id FROM deletions, json_each(deletions.value) AS one
         WHERE run >= ? AND project = ? AND one.value ->> 'outcome' IN ('deleted', 'gone')
         AND one.value ->> 'id' IN (SELECT value FROM json_each(?))`,
        runId,
        project,
        JSON.stringify(ids),
      ).map(({ id }) => id),
    /** The batches of a run, by project, in the order in which they went; none of them is read. */
    batchesOf: (runId: string): BatchPlace[] =>
      run<{ project: string; seq: number; n: number }>(
        'SELECT project, seq, n FROM deletions WHERE run = ? ORDER BY project, seq',
        runId,
      ),
    readBatch: (runId: string, { project, seq }: BatchPlace): Deletion[] =>
      run<{ value: string }>(
        'SELECT value FROM deletions WHERE run = ? AND project = ? AND seq = ?',
        runId,
        project,
        seq,
      ).flatMap(({ value }) => JSON.parse(value) as Deletion[]),
  };
}

function listedIn(run: Run) {
  return {
    /** A page of what a closed run lists; `null`: its record holds all of it, or there is no such page. */
    readListed(runId: string, page: number): RunLists | null {
      const [row] = run<{ value: string }>(
        'SELECT value FROM listed WHERE run = ? AND page = ?',
        runId,
        page,
      );
      return row ? (JSON.parse(row.value) as RunLists) : null;
    },
    writeListed: (runId: string, page: number, lists: RunLists) =>
      void run(
        `INSERT INTO listed (run, page, value) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
        runId,
        page,
        JSON.stringify(lists),
      ),
  };
}
