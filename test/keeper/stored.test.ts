// Every field that is stored is on the list in stored.json. A new field has no value in the rows of a Keeper that is there already:
// it needs a default where it is read, or a migration. Once it has one, its line goes on the list. (Before the first release
// there are no such rows, and the line alone will do.)

import { expect, test } from 'vitest';
import { fromValues, type StoredRow } from '../../src/keeper/store/values.ts';
import { fakeGit, heads } from '../git/answers.ts';
import { addSite, begin } from './accounts.ts';
import listed from './stored.json' with { type: 'json' };
import { HOUR, inWorld, START, type World } from './world.ts';

/** Keys that are names of anything, not fields. */
const isName = (key: string) => !/^[a-z][A-Za-z]*$/.test(key);

/** The fields in a stored value, as paths; `*` stands for any name and for the items of a list. */
function fieldsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}.*`));
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsOf(inner, `${path}.${isName(key) ? '*' : key}`),
  );
}

const TABLES = [
  'projects',
  'overview',
  'facts',
  'gathered',
  'refusals',
  'walks',
  'blocks',
  'queue',
  'runs',
  'deletions',
  'posted',
  'content',
  'git',
  'hooks',
  'logs',
];

function storedIn(sql: SqlStorage): string[] {
  const rows = TABLES.flatMap((table) =>
    sql
      .exec<{ value: string }>(`SELECT value FROM ${table}`)
      .toArray()
      .map(({ value }) => [table, value] as const),
  );
  const [work] = sql.exec<{ value: string }>("SELECT value FROM state WHERE key = 'work'").toArray();
  return [...rows, ['work', work?.value ?? '{}'] as const].flatMap(([table, value]) => {
    const stored: unknown = JSON.parse(value);
    return fieldsOf(table === 'blocks' ? (stored as StoredRow[]).map(fromValues) : stored, table);
  });
}

/** Runs to the end, and looks at what is stored after each alarm. */
async function watch(world: World, sql: SqlStorage, seen: Set<string>, at: number): Promise<void> {
  await begin(world, at);
  const until = at + HOUR;
  while (world.alarmAt() !== null && (world.alarmAt() ?? until) < until) {
    await world.step();
    for (const field of storedIn(sql)) seen.add(field);
  }
}

test('what is stored is what is listed', async () => {
  const RULES = [
    {
      projects: ['*'],
      rebuild: { ifChanged: 'https://cms.example.test/feed', hook: true, retryFailed: true },
      prune: { olderThanDays: 7, goneBranchesAfterDays: 0 },
    },
  ];
  const seen = new Set<string>();
  await inWorld({ settings: { RULES, BUILD_LOGS: true } }, async (world, sql) => {
    const answer = (news: string) => (request: Request) => {
      const init = request.method === 'POST' ? { body: 'ref-prefix refs/heads/\n' } : {};
      if (request.url.includes('.git/')) return fakeGit({ refs: heads('main') })(request.url, init);
      return new Response(news, { headers: { etag: `"${news}"` } });
    };
    world.source = answer('news');
    addSite(world, { name: 'docs-1', old: 250 });
    addSite(world, { name: 'docs-2', old: 3 });
    let failures = 0;
    world.simulator.fault = ({ method }) =>
      method === 'DELETE' && failures++ < 2
        ? { kind: 'status', status: 400, code: 8_000_034, message: 'no' }
        : method === 'POST' && failures++ < 3
          ? { kind: 'drop-after' }
          : null;
    await watch(world, sql, seen, START);
    await watch(world, sql, seen, START + 3 * HOUR);
    world.source = answer('more news');
    for (const { name } of world.simulator.account.projects) {
      world.simulator.account.project(name).buildOutcome = 'failure';
      await world.keeper.ask({ project: name, branch: null, by: 'hook' });
    }
    const [failed] = world.simulator.account.project('docs-1').deployments;
    const log = {
      id: failed?.id ?? '',
      project: world.simulator.account.project('docs-1').id,
      name: 'docs-1',
    };
    world.keeper.work().logs.asked.push(log);
    for (const field of storedIn(sql)) seen.add(field);
    await watch(world, sql, seen, START + 6 * HOUR);
  });
  const fields = [...seen].sort();
  expect(fields.length).toBeGreaterThan(100);
  expect(
    fields.filter((field) => !listed.includes(field)),
    'not in test/keeper/stored.json: rows stored earlier lack it; give it a default or a migration, then add the line',
  ).toEqual([]);
});
