// Closing a complete walk: whether the totals show that nothing is missing. Pure.

import type { Deployment, Page } from '../../pages-api/model.ts';
import type { Walk } from './walk.ts';

/** Whether a complete walk is valid by its first page alone: then there is nothing to compare it with. */
export function isSinglePage(walk: Walk): boolean {
  return walk.page === 2;
}

/**
 * Closes a complete walk with page 1 read again (`null` for a walk of one page). `knownRows`: rows known before that a
 * `head` walk did not read. Gives the rows that are new at the head since, or why the walk is not valid.
 */
export function closeWalk(
  walk: Walk,
  again: Page<Deployment> | null,
  knownRows: number,
): { readonly newer: readonly Deployment[] } | { readonly invalid: string } {
  if (walk.missing.length > 0) {
    return { invalid: `${walk.missing.length} that were known are not there any more` };
  }
  const newer = again === null ? [] : rowsBefore(again, walk.first);
  if (newer === null) return { invalid: 'the newest deployment was deleted while they were read' };
  const total = again === null ? walk.firstTotal : again.totalCount;
  if (total === null || walk.firstTotal === null)
    return { invalid: 'the API did not say how many there are' };
  if (total !== walk.firstTotal + newer.length || walk.repeats > newer.length) {
    return { invalid: 'deployments were deleted while they were read' };
  }
  const known = (walk.kind === 'head' ? knownRows : 0) + walk.rows + newer.length;
  if (known !== total) return { invalid: `${known} were read, the API says ${total}` };
  return { newer };
}

/** The rows of page 1 above the row that was first when the walk began; `null` when it is not there any more. */
function rowsBefore(page: Page<Deployment>, first: Walk['first']): Deployment[] | null {
  if (first === null) return page.rows.length === 0 ? [] : null;
  const index = page.rows.findIndex((row) => row.id === first.id);
  return index < first.offset ? null : page.rows.slice(0, index - first.offset);
}
