// What is known of a project's branches, in the storage: in pieces of some kilobytes, by a number made from the branch's key, so that
// a project of any number of branches is read and written by those that are asked for. Stores and reads.
//
// The first piece begins at 0 and holds what is known of the whole project beside its branches: a project of a few branches is
// one row. A piece that has grown is split where its numbers differ.

import type { BranchFacts, ProjectFacts } from '../../policy/facts.ts';
import { rememberNewest } from '../../policy/signs.ts';
import { mark } from './scan.ts';
import type { Run } from './sql.ts';

type Branches = Readonly<Record<string, BranchFacts>>;
type Head = Omit<ProjectFacts, 'branches'>;
/** The first piece has a head, the others have branches only. */
type Piece = Partial<Head> & { readonly branches: Branches };

/** Characters that a piece is made of, and those with which it is split. */
const PIECE = 12_000;
const MOST_IN_A_PIECE = 24_000;

interface Part {
  readonly part: number;
  readonly branches: Record<string, BranchFacts>;
}

/** Branches as pieces from `first` on, cut only between different numbers. */
function partsOf(first: number, branches: Branches): Part[] {
  const sorted = Object.entries(branches)
    .map(([key, facts]) => ({ key, facts, number: mark(key) }))
    .sort((a, b) => a.number - b.number);
  const parts: Part[] = [{ part: first, branches: {} }];
  let size = 0;
  let before = -1;
  for (const { key, facts, number } of sorted) {
    if (size > PIECE && number !== before) {
      parts.push({ part: number, branches: {} });
      size = 0;
    }
    (parts.at(-1) as Part).branches[key] = facts;
    size += key.length + 160 + facts.successes.length * 14;
    before = number;
  }
  return parts;
}

/** The piece that a key belongs to. `parts`: where they begin, in order. */
function partFor(parts: readonly number[], key: string): number {
  const number = mark(key);
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle] as number) <= number) low = middle;
    else high = middle - 1;
  }
  return parts[low] as number;
}

/** The pieces themselves. */
function piecesIn(run: Run) {
  const partsOfProject = (id: string) =>
    run<{ part: number }>('SELECT part FROM facts WHERE id = ? ORDER BY part', id).map(({ part }) => part);
  const readPiece = (id: string, part: number): Piece => {
    const [row] = run<{ value: string }>('SELECT value FROM facts WHERE id = ? AND part = ?', id, part);
    return row === undefined ? { branches: {} } : (JSON.parse(row.value) as Piece);
  };
  const write = (id: string, part: number, piece: Piece) =>
    void run(
      `INSERT INTO facts (id, part, value) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
      id,
      part,
      JSON.stringify(piece),
    );
  const writeParts = (id: string, head: Head, parts: readonly Part[]) => {
    for (const { part, branches } of parts)
      write(id, part, part === 0 ? { ...head, branches } : { branches });
  };
  return { partsOfProject, readPiece, writeParts };
}

/** What can be done with them. */
export function branchFactsIn(run: Run) {
  const { partsOfProject, readPiece, writeParts } = piecesIn(run);
  const readFacts = (id: string, keys: Iterable<string> | 'all'): ProjectFacts | null => {
    const parts = partsOfProject(id);
    if (parts.length === 0) return null;
    const wanted = keys === 'all' ? null : new Set(keys);
    const pieces = new Set(wanted === null ? parts : [0, ...[...wanted].map((key) => partFor(parts, key))]);
    let head: Head | null = null;
    const branches: Record<string, BranchFacts> = {};
    for (const part of pieces) {
      const { branches: found, ...rest } = readPiece(id, part);
      if (part === 0) head = rest as Head;
      for (const [key, facts] of Object.entries(found))
        if (wanted === null || wanted.has(key)) branches[key] = facts;
    }
    return head === null ? null : { ...head, branches };
  };
  return {
    /** How many pieces a project's branches take: a measure of how many there are. */
    factPieces: (id: string) => partsOfProject(id).length,
    /** What is known of the project and of these branches, by their keys; `null`: nothing is. */
    readFacts,
    /**
     * Stores what is known of a project and all its branches, counted anew, in the place of what was: of that only when a branch
     * was deployed to last stays known.
     */
    writeFacts(id: string, counted: ProjectFacts): void {
      const { branches, ...head } = rememberNewest(counted, readFacts(id, 'all'));
      const parts = partsOf(0, branches);
      writeParts(id, head, parts);
      run(
        'DELETE FROM facts WHERE id = ? AND part NOT IN (SELECT value FROM json_each(?))',
        id,
        JSON.stringify(parts.map(({ part }) => part)),
      );
    },
    /** Stores what is known of a project and of these branches; of the others it stays what it was. */
    changeFacts(id: string, { branches, ...head }: ProjectFacts): void {
      const parts = partsOfProject(id);
      if (parts.length === 0) parts.push(0);
      const byPart = Map.groupBy(Object.entries(branches), ([key]) => partFor(parts, key));
      if (!byPart.has(0)) byPart.set(0, []);
      for (const [part, changed] of byPart) {
        const known = { ...readPiece(id, part).branches, ...Object.fromEntries(changed) };
        const isLarge = JSON.stringify(known).length > MOST_IN_A_PIECE;
        writeParts(id, head, isLarge ? partsOf(part, known) : [{ part, branches: known }]);
      }
    },
    removeFacts: (id: string) => void run('DELETE FROM facts WHERE id = ?', id),
  };
}
