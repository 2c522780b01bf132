// The rows of a queue: what one holds, how many it takes, and in which lane it goes. Pure.

import type { Deployment } from '../../pages-api/model.ts';
import type { Deletion } from '../../report.ts';
import type { RowPlace } from '../work.ts';

/** One planned deletion: the block that holds its row, and what the run's record says of it. */
export interface QueueItem {
  readonly block: number;
  readonly id: string;
  readonly environment: Deployment['environment'];
  readonly branch: string;
  readonly commit: string;
  readonly createdAt: number;
  readonly reason: Deletion['reason'];
}

/** A row of the queue: up to 45 deployments that go in one batch. */
export interface QueueRow extends RowPlace {
  readonly attempt: number;
  /** Epoch ms before which it is not tried. */
  readonly due: number;
  readonly items: readonly QueueItem[];
}

/** The lanes, in the order in which they go: as planned; what failed; what takes `force=true`. */
export const LANES = { planned: 0, failed: 1, forced: 2 } as const;

/** Deletions in one row: with the calls around them they fill one alarm. */
export const ITEMS_A_ROW = 45;
/** Forced deletions in one row: one call of the batch reads the head of the list again. */
export const FORCED_A_ROW = 44;

/** Requests beside a batch of branches that are gone: Git is asked for them once more. */
export const GIT_REQUESTS = 2;

/** A deployment as the queue holds it. */
export function queueItem(
  row: Deployment,
  block: number,
  { stale, gone }: { readonly stale: boolean; readonly gone: boolean },
): QueueItem {
  return {
    block,
    id: row.id,
    environment: row.environment,
    branch: row.branch,
    commit: row.commitHash.slice(0, 12),
    createdAt: row.createdAt ?? 0,
    reason: gone ? 'gone-branch' : stale ? 'stale-branch' : 'expired',
  };
}
