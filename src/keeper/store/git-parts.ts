// What is known from Git of a project, in the storage: in parts, so that it is bounded whatever the number of branches. The first part is
// what is known of the repository. Stores and reads.

import type { Run } from './sql.ts';

/** What can be done with them. */
export function gitIn(run: Run) {
  return {
    /** All parts, in their order; none: Git was never asked. */
    readGit: (id: string): string[] =>
      run<{ value: string }>('SELECT value FROM git WHERE id = ? ORDER BY part', id).map(
        ({ value }) => value,
      ),
    /** The first of them; `null`: there is none. */
    readGitFirst: (id: string): string | null =>
      run<{ value: string }>('SELECT value FROM git WHERE id = ? AND part = 0', id)[0]?.value ?? null,
    /** Stores parts in the place of those that were. */
    writeGit(id: string, parts: readonly string[]): void {
      for (const [part, value] of parts.entries())
        run(
          `INSERT INTO git (id, part, value) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
          id,
          part,
          value,
        );
      run('DELETE FROM git WHERE id = ? AND part >= ?', id, parts.length);
    },
    removeGit: (id: string) => void run('DELETE FROM git WHERE id = ?', id),
  };
}
