// The JSON shapes, from the view model, field by field: what is not named here cannot get out. Pure. docs/for-programs.md
// promises them, so that a field more or less is a change of the contract.

import type { OverviewQuery, ProjectQuery } from '../../reads.ts';
import type { Deletion, Progress } from '../../report.ts';
import { withoutDetail } from '../../words/text.ts';
import { iso } from '../../words/time.ts';
import { filterPath, overviewPath, projectPath, runPath, runsPath } from '../model/links.ts';
import type { ViewDeployment, ViewProject, ViewProjectPage } from '../model/project.ts';
import type { ViewOverview, ViewRun, ViewRunPage, ViewRunsPage } from '../model/runs.ts';

/** What every JSON answer starts with. */
export interface Envelope {
  readonly schemaVersion: 2;
  readonly keeperVersion: string;
  readonly generatedAt: string;
  /** Whether the data may no longer be true: the API could not be asked, or not lately. */
  readonly stale: boolean;
}

function deploymentJson(deployment: ViewDeployment) {
  const { verdict } = deployment;
  return {
    id: deployment.id,
    project: deployment.project,
    url: deployment.url,
    branchUrl: deployment.branchUrl,
    aliases: deployment.aliases,
    environment: deployment.environment,
    branch: deployment.branch,
    commit: { hash: deployment.commitHash, message: deployment.commitMessage, url: deployment.commitUrl },
    trigger: deployment.trigger,
    status: deployment.status,
    stage: deployment.stage,
    skipReason: deployment.skipReason,
    createdAt: iso(deployment.createdAt),
    finishedAt: iso(deployment.finishedAt),
    verdict: { action: verdict.action, reason: verdict.reason, expiresAt: iso(verdict.expiresAt) },
  };
}

function projectJson(project: ViewProject) {
  return {
    name: project.name,
    id: project.id,
    subdomain: project.subdomain,
    domains: project.domains.map((domain) => domain.name),
    productionUrl: project.productionUrl,
    status: project.status,
    live: project.live === null ? null : deploymentJson(project.live),
    latest: project.latest === null ? null : deploymentJson(project.latest),
    rolledBack: project.rolledBack,
    failedSinceLive: project.failedSinceLive,
    nextRebuildAt: iso(project.nextRebuildAt),
    nextPruneAt: iso(project.nextPruneAt),
    counts: { total: project.total, next: project.next, left: project.left },
    git: project.git && {
      head: project.git.head,
      checkedAt: iso(project.git.checkedAt),
      behindSince: iso(project.git.behindSince),
    },
  };
}

function rebuildJson({ project, branch, deploymentId, status }: ViewRun['rebuilds'][number]) {
  return { project, branch, deploymentId, status };
}

function runJson(run: ViewRun) {
  const { deleted, gone, refused, failed } = run.counts;
  const [remaining, wouldDelete] = run.dryRun ? [0, run.counts.remaining] : [run.counts.remaining, 0];
  return {
    id: run.id,
    cron: run.cron,
    scheduledAt: iso(run.scheduledAt),
    startedAt: iso(run.startedAt),
    finishedAt: iso(run.finishedAt),
    outcome: run.outcome,
    dryRun: run.dryRun,
    calls: run.calls,
    counts: { deleted, gone, refused, failed, remaining, wouldDelete },
    rebuilds: run.rebuilds.map(rebuildJson),
    skips: run.skips.map(({ project, reason }) => ({ project, reason })),
    refusals: run.refusals.map(({ project, what, why }) => ({ project, what, why: withoutDetail(why) })),
    listed: listedJson(run),
    error: run.error,
  };
}

/** How many entries the lists have in all: of a long one only the first stand in a list of runs, and a hundred on a page. */
function listedJson({ listed, rebuilds, skips, refusals }: ViewRun) {
  if (listed === undefined)
    return { rebuilds: rebuilds.length, skips: skips.length, refusals: refusals.length };
  const skipped = Object.values(listed.skips).reduce((sum, many) => sum + many, 0);
  return { rebuilds: listed.rebuilds, skips: skipped, refusals: listed.refusals };
}

function progressJson({ runId, phase, done, of, endsAt }: Progress) {
  return { runId, phase, done, of, endsAt: iso(endsAt) };
}

function deletionJson(gone: Deletion) {
  const { project, id, environment, branch, commit, reason, outcome } = gone;
  const [createdAt, deletedAt] = [iso(gone.createdAt), iso(gone.deletedAt)];
  return { project, id, environment, branch, commit, createdAt, deletedAt, reason, outcome };
}

/** Which page this is, of how many, how much there is on all of them, and where the next one is. */
function pageJson(
  { number, of, total }: { readonly number: number; readonly of: number; readonly total: number | null },
  to: (page: number) => string,
) {
  return { number, of, total, next: number < of ? to(number + 1) : null };
}

/** `/status.json`. */
export function statusJson(view: ViewOverview, query: OverviewQuery) {
  return {
    projects: view.projects.map(projectJson),
    page: pageJson(view.page, (page) => overviewPath('/status.json', { ...query, page })),
    runs: view.runs.map(runJson),
  };
}

/** `/projects/:name.json`. */
export function projectPageJson(view: ViewProjectPage, query: ProjectQuery) {
  const path = `${projectPath(view.project.name)}.json`;
  return {
    ...projectJson(view.project),
    deployments: view.deployments.map(deploymentJson),
    page: pageJson({ number: view.page, of: view.pages, total: view.matching }, (page) =>
      filterPath(path, { ...query, page }),
    ),
  };
}

/** `/projects/:name/deployments/:id.json`. */
export function deploymentPageJson(deployment: ViewDeployment) {
  return deploymentJson(deployment);
}

/** `/runs.json`: the last runs, what is under way, the plan as of now. */
export function runsPageJson(view: ViewRunsPage) {
  const { progress } = view;
  return {
    runs: view.runs.map(runJson),
    next: view.next === null ? null : runsPath('/runs.json', { before: view.next }),
    progress: progress === null ? null : progressJson(progress),
    plan: view.plan.map((project) => ({
      project: project.name,
      total: project.total,
      next: project.next,
      left: project.left,
      moreIfStale: project.moreIfStale,
      nextPruneAt: iso(project.nextPruneAt),
      dryRun: project.dryRun,
    })),
    page: pageJson(view.planPage, (page) => `/runs.json?page=${page}`),
    warnings: view.warnings,
  };
}

/** `/runs/:id.json`. */
export function runPageJson(view: ViewRunPage) {
  return {
    ...runJson(view.run),
    deletions: view.deletions.map(deletionJson),
    page: pageJson(
      { number: view.page, of: view.pages, total: view.total },
      (page) => `${runPath(view.run.id)}.json?page=${page}`,
    ),
  };
}
