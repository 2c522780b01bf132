// The first run of each cron: what it would delete and build, in how many calls and how much time. Pure.

import { isDue } from '../src/policy/rules.ts';
import { nextTick } from '../src/policy/schedule.ts';
import { deletionsOf, needsReading, type ProjectPlan } from './project-plan.ts';
import { buildsOf, ticksOf } from './schedule.ts';

// Before so many aliases are taken down the newest deployments are read once more.
const FORCED_A_READING = 44;

/** One cron and its first run, as if it were the first of all. */
export interface FirstRun {
  readonly cron: string;
  /** `null`: that cron never ticks. */
  readonly at: number | null;
  readonly deletes: number;
  /** Deployments that wait for a later run, by `MAX_DELETES_PER_RUN`. */
  readonly later: number;
  readonly projects: number;
  readonly builds: number;
  readonly calls: number;
}

/** What a run needs to know beside the projects. */
export interface RunOptions {
  readonly crons: readonly string[];
  readonly now: number;
  readonly maxDeletes: number | null;
  readonly monthlyLimit: number | null;
  /** Calls that listing the projects takes. */
  readonly listCalls: number;
}

/** The runs, soonest first. */
export function firstRuns(plans: readonly ProjectPlan[], options: RunOptions): FirstRun[] {
  const at = (run: FirstRun) => run.at ?? Number.POSITIVE_INFINITY;
  return options.crons.map((cron) => firstRun(plans, cron, options)).sort((a, b) => at(a) - at(b));
}

function firstRun(plans: readonly ProjectPlan[], cron: string, options: RunOptions): FirstRun {
  const deletions = plans.map((plan) => deletionsOf(plan, cron).goes);
  const all = deletions.reduce((sum, goes) => sum + goes.length, 0);
  const deletes = Math.min(all, options.maxDeletes ?? all);
  const forced = deletions.map((goes) => goes.filter(({ row }) => row.force).length);
  const looks = forced.reduce((sum, count) => sum + Math.ceil(count / FORCED_A_READING), 0);
  const wanted = plans.filter((plan) => builds(plan, cron)).length;
  const started = Math.min(wanted, options.monthlyLimit ?? wanted);
  const readings = plans
    .filter((plan) => isNeeded(plan, cron))
    .reduce((sum, plan) => sum + (plan.reading?.calls ?? 0), 0);
  return {
    cron,
    at: nextTick(cron, options.now),
    deletes,
    later: all - deletes,
    projects: deletions.filter((goes) => goes.length > 0).length,
    builds: started,
    calls: options.listCalls + readings + deletes + looks + started,
  };
}

/** Whether a tick of this cron starts a build, were it not for `DRY_RUN`. */
function builds({ rule, rebuild }: ProjectPlan, cron: string): boolean {
  if (rebuild === null || rule.rebuild === null || rule.dryRun || !isDue(rule.rebuild.cron, cron))
    return false;
  const { decision } = rebuild;
  return decision.kind === 'build' || (decision.kind === 'skip' && decision.reason === 'dry-run');
}

/** Whether a tick of this cron reads the project's deployments. */
function isNeeded({ project, rule }: ProjectPlan, cron: string): boolean {
  if (!needsReading(project, rule)) return false;
  const rebuilt = rule.rebuild !== null && project.source !== null && isDue(rule.rebuild.cron, cron);
  return rebuilt || rule.prune.some((policy) => isDue(policy.cron, cron));
}

/** Builds in the month to come. */
export interface MonthlyBuilds {
  readonly byProject: ReadonlyMap<ProjectPlan, number>;
  /** Of all, by `REBUILDS_PER_MONTH` at most. */
  readonly total: number;
  readonly limited: boolean;
}

/** Builds that the crons start in a month in which nobody pushes, `DRY_RUN` off. */
export function monthlyBuilds(plans: readonly ProjectPlan[], options: RunOptions): MonthlyBuilds {
  const everyTick = ticksOf(options.crons, options.now);
  const byCron = new Map(options.crons.map((cron) => [cron, ticksOf([cron], options.now)]));
  const byProject = new Map<ProjectPlan, number>();
  for (const plan of plans) {
    const { rebuild } = plan.rule;
    if (rebuild === null || plan.project.source === null || plan.rule.dryRun) continue;
    const ticks = rebuild.cron === null ? everyTick : (byCron.get(rebuild.cron) ?? []);
    byProject.set(plan, buildsOf(ticks, plan.lastBuiltAt, rebuild.ifOlderThanMinutes));
  }
  const all = [...byProject.values()].reduce((sum, builds) => sum + builds, 0);
  const total = Math.min(all, options.monthlyLimit ?? all);
  return { byProject, total, limited: total < all };
}
