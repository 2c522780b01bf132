// A batch that is about to be sent. Types only.

import type { Queue } from '../work.ts';
import type { QueueItem, QueueRow } from './rows.ts';

/** A batch that is about to be sent: stored as such, and counted, before the first of its deletes leaves. */
export interface Reserved {
  readonly id: string;
  readonly name: string;
  readonly queue: Queue;
  readonly row: QueueRow;
  readonly items: readonly QueueItem[];
}
