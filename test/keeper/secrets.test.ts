// Secrets, by canaries: from the API's answers and the settings to everything that leaves the Keeper: storage, log, every
// route in every form, through every kind of failure. And hostile text all the way from an answer of the API to a page.

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { guarded, OPEN, pathsOf } from '../web/paths.ts';
import { pagesOf } from './pages.ts';
import { DAY, HOUR, MINUTE, openWorld, START, type World } from './world.ts';

const TOKEN = 'CANARY-token-0123456789abcdef';
const HOOK = 'https://hooks.example.test/CANARY-hook';

const FAULTS: readonly (Fault | null)[] = [
  null,
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, body: 'html' },
  { kind: 'status', status: 403, code: 10_000, message: 'Authentication error' },
  { kind: 'success-false', message: 'no' },
  { kind: 'truncated' },
  { kind: 'redirect', location: 'https://elsewhere.test/client/v4' },
  { kind: 'huge' },
  { kind: 'drop-after' },
  { kind: 'block' },
];

async function everythingShown(world: World): Promise<string> {
  const app = pagesOf(world, { mode: 'password', password: 'CANARY-password' });
  const headers = { authorization: `Basic ${btoa('me:CANARY-password')}` };
  const of = ['', ...world.runs().map(({ id }) => id)];
  const paths = of.flatMap((run) => pathsOf(guarded({ branch: 'main', run }), OPEN));
  const shown: string[] = [];
  for (const path of [...paths, '/nowhere']) {
    for (const init of [{ headers }, {}]) {
      const response = await app.request(path, init);
      shown.push(
        `${path} ${response.status} ${JSON.stringify([...response.headers])} ${(await response.text()).replaceAll('\n', ' ')}`,
      );
    }
  }
  return shown.join('\n');
}

/** Has the log of a build that failed read, and looks at it. */
const seeLog = async (world: World, id: string) =>
  (
    await pagesOf(world, { mode: 'password', password: 'CANARY-password' }).request(
      `/projects/docs/deployments/${id}`,
      { headers: { authorization: `Basic ${btoa('me:CANARY-password')}` } },
    )
  ).text();

function everythingStored(sql: SqlStorage): string {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  return tables
    .filter(({ name }) => !name.startsWith('_cf'))
    .map(({ name }) => JSON.stringify(sql.exec(`SELECT * FROM ${name}`).toArray()))
    .join('\n');
}

const settings = {
  CLOUDFLARE_API_TOKEN: TOKEN,
  NOTIFY_URL: HOOK,
  BUILD_LOGS: 'true',
  RULES: [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 7 } }],
};

async function inCanaryWorld(use: (world: World, sql: SqlStorage) => Promise<void>): Promise<void> {
  const stub = env.KEEPER.getByName(`secrets-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_instance, state) => {
    const options = {
      settings,
      simulator: { token: TOKEN, limit: { calls: 1_200, windowMs: 300_000, blockMs: 300_000 } },
    };
    await use(openWorld(state.storage, options), state.storage.sql);
  });
}

test.each(FAULTS.map((fault) => [fault?.kind ?? 'none', fault] as const))(
  'no secret gets out where every third answer is a fault: %s',
  async (_kind, fault) => {
    await inCanaryWorld(async (world, sql) => {
      const project = world.simulator.account.addProject({ name: 'docs', envVars: { KEY: 'CANARY-env' } });
      for (let age = 30; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY - HOUR });
      const failed = project.add({ createdAt: START - 2 * HOUR, branch: 'fix', outcome: 'failure' });
      failed.log = [`curl -H "Authorization: Bearer ${TOKEN}" ${HOOK}`, `it said ${TOKEN}: no`];
      world.simulator.fault = ({ index }) => (index % 3 === 2 ? fault : null);
      await world.tick(START, undefined, START + 40 * MINUTE);
      await seeLog(world, failed.id);
      await world.run(START + 50 * MINUTE);
      const shown = await everythingShown(world);
      expect(shown).toContain('docs');
      expect(`${shown}\n${everythingStored(sql)}\n${JSON.stringify(world.log)}`).not.toContain('CANARY');
    });
  },
);

test('hostile text reaches a page as text, and no link but an https one', async () => {
  await inCanaryWorld(async (world) => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u0000';
    const project = world.simulator.account.addProject({ name: 'docs', domains: ['javascript:alert(3)'] });
    project.add({ createdAt: START - HOUR });
    project.add({ createdAt: START - 2 * HOUR, branch: evil, message: evil, hash: evil });
    world.simulator.fault = () => ({
      kind: 'alter',
      change: (body) =>
        JSON.parse(JSON.stringify(body).replaceAll('"https://docs.pages.dev"', '"javascript:alert(4)"')),
    });
    await world.tick(START, undefined, START + MINUTE);
    const shown = await everythingShown(world);
    // JSON is data, sent as such and never sniffed; markup is what a browser reads.
    const lines = shown.split('\n').filter((line) => !line.includes('application/json'));
    const markup = lines.join('\n');
    expect(markup).toContain('alert(1)');
    for (const piece of ['<script', '<img', 'href="javascript', 'href=javascript', '\u202e', '\u0000']) {
      expect(markup).not.toContain(piece);
    }
  });
});
