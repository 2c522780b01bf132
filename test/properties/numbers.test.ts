// Every number that is shown, counted a second time from the simulated account itself, in every phase: at the first look, after
// a dry run, at each alarm of a run, after it, in trouble. And what our own work may never do: make a picture look better.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { begin, mustGo } from '../keeper/accounts.ts';
import { pagesOf } from '../keeper/pages.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import { cases } from '../long.ts';
import { policy, rows } from './arbitraries.ts';
import type { Policy } from './oracle.ts';

const CASES = cases({ usually: 25, long: 1_500 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_126);

const GREEN = 'fill=&#39;%230b7a43&#39;';

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly failedSinceLive: number;
  readonly rolledBack: boolean;
  readonly nextPruneAt: string | null;
  readonly counts: {
    readonly total: number | null;
    readonly next: number | null;
    readonly left: number | null;
  };
}

/** What the account is and what a run at one moment deletes of it, by the second opinion. */
interface Truth {
  readonly project: SimulatedProject;
  readonly goes: ReadonlySet<string>;
}

const json = async <T>(world: World, path: string): Promise<T> =>
  (await pagesOf(world).request(path)).json<T>();
const plain = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const textOf = async (world: World, path: string) =>
  plain((await (await pagesOf(world).request(path)).text()).split('<main')[1] ?? '');

const projectsOf = async (world: World) =>
  (await json<{ projects: Shown[] }>(world, '/status.json')).projects;

const number = (many: number) => many.toLocaleString('en-US');

/** No page looks well while `/healthz` says that the Keeper is not. */
async function checkMood(world: World, names: readonly string[]): Promise<boolean> {
  const { ok } = await json<{ ok: boolean }>(world, '/healthz');
  if (ok) return true;
  const paths = ['/', '/runs', ...names.map((name) => `/projects/${name}`)];
  for (const path of paths) {
    const html = await (await pagesOf(world).request(path)).text();
    expect([path, html.includes(GREEN)]).toEqual([path, false]);
  }
  return false;
}

/** A project's own page and the plan of `/runs` say the same numbers as the overview. */
async function checkPages(world: World, { name, counts }: Shown): Promise<void> {
  const own = await json<Shown>(world, `/projects/${name}.json`);
  expect(own.counts).toEqual(counts);
  // What goes next by name: and what is left of the run under way, which goes before that.
  const listed = await json<{ page: { total: number } }>(world, `/projects/${name}.json?verdict=next`);
  if (counts.next !== null) expect(listed.page.total).toBe(counts.next + (counts.left ?? 0));
  const text = await textOf(world, `/projects/${name}`);
  const { next, left, total } = counts;
  const words =
    next === null ? 'Not planned yet' : next === 0 ? 'Nothing to delete' : `${number(next)} to delete`;
  expect(text).toContain(words);
  if (left === null) expect(text).not.toContain('left to delete');
  else expect(text).toContain(`Now: ${number(left)} left to delete`);
  if (total !== null) expect(text).toContain(`${number(total)} deployment`);
  const { plan } = await json<{ plan: { project: string; next: number; left: number; total: number }[] }>(
    world,
    '/runs.json',
  );
  expect(plan.find(({ project }) => project === name)).toMatchObject(counts);
}

/** The numbers of every project, where they are known. `truths`: what the run under way deletes; gives how many were known. */
async function checkNumbers(world: World, truths: readonly Truth[], policies: Policy[]): Promise<number> {
  let known = 0;
  const shown = await projectsOf(world);
  for (const one of shown) {
    const truth = truths.find(({ project }) => project.name === one.name);
    if (truth === undefined) continue;
    const { project, goes } = truth;
    const { total, next, left } = one.counts;
    const stillThere = project.deployments.filter(({ id }) => goes.has(id)).length;
    if (total !== null)
      expect([one.name, 'total', total]).toEqual([one.name, 'total', project.deployments.length]);
    if (left !== null) expect([one.name, 'left', left]).toEqual([one.name, 'left', stillThere]);
    if (next !== null) {
      known += 1;
      const at = one.nextPruneAt === null ? world.now() : Date.parse(one.nextPruneAt);
      const then = [...mustGo(world, project, policies, at)].filter((id) => left === null || !goes.has(id));
      expect([one.name, 'next', next]).toEqual([one.name, 'next', then.length]);
    }
    await checkPages(world, one);
  }
  return known;
}

