// What is under way, for the account or for one project: how far it is, and when it is expected to end. Reads only.

import { allowedRate } from '../../policy/pace.ts';
import type { Progress } from '../../report.ts';
import { leftOf } from '../prune/queue.ts';
import { rowsUsedUp } from '../quotas.ts';
import { needsPlanning, owedOf, servedQueue, tasksOf } from '../tasks.ts';
import type { Task } from '../work.ts';
import { isShown } from './hide.ts';
import type { View } from './view.ts';

/** What is under way; `project`: its id, `null` for the account. `null`: nothing is. */
export function progressOf(
  view: Pick<View, 'work' | 'now' | 'config'>,
  project: string | null = null,
): Progress | null {
  const { work, now } = view;
  const tasks = tasksOf(work).flatMap(([id, task]) => (project === null || id === project ? [task] : []));
  const runId = runOf(work.runs, tasks, project);
  if (runId === null) return null;
  const at = (phase: Progress['phase'], done = 0, of: number | null = null): Progress => ({
    ...{ runId, phase, done, of, parts: [], endsAt: null },
  });
  const reading = tasks.find((task) => task.reading?.for === 'run')?.reading;
  const idle = () => at(work.rebuilds.some(({ run }) => run === runId) ? 'building' : 'waiting');
  if (work.api.pace.blockedUntil > now) return at('waiting');
  if (rowsUsedUp(work.quota, now)) return idle();
  if (reading) return at('reading', reading.read, reading.of);
  if (tasks.some(needsPlanning)) return at('planning');
  const queues = tasks.flatMap((task) => servedQueue(task) ?? []);
  const left = queues.reduce((sum, queue) => sum + queue.left, 0);
  if (left === 0) return idle();
  const planned = queues.reduce((sum, queue) => sum + queue.of, 0);
  const done = project === null ? doneOf(work, runId) : planned - left;
  // The queues share the pace: what is left of all of them ends together.
  return {
    ...at('deleting', done, done + left),
    parts: project === null ? partsOf(view, tasks) : [],
    endsAt: Math.round(now + leftOf(work) / allowedRate(work.api.pace)),
  };
}

/** Parts that are told at most. */
const MOST_PARTS = 8;

function partsOf(view: Pick<View, 'config'>, tasks: readonly Task[]): Progress['parts'] {
  const parts = tasks.flatMap((task) => {
    const queue = servedQueue(task);
    if (queue === null || !isShown(view, task.name)) return [];
    return [{ project: task.name, done: queue.of - queue.left, of: queue.of }];
  });
  return parts.sort((a, b) => b.of - a.of).slice(0, MOST_PARTS);
}

/** What a run has dealt with, in projects that it is done with too. */
function doneOf(work: View['work'], runId: string): number {
  const counts = work.runs.find(({ record }) => record.id === runId)?.record.counts;
  return counts === undefined ? 0 : counts.deleted + counts.gone + counts.refused + counts.failed;
}

/** The run that it is for: the newest of the account, or the one that has something to do in the project. */
function runOf(runs: View['work']['runs'], tasks: readonly Task[], project: string | null): string | null {
  if (project === null) return runs.at(-1)?.record.id ?? null;
  return tasks.map((task) => owedOf(task)?.run ?? null).find((run) => run !== null) ?? null;
}
