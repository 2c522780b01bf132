// Counts the rows that a Durable Object's SQLite reads and writes: what the platform counts and limits.

/** Rows so far. */
export interface SqlCount {
  read: number;
  written: number;
}

/** The same storage, counted. A cursor knows its rows once it has been read. */
export function countingSql(sql: Pick<SqlStorage, 'exec'>): {
  counting: Pick<SqlStorage, 'exec'>;
  count: SqlCount;
} {
  const count: SqlCount = { read: 0, written: 0 };
  const counting: Pick<SqlStorage, 'exec'> = {
    exec<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) {
      const cursor = sql.exec<T>(query, ...bindings);
      const counted = {
        toArray() {
          const rows = cursor.toArray();
          count.read += cursor.rowsRead;
          count.written += cursor.rowsWritten;
          return rows;
        },
        get rowsWritten() {
          return cursor.rowsWritten;
        },
      };
      return counted as unknown as SqlStorageCursor<T>;
    },
  };
  return { counting, count };
}
