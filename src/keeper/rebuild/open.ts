// The open rebuilds: the one place where any is added to them or taken out. Pure data, changed in place; judges nothing.

import type { Work } from '../work.ts';
import type { Rebuild } from './rebuild.ts';

/** One more that is asked for. */
export function addRebuild(work: Pick<Work, 'rebuilds'>, rebuild: Rebuild): void {
  work.rebuilds.push(rebuild);
}

/** Whether it is still open: one that was left out, or is over, is none. */
export function isOpen({ rebuilds }: Pick<Work, 'rebuilds'>, rebuild: Rebuild): boolean {
  return rebuilds.includes(rebuild);
}

/** It is over: nothing of it is under way. */
export function forgetRebuild(work: Pick<Work, 'rebuilds'>, rebuild: Rebuild): void {
  work.rebuilds = work.rebuilds.filter((other) => other !== rebuild);
}

/** Takes out those that wait to be decided, of a project or of a run; gives them. */
export function takeWaiting(
  work: Pick<Work, 'rebuilds'>,
  of: { readonly project: string } | { readonly run: string },
): Rebuild[] {
  const isOne = ({ state, project, run }: Rebuild) =>
    state.is === 'waiting' && ('project' in of ? project === of.project : run === of.run);
  const taken = work.rebuilds.filter(isOne);
  work.rebuilds = work.rebuilds.filter((one) => !taken.includes(one));
  return taken;
}

/** Leaves only those of which nobody knows whether they were started, none of them looked for before `from` (epoch ms). */
export function keepDoubtful(work: Pick<Work, 'rebuilds'>, from: number): void {
  work.rebuilds = work.rebuilds.filter(({ state }) => state.is === 'in-doubt' || state.is === 'posting');
  for (const rebuild of work.rebuilds) rebuild.due = Math.max(rebuild.due, from);
}
