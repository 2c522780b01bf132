// The pages of a list: how many rows to ask for, and which page is the last. Pure; asks for nothing.

import type { Page } from './model.ts';

/** API's limit for a page of deployments, and for one of projects (8000024 above). */
export const DEPLOYMENTS_A_PAGE = 25;
/** The same for projects. */
export const PROJECTS_A_PAGE = 10;

type Sizes = Readonly<Record<number, number | null>>;

/** What to try where an account takes no pages of that many rows, seen as 8000024; `null`: the bare call. */
export const SMALLER_DEPLOYMENT_PAGES: Sizes = { [DEPLOYMENTS_A_PAGE]: 10, 10: null };
/** The same for projects. */
export const SMALLER_PROJECT_PAGES: Sizes = { [PROJECTS_A_PAGE]: 5, 5: null };

/** Whether a list ends with this page, the `number`-th of `perPage` rows; `null`: it was asked for without parameters. */
export function isLastPage(page: Page<unknown>, number: number, perPage: number | null): boolean {
  // What cannot be read was sent all the same: a page is short by what the API sent.
  const sent = page.rows.length + page.unread;
  if (perPage === null || sent === 0) return true;
  if (page.totalPages !== null && page.totalPages > 0) return number >= page.totalPages;
  return sent < perPage;
}

/** Whether nothing stands behind this page, by the API's own count: a page that is only the last, or short, does not prove it. */
export function isEnd(page: Page<unknown>, number: number, perPage: number | null): boolean {
  const before = (number - 1) * (perPage ?? 0);
  return page.totalCount !== null && before + page.rows.length + page.unread >= page.totalCount;
}
