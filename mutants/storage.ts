// A Durable Object's storage on Node's own SQLite, in the place of `cloudflare:test`: so the Keeper's tests run in plain Node,
// several times as fast, against each mutant. Only here: `npm test` runs them on the real one. Costs in rows are about the same.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

type Exec = DurableObjectStorage['sql']['exec'];

const READS = /^\s*(SELECT|PRAGMA)/i;

function open(): Pick<DurableObjectStorage, 'sql' | 'transactionSync'> {
  const database = new DatabaseSync(':memory:');
  let depth = 0;
  const exec = (query: string, ...bindings: SQLInputValue[]) => {
    const statement = database.prepare(query);
    const values = bindings.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const before = database.prepare('SELECT total_changes() AS n').get()?.n;
    const found = statement.all(...values);
    const after = database.prepare('SELECT total_changes() AS n').get()?.n;
    const rowsWritten = READS.test(query) ? 0 : Number(after) - Number(before);
    // Plain objects, as workerd gives them.
    const rows = found.map((row) => ({ ...row }));
    return { toArray: () => rows, one: () => rows[0], rowsWritten, rowsRead: rows.length };
  };
  return {
    sql: { exec: exec as unknown as Exec } as SqlStorage,
    transactionSync(writes) {
      const name = `nested_${depth}`;
      database.exec(`SAVEPOINT ${name}`);
      depth += 1;
      try {
        const result = writes();
        database.exec(`RELEASE ${name}`);
        return result;
      } catch (error) {
        database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      } finally {
        depth -= 1;
      }
    },
  };
}

/** Names are taken as they come: each object is a new one. */
export const env = { KEEPER: { getByName: (name: string) => name } };

/** Runs a test on a storage of its own. */
export async function runInDurableObject<T>(
  _stub: string,
  use: (instance: null, state: { storage: ReturnType<typeof open> }) => Promise<T>,
): Promise<T> {
  return await use(null, { storage: open() });
}