/** What may not look better because something was deleted. */
async function picture(world: World) {
  const { projects } = await world.keeper.view(null, (view) =>
    // The builds that the trend is drawn from are in no JSON.
    ({ projects: view.store.readMany('overview', view.store.projectIds()) }),
  );
  const shown = await projectsOf(world);
  return shown
    .map(({ name, status, failedSinceLive, rolledBack }) => ({
      ...{ name, status, failedSinceLive, rolledBack },
      builds: projects.find(({ project }) => project.name === name)?.builds,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function fill(
  world: World,
  accounts: readonly { days: number; branch: string; outcome: 'success' }[][],
  policies: readonly Policy[],
) {
  return accounts.map((given, index) => {
    const project = world.simulator.account.addProject({ name: `p${index}`, source: null });
    // Something is always live, and everything has ended: nothing changes but by what is deleted.
    project.add({ createdAt: START - 21 * DAY });
    // One expires between a run and the next, and another is newer: so it goes then, and not before.
    const soon = START + HOUR / 2 - (policies[0]?.olderThanDays ?? 1) * DAY;
    for (const createdAt of [soon, START - 2 * HOUR])
      project.add({ createdAt, branch: 'dev', outcome: 'failure' });
    for (const { days, branch, outcome } of given)
      project.add({ createdAt: START - 25 * HOUR - Math.round(days * DAY), branch, outcome });
    return project;
  });
}

const truthsAt = (world: World, projects: readonly SimulatedProject[], policies: Policy[], at: number) =>
  projects.map((project) => ({ project, goes: mustGo(world, project, policies, at) }));

test(`every number holds in every phase, on ${CASES} random accounts (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  const account = fc.record({
    accounts: fc.array(rows, { minLength: 1, maxLength: 2 }),
    policies: fc.array(policy, { minLength: 1, maxLength: 2 }),
    // What a run leaves undone at its limit goes next.
    limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: 1_000, freq: 2 }),
  });
  const seen = { first: 0, during: 0, deleted: 0, ill: 0 };
  await fc.assert(
    fc.asyncProperty(account, async ({ accounts, policies, limit }) => {
      const RULES = [{ projects: ['*'], prune: policies }];
      const settings = { DRY_RUN: 'true', MAX_DELETES_PER_RUN: limit, RULES };
      // So few calls that a run takes several alarms.
      const simulator = { limit: { calls: 40, windowMs: 300_000, blockMs: 300_000 } };
      await inWorld({ settings, simulator, start: START - 30 * MINUTE }, async (world) => {
        const projects = fill(world, accounts as never, policies);
        const names = projects.map(({ name }) => name);
        const none = () => projects.map((project) => ({ project, goes: new Set<string>() }));

        // The first look, without any tick.
        const first = projectsOf(world);
        while (world.alarmAt() === null) await new Promise((resolve) => setTimeout(resolve, 0));
        await world.run(START - 25 * MINUTE);
        await first;
        seen.first += await checkNumbers(world, none(), policies);

        // A dry run.
        const would = truthsAt(world, projects, policies, START).reduce(
          (sum, { goes }) => sum + goes.size,
          0,
        );
        await world.tick(START, undefined, START + 20 * MINUTE);
        const { runs } = await json<{ runs: { counts: Record<string, number> }[] }>(world, '/runs.json');
        expect(runs[0]?.counts).toMatchObject({ wouldDelete: would, remaining: 0, deleted: 0 });
        expect(await checkNumbers(world, none(), policies)).toBe(projects.length);
        const before = await picture(world);

        // A run, alarm by alarm.
        world.settings.DRY_RUN = 'false';
        const truths = truthsAt(world, projects, policies, START + HOUR);
        await begin(world, START + HOUR);
        for (let step = 0; step < 60 && (world.alarmAt() ?? Infinity) < START + 90 * MINUTE; step += 1) {
          await world.step();
          if (world.runs()[0]?.outcome === 'running')
            seen.during += await checkNumbers(world, truths, policies);
        }
        seen.deleted += world.runs()[0]?.counts.deleted ?? 0;
        const all = truths.reduce((sum, { goes }) => sum + goes.size, 0);
        expect(world.runs()[0]).toMatchObject({
          outcome: all > limit ? 'partial' : 'done',
          counts: { deleted: Math.min(all, limit), remaining: 0 },
        });
        expect(await checkNumbers(world, none(), policies)).toBe(projects.length);
        expect(await picture(world)).toEqual(before);

        // Everything is read anew after a week, and what was deleted is not there any more.
        const later = START + 8 * DAY;
        await world.tick(later, undefined, later + 50 * MINUTE);
        expect(await checkNumbers(world, none(), policies)).toBe(projects.length);
        expect(await picture(world)).toEqual(before);

        // Trouble: what was known is not forgotten, and nothing looks well.
        world.settings.CLOUDFLARE_API_TOKEN = 'refused';
        await world.tick(later + HOUR, undefined, later + HOUR + MINUTE);
        if (!(await checkMood(world, names))) seen.ill += 1;
        await checkNumbers(world, none(), policies);
      });
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: true },
  );
  // A property over accounts in which nothing happens would hold of anything.
  expect(seen.first).toBeGreaterThanOrEqual(CASES);
  expect(seen.deleted).toBeGreaterThan(CASES);
  expect(seen.during).toBeGreaterThan(CASES / 4);
  expect(seen.ill).toBe(CASES);
});
