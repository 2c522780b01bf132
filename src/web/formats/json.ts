// The JSON shapes of design section 8, from the view model. Pure. Adding a field here is a change of the contract.

import { iso } from '../../words/time.ts';
import type { ViewDeployment, ViewProject, ViewProjectPage } from '../model/project.ts';
import type { ViewOverview, ViewRun, ViewRunPage, ViewRunsPage } from '../model/runs.ts';

/** What every JSON answer starts with. */
export interface Envelope {
  readonly schemaVersion: 1;
  readonly keeperVersion: string;
  readonly generatedAt: string;
  /** Whether the data may no longer be true: the API could not be asked, or not lately. */
  readonly stale: boolean;
}

function deploymentJson(deployment: ViewDeployment) {
  const { commit, verdict } = deployment;
  return {
    id: deployment.id,
    project: deployment.project,
    url: deployment.url,
    branchUrl: deployment.branchUrl,
    aliases: deployment.aliases,
    environment: deployment.environment,
    branch: deployment.branch,
    commit: { hash: commit.hash, message: commit.message, url: commit.url },
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
    nextRebuildAt: iso(project.nextRebuildAt),
    counts: { total: project.counts.total, expired: project.counts.expired },
    plannedAt: iso(project.plannedAt),
  };
}

function runJson(run: ViewRun) {
  const { deleted, gone, refused, failed, remaining } = run.counts;
  return {
    id: run.id,
    cron: run.cron,
    scheduledAt: iso(run.scheduledAt),
    startedAt: iso(run.startedAt),
    finishedAt: iso(run.finishedAt),
    outcome: run.outcome,
    dryRun: run.dryRun,
    calls: run.calls,
    counts: { deleted, gone, refused, failed, remaining },
    rebuilds: run.rebuilds,
    skips: run.skips,
    refusals: run.refusals,
    error: run.error,
  };
}

/** `/status.json`. */
export function statusJson(envelope: Envelope, view: ViewOverview) {
  return { ...envelope, projects: view.projects.map(projectJson), runs: view.runs.map(runJson) };
}

/** `/projects/:name.json`. */
export function projectPageJson(envelope: Envelope, view: ViewProjectPage) {
  return {
    ...envelope,
    ...projectJson(view.project),
    deployments: view.deployments.map(deploymentJson),
    page: view.page,
    pages: view.pages,
    matching: view.matching,
  };
}

/** `/runs.json`: the last runs, what is under way, the plan as of now. */
export function runsJson(envelope: Envelope, view: ViewRunsPage) {
  const { progress } = view;
  return {
    ...envelope,
    runs: view.runs.map(runJson),
    progress: progress === null ? null : { ...progress, endsAt: iso(progress.endsAt) },
    plan: view.plan.map((project) => ({
      project: project.name,
      total: project.counts.total,
      expired: project.counts.expired,
      expiredIfStale: project.expiredIfStale,
      plannedAt: iso(project.plannedAt),
      nextPruneAt: iso(project.nextPruneAt),
      dryRun: project.dryRun,
    })),
    warnings: view.warnings,
  };
}

/** `/runs/:id.json`. */
export function runPageJson(envelope: Envelope, view: ViewRunPage) {
  return {
    ...envelope,
    ...runJson(view.run),
    deletions: view.deletions.map((gone) => ({
      ...gone,
      createdAt: iso(gone.createdAt),
      deletedAt: iso(gone.deletedAt),
    })),
    page: view.page,
    pages: view.pages,
  };
}
