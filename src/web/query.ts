// Reading paths and queries: what fits is taken, everything else is as if it were not there. Pure.

import type { BuildStatus } from '../pages-api/model.ts';
import type { OverviewQuery, ProjectQuery, RunsQuery } from '../reads.ts';
import type { Ask } from './site.ts';

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

/** A project's name or a run's id out of a path; `null` where it is too long to be one: nobody is asked for that. */
export function readName(text = ''): string | null {
  return text.length > LONGEST_NAME ? null : text;
}

/** `docs` of `docs.json`. No project name and no run id holds a dot. */
export function nameOfFile(file = ''): string {
  return file.replace(/\.json$/, '');
}

/** A branch out of a path or a query; `null` for none, and for what is too long to be one. */
export function readBranch(text = ''): string | null {
  return text === '' || text.length > LONGEST_BRANCH ? null : text;
}

const SHORTEST_TEXT = 2;
const LONGEST_TEXT = 100;

/** `?q=`: what is looked for, without what stands around it; `null` where it is too short, or too long. */
export function readText(text = ''): string | null {
  const trimmed = text.trim();
  return trimmed.length < SHORTEST_TEXT || trimmed.length > LONGEST_TEXT ? null : trimmed;
}

/** `?page=`: a whole number, 1 or more, at most five digits. */
export function readPage(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1;
}

/** Characters of a name that are looked for. */
const LONGEST_FIND = 100;

/** What is asked of the overview, `size` projects a page and the last `runs`. */
export function readOverviewQuery(
  { req }: Pick<Ask, 'req'>,
  { size, runs }: Pick<OverviewQuery, 'size' | 'runs'>,
): OverviewQuery {
  const find = req.query('q')?.trim().slice(0, LONGEST_FIND) ?? '';
  return {
    page: readPage(req.query('page')),
    ...{ size, runs },
    find: find === '' ? null : find,
    status: readStatus(req.query('status')),
    order: 'need',
  };
}

/** What is asked of the runs; `size`: projects of the plan on a page. An id holds a day, hours and minutes, and what is made of the cron. */
export function readRunsQuery({ req }: Pick<Ask, 'req'>, size: number): RunsQuery {
  const [day, before] = [req.query('day') ?? '', req.query('before') ?? ''];
  return {
    day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : null,
    before: /^\d{4}-[\w-]{1,60}$/.test(before) ? before : null,
    page: readPage(req.query('page')),
    size,
  };
}

const readStatus = (text: string | undefined) => STATUSES.find((status) => status === text) ?? null;

/** The filters of a project's page. */
export function readQuery({ req }: Pick<Ask, 'req'>): ProjectQuery {
  const [environment, verdict] = [req.query('env'), req.query('verdict')];
  return {
    page: readPage(req.query('page')),
    branch: readBranch(req.query('branch')),
    environment: environment === 'production' || environment === 'preview' ? environment : null,
    status: readStatus(req.query('status')),
    verdict: verdict === 'next' || verdict === 'latest' ? verdict : null,
  };
}
