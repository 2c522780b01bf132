// What the status page reads: a few rows a view, whatever the account's size. Only what the rules show gets out of here.

import { isSuccessful } from '../../pages-api/model.ts';
import { byEnvironment } from '../../policy/builds.ts';
import type {
  BranchBuild,
  Overview,
  OverviewQuery,
  ProjectPage,
  ProjectQuery,
  RunsPage,
  RunsQuery,
} from '../../reads.ts';
import type { Trouble } from '../../report.ts';
import { buildsThisMonth, nextMidnight, rowsUsedUp } from '../quotas.ts';
import { blocksOf } from '../store/inventory.ts';
import { keysOf } from '../store/overview.ts';
import { newestBranches, wholeFacts } from './branches.ts';
import { forecastOf } from './forecast.ts';
import { findProject } from './freshness.ts';
import { agree } from './further.ts';
import { readHealth } from './health.ts';
import { type Hide, hideIn } from './hide.ts';
import { progressOf } from './progress.ts';
import { isFiltered, newestOfBranch, pageOfRows, ROWS_A_PAGE } from './rows.ts';
import { daysOf, planOf, readRuns, recentRuns } from './runs.ts';
import { findEntry, findShown, shownProjects } from './shown.ts';
import { contextOf, judging, summariesOf, summaryOf } from './summaries.ts';
import type { View } from './view.ts';
import { warningsOf } from './warnings.ts';

export { readRunPage } from './runs.ts';

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

const FIRST: OverviewQuery = { page: 1, size: 50, find: null, status: null, order: 'need', runs: 20 };

/** `/` */
export function readOverviewPage(view: View, query = FIRST): Overview {
  const { work } = view;
  const hide = hideIn(view);
  const shown = shownProjects(view);
  const found = findShown(shown, query);
  const of = Math.max(1, Math.ceil(found.length / query.size));
  const from = (query.page - 1) * query.size;
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    accountProjects: work.looked.accountProjects,
    all: shown.map(({ standing }) => standing),
    projects: summariesOf(view, found.slice(from, from + query.size)),
    page: { number: query.page, of, total: found.length },
    runs: recentRuns(view, hide, query.runs),
    days: daysOf(view),
    month: { builds: buildsThisMonth(work.quota, view.now), included: view.config.monthlyBuilds },
    trouble: troubleOf(view, hide),
    progress: progressOf(view),
    warnings: shownWarnings(view, hide),
  };
}

/** `/projects/:name`; `null`: no shown project of that name. */
export function readProjectPage(view: View, name: string, query: ProjectQuery): ProjectPage | null {
  const { store, work } = view;
  const known = findEntry(view, name);
  if (known === null) return null;
  const { entry, rule } = known;
  const { id } = entry.project;
  const state = store.read('projects', id);
  const blocks = blocksOf(state);
  const found = pageOfRows(view, known, blocks, query);
  const { project, rows } = agree(entry.project, found.rows);
  const stored = entry.count === null ? null : entry.count - (work.tasks.get(id)?.gone ?? 0);
  const matching = isFiltered(query) ? found.matching : stored;
  const refusals = store.read('refusals', id) ?? {};
  const whole = wholeFacts(view, id);
  const facts = whole ?? store.readFacts(id, keysOf(rows));
  const context = facts && contextOf(view, project, rule, { facts, refusals });
  const summary = summaryOf(view, { ...entry, project }, rule);
  const isFirst = query.page === 1 && !isFiltered(query);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    summary,
    deployments: rows.map(judging(context, view, work.tasks.get(id))),
    page: query.page,
    pages: Math.max(1, Math.ceil((matching ?? found.matching) / ROWS_A_PAGE)),
    matching,
    looked: found.looked,
    builds: byEnvironment(state?.inventory?.builds ?? []),
    forecast:
      isFirst && whole !== null && context !== null
        ? forecastOf(view, context, blocks, work.tasks.get(id))
        : null,
    branches: newestBranches(view, id, whole, blocks),
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
  const { newest, ready } = newestOfBranch(view, blocksOf(state), branch);
  const deployment = ready ?? latest ?? newest;
  return deployment === null ? null : { project, deployment };
}

const LAST: RunsQuery = { day: null, before: null, page: 1, size: 100 };

/** `/runs` */
export function readRunsPage(view: View, query = LAST): RunsPage {
  const { work } = view;
  const hide = hideIn(view);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    ...readRuns(view, hide, query),
    days: daysOf(view),
    progress: progressOf(view),
    ...planOf(view, query),
    trouble: troubleOf(view, hide),
    warnings: shownWarnings(view, hide),
  };
}
