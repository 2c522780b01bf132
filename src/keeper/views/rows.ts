// The deployments of one page of a project: a few blocks read, whatever the project's size. Reads only.

import { buildStatus, type Deployment, isSuccessful } from '../../pages-api/model.ts';
import type { ProjectQuery } from '../../reads.ts';
import type { View } from './view.ts';

/** Deployments on a page. */
export const ROWS_A_PAGE = 25;
/** Blocks that a filtered view looks through at most: more would cost too much CPU for one view. */
const BLOCKS_A_VIEW = 20;

function matches(row: Deployment, query: ProjectQuery, now: number): boolean {
  return (
    (query.branch === null || row.branch === query.branch) &&
    (query.environment === null || row.environment === query.environment) &&
    (query.status === null || buildStatus(row, now) === query.status)
  );
}

/** The rows of one page; blocks before it are skipped unread where no filter asks for their rows. */
export function pageOfRows(
  { store, now }: View,
  blocks: readonly { readonly id: number; readonly n: number }[],
  query: ProjectQuery,
  filtered: boolean,
): { rows: Deployment[]; matching: number } {
  let skip = (query.page - 1) * ROWS_A_PAGE;
  const rows: Deployment[] = [];
  let matching = 0;
  let looked = 0;
  for (const { id, n } of blocks) {
    if (!filtered && skip >= n) {
      skip -= n;
      continue;
    }
    if (looked >= BLOCKS_A_VIEW || (!filtered && rows.length >= ROWS_A_PAGE)) break;
    looked += 1;
    for (const row of store.readBlock(id).reverse()) {
      if (!matches(row, query, now)) continue;
      matching += 1;
      if (skip > 0) skip -= 1;
      else if (rows.length < ROWS_A_PAGE) rows.push(row);
    }
  }
  return { rows, matching };
}

/** The newest deployment of a branch, and its newest ready one; blocks behind that are not read. */
export function newestOfBranch(
  { store }: View,
  blocks: readonly { readonly id: number }[],
  branch: string,
): { newest: Deployment | null; ready: Deployment | null } {
  let newest: Deployment | null = null;
  for (const { id } of blocks.slice(0, BLOCKS_A_VIEW)) {
    for (const row of store.readBlock(id).reverse()) {
      if (row.branch !== branch) continue;
      newest ??= row;
      if (isSuccessful(row)) return { newest, ready: row };
    }
  }
  return { newest, ready: null };
}
