// Whether the API does what the client relies on: folded from the answers, one after the other, so that a large account takes no
// memory. Pure; what follows from it is said in api-section.ts.

import { record } from '../src/object.ts';
import { type LimitPolicy, readPolicies, readRemaining } from '../src/policy/ratelimit.ts';
import type { Exchange } from './observe.ts';
import { type ListRequest, listRequest } from './request.ts';

/** What was seen of one of the two lists. All are counts of pages. */
export interface Pages {
  readonly read: number;
  /** Pages whose rows were not newest first, those of the page before included. */
  readonly disordered: number;
  readonly withoutTotals: number;
  /** Pages whose totals do not fit the rows that they hold. */
  readonly wrongTotals: number;
  /** Sizes of pages that were refused. */
  readonly refused: readonly number[];
}

/** What was seen of the API. */
export interface Behaviour {
  readonly answers: number;
  readonly projects: Pages;
  readonly deployments: Pages;
  /** Pages whose headers told no limit that can be read, and what the others told last. */
  readonly withoutLimits: number;
  readonly limits: readonly LimitPolicy[];
  readonly remaining: number | null;
  /** The page that was read last, and the creation time of its last row as sent. */
  readonly last: { readonly path: string; readonly page: number; readonly createdAt: number } | null;
}

const NO_PAGES: Pages = { read: 0, disordered: 0, withoutTotals: 0, wrongTotals: 0, refused: [] };

/** Nothing seen yet. */
export const NOTHING_SEEN: Behaviour = {
  answers: 0,
  projects: NO_PAGES,
  deployments: NO_PAGES,
  withoutLimits: 0,
  limits: [],
  remaining: null,
  last: null,
};

const PAGE_REFUSED = 8_000_024;

/** With one more answer. */
export function addExchange(seen: Behaviour, exchange: Exchange): Behaviour {
  const next = { ...seen, answers: seen.answers + 1 };
  const request = listRequest(exchange.url);
  if (request === null) return next;
  const body = record(exchange.body);
  const pages = next[request.list];
  if (exchange.status === 200 && Array.isArray(body.result)) {
    const limited = addLimits(next, exchange.headers);
    return addPage(limited, request, body.result, record(body.result_info));
  }
  const codes = Array.isArray(body.errors) ? body.errors.map((error) => record(error).code) : [];
  if (request.perPage === null || !codes.includes(PAGE_REFUSED)) return next;
  const refused = [...new Set([...pages.refused, request.perPage])];
  return { ...next, [request.list]: { ...pages, refused } };
}

function addLimits(seen: Behaviour, headers: Headers): Behaviour {
  const policies = readPolicies(headers.get('ratelimit-policy'));
  const [remaining] = readRemaining(headers.get('ratelimit'));
  if (policies.length === 0) return { ...seen, withoutLimits: seen.withoutLimits + 1 };
  return { ...seen, limits: policies, remaining: remaining?.r ?? seen.remaining };
}

function addPage(
  seen: Behaviour,
  request: ListRequest,
  rows: readonly unknown[],
  info: Readonly<Record<string, unknown>>,
): Behaviour {
  const { list, path, page } = request;
  const before = seen[list];
  const times = rows.map((row) => Date.parse(String(record(row).created_on))).filter(Number.isFinite);
  const isNext = seen.last?.path === path && seen.last.page === page - 1;
  const sequence = isNext && seen.last !== null ? [seen.last.createdAt, ...times] : times;
  const isOrdered = sequence.every((at, index) => index === 0 || at <= (sequence[index - 1] ?? at));
  const total = info.total_count;
  const known = typeof total === 'number' && Number.isSafeInteger(total);
  const createdAt = times.at(-1);
  return {
    ...seen,
    [list]: {
      ...before,
      read: before.read + 1,
      disordered: before.disordered + (isOrdered ? 0 : 1),
      withoutTotals: before.withoutTotals + (known ? 0 : 1),
      wrongTotals: before.wrongTotals + (known && !isFitting(request, rows.length, total, info) ? 1 : 0),
    },
    last: createdAt === undefined ? null : { path, page, createdAt },
  };
}

/** Whether the totals are those of a list of which this page holds so many rows. */
function isFitting(
  { page, perPage }: ListRequest,
  rows: number,
  total: number,
  { count, total_pages: pages }: Readonly<Record<string, unknown>>,
): boolean {
  if (typeof count === 'number' && count !== rows) return false;
  if (perPage === null) return rows <= total;
  if (rows !== Math.max(0, Math.min(perPage, total - (page - 1) * perPage))) return false;
  return typeof pages !== 'number' || Math.max(1, pages) === Math.max(1, Math.ceil(total / perPage));
}
