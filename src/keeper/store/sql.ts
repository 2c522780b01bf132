// One statement run, and one value as text: what every table is written with. Knows no table.

/**
 * Bytes in one stored value. The platform takes 2 MB a row, the local runtime any size; a quarter of that leaves room, and makes
 * what grows with an account show in tests.
 */
export const MOST_BYTES = 512 * 1_024;

/** A value was too large to be stored: whoever writes it ends its project's part by name (part.ts). */
export class ValueTooLarge extends Error {
  override readonly name = 'ValueTooLarge';

  constructor(table: string, bytes: number) {
    super(`${table}: ${bytes} bytes are more than one value may hold (${MOST_BYTES})`);
  }
}

/** Runs one statement; gives its rows. */
export type Run = <T extends Row>(query: string, ...bindings: unknown[]) => T[];
/** A row as SQLite gives it. */
export type Row = Record<string, SqlStorageValue>;

const encoder = new TextEncoder();

/** Bytes that a text takes in UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** Refuses what is too large to be stored, whichever statement would write it. Throws `ValueTooLarge`. */
export function checkSizes(query: string, bindings: readonly unknown[]): void {
  for (const value of bindings) {
    // No text takes more than three bytes a character: nearly all are let through uncounted.
    if (typeof value !== 'string' || value.length * 3 <= MOST_BYTES) continue;
    const bytes = bytesOf(value);
    if (bytes > MOST_BYTES) throw new ValueTooLarge(tableOf(query), bytes);
  }
}

const tableOf = (query: string) => /\b(?:INTO|UPDATE|FROM)\s+(\w+)/.exec(query)?.[1] ?? 'storage';
