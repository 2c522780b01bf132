// When the next invocation is due, and how many calls it could use: by what is under way and the pace. Pure.

import { nextCallsAt } from '../policy/pace.ts';
import { CALLS_A_SLICE, LISTS_A_SLICE } from './calls.ts';
import { nextMidnight, rowsUsedUp } from './quotas.ts';
import type { Queue, Work } from './work.ts';

/** Whether the next thing to do is planning, which takes no call. */
export function hasPlanning(work: Work): boolean {
  return work.plans.length > 0 && !work.halted;
}

const isServed = (queue: Queue) => !queue.suspended;

/** How many calls the next batch could use. */
export function callsWanted(work: Work, now: number): number {
  const deleting = !work.halted && work.queues.some((queue) => isServed(queue) && queue.due <= now);
  return deleting ? CALLS_A_SLICE : LISTS_A_SLICE;
}

/** Whether a rebuild can be decided: its run has listed the projects and its deployments need not be read first. */
export function isDecidable(work: Work, project: string): boolean {
  return !work.walks.some((walk) => walk.project === project);
}

/** Whether another rebuild may be started, by CONCURRENT_REBUILDS. */
export function hasFreePlace({ concurrentRebuilds, intents, follows }: Work): boolean {
  return concurrentRebuilds === null || intents.length + follows.length < concurrentRebuilds;
}

/** When something that takes calls is due, the pace left aside; `null`: nothing is. */
function callsDue(work: Work, now: number): number | null {
  const due: number[] = work.listing ? [work.listing.due] : [];
  if (!work.halted) {
    due.push(...work.walks.map((walk) => walk.due));
    due.push(...work.intents.map((intent) => intent.due));
    due.push(...work.follows.map((follow) => follow.due));
    if (hasFreePlace(work) && work.decisions.some(({ project }) => isDecidable(work, project))) due.push(now);
    const held = rowsUsedUp(work, now) ? nextMidnight(now) : 0;
    due.push(...work.queues.filter(isServed).map((queue) => Math.max(queue.due, held)));
  }
  return due.length === 0 ? null : Math.min(...due);
}

/** When the next invocation is needed (epoch ms, never before `now`); `null`: not before a tick or a view asks for one. */
export function nextAlarm(work: Work, now: number): number | null {
  if (hasPlanning(work)) return now;
  const due = callsDue(work, now);
  if (due === null) return null;
  const from = Math.max(due, now);
  return nextCallsAt(work.pace, callsWanted(work, from), from);
}
