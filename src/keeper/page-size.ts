// How many deployments are asked for on a page: as many as the account was found to take. No calls.

import { DEPLOYMENTS_A_PAGE, SMALLER_DEPLOYMENT_PAGES } from '../pages-api/paging.ts';
import type { Work } from './work.ts';

/** This account refuses pages of `perPage` deployments. */
export function shrinkPages(work: Work, perPage: number): void {
  if (work.api.perPage === perPage) work.api.perPage = SMALLER_DEPLOYMENT_PAGES[perPage] ?? null;
}

/** Tries large pages again, unless some are being joined: two odd answers must not leave a project unread for ever. */
export function growPages(work: Work): void {
  if (work.tasks.values().every(({ reading }) => reading === null)) work.api.perPage = DEPLOYMENTS_A_PAGE;
}
