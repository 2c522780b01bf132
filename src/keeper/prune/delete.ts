// Deleting: one batch of one project's queue. What is sent to DELETE was planned on a valid walk of at most 60 minutes ago,
// under the rules as they are now, and passed the gate; before `force=true` the head of the list is read once more.

import { type PagesApiError, refusedAsAliased, refusedAsLive } from '../../pages-api/errors.ts';
import { isDoubtful } from '../../policy/credentials.ts';
import type { Deletion } from '../../report.ts';
import { IN_FLIGHT } from '../budget.ts';
import { type Calls, inFlight } from '../calls.ts';
import type { Context } from '../context.ts';
import { readyQueue } from '../due.ts';
import { lookAtBranches } from '../git/heads.ts';
import { inPart } from '../part.ts';
import { rowsUsedUp } from '../quotas.ts';
import { runOf } from '../runs.ts';
import { hasMoved } from '../store/inventory.ts';
import { queueOf, toTheBack, wantReading } from '../tasks.ts';
import type { Queue, Task } from '../work.ts';
import { planAgain } from './again.ts';
import type { Batch } from './batch.ts';
import { lookAtHead } from './head.ts';
import { brokenNow, whyHeld } from './hold.ts';
import { allowance, endQueue } from './queue.ts';
import { recordBatch } from './record.ts';
import type { Reserved } from './reserved.ts';
import { LANES, type QueueItem, type QueueRow } from './rows.ts';

/** Takes the first row of the queue whose turn it is. */
export function reserveBatch(context: Context): Reserved | null {
  const { work, store, now } = context;
  if (rowsUsedUp(work.quota, now())) return null;
  for (const [id, task] of work.tasks) {
    const queue = readyQueue(task);
    if (queue === null || queue.due > now()) continue;
    const row = store.firstRow(id, queue.plan);
    if (row === null) {
      endQueue(context, id, queue);
      continue;
    }
    queue.due = row.due;
    if (row.due > now()) continue;
    // To the back: the next batch is another project's.
    toTheBack(work, id);
    return reserve(context, id, task, queue, row);
  }
  return null;
}

function reserve(context: Context, id: string, { name }: Task, queue: Queue, row: QueueRow): Reserved {
  const isCounted = row.attempt > 0;
  const items = row.items.slice(0, isCounted ? undefined : (allowance(context, queue.run) ?? undefined));
  const run = runOf(context.work, queue.run);
  if (run && !isCounted) run.sent += items.length;
  queue.sending = { lane: row.lane, seq: row.seq, count: items.length };
  return { id, name, queue, row, items };
}

/** Sends a batch, unless what this alarm has learned since stands against it. */
export async function deleteBatch(context: Context, calls: Calls, reserved: Reserved | null): Promise<void> {
  if (reserved === null) return;
  const { id, name, queue } = reserved;
  const task = context.work.tasks.get(id);
  // One that was in doubt may have been sent already, before its project was read.
  const isLeft = queue.sending?.lane === reserved.row.lane && queue.sending.seq === reserved.row.seq;
  const isReady = task !== undefined && readyQueue(task) === queue;
  if (isReady && isLeft) await inPart(context, { id, name }, () => sendRow(context, calls, reserved));
  else takeBack(context, reserved);
}

/** Takes back what was counted and did not leave. */
export function takeBack({ work }: Pick<Context, 'work'>, reserved: Reserved | null): void {
  if (reserved === null) return;
  const { queue, row, items } = reserved;
  queue.sending = null;
  const run = runOf(work, queue.run);
  if (run && row.attempt === 0) run.sent -= items.length;
}

/**
 * Sends again the deletes of a project whose answers were lost, so that what is known can be compared with the API's total:
 * before its deployments are read.
 */
