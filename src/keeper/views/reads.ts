// What the status page reads: a few rows a view, whatever the account's size. Only what the rules show gets out of here.

import { isSuccessful } from '../../pages-api/model.ts';
import { branchOf } from '../../policy/facts.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { BranchBuild, Overview, ProjectPage, ProjectQuery, RunPage, RunsPage } from '../../reads.ts';
import type { RunRecord, Trouble } from '../../report.ts';
import { nextMidnight, rowsUsedUp } from '../quotas.ts';
import { factsFor, readOverview } from '../store/overview.ts';
import { findProject } from './freshness.ts';
import { agree } from './further.ts';
import { readHealth } from './health.ts';
import { type Hide, hideIn, isShown, shownRun } from './hide.ts';
import { progressOf } from './progress.ts';
import { newestOfBranch, pageOfRows, ROWS_A_PAGE } from './rows.ts';
import { contextOf, judging, summaries, summaryOf } from './summaries.ts';
import type { View } from './view.ts';
import { warningsOf } from './warnings.ts';

const RUNS_SHOWN = 20;
const BATCHES_A_PAGE = 20;
const BRANCHES_SHOWN = 100;

function recentRuns(view: View, hide: Hide): RunRecord[] {
  const { store, work } = view;
  const runs = [...work.runs.map(({ record }) => record), ...store.recentRuns(RUNS_SHOWN)];
  return runs
    .sort((a, b) => b.scheduledAt - a.scheduledAt || b.startedAt - a.startedAt)
    .slice(0, RUNS_SHOWN)
    .map((record) => shownRun(view, hide, record));
}

/** A rule that shows nothing is not told of either: it names projects. */
function shownWarnings(view: View, hide: Hide): string[] {
  const rules = view.config.rules.filter(({ show }) => show);
  return warningsOf(view, rules).map(hide);
}

/** The trouble to tell of: what is stored, else that the day's rows are used up. */
export function troubleOf({ work, now }: View, hide: Hide): Trouble | null {
  if (work.api.trouble !== null) return { ...work.api.trouble, message: hide(work.api.trouble.message) };
  if (!rowsUsedUp(work.quota, now)) return null;
  const message = `${work.quota.rows} rows were written today; Workers Free includes 100,000.`;
  return { kind: 'rows', since: now, until: nextMidnight(now), message };
}

/** `/` */
export function readOverviewPage(view: View): Overview {
  const { work } = view;
  const hide = hideIn(view);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    accountProjects: work.looked.accountProjects,
    projects: summaries(view),
    runs: recentRuns(view, hide),
    trouble: troubleOf(view, hide),
    progress: progressOf(view),
    warnings: shownWarnings(view, hide),
  };
}

/** `/projects/:name`; `null`: no shown project of that name. */
export function readProjectPage(view: View, name: string, query: ProjectQuery): ProjectPage | null {
  const { store, work } = view;
  const entry = Object.values(readOverview(store)).find(({ project }) => project.name === name);
  const rule = ruleFor(name, view.config.rules);
  if (entry === undefined || rule === null || !rule.show) return null;
  const { id } = entry.project;
  const blocks = store.read('projects', id)?.inventory?.blocks ?? [];
  const facts = store.read('facts', id);
  const filtered = query.branch !== null || query.environment !== null || query.status !== null;
  const found = pageOfRows(view, blocks, query, filtered);
  const { project, rows } = agree(entry.project, found.rows);
  const known = entry.count === null ? null : entry.count - (work.tasks[id]?.gone ?? 0);
  const matching = filtered ? found.matching : known;
  const refusals = store.read('refusals', id) ?? {};
  const context = facts && contextOf(rule, factsFor(facts, rows), project.canonical?.id ?? null, refusals);
  const branches = Object.entries(facts?.branches ?? {})
    .sort(([, a], [, b]) => (b.newestAt ?? 0) - (a.newestAt ?? 0))
    .map(([key]) => branchOf(key).branch);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    summary: summaryOf(view, { ...entry, project }, rule),
    deployments: rows.map(judging(context, view)),
    page: query.page,
    pages: Math.max(1, Math.ceil((matching ?? found.matching) / ROWS_A_PAGE)),
    matching,
    branches: [...new Set(branches)].slice(0, BRANCHES_SHOWN),
    trouble: troubleOf(view, hideIn(view)),
    progress: progressOf(view, project.id),
  };
}

/** `/go/:project/:branch`; `null`: no shown project of that name, or no deployment of that branch. */
export function readBranchBuild(view: View, name: string, branch: string): BranchBuild | null {
  const state = findProject(view, name);
  if (state === null) return null;
  const { project } = state;
  // The list of projects is asked for more often than their deployments.
  const latest = project.latest?.branch === branch ? project.latest : null;
  if (latest !== null && isSuccessful(latest)) return { project, deployment: latest };
  const { newest, ready } = newestOfBranch(view, state.inventory?.blocks ?? [], branch);
  const deployment = ready ?? latest ?? newest;
  return deployment === null ? null : { project, deployment };
}

/** `/runs` */
export function readRunsPage(view: View): RunsPage {
  const { work } = view;
  const hide = hideIn(view);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    runs: recentRuns(view, hide),
    progress: progressOf(view),
    plan: summaries(view).filter(({ pruned }) => pruned),
    trouble: troubleOf(view, hide),
    warnings: shownWarnings(view, hide),
  };
}

/** `/runs/:id`; `null`: no such run. */
export function readRunPage(view: View, id: string, page: number): RunPage | null {
  const { store, work } = view;
  const run = work.runs.find(({ record }) => record.id === id)?.record ?? store.read('runs', id);
  if (run === null || run === undefined) return null;
  const { batches, of } = store.readDeletions(id, (page - 1) * BATCHES_A_PAGE, BATCHES_A_PAGE);
  const deletions = batches.flat().filter(({ project }) => isShown(view, project));
  return {
    health: readHealth(view),
    run: shownRun(view, hideIn(view), run),
    deletions,
    page,
    pages: Math.max(1, Math.ceil(of / BATCHES_A_PAGE)),
  };
}
