// What goes next, counted for those who look: a plan that nobody carries out. It is made at the first look, and again once what
// it was counted by has changed: the rules, the time of the next run, the deployments. Calls nothing.

import type { Config } from '../../config/config.ts';
import { ruleFor } from '../../policy/rules.ts';
import { HOUR } from '../../time.ts';
import { nextPruneOf } from '../next-run.ts';
import { rowsUsedUp } from '../quotas.ts';
import { type ProjectState, usableInventory } from '../store/inventory.ts';
import { servedQueue, wantForecast, wantReading } from '../tasks.ts';
import type { Task, Work } from '../work.ts';

/** What was counted, and by what. */
export type Counted = Pick<NonNullable<ProjectState['plan']>, 'at' | 'next' | 'nextAt' | 'rules'>;

/** By what a count is judged: what is under way, the rules, the time. */
interface Counting {
  readonly work: Work;
  readonly config: Pick<Config, 'rulesHash'>;
  readonly now: number;
}

/** Whether a count still says what goes next, at `nextAt`. Where nobody knows when that is, it was counted as of its own time. */
function isCounted(
  { work, config, now }: Counting,
  id: string,
  plan: Counted,
  nextAt: number | null,
): boolean {
  // For a later run than its row says, where that came to the same.
  const isFor = (work.looked.countedFor[id] ?? plan.nextAt) === nextAt;
  return plan.rules === config.rulesHash && isFor && (nextAt !== null || now - plan.at < HOUR);
}

/** How many deletions are left of the run under way; `null`: none is carried out in this project. */
export function leftOf(task: Task | undefined): number | null {
  const queue = servedQueue(task);
  return queue === null || queue.stopped ? null : queue.left;
}

/** These were to be deleted in this run, and go with the next one: until its queue ends, and all is counted again. */
export function leaveUndone({ looked }: Pick<Work, 'looked'>, id: string, many: number): void {
  if (many > 0) looked.undone[id] = (looked.undone[id] ?? 0) + many;
}

/**
 * How many of a project, by its id, go at the next prune run, at `nextAt`, that under way left aside; `null` while that is not
 * counted. What a run was to delete and did not goes as well.
 */
export function goesNext(
  counting: Counting,
  id: string,
  plan: Counted | null,
  nextAt: number | null,
): number | null {
  const { tasks, looked } = counting.work;
  const task = tasks.get(id);
  const isPlanned = task === undefined || task.prune === null || task.prune.step === 'deleting';
  if (plan === null || !isPlanned || !isCounted(counting, id, plan, nextAt)) return null;
  const queue = servedQueue(task);
  // What a run that failed has left behind goes with the next one.
  return plan.next + (looked.undone[id] ?? 0) + (queue?.stopped ? queue.left : 0);
}

/** Why nothing of a project goes at the next prune run though it has expired: its plan would be refused. */
export function heldWhy(
  counting: Counting,
  id: string,
  plan: NonNullable<ProjectState['plan']> | null,
  nextAt: number | null,
): string | null {
  const isUnderWay = (leftOf(counting.work.tasks.get(id)) ?? 0) > 0;
  return !isUnderWay && goesNext(counting, id, plan, nextAt) === 0 ? (plan?.refusedWhy ?? null) : null;
}

/** Has what goes next counted where that is not known, by what is known of the deployments; has them read where nothing is. */
export function forecast(
  { work, config, now }: { readonly work: Work; readonly config: Config; readonly now: number },
  state: ProjectState,
): void {
  const { project, plan } = state;
  const rule = ruleFor(project.name, config.rules);
  // A run counts what its own end leaves, and a view that finds one stuck must not look like progress.
  if (rule === null || rule.prune.length === 0 || work.runs.length > 0 || rowsUsedUp(work.quota, now)) return;
  const task = work.tasks.get(project.id);
  if (task !== undefined && task.reading !== null) return;
  const nextAt = nextPruneOf(work, rule, now)?.at ?? null;
  if (plan !== null && isCounted({ work, config, now }, project.id, plan, nextAt)) return;
  const inventory = usableInventory(state);
  if (inventory !== null && inventory.validAt !== null) wantForecast(work, project);
  else if (inventory === null && now - (work.looked.rowsAskedAt[project.id] ?? 0) > HOUR) {
    work.looked.rowsAskedAt[project.id] = now;
    wantReading(work, project, 'view');
  }
}
