// A batch whose answers never came, for the alarm that sent it was cut off: nobody knows what of it has left. No calls.

import type { Context } from '../context.ts';
import { queueOf } from '../tasks.ts';
import type { Queue } from '../work.ts';
import { LANES } from './rows.ts';

/** Puts what may have left in doubt, like any delete without an answer; the rest of its row has not left. */
export function findCutOffBatches({ store, work, save }: Pick<Context, 'store' | 'work' | 'save'>): void {
  for (const [id, task] of work.tasks) {
    const queue = queueOf(task);
    if (queue === null || queue.sending === null) continue;
    store.atomically(() => {
      putInDoubt(store, id, queue);
      save();
    });
  }
}

function putInDoubt(store: Context['store'], id: string, queue: Queue): void {
  const { plan, sending } = queue;
  queue.sending = null;
  const row = sending === null ? null : store.readRow(id, plan, sending);
  // Sent for the second time, it stands where it belongs.
  if (sending === null || row === null || row.attempt > 0) return;
  const rest = row.items.slice(sending.count);
  if (rest.length > 0) store.writeRow(id, plan, { ...row, items: rest });
  else store.removeRow(id, plan, row);
  const lane = row.lane === LANES.forced ? LANES.forced : LANES.failed;
  const items = row.items.slice(0, sending.count);
  if (items.length === 0) return;
  store.writeRow(id, plan, { ...row, lane, seq: store.nextSeq(id, plan, lane), attempt: 1, items });
}
