// A storage as plain data, with the statements that made its tables. Knows nothing of what is in it.

/** One table; `create` is the statement that made it. */
export interface Table {
  readonly create: string;
  readonly rows: readonly Readonly<Record<string, SqlStorageValue>>[];
}

/** Everything in a storage. */
export function dumpTables(sql: SqlStorage): Table[] {
  return tablesOf(sql).map(({ name, create }) => ({
    create,
    rows: sql.exec(`SELECT * FROM ${name}`).toArray(),
  }));
}

/** Fills a storage with these tables and rows, and no others. */
export function loadTables(sql: SqlStorage, tables: readonly Table[]): void {
  for (const { name } of tablesOf(sql)) sql.exec(`DROP TABLE ${name}`);
  for (const { create } of tables) sql.exec(create);
  for (const { name, create } of tablesOf(sql)) {
    for (const row of tables.find((table) => table.create === create)?.rows ?? []) {
      const columns = Object.keys(row);
      const places = columns.map(() => '?').join(', ');
      sql.exec(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places})`, ...Object.values(row));
    }
  }
}

/** `table.column` of everything in a storage. */
export function columnsOf(sql: SqlStorage): string[] {
  return tablesOf(sql).flatMap(({ name }) =>
    sql
      .exec<{ name: string }>('SELECT name FROM pragma_table_info(?) ORDER BY name', name)
      .toArray()
      .map((column) => `${name}.${column.name}`),
  );
}

function tablesOf(sql: SqlStorage): { name: string; create: string }[] {
  const tables = sql
    .exec<{ name: string; create: string }>(
      'SELECT name, sql AS "create" FROM sqlite_master WHERE type = \'table\' ORDER BY name',
    )
    .toArray();
  // The platform's own are no part of it.
  return tables.filter(({ name }) => !/^(_cf_|sqlite_)/.test(name));
}
