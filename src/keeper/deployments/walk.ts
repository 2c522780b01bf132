// A walk: reading a project's deployments from the newest on until nothing is missing. It counts for nothing until it is
// complete and valid. Its data, and how it starts; pure: who asks for the pages, and stores the rows, is elsewhere.
//
// A creation while it runs repeats a row on the next page; a deletion hides one. So a walk of more than one page ends by
// reading page 1 again, and is valid only if the totals are explained by the rows that are new there.

import type { Deployment } from '../../pages-api/model.ts';
import { DEPLOYMENTS_A_PAGE } from '../../pages-api/paging.ts';
import { noFacts, type ProjectFacts } from '../../policy/facts.ts';
import type { Lost } from '../../policy/reread.ts';
import type { BlockRef, Unfinished } from '../store/inventory.ts';

/** The state of a walk; plain data, stored between invocations. */
export interface Walk {
  /** `head` stops at what is known; `full` reads everything. */
  readonly kind: 'head' | 'full';
  /** The API's order is not newest first: every id is remembered. */
  readonly unordered: boolean;
  readonly startedAt: number;
  /** The generation of what was known when it began; `null`: nothing was. Only over that one it may be committed. */
  readonly from: number | null;
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
  /** `unordered`: whether a newer row stood below an older one. */
  readonly disordered?: boolean;
  /** `head`: whether a known row was met, and the unfinished rows that must still be read again. */
  readonly met: boolean;
  readonly unfinished: readonly string[];
  /** Known rows as they are now. */
  readonly updates: readonly Deployment[];
  /** The oldest known row that lies within what was read, and the known ones that should have been there and were not. */
  readonly passed: Place | null;
  readonly missing: readonly Place[];
  /** Of the known rows that were read again: how many had succeeded, and how many of those are called something else. */
  readonly reread: Lost;
  /** Rows that contradict what was recorded of them, for the first time. */
  readonly contradicted: number;
  /** Words that nobody knows. */
  readonly strange: readonly string[];
}

/** A known row and the block that holds it. */
export interface Place {
  readonly block: number;
  readonly id: string;
}

/** A known row, as far as a walk asks about it. */
export interface KnownRow extends Place {
  readonly createdAt: number | null;
  readonly row: Deployment;
}

/** The newest part of what is known: a `head` walk ends where it meets one of these. */
export interface KnownHead {
  readonly ids: ReadonlySet<string>;
  /** Creation time of the oldest of them. */
  readonly oldestAt: number;
  /** Newest first. */
  readonly rows: readonly KnownRow[];
}

/** A walk that has read nothing. `unfinished`: recorded rows that had not finished, which must be read again. */
export function startWalk(options: {
  kind: 'head' | 'full';
  startedAt: number;
  from?: number | null;
  keep: number;
  attempt?: number;
  tries?: number;
  unordered?: boolean;
  perPage?: number | null;
  unfinished?: readonly string[];
}): Walk {
  return {
    kind: options.kind,
    unordered: options.unordered ?? false,
    startedAt: options.startedAt,
    from: options.from ?? null,
    attempt: options.attempt ?? 1,
    tries: options.tries ?? 0,
    phase: 'pages',
    page: 1,
    perPage: options.perPage === undefined ? DEPLOYMENTS_A_PAGE : options.perPage,
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
    passed: null,
    missing: [],
    reread: { successes: 0, lost: 0 },
    contradicted: 0,
    strange: [],
  };
}
