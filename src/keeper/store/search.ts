// Looking for a text in what is stored, without parsing what does not hold it. What is found is a candidate: whoever asks
// reads it and looks again. Reads only.

import type { Deletion } from '../../report.ts';
import type { Run } from './sql.ts';

/** A text as it stands in JSON. */
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** What can be done with them. */
export function searchIn(run: Run) {
  return {
    /** Which of these blocks hold this piece of JSON, in their order; `most` of them at most. */
    blocksWith: (ids: readonly number[], piece: string, most: number): number[] =>
      run<{ id: number }>(
        `SELECT b.id AS id FROM json_each(?) AS one CROSS JOIN blocks AS b ON b.id = one.value
         WHERE instr(b.value, ?) > 0 LIMIT ?`,
        JSON.stringify(ids),
        piece,
        most,
      ).map(({ id }) => id),
    /** Which of these projects may have a branch with this part of a name, letters of any case. */
    projectsWithBranch: (ids: readonly string[], text: string): string[] =>
      run<{ id: string }>(
        `SELECT DISTINCT f.id AS id FROM json_each(?) AS one CROSS JOIN facts AS f ON f.id = one.value
         WHERE instr(lower(f.value), lower(?)) > 0`,
        JSON.stringify(ids),
        inJson(text),
      ).map(({ id }) => id),
    /** Batches of deletions that may hold the text, letters of any case: of the newest `most` batches, newest run first. */
    deletionsWith: (text: string, most: number): { run: string; deletions: Deletion[] }[] =>
      run<{ run: string; value: string }>(
        `SELECT run, value FROM (SELECT run, value FROM deletions ORDER BY run DESC LIMIT ?)
         WHERE instr(lower(value), lower(?)) > 0`,
        most,
        inJson(text),
      ).map((row) => ({ run: row.run, deletions: JSON.parse(row.value) as Deletion[] })),
  };
}
