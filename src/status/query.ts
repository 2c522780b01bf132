// Reading a query string: what fits is taken, everything else is as if it were not there. Pure.

import type { BuildStatus } from '../pages-api/model.ts';
import type { ProjectQuery } from '../plan/report.ts';

const STATUSES: readonly BuildStatus[] = [
  'queued',
  'building',
  'ready',
  'failed',
  'canceled',
  'skipped',
  'not-built',
  'unknown',
];
const LONGEST_BRANCH = 1_000;

/** `?page=`: a whole number, 1 or more, at most five digits. */
export function readPage(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1;
}

/** The filters of a project's page. */
export function readQuery(get: (name: string) => string | undefined): ProjectQuery {
  const branch = get('branch') ?? '';
  const environment = get('env');
  return {
    page: readPage(get('page')),
    branch: branch === '' || branch.length > LONGEST_BRANCH ? null : branch,
    environment: environment === 'production' || environment === 'preview' ? environment : null,
    status: STATUSES.find((status) => status === get('status')) ?? null,
  };
}
