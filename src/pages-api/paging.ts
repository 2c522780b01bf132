// The pages of a list: how many rows to ask for, and which page is the last. Pure; asks for nothing.

import type { Page } from './model.ts';

/** API's limit for a page of deployments, and for one of projects (8000024 above). */
export const DEPLOYMENTS_A_PAGE = 25;
export const PROJECTS_A_PAGE = 10;

/** Whether a list ends with this page, the `number`-th of `perPage` rows; `null`: it was asked for without parameters. */
export function isLastPage(page: Page<unknown>, number: number, perPage: number | null): boolean {
  if (perPage === null || page.rows.length === 0) return true;
  if (page.totalPages !== null && page.totalPages > 0) return number >= page.totalPages;
  return page.rows.length < perPage;
}
