// The runs, by day and one by one, and what each deleted: 90 days of them, a page at a time. Reads only.

import type { RunPage, RunsPage, RunsQuery } from '../../reads.ts';
import type { DayRecord, Deletion, RunRecord } from '../../report.ts';
import { knownDays } from '../days.ts';
import { headOf, listsOn, pagesOf, type RunLists } from '../run-lists.ts';
import { isTicked } from '../runs.ts';
import type { BatchPlace } from '../store/records.ts';
import { readHealth } from './health.ts';
import { type Hide, hideIn, isShown, shownRun } from './hide.ts';
import { standingNow } from './run-builds.ts';
import { shownProjects } from './shown.ts';
import { summariesOf } from './summaries.ts';
import type { View } from './view.ts';

/** Runs on a page, and deletions of one. */
const RUNS_A_PAGE = 50;
const DELETIONS_A_PAGE = 100;
/** Runs among which the last ones are looked for that a tick began. */
const MOST_LOOKED = 100;

/** An id behind all others: they begin with a year. */
const END = '~';

const byTime = (a: RunRecord, b: RunRecord) => b.scheduledAt - a.scheduledAt || b.startedAt - a.startedAt;

/** The newest `limit` runs from the id `from` on and before `before`, those under way among them, newest first. */
export function runsBetween(
  { store, work }: View,
  { from, before, limit }: { readonly from: string; readonly before: string; readonly limit: number },
): RunRecord[] {
  const open = work.runs.map(({ record }) => record).filter(({ id }) => id >= from && id < before);
  return [...open, ...store.readRuns(from, before, limit)].sort(byTime).slice(0, limit);
}

/** The last runs that a tick began, newest first. */
export function recentRuns(view: View, hide: Hide, limit: number): RunRecord[] {
  const among = (most: number) =>
    runsBetween(view, { from: '', before: END, limit: most }).filter(isTicked).slice(0, limit);
  const newest = among(limit);
  // Calls for builds stand between them.
  const runs = newest.length < limit ? among(MOST_LOOKED) : newest;
  return standingNow(view, runs).map((record) => headOf(shownRun(view, hide, record)));
}

/** What is shown of the runs: the last ones, those of a day, those before one. */
export function readRuns(
  view: View,
  hide: Hide,
  { day, before }: RunsQuery,
): Pick<RunsPage, 'runs' | 'next'> {
  const from = day ?? '';
  const until = before ?? (day === null ? END : `${day}${END}`);
  const found = runsBetween(view, { from, before: until, limit: RUNS_A_PAGE + 1 });
  const runs = found.slice(0, RUNS_A_PAGE);
  return {
    runs: standingNow(view, runs).map((record) => headOf(shownRun(view, hide, record))),
    next: found.length > RUNS_A_PAGE ? (runs.at(-1)?.id ?? null) : null,
  };
}

/** The days of which runs are known, newest first. */
export function daysOf({ work }: View): DayRecord[] {
  return knownDays(
    work.days,
    work.runs.map(({ record }) => record),
  );
}

/** The plan as of now, of which most goes first: one page, and how much it comes to in all. */
export function planOf(
  view: View,
  { page, size }: RunsQuery,
): Pick<RunsPage, 'plan' | 'planPage' | 'planned' | 'nextPruneAt'> {
  const pruned = shownProjects(view).filter(({ standing }) => standing.pruned);
  const most = pruned.toSorted((a, b) => (b.standing.next ?? 0) - (a.standing.next ?? 0));
  const from = (page - 1) * size;
  const times = pruned.flatMap(({ standing }) => standing.nextPruneAt ?? []);
  return {
    plan: summariesOf(view, most.slice(from, from + size)),
    planPage: {
      number: page,
      of: Math.max(1, Math.ceil(pruned.length / size)),
      total: pruned.length,
    },
    planned: pruned.reduce((sum, { standing }) => sum + (standing.next ?? 0), 0),
    nextPruneAt: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
  };
}

const NO_LISTS: RunLists = { rebuilds: [], skips: [], refusals: [], warnings: [] };

/** `/runs/:id`; `null`: no such run. */
export function readRunPage(view: View, id: string, page: number): RunPage | null {
  const { store, work } = view;
  const run = work.runs.find(({ record }) => record.id === id)?.record ?? store.read('runs', id);
  if (run === null || run === undefined) return null;
  const shown = new Map<string, boolean>();
  const batches = store.batchesOf(id).filter(({ project }) => {
    if (!shown.has(project)) shown.set(project, isShown(view, project));
    return shown.get(project);
  });
  const total = batches.reduce((sum, { n }) => sum + n, 0);
  // Of one that is under way, and of a short one, the record holds everything.
  const lists = run.listed === undefined ? listsOn(run, page) : (store.readListed(id, page) ?? NO_LISTS);
  const [known = run] = standingNow(view, [{ ...run, ...lists }]);
  return {
    health: readHealth(view),
    run: shownRun(view, hideIn(view), known),
    deletions: deletionsFrom(view, id, batches, (page - 1) * DELETIONS_A_PAGE),
    page,
    pages: Math.max(pagesOf(run), Math.ceil(total / DELETIONS_A_PAGE)),
    total,
  };
}

/** The deletions of one page, from the `from`-th on; only the batches that hold them are read. */
function deletionsFrom(
  { store }: View,
  id: string,
  batches: readonly BatchPlace[],
  from: number,
): Deletion[] {
  const deletions: Deletion[] = [];
  let before = 0;
  for (const batch of batches) {
    const end = before + batch.n;
    if (before >= from + DELETIONS_A_PAGE) break;
    if (end > from)
      deletions.push(
        ...store
          .readBatch(id, batch)
          .slice(Math.max(0, from - before), Math.max(0, from + DELETIONS_A_PAGE - before)),
      );
    before = end;
  }
  return deletions;
}
