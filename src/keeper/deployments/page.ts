// A page added to a walk: which of its rows are new, known or repeated, and whether the walk goes on. Pure.

import type { Deployment, Page } from '../../pages-api/model.ts';
import { isEnd, isLastPage } from '../../pages-api/paging.ts';
import { addToFacts } from '../../policy/facts.ts';
import type { KnownHead, KnownRow, Place, Walk } from './walk.ts';

/** What a page led to. `again` begins anew: everything must be read, or with every id remembered. */
export type Step =
  | { readonly kind: 'more' | 'complete'; readonly walk: Walk }
  | { readonly kind: 'again'; readonly unordered: boolean; readonly why: string };

// A repeated row comes from the page before; a hundred rows are four pages of leeway.
const RECENT_IDS = 100;
// Their ids are one stored value.
const MAX_UNORDERED = 10_000;

/**
 * Adds the page that was asked for. `known` is needed by a `head` walk only; `expected`: the known rows next in place, newest
 * first, more than fit on a page.
 */
export function addPage(
  walk: Walk,
  page: Page<Deployment>,
  known: KnownHead | null,
  expected: readonly KnownRow[],
): Step {
  const taken: Taken = {
    fresh: [],
    updates: [],
    repeats: 0,
    lastAt: walk.lastAt,
    disordered: walk.disordered ?? false,
    met: walk.met,
    unfinished: new Set(walk.unfinished),
    seen: new Set(walk.recent),
  };
  for (const row of page.rows) {
    const trouble = takeRow(taken, row, walk, known);
    if (trouble === 'order') return { kind: 'again', unordered: true, why: 'the order is not newest first' };
    if (trouble !== null) return { kind: 'again', unordered: walk.unordered, why: trouble };
  }
  const last = isLastPage(page, walk.page, walk.perPage);
  const offset = page.rows.findIndex((row) => row.id !== '');
  const next: Walk = {
    ...walk,
    page: walk.page + 1,
    firstTotal: walk.page === 1 ? page.totalCount : walk.firstTotal,
    first: walk.page === 1 && offset >= 0 ? { id: page.rows[offset]?.id ?? '', offset } : walk.first,
    tail: [...walk.tail, ...taken.fresh],
    facts: addToFacts(walk.facts, taken.fresh),
    rows: walk.rows + taken.fresh.length,
    repeats: walk.repeats + taken.repeats,
    recent: walk.unordered ? [...taken.seen] : [...taken.seen].slice(-RECENT_IDS),
    lastAt: taken.lastAt,
    disordered: taken.disordered,
    met: taken.met,
    unfinished: [...taken.unfinished],
    updates: [...walk.updates, ...taken.updates],
    ...checkExpected(
      walk,
      walk.unordered ? [] : expected,
      taken.seen,
      last && isEnd(page, walk.page, walk.perPage) ? Number.NEGATIVE_INFINITY : taken.lastAt,
    ),
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

/** What the rows of the page came to so far. */
interface Taken {
  fresh: Deployment[];
  updates: Deployment[];
  repeats: number;
  lastAt: number | null;
  disordered: boolean;
  met: boolean;
  unfinished: Set<string>;
  seen: Set<string>;
}

/** Takes one row; a string says why the walk must begin anew, and `order` that the API's order is not newest first. */
function takeRow(
  taken: Taken,
  row: Deployment,
  walk: Walk,
  known: KnownHead | null,
): string | 'order' | null {
  if (row.id !== '' && taken.seen.has(row.id)) {
    taken.repeats += 1;
    return null;
  }
  if (row.createdAt !== null) {
    const isNewer = taken.lastAt !== null && row.createdAt > taken.lastAt;
    if (!walk.unordered && isNewer) return 'order';
    taken.disordered ||= isNewer;
    taken.lastAt = row.createdAt;
  }
  if (row.id !== '') taken.seen.add(row.id);
  if (walk.kind === 'head' && known !== null) {
    const wanted = taken.unfinished.delete(row.id);
    if (wanted || known.ids.has(row.id)) {
      taken.met ||= known.ids.has(row.id);
      taken.updates.push(row);
      return null;
    }
    const withinKnown = row.createdAt !== null && row.createdAt > known.oldestAt;
    if (!taken.met && !withinKnown) return 'what was known was not met';
    if (taken.met && withinKnown) return 'an unknown row stands below a known one';
    if (taken.met) return null;
  }
  taken.fresh.push(row);
  return null;
}

/**
 * Holds the known rows against what was read: one that lies, by its date, above the last row that was read must have been
 * seen. Totals alone prove nothing: one that lags and a deletion by somebody else cancel each other out.
 */
function checkExpected(
  walk: Walk,
  expected: readonly KnownRow[],
  seen: ReadonlySet<string>,
  readTo: number | null,
): Pick<Walk, 'passed' | 'missing'> {
  let { passed } = walk;
  const missing: Place[] = [];
  for (const { block, id, createdAt } of expected) {
    const unseen = id !== '' && !seen.has(id);
    if (unseen && readTo === null) break;
    if (unseen && createdAt !== null && createdAt <= (readTo as number)) break;
    if (unseen && createdAt !== null) missing.push({ block, id });
    passed = { block, id };
  }
  return { passed, missing: [...walk.missing, ...missing] };
}
