// When the next alarm is due, and how many calls it could use: by what is under way and the pace. Pure.

import type { Config } from '../config/config.ts';
import { doubtOf } from '../policy/credentials.ts';
import { overdueFrom } from '../policy/health.ts';
import { nextCallsAt } from '../policy/pace.ts';
import { logDue } from './asked-logs.ts';
import { CALLS_AN_ALARM, LISTS_AN_ALARM } from './budget.ts';
import { nextMidnight, rowsUsedUp } from './quotas.ts';
import { needsPlanning, servedQueue, tasksOf } from './tasks.ts';
import type { Queue, Task, Work } from './work.ts';

/**
 * From when on a project's deployments may be read, and Git be asked about it (epoch ms; 0: now). Both write rows, and so does the
 * plan that follows: once the day's are used up they wait for 00:00 UTC like the deletes, except where a rebuild hangs on them.
 */
export function lookableFrom(
  work: Pick<Work, 'quota' | 'rebuilds'>,
  now: number,
): (project: string) => number {
  if (!rowsUsedUp(work.quota, now)) return () => 0;
  const rebuilt = new Set(
    work.rebuilds.flatMap(({ project, state }) => (state.is === 'waiting' ? [project] : [])),
  );
  return (project) => (rebuilt.has(project) ? 0 : nextMidnight(now));
}

/** Whether the next thing to do is planning, which takes no call. */
export function hasPlanning(work: Work, now: number): boolean {
  const mayPlan = !work.api.halted && !rowsUsedUp(work.quota, now);
  return mayPlan && Object.values(work.tasks).some(needsPlanning);
}

/** The queue of a task that may be worked off: not while its project is to be read, for that may change the plan. */
export function readyQueue(task: Task): Queue | null {
  const queue = servedQueue(task);
  return queue === null || queue.stopped || task.reading !== null ? null : queue;
}

/** How many calls the next batch could use. */
export function callsWanted(work: Work, now: number): number {
  const isDue = (task: Task) => (readyQueue(task)?.due ?? Number.POSITIVE_INFINITY) <= now;
  return !work.api.halted && Object.values(work.tasks).some(isDue) ? CALLS_AN_ALARM : LISTS_AN_ALARM;
}

/** Whether a rebuild can be decided: not while its project's deployments are to be read, or Git is to be asked about it. */
export function isDecidable(work: Pick<Work, 'tasks'>, project: string): boolean {
  const task = work.tasks[project];
  return (task?.reading ?? null) === null && !task?.git;
}

/** Whether another rebuild may be started; `limit` is CONCURRENT_REBUILDS. */
export function hasFreePlace({ rebuilds }: Pick<Work, 'rebuilds'>, limit: number | null): boolean {
  return limit === null || rebuilds.filter(({ state }) => state.is !== 'waiting').length < limit;
}

/** When something that takes calls is due, the pace left aside; `null`: nothing is. */
function callsDue(work: Work, now: number, concurrentRebuilds: number | null): number | null {
  const doubt = doubtOf(work.api.standing, now);
  if (doubt.kind === 'ask' && !work.api.halted) return doubt.at;
  const due: number[] = work.listing ? [work.listing.due] : [];
  const log = logDue(work.logs);
  if (!work.api.halted)
    due.push(
      ...taskTimes(work, now),
      ...rebuildTimes(work, now, concurrentRebuilds),
      ...(log === null ? [] : [log]),
    );
  return due.length === 0 ? null : Math.min(...due);
}

function doubtsDue({ rebuilds }: Work): number | null {
  const due = rebuilds.flatMap((one) => (one.state.is === 'in-doubt' ? [one.due] : []));
  return due.length === 0 ? null : Math.min(...due);
}

function taskTimes(work: Work, now: number): number[] {
  const held = rowsUsedUp(work.quota, now) ? nextMidnight(now) : 0;
  const from = lookableFrom(work, now);
  return tasksOf(work).flatMap(([id, task]) => {
    const queue = work.api.standing.writes === 'no' ? null : readyQueue(task);
    return [
      ...(task.reading === null ? [] : [Math.max(task.reading.due, from(id))]),
      ...(task.reading === null && task.git ? [Math.max(task.git.due, from(id))] : []),
      ...(queue === null ? [] : [Math.max(queue.due, held)]),
      ...(needsPlanning(task) ? [held] : []),
    ];
  });
}

function rebuildTimes(work: Work, now: number, limit: number | null): number[] {
  const free = hasFreePlace(work, limit) && work.api.standing.writes !== 'no';
  return work.rebuilds.flatMap(({ state, due, project }) => {
    if (state.is !== 'waiting') return [due];
    return free && isDecidable(work, project) ? [Math.max(due, now)] : [];
  });
}

/** What of the configuration the next alarm hangs on. */
type DueConfig = Pick<Config, 'concurrentRebuilds' | 'destinations' | 'rules'>;

/** When there may be something to tell: what could not be told, again; and that nothing has fired any more. */
function noticeDue({ telling, looked }: Work, now: number, { destinations, rules }: DueConfig): number[] {
  if (destinations.length === 0) return [];
  const again = destinations.flatMap(({ name }) => {
    const at = telling.to[name]?.againAt ?? null;
    return at === null ? [] : [Math.max(now, at)];
  });
  const overdue = overdueFrom(looked.ticks, rules);
  return overdue === null || overdue <= now ? again : [...again, overdue];
}

/**
 * When the next alarm is needed (epoch ms, never before `now`); `null`: not before a tick or a view asks for one.
 * `config`: as it is now; `null`, it is broken: then only rebuilds in doubt are waited for.
 */
export function nextAlarm(work: Work, now: number, config: DueConfig | null): number | null {
  if (config !== null && hasPlanning(work, now)) return now;
  const due = config === null ? doubtsDue(work) : callsDue(work, now, config.concurrentRebuilds);
  const from = Math.max(due ?? now, now);
  const calls = due === null ? [] : [nextCallsAt(work.api.pace, callsWanted(work, from), from)];
  const asked = work.hookAt === null ? [] : [Math.max(work.hookAt, now)];
  const all = config === null ? calls : [...calls, ...asked, ...noticeDue(work, now, config)];
  return all.length === 0 ? null : Math.min(...all);
}
