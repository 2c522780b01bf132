// A walk: reading a project's deployments from the newest on until nothing is missing. It counts for nothing until it is
// complete and valid. Pure: pages in, the walk's next state out; who asks for the pages, and stores the rows, is elsewhere.
//
// A creation while it runs repeats a row on the next page; a deletion hides one. So a walk of more than one page ends by
// reading page 1 again, and is valid only if the totals are explained by the rows that are new there.

import type { Deployment, Page } from '../pages-api/model.ts';
import { addToFacts, noFacts, type ProjectFacts } from '../plan/facts.ts';

/** A stored block of deployments and how many it held when it was written. */
export interface BlockRef {
  readonly id: number;
  readonly n: number;
}

/** A deployment that had not finished when it was read: where it is stored, and what a rebuild asks about it. */
export interface Unfinished {
  readonly id: string;
  readonly block: number;
  readonly branch: string;
  readonly createdAt: number;
}

/** The state of a walk; plain data, stored between invocations. */
export interface Walk {
  /** `head` stops at what is known; `full` reads everything. */
  readonly kind: 'head' | 'full';
  /** The API's order is not newest first: every id is remembered. */
  readonly unordered: boolean;
  readonly startedAt: number;
  /** Valid walks are sought three times at most. */
  readonly attempt: number;
  /** Calls in doubt within this walk; five at most. */
  readonly tries: number;
  readonly phase: 'pages' | 'close';
  readonly page: number;
  /** Rows a page; `null` when this account takes no such parameters. */
  readonly perPage: number | null;
  readonly firstTotal: number | null;
  /** The first row of page 1 that has an id, and how many stood before it. */
  readonly first: { readonly id: string; readonly offset: number } | null;
  /** Blocks written so far, newest first, and the rows that fill none yet, newest first. */
  readonly staged: readonly BlockRef[];
  readonly tail: readonly Deployment[];
  /** Those in the blocks that had not finished. */
  readonly open: readonly Unfinished[];
  readonly facts: ProjectFacts;
  /** Unique rows read that were not known before. */
  readonly rows: number;
  readonly repeats: number;
  readonly recent: readonly string[];
  readonly lastAt: number | null;
  /** `head`: whether a known row was met, and the unfinished rows that must still be read again. */
  readonly met: boolean;
  readonly unfinished: readonly string[];
  /** Known rows as they are now. */
  readonly updates: readonly Deployment[];
}

/** The newest part of what is known: a `head` walk ends where it meets one of these. */
export interface KnownHead {
  readonly ids: ReadonlySet<string>;
  /** Creation time of the oldest of them. */
  readonly oldestAt: number;
}

/** What a page led to. `again` begins anew: everything must be read, or with every id remembered. */
export type Step =
  | { readonly kind: 'more' | 'complete'; readonly walk: Walk }
  | { readonly kind: 'again'; readonly unordered: boolean; readonly why: string };

/** API's limit for a page of deployments (8000024 above). */
export const ROWS_A_PAGE = 25;
// A repeated row comes from the page before; a hundred rows are four pages of leeway.
const RECENT_IDS = 100;
const MAX_UNORDERED = 20_000;

/** A walk that has read nothing. `unfinished`: recorded rows that had not finished, which must be read again. */
export function startWalk(options: {
  kind: 'head' | 'full';
  startedAt: number;
  keep: number;
  attempt?: number;
  unordered?: boolean;
  perPage?: number | null;
  unfinished?: readonly string[];
}): Walk {
  return {
    kind: options.kind,
    unordered: options.unordered ?? false,
    startedAt: options.startedAt,
    attempt: options.attempt ?? 1,
    tries: 0,
    phase: 'pages',
    page: 1,
    perPage: options.perPage === undefined ? ROWS_A_PAGE : options.perPage,
    firstTotal: null,
    first: null,
    staged: [],
    tail: [],
    open: [],
    facts: noFacts(options.keep),
    rows: 0,
    repeats: 0,
    recent: [],
    lastAt: null,
    met: false,
    unfinished: options.kind === 'head' ? (options.unfinished ?? []) : [],
    updates: [],
  };
}

