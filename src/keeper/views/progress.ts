// What is under way, for the account or for one project: how far it is, and when it is expected to end. Reads only.

import { allowedRate } from '../../policy/pace.ts';
import type { Progress } from '../../report.ts';
import { rowsUsedUp } from '../quotas.ts';
import { needsPlanning, owedOf, servedQueue } from '../tasks.ts';
import type { OpenRun, Queue, Reading, Task } from '../work.ts';
import { isShown } from './hide.ts';
import type { View } from './view.ts';

/** What is under way; `project`: its id, `null` for the account. `null`: nothing is. */
export function progressOf(
  view: Pick<View, 'work' | 'now' | 'config'>,
  project: string | null = null,
): Progress | null {
  const { work, now } = view;
  const tasks = [...work.tasks].flatMap(([id, task]) => (project === null || id === project ? [task] : []));
  const runId = runOf(work.runs, tasks, project);
  if (runId === null) return null;
  const at = (phase: Progress['phase'], done = 0, of: number | null = null): Progress => ({
    ...{ runId, phase, done, of, parts: [], endsAt: null },
  });
  const run = work.runs.find(({ record }) => record.id === runId);
  const readings = tasks.flatMap(({ reading }) => (reading?.for === 'run' ? [reading] : []));
  const idle = () => at(work.rebuilds.some((rebuild) => rebuild.run === runId) ? 'building' : 'waiting');
  if (work.api.pace.blockedUntil > now) return at('waiting');
  if (rowsUsedUp(work.quota, now)) return idle();
  const queues = tasks.flatMap(activeQueue);
  // What goes of these, and so how much there is to do, nobody knows before their turn.
  if (tasks.some(isWaiting)) return queues.length > 0 ? at('deleting', doneOf(run)) : at('reading');
  if (readings.length > 0)
    return at('reading', ...readSoFar(readings, project === null ? (run?.read ?? 0) : 0));
  if (tasks.some(needsPlanning)) return at('planning');
  const planned = leftOf(queues);
  const left = Math.min(planned, allowed(view, run));
  if (left === 0) return idle();
  const done = project === null ? doneOf(run) : queues.reduce((sum, { of }) => sum + of, 0) - planned;
  return {
    ...at('deleting', done, done + left),
    // Where the limit ends the run first, nobody knows which of them go with it.
    parts: project === null && left === planned ? partsOf(view, tasks) : [],
    endsAt: work.tasks.values().some(isWaiting) ? null : endOf(view, run, left),
  };
}

/** How many deployments were read, `before` included, and of how many: `null` while that is not known of one reading. */
function readSoFar(readings: readonly Reading[], before: number): [read: number, of: number | null] {
  const read = readings.reduce((sum, reading) => sum + reading.read, before);
  const of = readings.reduce<number | null>(
    (sum, reading) => (sum === null || reading.of === null ? null : sum + reading.of),
    before,
  );
  return [read, of];
}

const isWaiting = ({ prune }: Task) => prune?.step === 'waiting';

/** The queue of a task that is being worked off: one whose run has failed waits for the next tick. */
function activeQueue(task: Task): Queue[] {
  const queue = servedQueue(task);
  return queue === null || queue.stopped ? [] : [queue];
}

const leftOf = (queues: readonly Queue[]) => queues.reduce((sum, { left }) => sum + left, 0);

/** How many more a run may delete: at its limit it ends, whatever is left. */
function allowed({ config }: Pick<View, 'config'>, run: OpenRun | undefined): number {
  const most = config.maxDeletesPerRun ?? Number.POSITIVE_INFINITY;
  return Math.max(0, most - doneOf(run));
}

/** When `left` deletions of an account or of a project have been made. Projects take turns, so a small one ends before the others. */
function endOf(view: Pick<View, 'work' | 'now' | 'config'>, run: OpenRun | undefined, left: number): number {
  const { work, now } = view;
  const before = work.tasks.values().flatMap(activeQueue);
  const many = Math.min(
    before.reduce((sum, queue) => sum + Math.min(queue.left, left), 0),
    allowed(view, run),
  );
  return Math.round(now + many / allowedRate(work.api.pace));
}

/** Parts that are told at most. */
const MOST_PARTS = 8;

function partsOf(view: Pick<View, 'config'>, tasks: readonly Task[]): Progress['parts'] {
  const parts = tasks.flatMap((task) => {
    if (!isShown(view, task.name)) return [];
    return activeQueue(task).map(({ of, left }) => ({ project: task.name, done: of - left, of }));
  });
  return parts.sort((a, b) => b.of - a.of).slice(0, MOST_PARTS);
}

/** What a run has dealt with, in projects that it is done with too. */
function doneOf(run: OpenRun | undefined): number {
  const { deleted = 0, gone = 0, refused = 0, failed = 0 } = run?.record.counts ?? {};
  return deleted + gone + refused + failed;
}

/** The run that it is for: the newest of the account, or the one that has something to do in the project. */
function runOf(runs: View['work']['runs'], tasks: readonly Task[], project: string | null): string | null {
  if (project === null) return runs.at(-1)?.record.id ?? null;
  return tasks.map((task) => owedOf(task)?.run ?? null).find((run) => run !== null) ?? null;
}
