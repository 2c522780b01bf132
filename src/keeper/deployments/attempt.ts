// An attempt at reading a project's deployments whole: what one invocation holds of it, and how it begins. No calls.

import { keepFor } from '../../policy/facts.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import { type ProjectState, usableInventory } from '../store/inventory.ts';
import type { WalkWanted } from '../work.ts';
import { type KnownHead, startWalk, type Walk } from './walk.ts';

const WEEK = 7 * 86_400_000;

/** A walk in this invocation. */
export interface Reading {
  readonly context: Context;
  readonly wanted: WalkWanted;
  readonly state: ProjectState;
  walk: Walk;
  /** What a `head` walk is to meet, once it was read. */
  known: KnownHead | null;
}

/**
 * Begins a walk: from the head where what is known is valid, else of everything; everything once a week in any case, and
 * where it is begun `again`.
 */
export function beginWalk(
  context: Context,
  state: ProjectState,
  again?: Pick<Walk, 'attempt' | 'unordered' | 'perPage'>,
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
    keep: keepFor(ruleFor(state.project.name, context.config.rules)?.prune ?? []),
    unordered: inventory?.unordered ?? false,
    unfinished: inventory?.unfinished.map(({ id }) => id) ?? [],
    ...again,
  });
}
