// Reading a query string: what fits is taken, everything else is as if it were not there. Pure.

import type { BuildStatus } from '../pages-api/model.ts';
import type { ProjectQuery } from '../report.ts';

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
const LONGEST_NAME = 100;

/** A project's name or a run's id out of a path; `null` for what is too long to be one: nobody is asked for that. */
export function readName(text: string): string | null {
  return text.length > LONGEST_NAME ? null : text;
}

/** A branch out of a path or a query; `null` for none, and for what is too long to be one. */
export function readBranch(text: string): string | null {
  return text === '' || text.length > LONGEST_BRANCH ? null : text;
}

/** `?page=`: a whole number, 1 or more, at most five digits. */
export function readPage(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1;
}

/** The filters of a project's page. */
export function readQuery(get: (name: string) => string | undefined): ProjectQuery {
  const environment = get('env');
  return {
    page: readPage(get('page')),
    branch: readBranch(get('branch') ?? ''),
    environment: environment === 'production' || environment === 'preview' ? environment : null,
    status: STATUSES.find((status) => status === get('status')) ?? null,
  };
}
