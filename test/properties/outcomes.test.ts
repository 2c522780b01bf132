// What became of a run's deletions, counted a second time from the answers: deleted, gone already, refused, failed, and what is left;
// after each alarm, in JSON and in words, in the tables, the days and the feed.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { begin } from '../keeper/accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import { cases } from '../long.ts';
import { ask, freshen, glance, json, number, plural } from './look.ts';
import { deletionWords } from './said.ts';

const CASES = cases({ usually: 5, long: 150 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_127);

const ENDS = ['deleted', 'gone', 'refused', 'failed'] as const;
type End = (typeof ENDS)[number];

/** What becomes of each deployment; `late`: the API fails once or twice before it deletes it. */
const drawn = fc.array(
  fc.constantFrom('deleted', 'deleted', 'deleted', 'late', 'gone', 'refused', 'failed' as const),
  { minLength: 1, maxLength: 230, size: 'max' },
);

/** Tries after which a deletion counts as failed. */
const TRIES = 5;

const SHOWN: Readonly<Record<End, string>> = {
  deleted: 'Deleted',
  gone: 'Already gone',
  refused: 'Refused by the API',
  failed: 'Failed',
};

type Counts = Readonly<Record<End | 'remaining', number>>;

/** What the answers so far come to. */
function counted(world: World, planned: number): Counts {
  const counts = { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: planned };
  const tries = new Map<string, number>();
  for (const { method, deploymentId, status } of world.simulator.calls) {
    if (method !== 'DELETE' || deploymentId === null) continue;
    tries.set(deploymentId, (tries.get(deploymentId) ?? 0) + 1);
    const isLast = tries.get(deploymentId) === TRIES;
    const end =
      status === 500
        ? isLast
          ? 'failed'
          : null
        : (({ 200: 'deleted', 404: 'gone' } as const)[status as 200] ?? 'refused');
    if (end === null) continue;
    counts[end] += 1;
    counts.remaining -= 1;
  }
  return counts;
}

/** What the run says of itself, everywhere. */
async function check(world: World, planned: number): Promise<Counts> {
  const counts = counted(world, planned);
  const { runs } = await json<{ runs: { id: string; outcome: string; counts: Counts }[] }>(
    world,
    '/runs.json',
  );
  const [run] = runs;
  expect(run?.counts).toEqual({ ...counts, wouldDelete: 0 });
  const html = await ask(world, '/runs');
  const row = html.split('<tr role="row">').find((one) => one.includes(`href="/runs/${run?.id}"`));
  const said = deletionWords(counts);
  expect(row).toContain(`<td role="cell" class="wide">${said}<`);
  expect((await glance(world, `/runs/${run?.id}`)).text).toContain(` Deletions ${said} `);
  expect((await glance(world, '/')).text).toMatch(new RegExp(`Last run .* ${said} `));
  const day = html.split('<tr role="row">').find((one) => one.includes('class="nm"><a href="/runs?day='));
  expect(day).toContain(`<td role="cell" class="wide">${number(counts.deleted)} deleted<`);
  return counts;
}

/** The tables of what it dealt with, page by page, and its entry in the feed. */
async function checkTables(world: World, counts: Counts): Promise<void> {
  const id = world.runs()[0]?.id;
  const all = ENDS.reduce((sum, end) => sum + counts[end], 0);
  const of = Math.max(1, Math.ceil(all / 100));
  const seen = { deleted: 0, gone: 0, refused: 0, failed: 0 };
  const listed = { ...seen };
  for (let page = 1; page <= of; page += 1) {
    const query = page === 1 ? '' : `?page=${page}`;
    const own = await json<{ deletions: { outcome: End }[]; page: unknown }>(
      world,
      `/runs/${id}.json${query}`,
    );
    const next = page < of ? `/runs/${id}.json?page=${page + 1}` : null;
    expect(own.page).toEqual({ number: page, of, total: all, next });
    expect(own.deletions.length).toBe(page < of ? 100 : all - (of - 1) * 100);
    for (const { outcome } of own.deletions) listed[outcome] += 1;
    const html = await ask(world, `/runs/${id}${query}`);
    for (const end of ENDS) seen[end] += html.split(`<td role="cell" class="u">${SHOWN[end]} `).length - 1;
    const [, said] = /(Page [\d,]+ of [\d,]+)/.exec((await glance(world, `/runs/${id}${query}`)).text) ?? [];
    expect(said).toBe(of === 1 ? undefined : `Page ${page} of ${of}`);
  }
  const { remaining: _, ...ends } = counts;
  expect([seen, listed]).toEqual([ends, ends]);
  const entry = (await ask(world, '/feed.atom')).split('<entry>').find((one) => one.includes(`run:${id}<`));
  expect(entry).toContain(`<title>Pruned: ${plural(counts.deleted, 'deployment')}</title>`);
  expect(entry).toContain(`<summary>${deletionWords(counts)}</summary>`);
}

const totals = { deleted: 0, gone: 0, refused: 0, failed: 0, between: 0 };

async function play(world: World, given: readonly (End | 'late')[]): Promise<void> {
  const project = world.simulator.account.addProject({ name: 'docs' });
  const ends = new Map<string, End | 'late'>();
  for (const [place, end] of given.entries())
    ends.set(project.add({ createdAt: START - 60 * DAY - place * 1_000 }).id, end);
  for (let young = 0; young < 2; young += 1) project.add({ createdAt: START - (young + 1) * HOUR });
  const tries = new Map<string, number>();
  world.simulator.fault = ({ method, deploymentId: id }): Fault | null => {
    if (method !== 'DELETE' || id === null) return null;
    const nth = tries.get(id) ?? 0;
    tries.set(id, nth + 1);
    const end = ends.get(id);
    // Somebody else was there before.
    if (end === 'gone') project.remove(id);
    if (end === 'refused') return { kind: 'status', status: 400, code: 8_000_035 };
    return end === 'failed' || (end === 'late' && nth < 2) ? { kind: 'status', status: 500 } : null;
  };
  await begin(world, START);
  while ((world.alarmAt() ?? Number.POSITIVE_INFINITY) < START + 50 * MINUTE) {
    await world.step();
    if (!world.simulator.calls.some(({ method }) => method === 'DELETE')) continue;
    freshen();
    const counts = await check(world, given.length);
    if (counts.remaining > 0) totals.between += 1;
  }
  freshen();
  const counts = await check(world, given.length);
  const many = (wanted: readonly string[]) => given.filter((end) => wanted.includes(end)).length;
  expect(counts).toEqual({
    ...{ deleted: many(['deleted', 'late']), gone: many(['gone']), refused: many(['refused']) },
    ...{ failed: many(['failed']), remaining: 0 },
  });
  await checkTables(world, counts);
  const { counts: own } = await json<{ counts: unknown }>(world, '/projects/docs.json');
  // What has failed goes next; what the API refuses is kept.
  expect(own).toEqual({ total: project.deployments.length, next: counts.failed, left: null });
  for (const end of ENDS) totals[end] += counts[end];
}

test(`every number about what became of deletions holds, on ${CASES} random runs (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (given) => {
      await inWorld({}, (world) => play(world, given));
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: true },
  );
  console.info(`outcomes: ${JSON.stringify(totals)}`);
  for (const many of Object.values(totals)) expect(many).toBeGreaterThan(CASES);
});
