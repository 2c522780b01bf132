// The last builds of a project: for trends, and for whether production is behind. Kept by id and never taken out because a
// deployment was deleted: our own work must not improve the picture. Pure.

import { buildStatus, type Deployment } from '../pages-api/model.ts';

/** One finished build: when it was created, how long it took (ms), whether it succeeded. */
export interface Build {
  readonly id: string;
  readonly at: number;
  readonly took: number;
  readonly ok: boolean;
  readonly production: boolean;
}

/** The builds of each environment, newest last. */
export function byEnvironment(builds: readonly Build[]) {
  const oldestFirst = [...builds].reverse();
  const of = (wanted: boolean) =>
    oldestFirst.flatMap(({ took, ok, production }) => (production === wanted ? [{ took, ok }] : []));
  return { production: of(true), preview: of(false) };
}

/** Builds that are kept in each environment. */
const KEPT = 40;

function buildOf(row: Deployment): Build[] {
  const { id, createdAt: at, finishedAt, environment } = row;
  if (id === '' || at === null || finishedAt === null || environment === 'unknown') return [];
  const status = buildStatus(row, at);
  if (status !== 'ready' && status !== 'failed') return [];
  const took = Math.max(0, finishedAt - at);
  return [{ id, at, took, ok: status === 'ready', production: environment === 'production' }];
}

/** The builds with those of these deployments added, newest first: forty of production, forty of previews. */
export function addBuilds(builds: readonly Build[], rows: readonly Deployment[]): Build[] {
  const byId = new Map(builds.map((build) => [build.id, build]));
  for (const build of rows.flatMap(buildOf)) byId.set(build.id, build);
  const newestFirst = [...byId.values()].sort((a, b) => b.at - a.at);
  const newest = (production: boolean) =>
    new Set(newestFirst.filter((build) => build.production === production).slice(0, KEPT));
  const kept = [newest(true), newest(false)];
  return newestFirst.filter((build) => kept.some((part) => part.has(build)));
}
