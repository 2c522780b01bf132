// A storage of each version is brought to this one's, step by step; one that is newer is left alone.

import { env, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { type Layout, migrate } from '../../src/keeper/store/migrate.ts';
import type { Row, Run } from '../../src/keeper/store/sql.ts';

const STATE = 'CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID';
const FIRST: Layout = { version: 1, schema: [STATE, 'CREATE TABLE one (id TEXT)'], migrations: {} };
const THIRD: Layout = {
  version: 3,
  schema: [STATE, 'CREATE TABLE one (id TEXT, more TEXT)', 'CREATE TABLE two (id TEXT)'],
  migrations: { 1: ['ALTER TABLE one ADD COLUMN more TEXT'], 2: ['CREATE TABLE two (id TEXT)'] },
};

async function inStorage(use: (run: Run) => void): Promise<void> {
  const stub = env.KEEPER.getByName(`migrate-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_instance, state) => {
    const { sql } = state.storage;
    for (const { name } of sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray())
      if (!/^(_cf_|sqlite_)/.test(name)) sql.exec(`DROP TABLE ${name}`);
    use(<T extends Row>(query: string, ...bindings: unknown[]) => sql.exec<T>(query, ...bindings).toArray());
  });
}

const columns = (run: Run, table: string) =>
  run<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name);
const version = (run: Run) =>
  run<{ value: string }>("SELECT value FROM state WHERE key = 'version'").map(({ value }) => value);

test('a new storage is made as it is to be', async () => {
  await inStorage((run) => {
    migrate(run, THIRD);
    expect([columns(run, 'one'), columns(run, 'two'), version(run)]).toEqual([['id', 'more'], ['id'], ['3']]);
  });
});

test('an older one becomes the same, what is in it kept; a second time nothing is done', async () => {
  await inStorage((run) => {
    migrate(run, FIRST);
    run("INSERT INTO one (id) VALUES ('kept')");
    migrate(run, THIRD);
    migrate(run, THIRD);
    expect([columns(run, 'one'), columns(run, 'two'), version(run)]).toEqual([['id', 'more'], ['id'], ['3']]);
    expect(run('SELECT * FROM one')).toEqual([{ id: 'kept', more: null }]);
  });
});

test('one of a later version, or of one without a way from it, is left as it is', async () => {
  await inStorage((run) => {
    migrate(run, THIRD);
    expect(() => migrate(run, FIRST)).toThrow('deploy the newer one again');
    expect(version(run)).toEqual(['3']);
  });
  await inStorage((run) => {
    migrate(run, FIRST);
    expect(() => migrate(run, { ...THIRD, migrations: {} })).toThrow('No migration leads from version 1');
    expect(version(run)).toEqual(['1']);
  });
});