function isLastPage(walk: Walk, page: Page<Deployment>): boolean {
  if (walk.perPage === null || page.rows.length === 0) return true;
  if (page.totalPages !== null && page.totalPages > 0) return walk.page >= page.totalPages;
  return page.rows.length < walk.perPage;
}

interface Reading {
  fresh: Deployment[];
  updates: Deployment[];
  repeats: number;
  lastAt: number | null;
  met: boolean;
  unfinished: Set<string>;
  seen: Set<string>;
}

/** Takes one row; a string says why the walk must begin anew, and `order` that the API's order is not newest first. */
function takeRow(
  reading: Reading,
  row: Deployment,
  walk: Walk,
  known: KnownHead | null,
): string | 'order' | null {
  if (row.id !== '' && reading.seen.has(row.id)) {
    reading.repeats += 1;
    return null;
  }
  if (row.createdAt !== null) {
    if (!walk.unordered && reading.lastAt !== null && row.createdAt > reading.lastAt) return 'order';
    reading.lastAt = row.createdAt;
  }
  if (row.id !== '') reading.seen.add(row.id);
  if (walk.kind === 'head' && known !== null) {
    const wanted = reading.unfinished.delete(row.id);
    if (wanted || known.ids.has(row.id)) {
      reading.met ||= known.ids.has(row.id);
      reading.updates.push(row);
      return null;
    }
    const withinKnown = row.createdAt !== null && row.createdAt > known.oldestAt;
    if (!reading.met && !withinKnown) return 'what was known was not met';
    if (reading.met && withinKnown) return 'an unknown row stands below a known one';
    if (reading.met) return null;
  }
  reading.fresh.push(row);
  return null;
}

/** Adds the page that was asked for. `known` is needed by a `head` walk only. */
export function addPage(walk: Walk, page: Page<Deployment>, known: KnownHead | null): Step {
  const reading: Reading = {
    fresh: [],
    updates: [],
    repeats: 0,
    lastAt: walk.lastAt,
    met: walk.met,
    unfinished: new Set(walk.unfinished),
    seen: new Set(walk.recent),
  };
  for (const row of page.rows) {
    const trouble = takeRow(reading, row, walk, known);
    if (trouble === 'order') return { kind: 'again', unordered: true, why: 'the order is not newest first' };
    if (trouble !== null) return { kind: 'again', unordered: walk.unordered, why: trouble };
  }
  const last = isLastPage(walk, page);
  const offset = page.rows.findIndex((row) => row.id !== '');
  const next: Walk = {
    ...walk,
    page: walk.page + 1,
    firstTotal: walk.page === 1 ? page.totalCount : walk.firstTotal,
    first: walk.page === 1 && offset >= 0 ? { id: page.rows[offset]?.id ?? '', offset } : walk.first,
    tail: [...walk.tail, ...reading.fresh],
    facts: addToFacts(walk.facts, reading.fresh),
    rows: walk.rows + reading.fresh.length,
    repeats: walk.repeats + reading.repeats,
    recent: walk.unordered ? [...reading.seen] : [...reading.seen].slice(-RECENT_IDS),
    lastAt: reading.lastAt,
    met: reading.met,
    unfinished: [...reading.unfinished],
    updates: [...walk.updates, ...reading.updates],
  };
  if (next.recent.length > MAX_UNORDERED) {
    return { kind: 'again', unordered: true, why: 'too many deployments in no order' };
  }
  if (walk.kind === 'head' && last && !next.met) {
    return { kind: 'again', unordered: walk.unordered, why: 'what was known was not met' };
  }
  const complete = last || (walk.kind === 'head' && next.met && next.unfinished.length === 0);
  return { kind: complete ? 'complete' : 'more', walk: next };
}

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
