// A batch of deletes and what became of it: data, and a question about it.

import type { PagesApiError } from '../../pages-api/errors.ts';
import type { Deletion } from '../../report.ts';
import type { Queue } from '../work.ts';
import type { QueueItem, QueueRow } from './rows.ts';

/** What became of one item. `aliased`: it holds its branch's alias, and goes with `force=true`. */
export type Done = Deletion['outcome'] | 'in-doubt' | 'aliased';

/** A row of a queue and what became of it. An item that is not in `done` was not tried, and stays where it is. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly queue: Queue;
  readonly row: QueueRow;
  /** How many of its items were counted as sent. */
  readonly reserved: number;
  readonly done: Map<QueueItem, Done>;
  /** Ids of which the API said that they are live: somebody has rolled back since the list was read. */
  readonly live: Set<string>;
  /** The API did not let a delete be made. */
  unauthorized: PagesApiError | null;
  projectGone: boolean;
}

/** The items that had one of these outcomes. */
export function itemsOf({ done }: Batch, ...outcomes: Done[]): QueueItem[] {
  return [...done].filter(([, outcome]) => outcomes.includes(outcome)).map(([item]) => item);
}
