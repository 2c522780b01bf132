// The tables of the Keeper's storage. What is missing is created when the object starts; nothing is ever changed in place.
//
// WITHOUT ROWID: a text key in an index of its own would cost a second written row for each insert.

/** Every table, in statements that may be run again. */
export const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS projects (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS facts (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS refusals (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS walks (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  "CREATE TABLE IF NOT EXISTS blocks (id INTEGER PRIMARY KEY, value TEXT NOT NULL, gone TEXT NOT NULL DEFAULT '')",
  'CREATE TABLE IF NOT EXISTS queue (project TEXT, seq INTEGER, attempt INTEGER NOT NULL, due INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (project, seq)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS deletions (run TEXT, seq INTEGER, value TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS intents (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS content (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

/** The last of them: where it is, all are. */
export const NEWEST_TABLE = 'content';
