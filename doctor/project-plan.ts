// What a run would do with one project: the verdicts, the gate and the decision on its rebuild, by the Worker's own functions.
// Pure.

import type { Deployment, Project } from '../src/pages-api/model.ts';
import { isFinished } from '../src/pages-api/model.ts';
import { branchKey } from '../src/policy/facts.ts';
import { checkPlan } from '../src/policy/gate.ts';
import { countRow, type Expired, isQueued, NO_COUNTS, type PlanRow, planRow } from '../src/policy/plan.ts';
import { decideRebuild, failingCommits, type RebuildDecision } from '../src/policy/rebuild.ts';
import type { Rule } from '../src/policy/rules.ts';
import type { Reason } from '../src/policy/verdict.ts';
import type { Reading, Unread } from './reading.ts';

/** A deployment and what it comes to. */
export interface Planned<Row extends PlanRow = PlanRow> {
  readonly deployment: Deployment;
  readonly row: Row;
}

/** One project and what would happen to it. */
export interface ProjectPlan {
  readonly project: Project;
  readonly rule: Rule;
  /** `null`: its rule asks for nothing that its deployments are needed for. */
  readonly reading: Reading | Unread | null;
  readonly rows: readonly Planned[];
  readonly rebuild: { readonly branch: string; readonly decision: RebuildDecision } | null;
  /** When the branch to rebuild was last built. */
  readonly lastBuiltAt: number | null;
  readonly now: number;
}

/** Whether a project's deployments must be known for what its rule asks. */
export function needsReading(project: Project, rule: Rule): boolean {
  return rule.prune.length > 0 || (rule.rebuild !== null && project.source !== null);
}

/** Plans one project. */
export function planProject(options: {
  readonly project: Project;
  readonly rule: Rule;
  readonly reading: Reading | Unread | null;
  readonly dryRun: boolean;
  readonly monthlyLimit: number | null;
  readonly now: number;
}): ProjectPlan {
  const { project, rule, reading, now } = options;
  const whole = reading?.kind === 'whole' ? reading : null;
  const rows =
    whole?.rows.map((deployment) => {
      const canonicalId = project.canonical?.id ?? null;
      // What the API refused before is the Worker's to remember.
      const context = { facts: whole.facts, canonicalId, policies: rule.prune, refusals: {} };
      return { deployment, row: planRow(deployment, context, now) };
    }) ?? [];
  return { project, rule, reading, rows, now, ...planRebuild(options) };
}

/** How many deployments stay, by the reason. */
export function keptBy({ rows }: ProjectPlan): ReadonlyMap<Reason, number> {
  const kept = new Map<Reason, number>();
  for (const { row } of rows) if (!row.goes) kept.set(row.reason, (kept.get(row.reason) ?? 0) + 1);
  return kept;
}

function planRebuild(
  options: Parameters<typeof planProject>[0],
): Pick<ProjectPlan, 'rebuild' | 'lastBuiltAt'> {
  const { project, rule, reading, now } = options;
  if (rule.rebuild === null || reading?.kind === 'unread') return { rebuild: null, lastBuiltAt: null };
  const branch = rule.rebuild.branch ?? project.productionBranch;
  const environment = branch === project.productionBranch ? 'production' : 'preview';
  const rows = reading?.rows.filter((row) => row.branch === branch && !isFinished(row)) ?? [];
  const lastBuiltAt = reading?.facts.branches[branchKey(environment, branch)]?.buildAt ?? null;
  const decision = decideRebuild(
    {
      rule: rule.rebuild,
      hasSource: project.source !== null,
      requested: false,
      by: 'cron',
      secondTry: 'no',
      underWay: rows.map(({ createdAt }) => createdAt ?? now),
      newestBuildAt: lastBuiltAt,
      failing: failingCommits(reading?.rows ?? []).find((failing) => failing.branch === branch) ?? null,
      // What Git had is the Worker's to remember.
      behind: rule.rebuild.ifBehind ? 'unread' : 'unasked',
      // What the content was is the Worker's to remember: its first rebuild is always news.
      content: 'changed',
      // What was built this month is the Worker's to remember.
      startedThisMonth: 0,
      monthlyLimit: options.monthlyLimit,
      dryRun: options.dryRun || rule.dryRun,
    },
    now,
  );
  return { rebuild: { branch, decision }, lastBuiltAt };
}

/** What goes on a tick of `cron` (`null`: on the ticks of all crons together) once `DRY_RUN` is off, or why nothing may. */
export function deletionsOf(
  plan: ProjectPlan,
  cron: string | null,
): {
  readonly goes: readonly Planned<Expired>[];
  readonly expired: number;
  readonly refusedWhy: string | null;
} {
  const { project, rule, reading, rows, now } = plan;
  const ticked = cron === null ? null : [cron];
  const counts = rows.reduce((sum, { row }) => countRow(sum, row, ticked), NO_COUNTS);
  const refusedWhy = checkPlan(
    {
      walkedAt: reading?.kind === 'whole' ? reading.walkedAt : null,
      canonicalId: project.canonical?.id ?? null,
      hasProduction: reading?.kind !== 'whole' || reading.facts.hasProduction,
      expired: counts.queued,
      kept: counts.kept,
      holdsLive: counts.holdsLive,
      // Git is not asked here.
      gone: 0,
      gitReadAt: null,
    },
    now,
  );
  const isNone = refusedWhy !== null || rule.dryRun;
  const goes = rows.flatMap(({ deployment, row }) =>
    !isNone && row.goes && isQueued(row, ticked) ? [{ deployment, row }] : [],
  );
  return { goes, expired: counts.expired, refusedWhy };
}
