// The view model of runs and trouble. Details (error messages, hosts, codes) are for visitors who have shown who they are:
// `known` decides, here and nowhere else. Texts stay as they came, see project.ts. Pure.

import type { Overview, RunPage, RunsPage } from '../../reads.ts';
import type { ProjectSummary, RunRecord, Trouble } from '../../report.ts';
import { withoutDetail } from '../../words/text.ts';
import { type ViewProject, viewProject } from './project.ts';

/** One run; `detail` is `null` for visitors who are not known. */
export interface ViewRun extends Omit<RunRecord, 'errorDetail'> {
  readonly detail: string | null;
}

/** Trouble, likewise. */
export interface ViewTrouble extends Omit<Trouble, 'message'> {
  readonly detail: string | null;
}

/** `/`. */
export interface ViewOverview
  extends Pick<Overview, 'accountProjects' | 'all' | 'days' | 'month' | 'page' | 'progress' | 'warnings'> {
  readonly projects: readonly ViewProject[];
  readonly runs: readonly ViewRun[];
}

/** `/runs`. */
export interface ViewRunsPage
  extends Pick<RunsPage, 'progress' | 'warnings' | 'planned' | 'nextPruneAt' | 'planPage' | 'days' | 'next'> {
  readonly runs: readonly ViewRun[];
  readonly plan: readonly ViewProject[];
}

/** `/runs/:id`. */
export interface ViewRunPage extends Omit<RunPage, 'run' | 'health'> {
  readonly run: ViewRun;
}

const MOST_RUNS = 20;

/** One run. */
export function viewRun({ errorDetail, ...run }: RunRecord, known: boolean): ViewRun {
  if (known) return { ...run, detail: errorDetail };
  const refusals = run.refusals.map((refusal) => ({ ...refusal, why: withoutDetail(refusal.why) }));
  const warnings = run.warnings.map((warning) => ({ ...warning, text: withoutDetail(warning.text) }));
  return { ...run, refusals, warnings, detail: null };
}

/** What a notice may show. */
export function viewTrouble(trouble: Trouble | null, known: boolean): ViewTrouble | null {
  if (trouble === null) return null;
  const { message, ...rest } = trouble;
  return { ...rest, detail: known ? message : null };
}

function viewProjects(projects: readonly ProjectSummary[], now: number): ViewProject[] {
  return projects.map((summary) => viewProject(summary, now));
}

/** The overview, in the order in which it was given. */
export function viewOverview(overview: Overview, now: number, known: boolean): ViewOverview {
  const { accountProjects, all, days, month, page, progress, warnings } = overview;
  return {
    accountProjects,
    all,
    days,
    month,
    page,
    progress,
    warnings,
    projects: viewProjects(overview.projects, now),
    runs: overview.runs.slice(0, MOST_RUNS).map((run) => viewRun(run, known)),
  };
}

/** `/runs`. */
export function viewRunsPage(page: RunsPage, now: number, known: boolean): ViewRunsPage {
  const { progress, warnings, planned, nextPruneAt, planPage, days, next } = page;
  return {
    ...{ progress, warnings, planned, nextPruneAt, planPage, days, next },
    runs: page.runs.map((run) => viewRun(run, known)),
    plan: viewProjects(page.plan, now),
  };
}

/** `/runs/:id`. */
export function viewRunPage(page: RunPage, known: boolean): ViewRunPage {
  return { ...page, run: viewRun(page.run, known) };
}
