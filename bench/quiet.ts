// Accounts in which little happens: what an hourly rebuild tick over 50 projects and 1,000 page views a minute cost the API.
import { readOverviewPage, readProjectPage } from '../src/keeper/views/reads.ts';
import { HOUR, MINUTE, START } from './scenario.ts';
import { type BenchWorld, openBench } from './world.ts';

/** An account of `projects` projects with some history each, whose newest build was 30 minutes before the start. */
export function addProjects(world: BenchWorld, projects: number, deployments: number): void {
  for (let n = 0; n < projects; n += 1) {
    const project = world.simulator.account.addProject({ name: `site-${n}`, source: 'github' });
    for (let age = deployments; age > 0; age -= 1) {
      const branch = age % 4 === 0 ? `feature-${age % 12}` : 'main';
      project.add({ createdAt: START - 30 * MINUTE - age * 5 * HOUR, branch });
    }
    project.add({ createdAt: START - 30 * MINUTE });
  }
}

/** Calls of a tick that only rebuilds, over 50 projects that are all fresh and were seen before. */
export async function measureQuietTick(sql: Pick<SqlStorage, 'exec'>): Promise<number> {
  const rules = [{ projects: ['*'], rebuild: { ifOlderThanMinutes: 600 } }];
  const world = openBench(sql, { seed: 1, settings: { RULES: rules } });
  addProjects(world, 50, 3);
  await world.tick(START, START + 10 * MINUTE);
  const before = world.simulator.calls.length;
  await world.tick(START + HOUR, START + HOUR + 10 * MINUTE);
  return world.simulator.calls.length - before;
}

/** What views cost: how often the project list was read anew, and all calls. */
export interface ViewFigures {
  readonly views: number;
  readonly refreshes: number;
  readonly calls: number;
}

/** 1,000 views in 60 s over 20 projects, each of which had a push since it was last looked at. */
export async function measureViews(sql: Pick<SqlStorage, 'exec'>): Promise<ViewFigures> {
  const world = openBench(sql, { seed: 2 });
  addProjects(world, 20, 30);
  await world.tick(START, START + 30 * MINUTE);
  const from = START + 40 * MINUTE;
  for (const project of world.simulator.account.projects)
    project.add({ createdAt: from - 5 * MINUTE, message: 'A push since' });
  const before = world.simulator.calls.length;
  const views = 1_000;
  for (let n = 0; n < views; n += 1) {
    const at = from + n * 60;
    await world.run(at);
    world.clock.now = Math.max(world.clock.now, at);
    const name = n % 3 === 0 ? null : `site-${n % 20}`;
    const query = { page: 1, branch: null, environment: null, status: null, verdict: null };
    const view: Promise<unknown> =
      name === null
        ? world.keeper.view(null, readOverviewPage)
        : world.keeper.view(name, (found) => readProjectPage(found, name, query));
    await world.clock.settle(view);
  }
  await world.run(from + 2 * MINUTE);
  const calls = world.simulator.calls.slice(before);
  const refreshes = calls.filter(({ project, query }) => project === null && query.page === '1').length;
  return { views, refreshes, calls: calls.length };
}
