// The surroundings of one alarm, as `KeeperCore` makes them, for tests that ask one part of the Keeper by itself.

import { readConfig } from '../../src/config/config.ts';
import type { Calls, Outcome } from '../../src/keeper/calls.ts';
import type { Context } from '../../src/keeper/context.ts';
import type { QueueItem } from '../../src/keeper/prune/rows.ts';
import type { Queue } from '../../src/keeper/work.ts';
import { type ErrorClass, PagesApiError } from '../../src/pages-api/errors.ts';
import { START, type World } from './world.ts';

/** On the storage, the work and the clock of a world; the work itself is not stored: nobody dies in between. */
export function contextOf(world: World): Context {
  return {
    store: world.keeper.store,
    work: world.keeper.work(),
    config: readConfig(world.settings),
    now: world.now,
    log: (entry) => world.log.push({ ...entry }),
    save: () => {},
    touched: new Map(),
  };
}

/** An answer of the API that is an error. */
export function failure(kind: ErrorClass, message = 'said so'): PagesApiError {
  const call = { method: 'GET', path: '/x' } as const;
  return new PagesApiError(call, { kind, status: 500, code: null, what: message });
}

/** Calls that all have one outcome; `sent` counts them. */
export function callsWith(outcome: Outcome<never> | { readonly kind: 'answer'; readonly value: unknown }) {
  const sent: unknown[] = [];
  const answer = (about: unknown) => {
    sent.push(about);
    return Promise.resolve(outcome);
  };
  const calls = { single: answer, list: answer, isLeft: () => true, isListLeft: () => true };
  return { sent, calls: calls as unknown as Calls };
}

/** Planned deletions with these ids. */
export function items(...ids: string[]): QueueItem[] {
  const each = { block: 1, environment: 'preview', branch: 'old', commit: 'abc', createdAt: START } as const;
  return ids.map((id) => ({ ...each, id, reason: 'expired' }));
}

/** A queue of the run `run`, of which so many are left. */
export function queueOf(run: string, left: number): Queue {
  const at = START;
  const judged = { at, walkedAt: at, listedAt: at, generation: 1, canonicalId: null, gitReadAt: null };
  return {
    ...{
      plan: 900,
      run,
      basis: { account: 'a', rules: 'r', name: 'docs', productionBranch: 'main', ...judged },
      listHead: 'head',
      left,
      of: left,
    },
    ...{ due: 0, sending: null, stopped: false },
  };
}
