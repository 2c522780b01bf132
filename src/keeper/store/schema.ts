// The tables of the Keeper's storage, as this version has them, and how an older version's become these (migrate.ts).
//
// WITHOUT ROWID: a text key in an index of its own would cost a second written row for each insert.

/** Every table, in statements that may be run again. */
export const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS projects (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS overview (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS facts (id TEXT, part INTEGER, value TEXT NOT NULL, PRIMARY KEY (id, part)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS gathered (id TEXT, seq INTEGER, value TEXT NOT NULL, PRIMARY KEY (id, seq)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS refusals (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS walks (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  // The value last: a filter reads the others without it.
  "CREATE TABLE IF NOT EXISTS blocks (id INTEGER PRIMARY KEY, scan TEXT NOT NULL, gone TEXT NOT NULL DEFAULT '', value TEXT NOT NULL)",
  'CREATE TABLE IF NOT EXISTS queue (project TEXT, plan INTEGER, lane INTEGER, seq INTEGER, attempt INTEGER NOT NULL, due INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (project, plan, lane, seq)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS listed (run TEXT, page INTEGER, value TEXT NOT NULL, PRIMARY KEY (run, page)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS deletions (run TEXT, project TEXT, seq INTEGER, n INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, project, seq)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS posted (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS hooks (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS logs (id TEXT PRIMARY KEY, project TEXT NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS git (id TEXT, part INTEGER, value TEXT NOT NULL, PRIMARY KEY (id, part)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS content (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

/** The version of these tables and of what is in them. */
export const VERSION = 1;

/** By the version that they start from: the statements that lead to the next one. Nothing was released before version 1. */
export const MIGRATIONS: Readonly<Record<number, readonly string[]>> = {};
