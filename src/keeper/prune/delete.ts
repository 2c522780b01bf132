// Deleting: one batch of one project's queue. What is sent to DELETE was planned on a valid walk of at most 60 minutes ago,
// under the rules as they are now, and passed the gate; before `force=true` the head of the list is read once more.

import { isApiError, type PagesApiError } from '../../pages-api/errors.ts';
import { DEPLOYMENTS_A_PAGE } from '../../pages-api/paging.ts';
import type { Deletion } from '../../report.ts';
import { type Context, inFlight, retryAfter } from '../calls.ts';
import { rowsUsedUp } from '../quotas.ts';
import { runOf } from '../runs.ts';
import type { Queue } from '../work.ts';
import { endQueue, planAgain } from './queue.ts';
import { type Batch, recordBatch } from './record.ts';
import { isCurrent } from './review.ts';
import type { QueueRow } from './rows.ts';
import { FORCE_SEQ, type QueueItem, RETRY_SEQ } from './rows.ts';

// "Cannot delete the live production deployment".
const LIVE = 8_000_034;

/** Sends one batch: the first row of the queue whose turn it is. */
export async function deleteBatch(context: Context): Promise<void> {
  const { work } = context;
  if (rowsUsedUp(work, context.now())) return;
  const queue = work.queues.find(({ suspended, due }) => !suspended && due <= context.now());
  if (queue === undefined) return;
  // To the back: the next batch is another project's.
  work.queues = [...work.queues.filter((other) => other !== queue), queue];
  const row = context.store.queueRowFrom(queue.project, 0);
  if (row === null) {
    endQueue(context, queue);
  } else if (row.due > context.now()) {
    queue.due = row.due;
  } else {
    await sendRow(context, queue, row);
  }
}

/**
 * Sends again the deletes of a project whose answers were lost, so that what is known can be compared with the API's total:
 * before its deployments are read.
 */
export async function resendLost(context: Context): Promise<void> {
  if (rowsUsedUp(context.work, context.now())) return;
  for (const queue of context.work.queues) {
    const read = context.work.walks.some(({ project }) => project === queue.project);
    if (!read || !isCurrent(context, queue)) continue;
    const row = context.store.queueRowFrom(queue.project, RETRY_SEQ);
    if (row !== null && row.seq < FORCE_SEQ) await sendRow(context, queue, row);
  }
}

async function sendRow(context: Context, queue: Queue, row: QueueRow): Promise<void> {
  const force = row.seq >= FORCE_SEQ;
  if (force && !(await isHeadUnmoved(context, queue, row.items))) return;
  const batch: Batch = { queue, row, done: new Map(), live: new Set(), projectGone: false };
  const items = row.attempt > 0 ? row.items : withinLimit(context, queue, row.items);
  await inFlight(items, (item) => deleteOne(context, batch, item, force));
  recordBatch(context, batch);
}

/** The items that `MAX_DELETES_PER_RUN` leaves. */
function withinLimit(
  { config, work }: Context,
  queue: Queue,
  items: readonly QueueItem[],
): readonly QueueItem[] {
  const run = runOf(work, queue.run);
  if (config.maxDeletesPerRun === null || run === undefined) return items;
  return items.slice(0, Math.max(0, config.maxDeletesPerRun - run.sent));
}

async function deleteOne(context: Context, batch: Batch, item: QueueItem, force: boolean): Promise<void> {
  if (batch.projectGone || !context.slice.take('call')) return;
  try {
    await context.slice.api.deleteDeployment(batch.queue.name, item.id, { force });
    batch.done.set(item, 'deleted');
  } catch (error) {
    if (!isApiError(error)) throw error;
    context.slice.note(error);
    if (error.kind === 'project-gone') batch.projectGone = true;
    if (error.code === LIVE) batch.live.add(item.id);
    const outcome = outcomeOf(error);
    if (outcome !== null) batch.done.set(item, outcome);
  }
}

/** `null`: it was not tried, and stays where it is. */
function outcomeOf(error: PagesApiError): Deletion['outcome'] | 'in-doubt' | null {
  switch (error.kind) {
    case 'gone':
      return 'gone';
    case 'refused':
      return 'refused';
    case 'blocked':
    case 'not-allowed':
    case 'project-gone':
      return null;
    default:
      return 'in-doubt';
  }
}

/** Before `force=true`: the newest known deployment must still be on page 1, with nothing new of these branches above it. */
async function isHeadUnmoved(context: Context, queue: Queue, items: readonly QueueItem[]): Promise<boolean> {
  if (!context.slice.take('list')) return false;
  try {
    const { rows } = await context.slice.api.listDeployments(queue.name, {
      page: 1,
      perPage: DEPLOYMENTS_A_PAGE,
    });
    const known = rows.findIndex(({ id }) => id === queue.listHead);
    const branches = new Set(items.map(({ branch }) => branch));
    if (known !== -1 && !rows.slice(0, known).some(({ branch }) => branches.has(branch))) return true;
    planAgain(context, queue);
  } catch (error) {
    if (!isApiError(error)) throw error;
    context.slice.note(error);
    queue.due = context.now() + retryAfter(1);
  }
  return false;
}
