// What is being counted of a project's branches, in the storage, until all of its deployments have been: by a walk, or while its
// blocks are put in order. In pieces, each counted by itself and put together at the end. Stores and reads.

import type { ProjectFacts } from '../../policy/facts.ts';
import type { Run } from './sql.ts';

/** Who counts: a walk and the putting in order of what is known may go on beside each other. */
export type Counting = 'walk' | 'blocks';

/** Characters with which a piece is full. */
const FULL = 64_000;

/** What can be done with them. */
export function gatheredIn(run: Run) {
  const key = (by: Counting, id: string) => `${by} ${id}`;
  return {
    /** All pieces, in their order. */
    readGathered: (by: Counting, id: string): ProjectFacts[] =>
      run<{ value: string }>('SELECT value FROM gathered WHERE id = ? ORDER BY seq', key(by, id)).map(
        ({ value }) => JSON.parse(value) as ProjectFacts,
      ),
    /** The last piece, if it is not full. */
    openGathered(by: Counting, id: string): ProjectFacts | null {
      const [row] = run<{ value: string }>(
        'SELECT value FROM gathered WHERE id = ? ORDER BY seq DESC LIMIT 1',
        key(by, id),
      );
      return row === undefined || row.value.length > FULL ? null : (JSON.parse(row.value) as ProjectFacts);
    },
    /** Stores a piece behind the others, or in the place of the last one. */
    writeGathered(by: Counting, id: string, facts: ProjectFacts, place: 'behind' | 'last'): void {
      run(
        `INSERT INTO gathered (id, seq, value)
         SELECT ?1, COALESCE(MAX(seq), 0) + ?3, ?2 FROM gathered WHERE id = ?1
         ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
        key(by, id),
        JSON.stringify(facts),
        place === 'behind' ? 1 : 0,
      );
    },
    removeGathered: (by: Counting, id: string) => void run('DELETE FROM gathered WHERE id = ?', key(by, id)),
  };
}

/** Whether a piece that is still in hand has enough in it to be stored by itself. */
export function isFull(facts: ProjectFacts): boolean {
  let size = 0;
  for (const { successes } of Object.values(facts.branches)) size += 200 + successes.length * 14;
  return size > FULL;
}
