// The verdicts of a project's deployments as a filter asks for them: by the marks of a scan, each branch worked out once. Reads only.

import type { Environment } from '../../pages-api/model.ts';
import {
  type BranchTimes,
  branchTimes,
  expiresFrom,
  reasonByTimes,
  type Timed,
} from '../../policy/branch-times.ts';
import { branchOf } from '../../policy/facts.ts';
import { deletes, isRefused, type PruneContext, type Reason } from '../../policy/verdict.ts';
import { mark } from '../store/scan.ts';

/** Why a deployment is kept, or what deletes it; `branch` and `id` are marks, 0 where there is none. */
export type ByTimes = (environment: Environment, branch: number, id: number, row: Timed) => Reason;

/** On which day, today the first, a deployment goes if nothing is built; `Infinity`: never, as far as is known. */
export type GoesOn = (environment: Environment, branch: number, id: number, row: Timed) => number;

/** On which day that goes which expires then (epoch ms), on this cron only; `null`: on any. */
export type DayOf = (cron: string | null, from: number) => number;

/** What each branch settles, by its mark, worked out once; the context's facts are of every branch. */
function timesIn(context: PruneContext, now: number) {
  const names = new Map<number, string>();
  for (const key of Object.keys(context.facts.branches)) {
    const { branch } = branchOf(key);
    names.set(mark(branch), branch);
  }
  const times = { production: new Map<number, BranchTimes>(), preview: new Map<number, BranchTimes>() };
  const timesOf = (environment: 'production' | 'preview', branch: number): BranchTimes => {
    const known = times[environment].get(branch);
    if (known !== undefined) return known;
    const found = branchTimes(environment, names.get(branch) ?? '', context, now);
    times[environment].set(branch, found);
    return found;
  };
  // Those on which more than their branch bears are judged as they are everywhere: a few.
  const special = new Map(
    [...Object.keys(context.refusals), context.canonicalId ?? ''].map((id) => [mark(id), id] as const),
  );
  return { names, timesOf, special };
}

/** For all of a project's branches. */
export function byTimes(context: PruneContext, now: number): ByTimes {
  const { names, timesOf, special } = timesIn(context, now);
  return (environment, branch, id, row) => {
    if (context.policies.length === 0) return 'unmanaged';
    if (id === 0 || branch === 0 || row.createdAt === 0 || environment === 'unknown') return 'unreadable';
    const name = special.get(id);
    if (name === context.canonicalId && name !== undefined) return 'live';
    const reason = reasonByTimes(row, timesOf(environment, branch), now);
    if (!deletes(reason) || name === undefined) return reason;
    const place = { id: name, environment, branch: names.get(branch) ?? '' };
    return isRefused(place, context, now) ? 'refused' : reason;
  };
}

/** The same. What the API has refused to delete is not foretold: nobody knows when it lets it go. */
export function goesOnBy(context: PruneContext, now: number, dayOf: DayOf): GoesOn {
  const { timesOf, special } = timesIn(context, now);
  return (environment, branch, id, row) => {
    if (id === 0 || branch === 0 || row.createdAt === 0 || environment === 'unknown' || special.has(id))
      return Number.POSITIVE_INFINITY;
    const times = timesOf(environment, branch);
    return dayOf(times.cron, expiresFrom(row, times));
  };
}
