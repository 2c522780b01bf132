// The deployments of one page of a project, and the newest of a branch: a few rows read, whatever the project's size. Reads only.

import type { Deployment } from '../../pages-api/model.ts';
import { isDue, type Rule } from '../../policy/rules.ts';
import type { NextPrune } from '../../policy/schedule.ts';
import type { ProjectQuery } from '../../reads.ts';
import { nextPruneOf } from '../next-run.ts';
import { heldWhy } from '../prune/forecast.ts';
import type { BlockRef } from '../store/inventory.ts';
import type { OverviewEntry } from '../store/overview-entry.ts';
import { type ByTimes, byTimes } from './by-times.ts';
import { filterRows, type Matching } from './filter.ts';
import { contextOf } from './summaries.ts';
import type { View } from './view.ts';

/** Deployments on a page. */
export const ROWS_A_PAGE = 25;

const ALL: ProjectQuery = { page: 1, branch: null, environment: null, status: null, verdict: null };

/** Whether anything is filtered. */
export function isFiltered({ branch, environment, status, verdict }: ProjectQuery): boolean {
  return branch !== null || environment !== null || status !== null || verdict !== null;
}

/** The rows of one page of a project, and how many match. */
export function pageOfRows(
  view: View,
  { entry, rule }: { readonly entry: OverviewEntry; readonly rule: Rule },
  blocks: readonly BlockRef[],
  query: ProjectQuery,
): Matching {
  const { store, work } = view;
  const { id } = entry.project;
  // Blocks that hold deleted rows have fewer than they say.
  const isExact = (work.tasks.get(id)?.gone ?? 0) === 0;
  if (!isFiltered(query) && isExact) return pageOfBlocks(view, blocks, query.page);
  const next = query.verdict === 'next' ? nextPruneOf(work, rule, view.now) : null;
  if (query.verdict === 'next' && heldWhy(view, id, entry.plan, next?.at ?? null) !== null)
    return { rows: [], matching: 0, looked: null };
  return filterRows(view, blocks, query, ROWS_A_PAGE, query.verdict === null ? null : verdictsOf());

  function verdictsOf(): ByTimes {
    const facts = store.readFacts(id, 'all');
    const refusals = store.read('refusals', id) ?? {};
    if (facts === null) return () => 'unreadable';
    const then = next === null ? rule : { ...rule, prune: actingThen(rule.prune, next) };
    const context = contextOf(view, entry.project, then, { facts, refusals });
    return byTimes(context, next?.at ?? view.now);
  }
}

const NEVER = {
  olderThanDays: Number.POSITIVE_INFINITY,
  staleBranchesAfterDays: null,
  goneBranchesAfterDays: null,
};

/** The policies as of the next run: of one whose cron does not tick then, nothing goes. */
function actingThen(policies: Rule['prune'], { crons }: NextPrune): Rule['prune'] {
  return policies.map((policy) =>
    crons.some((cron) => isDue(policy.cron, cron)) ? policy : { ...policy, ...NEVER },
  );
}

/** The rows of one page where nothing is filtered: the blocks before it are not read. */
function pageOfBlocks({ store }: View, blocks: readonly BlockRef[], page: number): Matching {
  let skip = (page - 1) * ROWS_A_PAGE;
  const rows: Deployment[] = [];
  for (const { id, n } of blocks) {
    if (rows.length >= ROWS_A_PAGE) break;
    if (skip >= n) {
      skip -= n;
      continue;
    }
    const count = Math.min(n - skip, ROWS_A_PAGE - rows.length);
    const newest = n - 1 - skip;
    rows.push(
      ...store.readLines(
        id,
        Array.from({ length: count }, (_, place) => newest - place),
      ),
    );
    skip = 0;
  }
  return { rows, matching: blocks.reduce((sum, { n }) => sum + n, 0), looked: null };
}

/** Rows among which one of a branch is looked for: a mark may stand for two of them, and nobody is led to another one's build. */
const OF_ONE_MARK = 5;

/** The newest deployment of a branch, and its newest ready one. */
export function newestOfBranch(
  view: View,
  blocks: readonly BlockRef[],
  branch: string,
): { newest: Deployment | null; ready: Deployment | null } {
  const find = (query: Partial<ProjectQuery>) => {
    const { rows } = filterRows(view, blocks, { ...ALL, branch, ...query }, OF_ONE_MARK, null);
    return rows.find((row) => row.branch === branch) ?? null;
  };
  return { newest: find({}), ready: find({ status: 'ready' }) };
}
