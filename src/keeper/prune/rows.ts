// The rows of a queue: what one holds, how many it takes, and how they are numbered, so that they are sent in the order of
// their numbers. Pure.

import type { Deployment } from '../../pages-api/model.ts';
import type { Deletion } from '../../report.ts';

/** One planned deletion: the place of its row in a block, and what the run's record says of it. */
export interface QueueItem {
  readonly block: number;
  readonly index: number;
  readonly id: string;
  readonly environment: Deployment['environment'];
  readonly branch: string;
  readonly commit: string;
  readonly createdAt: number;
  readonly reason: Deletion['reason'];
}

/** A row of the queue: up to 45 deployments that go in one batch. */
export interface QueueRow {
  readonly seq: number;
  readonly attempt: number;
  /** Epoch ms before which it is not tried. */
  readonly due: number;
  readonly items: readonly QueueItem[];
}

/** Deletions in one row: with the calls around them they fill one invocation. */
export const ITEMS_A_ROW = 45;
/** Forced deletions in one row: one call of the batch reads the head of the list again. */
export const FORCED_A_ROW = 44;
/** Row numbers from here on are for what failed: behind all before it. */
export const RETRY_SEQ = 1_000_000_000;
/** From here on they are for what takes `force=true`: behind that. */
export const FORCE_SEQ = 2_000_000_000;
/** Above every row number. */
export const END_SEQ = 3_000_000_000;

/** A deployment as the queue holds it. */
export function queueItem(
  row: Deployment,
  place: { block: number; index: number },
  stale: boolean,
): QueueItem {
  return {
    ...place,
    id: row.id,
    environment: row.environment,
    branch: row.branch,
    commit: row.commitHash.slice(0, 12),
    createdAt: row.createdAt ?? 0,
    reason: stale ? 'stale-branch' : 'expired',
  };
}
