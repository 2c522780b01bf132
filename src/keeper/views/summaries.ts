// A project as the overview and its own page show it. Verdicts are the planner's own, at the time of the view. Reads only.

import type { Deployment, Project } from '../../pages-api/model.ts';
import { placeOf } from '../../policy/place.ts';
import { retryAt } from '../../policy/rebuild.ts';
import { asksGit } from '../../policy/repository.ts';
import { isDue, type RebuildRule, type Rule } from '../../policy/rules.ts';
import { withSign } from '../../policy/signs.ts';
import { judge, type PruneContext } from '../../policy/verdict.ts';
import type { JudgedDeployment, ProjectSummary } from '../../report.ts';
import { goneOf, readRepository } from '../git/known.ts';
import { type NextOfRule, nextByRule, nextOfRule, nextTickOf } from '../next-run.ts';
import { goesNext, heldWhy, leftOf } from '../prune/forecast.ts';
import { monthOf } from '../quotas.ts';
import { failingOf } from '../store/inventory.ts';
import type { OverviewEntry } from '../store/overview-entry.ts';
import { owedOf, servedQueue } from '../tasks.ts';
import type { Task } from '../work.ts';
import type { View } from './view.ts';

/** What a verdict rests on: the newest deployment that the list of projects names counts as it does in a plan. */
export function contextOf(
  { store }: Pick<View, 'store'>,
  project: Project,
  rule: Rule,
  known: Pick<PruneContext, 'facts'> & Partial<PruneContext>,
): PruneContext {
  const { refusals = {} } = known;
  const facts = withSign(known.facts, project.latest);
  const { gone } = goneOf(store, project, rule, facts);
  return { facts, canonicalId: project.canonical?.id ?? null, policies: rule.prune, refusals, gone };
}

/** Says of a deployment what becomes of it as of now; `unreadable` while nothing is known of its project (`context` `null`). */
export function judging(context: PruneContext | null, { work, config, now }: View, task?: Task) {
  // Where a limit may end the run first, nobody knows which of them goes with it.
  const queue = config.maxDeletesPerRun === null && leftOf(task) !== null ? servedQueue(task) : null;
  const isOwed = (cron: string | null) => owedOf(task)?.crons.some((ticked) => isDue(cron, ticked)) ?? false;
  const nextOfCron = new Map<string | null, number | null>();
  const next = (cron: string | null) => {
    // Looking at a cron takes CPU, and the rows of a page share one or two.
    if (!nextOfCron.has(cron)) nextOfCron.set(cron, nextTickOf(work, cron, now));
    return nextOfCron.get(cron) ?? null;
  };
  return (deployment: Deployment): JudgedDeployment => {
    if (context === null)
      return { deployment, verdict: { action: 'keep', reason: 'unreadable', expiresAt: null }, place: null };
    const verdict = judge(deployment, context, now);
    const place = placeOf(deployment, context);
    if (place === null) return { deployment, verdict, place };
    if (verdict.action !== 'delete') return { deployment, verdict, place: { ...place, nextAt: null } };
    const cron = context.policies[place.policy]?.cron ?? null;
    const isNow =
      queue !== null && isOwed(cron) && judge(deployment, context, queue.basis.at).action === 'delete';
    return { deployment, verdict, place: { ...place, nextAt: isNow ? now : next(cron) } };
  };
}

/** The failing commit for which the rule's rebuilds wait, and the next one of them; of what is uploaded there are none. */
function rebuildsOf(
  { work, now }: View,
  { failing, project }: OverviewEntry,
  rule: RebuildRule | null,
  { nextRebuildAt }: NextOfRule,
) {
  if (project.source === null) return { paused: null, nextRebuildAt: null };
  const found = rule && failingOf({ failing }, rule.branch ?? project.productionBranch);
  if (rule === null || found === null || retryAt(found) <= now) return { paused: null, nextRebuildAt };
  return { paused: found, nextRebuildAt: nextTickOf(work, rule.cron, now, retryAt(found)) };
}

/** The head of the production branch in Git. What was listed since may be its build. */
function gitOf({ store }: View, { id, latest }: Project, rule: Rule): ProjectSummary['git'] {
  const { head = null, headAt = null } = (asksGit(rule) ? readRepository(store, id) : null) ?? {};
  if (head === null || headAt === null) return null;
  const isBuilt = latest?.commitHash === head.commit;
  return { head: head.commit, checkedAt: headAt, behindSince: isBuilt ? null : head.behindSince };
}

/** One project. */
export function summaryOf(
  view: View,
  entry: OverviewEntry,
  rule: Rule,
  times = nextOfRule(view.work, rule, view.now),
): ProjectSummary {
  const { work, now } = view;
  const { project, facts, builds, plan } = entry;
  const context = facts === null ? null : contextOf(view, project, rule, { facts });
  const judged = judging(context, view);
  const liveAt = project.canonical?.createdAt ?? null;
  const task = work.tasks.get(project.id);
  const reading = task?.reading ?? null;
  const { nextPruneAt } = times;
  const next = goesNext(view, project.id, plan, nextPruneAt);
  return {
    project,
    live: project.canonical && judged(project.canonical),
    latest: project.latest && judged(project.latest),
    rolledBack: liveAt !== null && (facts?.newestProductionAt ?? 0) > liveAt,
    failedSinceLive: entry.failedSinceLive,
    newestFailed: entry.newestFailed ?? false,
    git: gitOf(view, project, rule),
    total: entry.count === null ? null : entry.count - (task?.gone ?? 0),
    next,
    held: heldWhy(view, project.id, plan, nextPruneAt),
    left: leftOf(task),
    moreIfStale: next === null ? null : (plan?.moreIfStale ?? null),
    ...rebuildsOf(view, entry, rule.rebuild, times),
    savedBuilds: entry.saved !== null && entry.saved.month === monthOf(now) ? entry.saved.saved : 0,
    nextPruneAt,
    builds: builds.took.map((took, place) => ({ took, ok: !builds.failed.includes(place) })),
    reading: entry.count === null && reading !== null ? { read: reading.read, of: reading.of } : null,
    dryRun: view.config.dryRun || rule.dryRun,
    pruned: rule.prune.length > 0,
    rebuilt: rule.rebuild !== null && project.source !== null,
    hook: (rule.rebuild?.hook ?? false) && project.source !== null,
  };
}

/** These projects, in their order. */
export function summariesOf(
  view: View,
  shown: readonly { readonly id: string; readonly rule: Rule }[],
): ProjectSummary[] {
  const entries = new Map(
    view.store
      .readMany(
        'overview',
        shown.map(({ id }) => id),
      )
      .map((entry) => [entry.project.id, entry]),
  );
  const nextOf = nextByRule(view);
  return shown.flatMap(({ id, rule }) => {
    const entry = entries.get(id);
    return entry === undefined ? [] : [summaryOf(view, entry, rule, nextOf(rule))];
  });
}
