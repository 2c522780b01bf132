// The view model of runs, trouble and progress, built field by field from the report. Pure.
// Details (error messages, hosts, codes) are for viewers who are logged in: `detailed` decides, here and nowhere else.

import type {
  Deletion,
  Overview,
  Progress,
  ProjectSummary,
  RunPage,
  RunRecord,
  RunsPage,
  Trouble,
} from '../../report.ts';
import { clean } from '../../words/text.ts';
import { isUnderWay, type ViewProject, viewProject } from './project.ts';

/** One run. Names and sentences are cleaned; `detail` is `null` for viewers who are not logged in. */
export interface ViewRun extends Omit<RunRecord, 'errorDetail'> {
  /** The id as the Keeper has it: for links, never for display. */
  readonly key: string;
  readonly detail: string | null;
}

/** Trouble, likewise. */
export interface ViewTrouble {
  readonly kind: Trouble['kind'];
  readonly since: number;
  readonly until: number | null;
  readonly detail: string | null;
}

/** `/`. */
export interface ViewOverview {
  readonly accountProjects: number | null;
  readonly projects: readonly ViewProject[];
  readonly runs: readonly ViewRun[];
  readonly progress: Progress | null;
  readonly warnings: readonly string[];
}

/** `/runs`. */
export interface ViewRunsPage {
  readonly runs: readonly ViewRun[];
  readonly progress: Progress | null;
  readonly plan: readonly ViewProject[];
  readonly warnings: readonly string[];
}

/** `/runs/:id`. */
export interface ViewRunPage {
  readonly run: ViewRun;
  readonly deletions: readonly Deletion[];
  readonly page: number;
  readonly pages: number;
}

/** Picks what a page may show of one run. */
export function viewRun(run: RunRecord, detailed: boolean): ViewRun {
  const { deleted, gone, refused, failed, remaining } = run.counts;
  return {
    id: clean(run.id),
    key: run.id,
    cron: clean(run.cron),
    scheduledAt: run.scheduledAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    outcome: run.outcome,
    dryRun: run.dryRun,
    calls: run.calls,
    counts: { deleted, gone, refused, failed, remaining },
    rebuilds: run.rebuilds.map((rebuild) => ({
      project: clean(rebuild.project),
      branch: clean(rebuild.branch),
      deploymentId: rebuild.deploymentId === null ? null : clean(rebuild.deploymentId),
      status: rebuild.status,
    })),
    skips: run.skips.map((skip) => ({ project: clean(skip.project), reason: skip.reason })),
    refusals: run.refusals.map((refusal) => ({ project: clean(refusal.project), why: clean(refusal.why) })),
    error: run.error,
    detail: detailed && run.errorDetail !== null ? clean(run.errorDetail) : null,
  };
}

/** Picks what a notice may show. */
export function viewTrouble(trouble: Trouble | null, detailed: boolean): ViewTrouble | null {
  if (trouble === null) return null;
  const { kind, since, until, message } = trouble;
  return { kind, since, until, detail: detailed ? clean(message) : null };
}

function viewProgress(progress: Progress | null): Progress | null {
  if (progress === null) return null;
  const { runId, phase, done, of, endsAt } = progress;
  return { runId: clean(runId), phase, done, of, endsAt };
}

function need(project: ViewProject): number {
  if (project.status === 'failed' || project.failedSinceLive > 0 || project.live === null) return 0;
  return isUnderWay(project.status) ? 1 : 2;
}

/** What needs eyes first: failed, behind or not live; under way; then the newest build. */
function byNeed(a: ViewProject, b: ViewProject): number {
  return need(a) - need(b) || (b.latest?.createdAt ?? 0) - (a.latest?.createdAt ?? 0);
}

function viewProjects(projects: readonly ProjectSummary[], now: number): ViewProject[] {
  return projects.map((summary) => viewProject(summary, now));
}

/** Picks what the overview may show, sorted by what needs eyes. */
export function viewOverview(overview: Overview, now: number, detailed: boolean): ViewOverview {
  return {
    accountProjects: overview.accountProjects,
    projects: viewProjects(overview.projects, now).sort(byNeed),
    runs: overview.runs.slice(0, 20).map((run) => viewRun(run, detailed)),
    progress: viewProgress(overview.progress),
    warnings: overview.warnings.map(clean),
  };
}

/** Picks what `/runs` may show. */
export function viewRunsPage(page: RunsPage, now: number, detailed: boolean): ViewRunsPage {
  return {
    runs: page.runs.map((run) => viewRun(run, detailed)),
    progress: viewProgress(page.progress),
    plan: viewProjects(page.plan, now),
    warnings: page.warnings.map(clean),
  };
}

/** Picks what one run's page may show. */
export function viewRunPage(page: RunPage, detailed: boolean): ViewRunPage {
  return {
    run: viewRun(page.run, detailed),
    deletions: page.deletions.map((gone) => ({
      project: clean(gone.project),
      id: clean(gone.id),
      environment: gone.environment,
      branch: clean(gone.branch),
      commit: clean(gone.commit),
      createdAt: gone.createdAt,
      deletedAt: gone.deletedAt,
      reason: gone.reason,
      outcome: gone.outcome,
    })),
    page: page.page,
    pages: page.pages,
  };
}
