// What runs did, in the storage: closed runs, and the deletions of all. Stores and reads.

import type { Deletion, RunRecord } from '../../report.ts';
import { asText, type Run } from './sql.ts';

/** What can be done with them. */
export function recordsIn(run: Run) {
  return {
    /** The newest `limit` closed runs, newest first. */
    recentRuns: (limit: number) =>
      run<{ value: string }>('SELECT value FROM runs ORDER BY id DESC LIMIT ?', limit).map(
        ({ value }) => JSON.parse(value) as RunRecord,
      ),
    /** Forgets runs, their deletions and the rebuilds posted that sort before these ids. */
    forgetBefore(runId: string, key: string): void {
      run('DELETE FROM deletions WHERE run < ?', runId);
      run('DELETE FROM runs WHERE id < ?', runId);
      run('DELETE FROM posted WHERE key < ?', key);
    },
    addDeletions(runId: string, deletions: readonly Deletion[]): void {
      run(
        'INSERT INTO deletions (run, seq, value) SELECT ?1, COALESCE(MAX(seq), 0) + 1, ?2 FROM deletions WHERE run = ?1',
        runId,
        asText('deletions', deletions),
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
