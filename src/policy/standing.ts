// How a project stands, in one word, and which one needs attention first: the same for the page and for the order in which the
// Keeper gives projects to it. Pure.

import type { BuildStatus, Environment } from '../pages-api/model.ts';

/** What the word rests on: whether anything is live, the newest build, and how many builds of production failed since. */
export interface Standing {
  readonly live: object | null;
  readonly latest: {
    readonly status: BuildStatus;
    readonly environment: Environment;
    readonly createdAt: number | null;
  } | null;
  readonly failedSinceLive: number;
  /** Whether nothing is live, and a build failed that was newer than the newest one: it was deleted since. */
  readonly newestFailed: boolean;
  /** Since when no build was started of what Git has. */
  readonly behindSince?: number | null;
}

/** Whether a build is on its way. */
export function isUnderWay(status: BuildStatus): boolean {
  return status === 'queued' || status === 'building';
}

/** Whether a project has nothing live because no build of it has ended yet. */
export function isNew({ live, latest }: Pick<Standing, 'live' | 'latest'>): boolean {
  return live === null && (latest === null || isUnderWay(latest.status));
}

/**
 * One word for a project: a build under way; else `failed` while production is behind; else how the newest build came
 * out, though that was deleted. A preview that failed does not make a live project look broken, so a preview only counts before the
 * first live.
 */
export function projectStatus({ live, latest, failedSinceLive, newestFailed }: Standing): BuildStatus {
  if (latest !== null && isUnderWay(latest.status)) return latest.status;
  if (failedSinceLive > 0 || newestFailed) return 'failed';
  if (latest === null) return live === null ? 'not-built' : 'ready';
  return latest.environment === 'preview' && live !== null ? 'ready' : latest.status;
}

function need(project: Standing): number {
  const status = projectStatus(project);
  if (status === 'failed' || project.failedSinceLive > 0 || (project.behindSince ?? null) !== null) return 0;
  if (project.live === null && !isNew(project)) return 0;
  return isUnderWay(status) ? 1 : 2;
}

/** What needs attention first: failed, behind or not live; under way; then the newest build. */
export function byNeed<T extends { readonly standing: Standing }>(projects: readonly T[]): T[] {
  return projects
    .map((project) => ({
      project,
      need: need(project.standing),
      at: project.standing.latest?.createdAt ?? 0,
    }))
    .sort((a, b) => a.need - b.need || b.at - a.at)
    .map(({ project }) => project);
}
