// Moments in which a page is most easily wrong, each made by the real Worker under `wrangler dev` from a simulated account: nothing
// of what is shown is written by hand. Decides nothing, looks at nothing.

import type { SimulatedProject } from '../../simulator/account.ts';
import { REAL_LIMIT } from '../../simulator/limits.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { DAY, HOURLY, MINUTE } from './account.ts';
import { inWorld, QUICK, type Settings, until, type World } from './dev-worker.ts';

const HOUR = 60 * MINUTE;
const RULES = JSON.stringify([
  { projects: ['*'], rebuild: { ifOlderThanMinutes: 55 }, prune: { olderThanDays: 30, keepLatest: 3 } },
]);

/** What is to be seen of a moment: how the overview stands at a glance. */
export interface Seen {
  readonly heading: RegExp;
  readonly title: RegExp;
  readonly mood: 'ok' | 'busy' | 'bad' | 'quiet';
}

/** A moment, and the pages that are looked at in it. */
export interface Moment extends Seen {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Looks at a moment while it lasts. */
export type Look = (world: World, moment: Moment) => Promise<void>;

/** A project that has been built every day, on two branches, until an hour ago. */
function addSite({ account }: Simulator, name: string, days: number): SimulatedProject {
  const now = Date.now();
  const project = account.addProject({ name });
  for (let age = days; age >= 1; age -= 1) {
    project.add({ createdAt: now - age * DAY - 2 * HOUR, branch: 'feature/search' });
    project.add({ createdAt: now - age * DAY + 22 * HOUR });
  }
  return project;
}

/** A project whose builds of production failed from 58 to 32 days ago, and that nobody has built since. */
function addBroken({ account }: Simulator, name: string): void {
  const now = Date.now();
  const project = account.addProject({ name, source: null });
  for (let age = 90; age > 60; age -= 3) project.add({ createdAt: now - age * DAY });
  for (let age = 58; age >= 32; age -= 3) project.add({ createdAt: now - age * DAY, outcome: 'failure' });
}

const minute = () => Math.floor(Date.now() / MINUTE) * MINUTE;

const usual = (simulator: Simulator) => {
  addSite(simulator, 'docs', 60);
  addSite(simulator, 'handbook', 45);
};

/** The first look, after a run, and then the token is refused. */
async function playWell(look: Look): Promise<void> {
  await inWorld({ settings: { RULES } }, usual, async (world) => {
    await until('the first look was taken', async () => {
      const { text } = await world.get('/runs.json');
      return (JSON.parse(text).plan ?? []).every(({ next }: { next: number | null }) => next !== null);
    });
    await look(world, {
      ...{ name: 'first look', paths: ['/', '/runs', '/projects/docs'] },
      ...{ heading: /^All 2 projects are live$/, title: /^All live/, mood: 'ok' },
    });
    await world.tick(HOURLY, minute());
    const [run] = await world.ended();
    await until('what it built has ended', async () => !(await world.get('/')).text.includes('under way'));
    await look(world, {
      ...{ name: 'after a run', paths: ['/', '/runs', `/runs/${run?.id}`, '/projects/docs'] },
      ...{ heading: /^All 2 projects are live$/, title: /^All live/, mood: 'ok' },
    });
    world.simulator.fault = () => ({
      kind: 'status',
      status: 403,
      code: 10_000,
      message: 'Authentication error',
    });
    await world.tick(HOURLY, minute() + MINUTE);
    await look(world, {
      ...{ name: 'token refused', paths: ['/', '/runs', '/projects/docs'] },
      ...{ heading: /^The API token was refused$/, title: /^Token refused/, mood: 'bad' },
    });
  });
}

/** One moment of a world of its own. */
async function playOne(
  look: Look,
  moment: Moment,
  settings: Settings,
  fill: (simulator: Simulator) => void,
  begin: (world: World) => Promise<unknown>,
  limit = QUICK,
): Promise<void> {
  await inWorld({ settings: { RULES, ...settings }, simulator: { limit } }, fill, async (world) => {
    await begin(world);
    await look(world, moment);
  });
}

/** Plays them all, one after the other. */
export const PLAYS: Readonly<Record<string, (look: Look) => Promise<void>>> = {
  'first look, after a run, token refused': playWell,
  'behind after pruning': (look) =>
    playOne(
      look,
      {
        ...{ name: 'behind after pruning', paths: ['/', '/runs', '/projects/shop'] },
        ...{ heading: /^All 2 projects are live, but shop is outdated$/, title: /^1 outdated/, mood: 'bad' },
      },
      {},
      (simulator) => {
        addSite(simulator, 'docs', 40);
        addBroken(simulator, 'shop');
      },
      async (world) => {
        await world.tick(HOURLY, minute());
        await world.ended();
        await until(
          'what it built has ended',
          async () => !(await world.get('/')).text.includes('under way'),
        );
      },
    ),
  overdue: (look) =>
    playOne(
      look,
      {
        ...{ name: 'overdue', paths: ['/', '/runs', '/projects/docs'] },
        ...{ heading: /^Runs are overdue$/, title: /^Runs overdue/, mood: 'bad' },
      },
      {},
      usual,
      async (world) => {
        await world.tick(HOURLY, minute() - 5 * HOUR);
        await world.ended();
      },
    ),
  'mid-run': (look) =>
    playOne(
      look,
      {
        ...{ name: 'mid-run', paths: ['/', '/runs', '/projects/docs', '/projects/handbook'] },
        ...{ heading: /^All 2 projects are live$/, title: /^2 building/, mood: 'busy' },
      },
      {},
      (simulator) => {
        addSite(simulator, 'docs', 600);
        addSite(simulator, 'handbook', 400);
      },
      async (world) => {
        await world.tick(HOURLY, minute());
        await until('all is planned, and something deleted', async () => {
          const { progress, plan } = JSON.parse((await world.get('/runs.json')).text);
          const isPlanned = plan.every(({ left }: { left: number | null }) => left !== null);
          return isPlanned && progress?.phase === 'deleting' && progress.done > 0;
        });
      },
      REAL_LIMIT,
    ),
  'dry run': (look) =>
    playOne(
      look,
      {
        ...{ name: 'dry run', paths: ['/', '/runs', '/projects/docs'] },
        ...{ heading: /^All 2 projects are live$/, title: /^All live/, mood: 'ok' },
      },
      { DRY_RUN: 'true' },
      usual,
      async (world) => {
        await world.tick(HOURLY, minute());
        await world.ended();
      },
    ),
};
