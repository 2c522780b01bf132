// A large account under plain `wrangler dev`: 700 projects of 40 deployments and one of 14,000 branches are pruned to their end, the
// page answers well meanwhile and afterwards, and no stored value is over its bound, read from SQLite's own file. Part of
// `npm run test:long` only: it sends some 40,000 calls.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Simulator } from '../../simulator/simulator.ts';
import { LONG } from '../long.ts';
import { inWorld, until } from './dev-worker.ts';

const DAY = 24 * 60 * 60_000;
const BOUND = 512 * 1_024;
const PROJECTS = Number(import.meta.env.VITE_PROJECTS ?? 700);
const BRANCHES = Number(import.meta.env.VITE_BRANCHES ?? 14_000);
const RULES = '[{"projects":["*"],"prune":{"olderThanDays":30,"staleBranchesAfterDays":30}}]';

function fill({ account }: Simulator): void {
  const now = Date.now();
  for (let index = 0; index < PROJECTS; index += 1) {
    const project = account.addProject({ name: `site-${index}`, productionBranch: 'main', source: 'github' });
    for (let age = 40; age > 0; age -= 1)
      project.add({
        createdAt: now - (age + 3) * DAY,
        branch: age % 4 === 0 ? `feature-${age % 12}` : 'main',
      });
  }
  const many = account.addProject({ name: 'renovated', productionBranch: 'main', source: 'github' });
  for (let index = BRANCHES; index > 0; index -= 1)
    many.add({ createdAt: now - 40 * DAY - index * 60_000, branch: `renovate/package-${index}` });
  many.add({ createdAt: now - 2 * DAY, branch: 'main' });
}

/** Bytes of the largest value in any of the stored objects' tables, and where it stands. */
function largestIn(folder: string): { where: string; bytes: number } {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.sqlite'));
  let largest = { where: '', bytes: 0 };
  for (const file of files) {
    const database = new DatabaseSync(join(folder, file), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name } of tables as { name: string }[]) {
      for (const column of database.prepare(`PRAGMA table_info("${name}")`).all() as { name: string }[]) {
        const query = `SELECT MAX(LENGTH(CAST("${column.name}" AS BLOB))) AS bytes FROM "${name}"`;
        const { bytes } = database.prepare(query).get() as { bytes: number | null };
        if ((bytes ?? 0) > largest.bytes) largest = { where: `${name}.${column.name}`, bytes: bytes ?? 0 };
      }
    }
    database.close();
  }
  return largest;
}

test.runIf(LONG)(
  `${PROJECTS} projects and ${BRANCHES} branches are pruned to their end`,
  { timeout: 3_600_000 },
  async () => {
    const limit = { calls: 20_000, windowMs: 5_000, blockMs: 5_000 };
    await inWorld({ settings: { RULES }, simulator: { limit, latency: () => 1 } }, fill, async (world) => {
      const { account } = world.simulator;
      const many = account.project('renovated');
      const started = Date.now();
      const answers: number[] = [];
      let largest = { where: '', bytes: 0 };
      await world.tick('0 * * * *');
      for (let done = false; !done; ) {
        for (const path of ['/', '/status.json', '/healthz', '/projects/renovated']) {
          const from = Date.now();
          expect((await world.get(path)).status, path).toBe(200);
          answers.push(Date.now() - from);
        }
        const found = largestIn(world.state);
        if (found.bytes > largest.bytes) largest = found;
        done = (await world.runs()).every(({ outcome }) => outcome !== 'running');
        if (!done) await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
      const [run] = await world.runs();
      process.stdout.write(
        `${JSON.stringify({ run: { ...run, refusals: run?.refusals.length }, largest, seconds: (Date.now() - started) / 1_000, slowestMs: Math.max(...answers), calls: world.simulator.calls.length })}\n`,
      );
      expect(run).toMatchObject({ outcome: 'done', refusals: [], counts: { failed: 0, refused: 0 } });
      // Everything that had expired, but what is live and the evidence of production.
      const left = account.projects.flatMap(({ deployments }) => deployments);
      expect(
        left.filter(({ createdAt, branch }) => createdAt < Date.now() - 31 * DAY && branch !== 'main'),
      ).toEqual([]);
      expect(many.deployments).toHaveLength(1);
      expect(largest.bytes).toBeLessThanOrEqual(BOUND);
      expect(world.printed).not.toContain('more than one value may hold');
      const all = JSON.parse((await world.get('/status.json')).text);
      expect(all.page).toMatchObject({ number: 1, total: PROJECTS + 1 });
      await until(
        'the last page is there',
        async () => (await world.get(`/?page=${Math.ceil((PROJECTS + 1) / 50)}`)).status === 200,
      );
    });
  },
);
