// What the keeper's tests fill the simulated account with, and what the rules then say of it. Builders with one override.

import type { SimulatedProject } from '../../simulator/account.ts';
import type { DeploymentOptions } from '../../simulator/options.ts';
import type { Call, Fault, FaultyCall } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { expiredIds, type Policy } from '../properties/oracle.ts';
import { CRON, DAY, HOUR, START, type World } from './world.ts';

/** Adds a project with `old` deployments that a policy of 30 days lets go, and `young` ones; gives it. */
export function addSite(
  world: World,
  site: { name?: string; old?: number; young?: number; upload?: boolean } & Partial<DeploymentOptions> = {},
): SimulatedProject {
  const { name = 'docs', old = 10, young = 3, upload = false, ...each } = site;
  const project = world.simulator.account.addProject({ name, source: upload ? null : 'github' });
  const total = old + young;
  for (let index = 0; index < total; index += 1) {
    const age = index < old ? 60 * DAY - index * 1_000 : (young - (index - old)) * HOUR;
    project.add({ ...each, createdAt: START - age });
  }
  return project;
}

/** Ids older than 30 days, oldest first: what the shipped rule lets go of `addSite`'s. */
export function oldIds(project: SimulatedProject, days = 30, at = START): string[] {
  return project.deployments
    .filter(({ createdAt }) => at - createdAt >= days * DAY)
    .map(({ id }) => id)
    .reverse();
}

/** Ids that the rules let go right now, by the second opinion of test/properties. */
export function mustGo(world: World, project: SimulatedProject, policies: Policy[], at: number): Set<string> {
  const now = world.now();
  const rows = project.deployments.map((deployment) => {
    const { latest } = deployment.stages(now);
    const success = deployment.outcome !== 'skipped' && deployment.isSuccessful(now);
    const ended = ['failure', 'canceled', 'skipped'].includes(latest.status);
    const { id, environment, branch, createdAt } = deployment;
    const skipped = deployment.outcome === 'skipped';
    return { id, environment, branch, createdAt, success, finished: success || ended, skipped };
  });
  return expiredIds(rows, project.canonical?.id ?? null, policies, at);
}

/** A project's deployments, newest first. */
export const idsOf = (project: SimulatedProject): string[] => project.deployments.map(({ id }) => id);

/** Whether a call lists deployments. */
export const isList = (call: FaultyCall): boolean =>
  call.method === 'GET' && call.path.endsWith('/deployments');

/** The names of what was sent, one by one: `GET docs/deployments`, `DELETE docs`, `GET` for the project list. */
export function names(calls: readonly Call[]): string[] {
  return calls.map(({ method, path }) => {
    const rest = path.replace(/^\/accounts\/account\/pages\/projects\/?/, '');
    return `${method} ${method === 'DELETE' ? rest.replace(/\/.*/, '') : rest}`.trim();
  });
}

/** Ids for which a DELETE was sent, in order, again and again included. */
export function deletesOf(calls: readonly Call[], project = 'docs'): string[] {
  return calls
    .filter((call) => call.method === 'DELETE' && call.project === project)
    .map(({ deploymentId }) => deploymentId ?? '');
}

/** Lists of a project's deployments that were asked for. */
export function listsOf(calls: readonly Call[], project = 'docs'): Call[] {
  return calls.filter(
    ({ method, path }) => method === 'GET' && path.endsWith(`/projects/${project}/deployments`),
  );
}

/** Ids of the deployments that the Keeper knows of a project, newest first. */
export function knownIds(world: World, project: SimulatedProject): string[] {
  const { store } = world.keeper;
  return (store.read('projects', project.id)?.inventory?.blocks ?? []).flatMap((block) =>
    store
      .readBlock(block.id)
      .flatMap((row) => row?.id ?? [])
      .reverse(),
  );
}

/** Ticks without firing any alarm: the test steps from there. */
export async function begin(world: World, at = START, cron = CRON): Promise<void> {
  world.setNow(Math.max(world.now(), at));
  void world.keeper.tick({ cron, scheduledTime: at });
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Ticks, and stops once the first batch of deletes has gone. */
export async function drainOneBatch(world: World): Promise<void> {
  await begin(world);
  while (deletesOf(world.simulator.calls).length === 0) await world.step();
}

/** A list that does not know of this deployment yet, nor counts it. */
export const lagging = (id: string): Fault => ({
  kind: 'alter',
  change: (body) => {
    const info = body.result_info as Json;
    const result = (body.result as Json[]).filter((row) => row.id !== id);
    return { ...body, result, result_info: { ...info, total_count: Number(info.total_count) - 1 } };
  },
});
