// What comes next, over all shown projects. Pure.

import type { ProjectStanding } from '../../report.ts';

/** The next run and what it is known to have to do. */
export interface NextRun {
  readonly at: number;
  /** Projects whose rules ask for a rebuild then; some may be skipped. */
  readonly rebuilds: number;
  /** Deployments that go then, as far as they were counted. */
  readonly deletions: number;
}

/** The next run of these projects; `null` where none is known. */
export function nextRun(projects: readonly ProjectStanding[]): NextRun | null {
  const times = projects
    .flatMap(({ nextRebuildAt, nextPruneAt }) => [nextRebuildAt, nextPruneAt])
    .filter((time) => time !== null);
  if (times.length === 0) return null;
  const at = times.reduce((a, b) => Math.min(a, b));
  return {
    at,
    rebuilds: projects.filter(({ nextRebuildAt }) => nextRebuildAt === at).length,
    deletions: projects.reduce(
      (sum, { nextPruneAt, next }) => sum + (nextPruneAt === at ? (next ?? 0) : 0),
      0,
    ),
  };
}
