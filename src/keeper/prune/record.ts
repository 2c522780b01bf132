// Writing down what a batch did, all of it together and once: the run's record, the blocks, and what is left of the queue.
// No calls.

import type { PagesApiError } from '../../pages-api/errors.ts';
import { addEnded, isEnded, strikesOf } from '../../policy/credentials.ts';
import { RETRIES, retryAfter } from '../budget.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { wantListing } from '../projects/list.ts';
import { runOf } from '../runs.ts';
import { servedQueue } from '../tasks.ts';
import { type Batch, itemsOf } from './batch.ts';
import { type Ended, recordDeletions } from './deletions.ts';
import { allowance, endPruning, endQueue, leaveToNextRun } from './queue.ts';
import { LANES, type QueueItem } from './rows.ts';
import { rememberUndeletable } from './undeletable.ts';

/** Writes down what a batch did, all of it together: the only moment at which a batch writes. */
export function recordBatch(context: Context, batch: Batch): void {
  const { store } = context;
  try {
    store.atomically(() => takeDown(context, batch));
  } catch (error) {
    // Whatever of it cannot be stored: what was deleted is recorded.
    store.atomically(() => recordOutcomes(context, batch));
    throw error;
  }
}

function takeDown(context: Context, batch: Batch): void {
  const { work } = context;
  const { queue, row } = batch;
  // Answered: it is not cut off any more. Another row of the queue may be about to leave.
  if (queue.sending?.lane === row.lane && queue.sending.seq === row.seq) queue.sending = null;
  const run = runOf(work, queue.run);
  if (run && row.attempt === 0) run.sent -= Math.max(0, batch.reserved - batch.done.size);
  const task = work.tasks.get(batch.id);
  if (task && batch.done.size > 0) task.renewed = 0;
  markGone(context, batch);
  rememberUndeletable(context, batch);
  moveOn(context, batch);
  const recorded = recordOutcomes(context, batch);
  goOn(context, batch);
  // With its rows what is counted of them: after a crash neither is there without the other.
  if (recorded === 0) context.save();
}

/** What has failed so often that it counts as failed. */
const failedOf = (batch: Batch) => (batch.row.attempt >= RETRIES ? itemsOf(batch, 'in-doubt') : []);

function markGone({ store, work }: Context, batch: Batch): void {
  const gone = itemsOf(batch, 'deleted', 'gone');
  for (const [block, items] of Map.groupBy(gone, (item) => item.block)) {
    store.markGone(
      block,
      items.map(({ id }) => id),
    );
  }
  const task = work.tasks.get(batch.id);
  if (task) task.gone += gone.length;
}

/** The queue's rows: what was not tried stays, what failed goes behind the others, what is aliased to the forced ones. */
function moveOn({ store, now }: Context, batch: Batch): void {
  const { id, queue, row, done } = batch;
  const { plan } = queue;
  const untouched = row.items.filter((item) => !done.has(item));
  if (untouched.length > 0) store.writeRow(id, plan, { ...row, items: untouched });
  else store.removeRow(id, plan, row);
  const putBehind = (lane: number, items: readonly QueueItem[], attempt: number, due: number) => {
    if (items.length > 0)
      store.writeRow(id, plan, { lane, seq: store.nextSeq(id, plan, lane), attempt, due, items });
  };
  const attempt = row.attempt + 1;
  if (row.attempt < RETRIES) {
    const lane = row.lane === LANES.forced ? LANES.forced : LANES.failed;
    putBehind(lane, itemsOf(batch, 'in-doubt'), attempt, now() + retryAfter(attempt));
  }
  // A second row for them: each was counted when it was sent first.
  putBehind(LANES.forced, itemsOf(batch, 'aliased'), Math.max(1, row.attempt), 0);
}

/** Gives how many there were: with these what is counted is stored. */
function recordOutcomes(context: Context, batch: Batch): number {
  const failed = failedOf(batch);
  const ended = [...batch.done].flatMap(([item, outcome]): Ended[] => {
    if (outcome === 'aliased') return [];
    if (outcome === 'in-doubt') return failed.includes(item) ? [[item, 'failed']] : [];
    return [[item, outcome]];
  });
  recordDeletions(context, batch, batch.queue, ended);
  return ended.length;
}

/** What follows from a batch for the queue. */
function goOn(context: Context, batch: Batch): void {
  const { work, store } = context;
  const { id, queue } = batch;
  if (batch.projectGone) {
    endPruning(context, id);
    wantListing(context);
  } else if (batch.unauthorized !== null) {
    waitOrEnd(context, batch, batch.unauthorized);
  } else if (allowance(context, queue.run) === 0) {
    stopAtLimit(context, queue.run);
  } else if (store.firstRow(id, queue.plan) === null && servedQueue(work.tasks.get(id)) === queue) {
    endQueue(context, id, queue);
  }
}

/** A delete was not allowed: tried once more later; after three in a row this project's deletes end for the run. */
function waitOrEnd(context: Context, { id, name, queue }: Batch, error: PagesApiError): void {
  const { work, now } = context;
  const about = { kind: 'delete', project: id } as const;
  queue.due = now() + retryAfter(strikesOf(work.api.standing, about));
  if (!isEnded(work.api.standing, about)) return;
  const others = [...work.tasks].filter(([other, task]) => other !== id && servedQueue(task) !== null).length;
  work.api.standing = addEnded(work.api.standing, id, others);
  // Where it is the token, the run fails and the queue waits for the next tick.
  if (work.api.standing.writes !== 'no')
    leaveOutPrune(
      context,
      { id, name },
      `the API does not let its deployments be deleted (${error.message})`,
    );
}

/** The run may send no more: what it has sent already is still seen to its end. */
function stopAtLimit(context: Context, runId: string): void {
  const { work, store } = context;
  for (const [id, task] of work.tasks) {
    const queue = servedQueue(task);
    if (queue === null || queue.run !== runId) continue;
    const sent = store.removeUnsent(id, queue.plan);
    leaveToNextRun(context, id, queue, Math.max(0, queue.left - sent));
    if (sent === 0) endPruning(context, id);
  }
}

/** A row that is not tried any more, for the head of its list could not be read. */
export function recordUnread(
  context: Context,
  { id, name, queue, row }: Pick<Batch, 'id' | 'name' | 'queue' | 'row'>,
): void {
  const { store } = context;
  store.removeRow(id, queue.plan, row);
  recordDeletions(
    context,
    { id, name },
    queue,
    row.items.map((item) => [item, 'failed']),
  );
  if (store.firstRow(id, queue.plan) === null) endQueue(context, id, queue);
}
