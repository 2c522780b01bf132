// An attempt at reading a project's deployments whole: what one alarm holds of it, and how it begins. No calls.

import { keepFor } from '../../policy/facts.ts';
import { policiesFor } from '../../policy/rules.ts';
import { DAY } from '../../time.ts';
import type { Context } from '../context.ts';
import { type ProjectState, type Unfinished, usableInventory } from '../store/inventory.ts';
import type { Reading } from '../work.ts';
import { dropWalk } from './stage.ts';
import { type KnownHead, startWalk, type Walk } from './walk.ts';

const WEEK = 7 * DAY;

/** A walk in this alarm. */
export interface Attempt {
  readonly context: Context;
  readonly reading: Reading;
  readonly state: ProjectState;
  walk: Walk;
  /** What a `head` walk is to meet, once it was read. */
  known: KnownHead | null;
}

/** Recorded rows that had not finished. Not those that are marked as gone: one of them that is there again is a new row. */
function unfinishedOf({ store, work }: Context, state: ProjectState): string[] {
  const unfinished = usableInventory(state)?.unfinished ?? [];
  const isAnyGone = (work.tasks.get(state.project.id)?.gone ?? 0) > 0;
  const isThere = ({ id, block }: Unfinished) => store.readBlock(block).some((row) => row.id === id);
  return (isAnyGone ? unfinished.filter(isThere) : unfinished).map(({ id }) => id);
}

/**
 * Begins a walk: from the head where what is known is valid, else of everything; everything once a week in any case, and
 * where it is begun `again`.
 */
export function beginWalk(
  context: Context,
  state: ProjectState,
  again?: Pick<Walk, 'attempt' | 'unordered' | 'tries'> & Partial<Pick<Walk, 'kind'>>,
): Walk {
  const inventory = usableInventory(state);
  const now = context.now();
  const head =
    again === undefined &&
    inventory?.validAt != null &&
    !inventory.unordered &&
    now - inventory.fullAt < WEEK &&
    inventory.count > 0;
  return startWalk({
    kind: head ? 'head' : 'full',
    startedAt: now,
    from: state.inventory?.generation ?? null,
    keep: keepFor(policiesFor(state.project.name, context.config.rules)),
    perPage: context.work.api.perPage,
    unordered: inventory?.unordered ?? false,
    unfinished: unfinishedOf(context, state),
    ...again,
  });
}

/** Reads from page 1 on. What the walk has stored goes at once: after a crash nobody may go on from it. */
export function beginAgain(
  attempt: Attempt,
  how: Pick<Walk, 'attempt'> & Partial<Pick<Walk, 'unordered' | 'kind'>>,
): void {
  const { context, state, walk } = attempt;
  dropWalk(context.store, state.project.id);
  attempt.known = null;
  attempt.walk = beginWalk(context, state, { tries: walk.tries, unordered: walk.unordered, ...how });
}
