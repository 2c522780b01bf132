// What goes next, counted for those who look: a plan that nobody carries out. It is made at the first look, and again once what
// it was counted by has changed: the rules, the time of the next run, the deployments. Calls nothing.

import type { Config } from '../../config/config.ts';
import { ruleFor } from '../../policy/rules.ts';
import { HOUR } from '../../time.ts';
import { nextPruneOf } from '../next-run.ts';
import { rowsUsedUp } from '../quotas.ts';
import { type ProjectState, usableInventory } from '../store/inventory.ts';
import { servedQueue, taskOf, wantForecast, wantReading } from '../tasks.ts';
import type { Task, Work } from '../work.ts';

/** What was counted, and by what. */
export type Counted = Pick<NonNullable<ProjectState['plan']>, 'at' | 'next' | 'nextAt' | 'rules'>;

/** What was counted last: for a later run than its row says, where that came to the same. */
export function countedPlan<P extends Counted>(
  plan: P | null,
  { looked }: Pick<Work, 'looked'>,
  id: string,
): P | null {
  const nextAt = looked.countedFor[id];
  return plan === null || nextAt === undefined || plan.nextAt === nextAt ? plan : { ...plan, nextAt };
}

/** Whether a count still says what goes next. Where nobody knows when that is, it was counted as of its own time. */
function isCounted(plan: Counted, rules: string, nextAt: number | null, now: number): boolean {
  return plan.rules === rules && plan.nextAt === nextAt && (nextAt !== null || now - plan.at < HOUR);
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
 * How many go at the next prune run, that under way left aside; `null` while that is not counted. `undone`: what a run was to
 * delete and did not.
 */
export function goesNext(
  plan: Counted | null,
  task: Task | undefined,
  undone: number | undefined,
  { rules, nextAt, now }: { readonly rules: string; readonly nextAt: number | null; readonly now: number },
): number | null {
  const isPlanned = task === undefined || task.prune === null || task.prune.step === 'deleting';
  if (plan === null || !isPlanned || !isCounted(plan, rules, nextAt, now)) return null;
  const queue = servedQueue(task);
  // What a run that failed has left behind goes with the next one.
  return plan.next + (undone ?? 0) + (queue?.stopped ? queue.left : 0);
}

/** Has what goes next counted where that is not known, by what is known of the deployments; has them read where nothing is. */
export function forecast(
  { work, config, now }: { readonly work: Work; readonly config: Config; readonly now: number },
  state: ProjectState,
): void {
  const { project } = state;
  const plan = countedPlan(state.plan, work, project.id);
  const rule = ruleFor(project.name, config.rules);
  // A run counts what its own end leaves, and a view that finds one stuck must not look like progress.
  if (rule === null || rule.prune.length === 0 || work.runs.length > 0 || rowsUsedUp(work.quota, now)) return;
  const task = taskOf(work, project.id);
  if (task !== undefined && (task.prune !== null || task.reading !== null)) return;
  const nextAt = nextPruneOf(work, rule, now)?.at ?? null;
  if (plan !== null && isCounted(plan, config.rulesHash, nextAt, now)) return;
  const inventory = usableInventory(state);
  if (inventory !== null && inventory.validAt !== null) wantForecast(work, project);
  else if (inventory === null && now - (work.looked.rowsAskedAt[project.id] ?? 0) > HOUR) {
    work.looked.rowsAskedAt[project.id] = now;
    wantReading(work, project, 'view');
  }
}
