// One statement run, and one value as text: what every table is written with. Knows no table.

/** The platform takes 2 MB a value, and the local runtime does not enforce it. */
export const MOST_CHARACTERS = 2_000_000;

/** A value was too large to be stored. */
export class ValueTooLarge extends Error {
  override readonly name = 'ValueTooLarge';

  constructor(table: string, characters: number) {
    super(`${table}: ${characters} characters are more than one row can hold (${MOST_CHARACTERS})`);
  }
}

/** Runs one statement; gives its rows. */
export type Run = <T extends Row>(query: string, ...bindings: unknown[]) => T[];
/** A row as SQLite gives it. */
export type Row = Record<string, SqlStorageValue>;

/** A value as it is stored. Throws `ValueTooLarge`. */
export function asText(table: string, value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length > MOST_CHARACTERS) throw new ValueTooLarge(table, text.length);
  return text;
}
