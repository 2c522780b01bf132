// The ends of build logs in the storage, by deployment: bounded in number, and none of a deployment that is no more. Stores and
// reads.

import type { BuildLog } from '../../found.ts';
import type { Run } from './sql.ts';

/** Kept at most, of all projects: some ten kilobytes each. */
const MOST = 200;

/** What can be done with them. */
export function logsIn(run: Run) {
  return {
    readLog(id: string): BuildLog | null {
      const [row] = run<{ value: string }>('SELECT value FROM logs WHERE id = ?', id);
      return row === undefined ? null : (JSON.parse(row.value) as BuildLog);
    },
    /** Keeps one; of too many the oldest goes. */
    writeLog(id: string, project: string, log: BuildLog): void {
      run(
        `INSERT INTO logs (id, project, at, value) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET at = excluded.at, value = excluded.value`,
        id,
        project,
        log.at,
        JSON.stringify(log),
      );
      run(`DELETE FROM logs WHERE id IN (SELECT id FROM logs ORDER BY at DESC LIMIT -1 OFFSET ${MOST})`);
    },
    removeLog: (id: string) => void run('DELETE FROM logs WHERE id = ?', id),
    /** Of a project; `null`: all there are. */
    removeLogs: (project: string | null) =>
      void run('DELETE FROM logs WHERE ?1 IS NULL OR project = ?1', project),
  };
}
