// What a run would do with one project: the verdicts, the gate and the decision on its rebuild, by the Worker's own functions.
// Pure.

import type { Deployment, Project } from '../src/pages-api/model.ts';
import { isFinished } from '../src/pages-api/model.ts';
import { branchKey } from '../src/policy/facts.ts';
import { checkPlan, wouldTakeDown } from '../src/policy/gate.ts';
import type { Reason } from '../src/policy/reasons.ts';
import { decideRebuild, failingCommits, type RebuildDecision } from '../src/policy/rebuild.ts';
import { isDue, policyFor, type Rule } from '../src/policy/rules.ts';
import { judge, needsForce } from '../src/policy/verdict.ts';
import type { Reading, Unread } from './reading.ts';

/** A deployment that has expired. */
export interface Expired {
  readonly deployment: Deployment;
  /** The only cron on which it goes; `null`: any. */
  readonly cron: string | null;
  /** Whether it takes its branch's alias with it, for which the list is read once more. */
  readonly force: boolean;
  readonly live: boolean;
}

/** One project and what would happen to it. */
export interface ProjectPlan {
  readonly project: Project;
  readonly rule: Rule;
  /** `null`: its rule asks for nothing that its deployments are needed for. */
  readonly reading: Reading | Unread | null;
  readonly expired: readonly Expired[];
  readonly kept: ReadonlyMap<Reason, number>;
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
  const expired: Expired[] = [];
  const kept = new Map<Reason, number>();
  const known = reading?.kind === 'whole' ? reading : null;
  if (known !== null) {
    const { facts } = known;
    const canonicalId = project.canonical?.id ?? null;
    // What the API refused before is the Worker's to remember.
    const context = { facts, canonicalId, policies: rule.prune, refusals: {} };
    for (const deployment of known.rows) {
      const { reason } = judge(deployment, context, now);
      if (reason !== 'expired') {
        kept.set(reason, (kept.get(reason) ?? 0) + 1);
        continue;
      }
      expired.push({
        deployment,
        cron: policyFor(rule.prune, deployment.environment, deployment.branch)?.cron ?? null,
        force: needsForce(deployment, context, now),
        live: wouldTakeDown(deployment, { canonicalId, newestProductionAt: facts.newestProductionAt }),
      });
    }
  }
  return { project, rule, reading, expired, kept, now, ...planRebuild(options) };
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
      underWay: rows.map(({ createdAt }) => createdAt ?? now),
      newestBuildAt: lastBuiltAt,
      failing: failingCommits(reading?.rows ?? []).find((failing) => failing.branch === branch) ?? null,
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
): { readonly goes: readonly Expired[]; readonly refusedWhy: string | null } {
  const due = plan.expired.filter((one) => cron === null || isDue(one.cron, cron));
  const refusedWhy = checkPlan(
    {
      walkedAt: plan.reading?.kind === 'whole' ? plan.reading.walkedAt : null,
      canonicalId: plan.project.canonical?.id ?? null,
      expired: due.length,
      kept: [...plan.kept.values()].reduce((sum, n) => sum + n, 0),
      holdsLive: due.some(({ live }) => live),
    },
    plan.now,
  );
  return { goes: refusedWhy !== null || plan.rule.dryRun ? [] : due, refusedWhy };
}
