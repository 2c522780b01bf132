// Writing down what a batch did, all of it together and once: the run's record, the blocks, and what is left of the queue.
// No calls.

import type { PagesApiError } from '../../pages-api/errors.ts';
import { addEnded, isEnded, strikesOf } from '../../policy/credentials.ts';
import type { Deletion } from '../../report.ts';
import { RETRIES, retryAfter } from '../budget.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { wantListing } from '../projects/list.ts';
import { runOf, tally } from '../runs.ts';
import { owedOf, servedQueue, tasksOf } from '../tasks.ts';
import type { Queue, Work } from '../work.ts';
import { type Batch, itemsOf } from './batch.ts';
import { allowance, endPruning } from './queue.ts';
import { LANES, type QueueItem } from './rows.ts';
import { rememberUndeletable } from './undeletable.ts';

/** Writes down what a batch did, all of it together: the only moment at which a batch writes. */
export function recordBatch(context: Context, batch: Batch): void {
  const { work } = context;
  const { queue, row } = batch;
  const run = runOf(work, queue.run);
  if (run && row.attempt === 0) run.sent -= Math.max(0, batch.reserved - batch.done.size);
  markGone(context, batch);
  rememberUndeletable(context, batch);
  moveOn(context, batch);
  recordOutcomes(context, batch);
  goOn(context, batch);
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
  const task = work.tasks[batch.id];
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

function recordOutcomes(context: Context, batch: Batch): void {
  const { store, work } = context;
  const { queue } = batch;
  const failed = failedOf(batch);
  const deletions = [...batch.done].flatMap(([item, outcome]): Deletion[] => {
    if (outcome === 'aliased') return [];
    if (outcome === 'in-doubt')
      return failed.includes(item) ? [deletionOf(context, batch.name, item, 'failed')] : [];
    return [deletionOf(context, batch.name, item, outcome)];
  });
  if (deletions.length > 0) store.addDeletions(queue.run, deletions);
  count(work, queue, deletions);
}

function count(work: Work, queue: Queue, deletions: readonly Deletion[]): void {
  const of = (outcome: Deletion['outcome']) => deletions.filter((one) => one.outcome === outcome).length;
  // Of a queue that was given up nothing is left to be done.
  const done = Math.min(queue.left, deletions.length);
  queue.left -= done;
  tally(work, queue.run, {
    ...{ deleted: of('deleted'), gone: of('gone'), refused: of('refused'), failed: of('failed') },
    remaining: -done,
  });
}

function deletionOf(
  { now }: Context,
  project: string,
  { id, environment, branch, commit, createdAt, reason }: QueueItem,
  outcome: Deletion['outcome'],
): Deletion {
  return { project, id, environment, branch, commit, createdAt, deletedAt: now(), reason, outcome };
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
  } else if (allowance(context, queue) === 0) {
    stopAtLimit(context, queue.run);
  } else if (store.firstRow(id, queue.plan) === null && servedQueue(work.tasks[id]) === queue) {
    endPruning(context, id);
  }
}

/** A delete was not allowed: tried once more later; after three in a row this project's deletes end for the run. */
function waitOrEnd(context: Context, { id, name, queue }: Batch, error: PagesApiError): void {
  const { work, now } = context;
  const about = { kind: 'delete', project: id } as const;
  queue.due = now() + retryAfter(strikesOf(work.api.standing, about));
  if (!isEnded(work.api.standing, about)) return;
  const others = tasksOf(work).filter(([other, task]) => other !== id && servedQueue(task) !== null).length;
  work.api.standing = addEnded(work.api.standing, id, others);
  // Where it is the token, the run fails and the queue waits for the next tick.
  if (work.api.standing.writes !== 'no')
    leaveOutPrune(
      context,
      { id, name },
      `the API does not let its deployments be deleted (${error.message})`,
    );
}

function stopAtLimit(context: Context, runId: string): void {
  const { work, config } = context;
  for (const [id, task] of tasksOf(work)) {
    if (owedOf(task)?.run !== runId) continue;
    const left = servedQueue(task)?.left ?? 0;
    const why = `the run stopped at MAX_DELETES_PER_RUN = ${config.maxDeletesPerRun}; ${left} more wait for the next run`;
    if (left > 0) leaveOutPrune(context, { id, name: task.name }, why);
    else if (servedQueue(task) !== null) endPruning(context, id);
  }
}

/** A row that could not be tried, for the head of its list could not be read: later, and after some tries it has failed. */
export function recordUnread(
  context: Context,
  { id, name, queue, row }: Pick<Batch, 'id' | 'name' | 'queue' | 'row'>,
): void {
  const { store } = context;
  const attempt = row.attempt + 1;
  if (attempt <= RETRIES) {
    store.writeRow(id, queue.plan, { ...row, attempt, due: context.now() + retryAfter(attempt) });
    return;
  }
  store.removeRow(id, queue.plan, row);
  const deletions = row.items.map((item) => deletionOf(context, name, item, 'failed'));
  store.addDeletions(queue.run, deletions);
  count(context.work, queue, deletions);
  if (store.firstRow(id, queue.plan) === null) endPruning(context, id);
}

/** Deployments of a queue that were sent, whose answers were lost, and that are found to be gone: the record says so. */
export function recordLost(
  context: Context,
  { id, name }: { readonly id: string; readonly name: string },
  queue: Queue,
  missing: ReadonlySet<string>,
): void {
  const { store, work } = context;
  const sending = queue.sending === null ? null : store.readRow(id, queue.plan, queue.sending);
  const rows = [...(sending === null ? [] : [sending]), ...store.rowsOf(id, queue.plan, LANES.failed)];
  const lost = rows.flatMap(({ items }) => items).filter((item) => missing.has(item.id));
  if (lost.length === 0) return;
  const deletions = lost.map((item) => deletionOf(context, name, item, 'gone'));
  store.addDeletions(queue.run, deletions);
  count(work, queue, deletions);
}
