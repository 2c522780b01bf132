// The projects whose deployments are to be read: asking for a walk, and having it over. No calls.

import type { Context } from '../calls.ts';
import type { WalkWanted } from '../work.ts';

/** Asks for a project's deployments to be read. */
export function wantWalk({ work }: Pick<Context, 'work'>, project: string, forRun: boolean): void {
  const wanted = work.walks.find((walk) => walk.project === project);
  if (wanted === undefined) work.walks.push({ project, forRun, due: 0, read: 0, of: null });
  else wanted.forRun ||= forRun;
}

/** Has the walk over, however it went. */
export function endWalk({ work }: Context, wanted: WalkWanted): void {
  work.walks = work.walks.filter((walk) => walk !== wanted);
}
