// When the next alarm is due, and how many calls it could use: by what is under way and the pace. Pure.

import type { Config } from '../config/config.ts';
import { doubtOf } from '../policy/credentials.ts';
import { MAX_WALK_AGE_MS } from '../policy/gate.ts';
import { overdueFrom } from '../policy/health.ts';
import { allowedRate, nextCallsAt } from '../policy/pace.ts';
import { logDue } from './asked-logs.ts';
import { CALLS_AN_ALARM, LISTS_AN_ALARM } from './budget.ts';
import { nextMidnight, rowsUsedUp } from './quotas.ts';
import { needsPlanning, servedQueue } from './tasks.ts';
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
  return mayPlan && work.tasks.values().some(needsPlanning);
}

/** The queue of a task that may be worked off: not while its project is to be read, for that may change the plan. */
export function readyQueue(task: Task): Queue | null {
  const queue = servedQueue(task);
  return queue === null || queue.stopped || task.reading !== null ? null : queue;
}

const LONG_AFTER_PAGES = 4;
/** So many batches of a project go while its plan may be carried out, where all wait for their turn. */
const BATCHES_A_PLAN = 3;

const isQueueDue = (task: Task, now: number) => (readyQueue(task)?.due ?? Number.POSITIVE_INFINITY) <= now;

/** Whether a walk is a long one: those go one after the other, so that each is read whole before its first page is out of date. */
export function isLong(reading: Task['reading']): boolean {
  return (reading?.pages ?? 0) > LONG_AFTER_PAGES;
}

/** The projects that may be read now, in their order. */
export function readingsDue(work: Work, now: number): [id: string, task: Task][] {
  const from = lookableFrom(work, now);
  return [...work.tasks].filter(
    ([id, { reading }]) => reading !== null && Math.max(reading.due, from(id)) <= now,
  );
}

/** Whether a project's turn has come: it is ready to be worked off, or on its way to be. */
function isOnTurn(task: Task, now: number): boolean {
  const { prune, reading } = task;
  if (prune?.step === 'deleting') return isQueueDue(task, now);
  const isUnderWay = prune !== null && prune.step !== 'waiting' && prune.for.run !== null;
  // Of long walks one goes at a time, and it may go on for ever.
  return isUnderWay && !isLong(reading) && (reading?.due ?? 0) <= now;
}

/**
 * Whether it is the turn of projects that wait for it. Not as long as it is that of many others: in an account of a thousand their
 * plans would be out of date by then, and to make all plans anew each hour would be most of what is written.
 */
function isNextTurn(work: Work, now: number): boolean {
  const many = (allowedRate(work.api.pace) * MAX_WALK_AGE_MS) / (BATCHES_A_PLAN * CALLS_AN_ALARM);
  const others = [...work.tasks.values()].filter((task) => isOnTurn(task, now));
  return others.length < many || work.api.standing.writes === 'no';
}

/** The projects whose turn it is to be read and planned again, as many as one alarm reads. */
export function turnsDue(work: Work, now: number): string[] {
  if (work.api.halted || !isNextTurn(work, now)) return [];
  const from = lookableFrom(work, now);
  const due = [...work.tasks].filter(
    ([id, { prune }]) => prune?.step === 'waiting' && Math.max(prune.due, from(id)) <= now,
  );
  return due.slice(0, LISTS_AN_ALARM).map(([id]) => id);
}

/**
 * Whether an alarm may delete. One that reads does not: each batch would be cut in two. With a long walk deletes take turns, alarm by
 * alarm, so that neither holds up the other, until half of its time is over: then it goes alone, or it would begin anew. And a run that
 * has a limit does both: what it may delete goes at once, so nothing is queued for what is read after that.
 */
export function mayDelete(work: Work, now: number, limit: number | null): boolean {
  if (work.api.halted || limit !== null) return !work.api.halted;
  const isListing = work.listing !== null && work.listing.due <= now;
  const due = readingsDue(work, now);
  if (isListing || due.some(([, { reading }]) => !isLong(reading))) return false;
  const begunAfter = now - MAX_WALK_AGE_MS / 2;
  return (
    due.length === 0 ||
    due.some(([, { turn, reading }]) => turn === work.turns && (reading?.begunAt ?? 0) > begunAfter)
  );
}

/** How many calls the next alarm could use. */
export function callsWanted(work: Work, now: number): number {
  const isDeleting = !work.api.halted && work.tasks.values().some((task) => isQueueDue(task, now));
  return isDeleting ? CALLS_AN_ALARM : LISTS_AN_ALARM;
}

/** Whether a rebuild can be decided: not while its project's deployments are to be read, or Git is to be asked about it. */
export function isDecidable(work: Pick<Work, 'tasks'>, project: string): boolean {
  const task = work.tasks.get(project);
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
      tasksDue(work, now),
      ...rebuildTimes(work, now, concurrentRebuilds),
      ...(log === null ? [] : [log]),
    );
  const first = Math.min(...due);
  return first < Number.POSITIVE_INFINITY ? first : null;
}

function doubtsDue({ rebuilds }: Work): number | null {
  const due = rebuilds.flatMap((one) => (one.state.is === 'in-doubt' ? [one.due] : []));
  return due.length === 0 ? null : Math.min(...due);
}

/** When the first of what is under way about projects is due; infinite: nothing is. */
function tasksDue(work: Work, now: number): number {
  const held = rowsUsedUp(work.quota, now) ? nextMidnight(now) : 0;
  const from = lookableFrom(work, now);
  const isNext = isNextTurn(work, now);
  const mayWrite = work.api.standing.writes !== 'no';
  let due = Number.POSITIVE_INFINITY;
  for (const [id, task] of work.tasks) {
    const { reading, git, prune } = task;
    const queue = mayWrite ? readyQueue(task) : null;
    if (isNext && prune?.step === 'waiting') due = Math.min(due, Math.max(prune.due, from(id)));
    if (reading !== null) due = Math.min(due, Math.max(reading.due, from(id)));
    else if (git) due = Math.min(due, Math.max(git.due, from(id)));
    if (queue !== null) due = Math.min(due, Math.max(queue.due, held));
    if (needsPlanning(task)) due = Math.min(due, held);
  }
  return due;
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