export async function resendLost(context: Context, calls: Calls): Promise<void> {
  const { work, store } = context;
  if (rowsUsedUp(work.quota, context.now())) return;
  for (const [id, task] of [...work.tasks]) {
    const queue = queueOf(task);
    if (queue === null || task.reading === null || brokenNow(context, id, queue.basis) !== null) continue;
    // Since its project was read whole it is known what came of them; and the brake holds for these as well.
    if (task.prune?.step === 'compacting' || whyHeld(context, task.name) !== null) continue;
    const row = store.firstRow(id, queue.plan, LANES.failed);
    // What is read next may show that a stale branch came alive: of those nothing goes before it was.
    const items = row?.items.filter(({ reason }) => reason === 'expired') ?? [];
    if (row === null || items.length === 0) continue;
    const { name } = task;
    const again = { id, name, queue, row, items };
    await inPart(context, { id, name }, () => send(context, calls, again));
  }
}

async function sendRow(context: Context, calls: Calls, reserved: Reserved): Promise<void> {
  const { id, name, queue, row } = reserved;
  if (hasMoved(context.store.read('projects', id))) {
    takeBack(context, reserved);
    wantReading(context.work, { id, name }, 'run');
    return;
  }
  const isForced = row.lane === LANES.forced;
  const head = isForced ? await lookAtHead(context, calls, reserved) : 'unmoved';
  if (head !== 'unmoved' || brokenNow(context, id, queue.basis) !== null) {
    takeBack(context, reserved);
    if (head !== 'unread') planAgain(context, id);
    return;
  }
  const branches = await lookAtBranches(context, calls, reserved);
  // What was learned during that: the brake, another reading.
  if (branches !== 'gone' || brokenNow(context, id, queue.basis) !== null) {
    takeBack(context, reserved);
    if (branches !== 'spent') planAgain(context, id);
    return;
  }
  await send(context, calls, reserved);
}

async function send(
  context: Context,
  calls: Calls,
  { id, name, queue, row, items }: Reserved,
): Promise<void> {
  const batch: Batch = {
    ...{ id, name, queue, row, reserved: items.length },
    ...{ done: new Map(), live: new Set(), unauthorized: null, projectGone: false },
  };
  const atOnce = isDoubtful(context.work.api.standing) ? 1 : IN_FLIGHT;
  try {
    await inFlight(items, (item) => deleteOne(calls, batch, item), atOnce);
  } finally {
    // Whatever went wrong on the way: what was answered is written down.
    recordBatch(context, batch);
  }
}

async function deleteOne(calls: Calls, batch: Batch, item: QueueItem): Promise<void> {
  // What was learned while others were in flight: nothing more leaves.
  if (batch.projectGone || batch.unauthorized !== null) return;
  const force = batch.row.lane === LANES.forced;
  const answer = await calls.single({ kind: 'delete', project: batch.id }, (api) =>
    api.deleteDeployment(batch.name, item.id, { force }),
  );
  if (answer.kind === 'spent') return;
  const outcome = answer.kind === 'answer' ? 'deleted' : outcomeOfFailed(answer.error, item, { force });
  if (outcome !== null) batch.done.set(item, outcome);
  if (answer.kind !== 'failed') return;
  if (answer.error.kind === 'project-gone') batch.projectGone = true;
  if (answer.error.kind === 'unauthorized') batch.unauthorized = answer.error;
  if (refusedAsLive(answer.error)) batch.live.add(item.id);
}

/** `null`: it was not tried, and stays where it is. */
function outcomeOfFailed(
  error: PagesApiError,
  { reason }: QueueItem,
  { force }: { readonly force: boolean },
): Deletion['outcome'] | 'in-doubt' | 'aliased' | null {
  switch (error.kind) {
    case 'gone':
      return 'gone';
    case 'refused':
      return refusedAsAliased(error) && reason !== 'expired' && !force ? 'aliased' : 'refused';
    case 'blocked':
    case 'unauthorized':
    case 'project-gone':
      return null;
    default:
      return 'in-doubt';
  }
}
