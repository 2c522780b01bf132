// The blocks' rows in the storage: up to a hundred deployments each, one a line, and beside them what a filter asks (scan.ts).
// Stores and reads.

import type { Deployment } from '../../pages-api/model.ts';
import { scanOf } from './scan.ts';
import type { Run } from './sql.ts';
import { fromValues, type StoredRow, valuesOf } from './values.ts';

/** What a filter reads of a block. */
export interface BlockScan {
  readonly id: number;
  /** `SCAN_WIDTH` characters a row, oldest first; rows that were deleted are among them. */
  readonly scan: string;
  /** Ids of the rows that were deleted. */
  readonly gone: readonly string[];
}

/** Blocks whose scans one statement gives: some 200 KB. */
const SCANS_AT_ONCE = 100;
// A statement takes 100 values.
const ADDED_AT_ONCE = 50;

// One line a deployment, and still one JSON value: a raw line end stands in no JSON text.
const asLines = (rows: readonly Deployment[]) =>
  `[${rows.map((row) => JSON.stringify(valuesOf(row))).join(',\n')}]`;

const rowsIn = (text: string): Deployment[] => (JSON.parse(text) as StoredRow[]).map(fromValues);

const idsIn = (gone: string) => (gone === '' ? [] : gone.trimEnd().split(' '));

/** Stores blocks in one statement: each has its price, however little it writes, and a batch of lists brings three blocks. */
function added(run: Run, blocks: readonly (readonly Deployment[])[]): number[] {
  const rows = run<{ id: number }>(
    `INSERT INTO blocks (scan, value) VALUES ${blocks.map(() => '(?, ?)').join(', ')} RETURNING id`,
    ...blocks.flatMap((block) => [scanOf(block), asLines(block)]),
  );
  // Numbered upwards as they are given; SQLite promises no order in which it says so.
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

function* scans(run: Run, ids: readonly number[]): Generator<BlockScan> {
  for (let from = 0; from < ids.length; from += SCANS_AT_ONCE) {
    const rows = run<{ id: number; scan: string; gone: string }>(
      `SELECT b.id AS id, b.scan AS scan, b.gone AS gone
       FROM json_each(?) AS one CROSS JOIN blocks AS b ON b.id = one.value`,
      JSON.stringify(ids.slice(from, from + SCANS_AT_ONCE)),
    );
    for (const { id, scan, gone } of rows) yield { id, scan, gone: idsIn(gone) };
  }
}

/** What can be done with them. */
export function blocksIn(run: Run) {
  const readValue = (id: number) =>
    run<{ value: string }>('SELECT value FROM blocks WHERE id = ?', id)[0]?.value;
  return {
    /** Stores deployments, oldest first, as blocks; returns their numbers, in this order. */
    addBlocks(blocks: readonly (readonly Deployment[])[]): number[] {
      const parts = Math.ceil(blocks.length / ADDED_AT_ONCE);
      return Array.from({ length: parts }, (_, part) =>
        added(run, blocks.slice(part * ADDED_AT_ONCE, (part + 1) * ADDED_AT_ONCE)),
      ).flat();
    },
    /** Replaces a block's rows; those that are marked as deleted stay marked. */
    replaceBlock: (id: number, rows: readonly Deployment[]) =>
      void run(
        'UPDATE blocks SET scan = ?1, value = ?2 WHERE id = ?3 AND value <> ?2',
        scanOf(rows),
        asLines(rows),
        id,
      ),
    /** Stores what is left of a block in its place: nothing in it is marked any more. */
    putBlock: (id: number, rows: readonly Deployment[]) =>
      void run(
        "UPDATE blocks SET scan = ?, value = ?, gone = '' WHERE id = ?",
        scanOf(rows),
        asLines(rows),
        id,
      ),
    removeBlock: (id: number) => void run('DELETE FROM blocks WHERE id = ?', id),
    /** A block's rows, oldest first, without those that were deleted. */
    readBlock(id: number): Deployment[] {
      const row = run<{ value: string; gone: string }>('SELECT value, gone FROM blocks WHERE id = ?', id)[0];
      if (!row) return [];
      const rows = rowsIn(row.value);
      if (row.gone === '') return rows;
      const gone = new Set(idsIn(row.gone));
      return rows.filter((one) => !gone.has(one.id));
    },
    /** A block's rows as they are stored, those that were deleted among them. */
    readWholeBlock(id: number): Deployment[] {
      const value = readValue(id);
      return value === undefined ? [] : rowsIn(value);
    },
    /** Some rows of a block, by their places in it; the others are not parsed. */
    readLines(id: number, places: readonly number[]): Deployment[] {
      const lines = readValue(id)?.slice(1, -1).split(',\n') ?? [];
      return places.flatMap((place) => {
        const line = lines[place];
        return line === undefined || line === '' ? [] : [fromValues(JSON.parse(line) as StoredRow)];
      });
    },
    /** What a filter asks of these blocks, in their order; no deployment is read. */
    readScans: (ids: readonly number[]) => scans(run, ids),
    /** Marks rows of a block as deleted, without reading it: this happens once a batch. Their logs go with them. */
    markGone(id: number, ids: readonly string[]): void {
      run('UPDATE blocks SET gone = gone || ? WHERE id = ?', `${ids.join(' ')} `, id);
      run('DELETE FROM logs WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
    },
  };
}
