// What comes next, over all shown projects. Pure.

import type { ProjectStanding } from '../../report.ts';

/** The next run and what it is known to have to do. */
export interface NextRun {
  readonly at: number;
  /** Projects whose rules ask for a rebuild then; some may be skipped. */
  readonly rebuilds: number;
  /** Deployments that go then, as far as they were counted. */
  readonly deletions: number;
  /** Whether they all were. */
  readonly isCounted: boolean;
}

/** Those of which something is really done; all of them where that is none: what they would do is told then. */
export function done<T extends Pick<ProjectStanding, 'dryRun'>>(projects: readonly T[]): readonly T[] {
  const real = projects.filter(({ dryRun }) => !dryRun);
  return real.length === 0 ? projects : real;
}

/** The next run of these projects; `null` where none is known. */
export function nextRun(projects: readonly ProjectStanding[]): NextRun | null {
  const times = projects
    .flatMap(({ nextRebuildAt, nextPruneAt }) => [nextRebuildAt, nextPruneAt])
    .filter((time) => time !== null);
  if (times.length === 0) return null;
  const at = times.reduce((a, b) => Math.min(a, b));
  const real = done(projects);
  const pruned = real.filter(({ nextPruneAt }) => nextPruneAt === at);
  return {
    at,
    rebuilds: real.filter(({ nextRebuildAt }) => nextRebuildAt === at).length,
    deletions: pruned.reduce((sum, { next }) => sum + (next ?? 0), 0),
    isCounted: pruned.every(({ next }) => next !== null),
  };
}
