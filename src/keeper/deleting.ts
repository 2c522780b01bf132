// Deleting: one batch of one project's queue. What is sent to DELETE was planned on a valid walk of at most 60 minutes ago,
// under the rules as they are now, and passed the gate; before `force=true` the head of the list is read once more.

import type { PagesApiError } from '../pages-api/errors.ts';
import { isApiError } from '../pages-api/errors.ts';
import { MAX_WALK_AGE_MS } from '../plan/check.ts';
import { branchKey } from '../plan/facts.ts';
import type { Refusal } from '../plan/prune.ts';
import type { Deletion } from '../plan/report.ts';
import { policyFor, ruleFor } from '../plan/rules.ts';
import { wantListing } from './listing.ts';
import { addPlan, dropQueue, FORCE_SEQ, planAgain, type QueueItem, RETRY_SEQ } from './queue.ts';
import { noteOutcome, tally } from './runs.ts';
import { type Context, inFlight, RETRIES, retryAfter } from './slice.ts';
import type { QueueRow } from './store.ts';
import { type Queue, rowsUsedUp } from './work.ts';

/** Drops the queues that the configuration no longer wants, has the outdated ones planned again. Before every batch. */
export function reviewQueues(context: Context): void {
  const { work, config } = context;
  for (const queue of [...work.queues]) {
    const rule = ruleFor(queue.name, config.rules);
    if (config.dryRun || rule === null || rule.dryRun) {
      dropQueue(context, queue.project);
      const why =
        config.dryRun || rule?.dryRun
          ? 'DRY_RUN was switched on, so its queue was dropped'
          : 'no rule matches it any more';
      noteOutcome(work, queue.run, { refusal: { project: queue.name, why } });
    } else if (!queue.suspended && !isCurrent(context, queue)) {
      planAgain(context, queue);
    }
  }
}

function isCurrent({ config, now }: Context, queue: Queue): boolean {
  return queue.rulesHash === config.rulesHash && now() - queue.walkedAt <= MAX_WALK_AGE_MS;
}

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

interface Batch {
  readonly done: Map<QueueItem, Deletion['outcome'] | 'in-doubt'>;
  projectGone: boolean;
}

async function sendRow(context: Context, queue: Queue, row: QueueRow): Promise<void> {
  const force = row.seq >= FORCE_SEQ;
  if (force && !(await isHeadUnmoved(context, queue, row.items))) return;
  const batch: Batch = { done: new Map(), projectGone: false };
  const items = row.attempt > 0 ? row.items : withinLimit(context, queue, row.items);
  await inFlight(items, (item) => deleteOne(context, queue, item, force, batch));
  record(context, queue, row, batch);
}

/** The items that `MAX_DELETES_PER_RUN` leaves. */
function withinLimit(
  { config, work }: Context,
  queue: Queue,
  items: readonly QueueItem[],
): readonly QueueItem[] {
  const run = work.runs.find(({ record }) => record.id === queue.run);
  if (config.maxDeletesPerRun === null || run === undefined) return items;
  return items.slice(0, Math.max(0, config.maxDeletesPerRun - run.sent));
}

async function deleteOne(
  context: Context,
  queue: Queue,
  item: QueueItem,
  force: boolean,
  batch: Batch,
): Promise<void> {
  if (batch.projectGone || !context.slice.take('call')) return;
  try {
    await context.slice.api.deleteDeployment(queue.name, item.id, { force });
    batch.done.set(item, 'deleted');
  } catch (error) {
    if (!isApiError(error)) throw error;
    context.slice.note(error);
    if (error.kind === 'project-gone') batch.projectGone = true;
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
    const { rows } = await context.slice.api.listDeployments(queue.name, { page: 1, perPage: 25 });
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

/** Writes down what a batch did, all of it together: the only moment at which a batch writes. */
function record(context: Context, queue: Queue, row: QueueRow, batch: Batch): void {
  const { store, work } = context;
  const finished = [...batch.done].filter(([, outcome]) => outcome === 'deleted' || outcome === 'gone');
  const refused = [...batch.done].filter(([, outcome]) => outcome === 'refused').map(([item]) => item);
  const doubtful = [...batch.done].filter(([, outcome]) => outcome === 'in-doubt').map(([item]) => item);
  const failed = row.attempt >= RETRIES ? doubtful : [];
  const run = work.runs.find((open) => open.record.id === queue.run);
  if (run && row.attempt === 0) run.sent += batch.done.size;
  markGone(
    context,
    finished.map(([item]) => item),
    queue.project,
  );
  if (refused.length > 0) rememberRefusals(context, queue, refused);
  const untouched = row.items.filter((item) => !batch.done.has(item));
  if (untouched.length > 0) store.writeQueueRow(queue.project, { ...row, items: untouched });
  else store.removeQueueRows(queue.project, row.seq, row.seq + 1);
  if (failed.length < doubtful.length) retryLater(context, queue, row, doubtful);
  const outcomes = [...batch.done].flatMap(([item, outcome]): [QueueItem, Deletion['outcome']][] => {
    if (outcome === 'in-doubt') return failed.includes(item) ? [[item, 'failed']] : [];
    return [[item, outcome]];
  });
  if (outcomes.length > 0)
    store.addDeletions(
      queue.run,
      outcomes.map(([item, outcome]) => deletionOf(context, queue, item, outcome)),
    );
  const count = (of: Deletion['outcome']) => outcomes.filter(([, outcome]) => outcome === of).length;
  queue.remaining -= outcomes.length;
  tally(work, queue.run, {
    ...{ deleted: count('deleted'), gone: count('gone'), refused: count('refused'), failed: count('failed') },
    remaining: -outcomes.length,
  });
  if (batch.projectGone) {
    dropQueue(context, queue.project);
    wantListing(context);
  } else if (isLimitReached(context, queue)) {
    stopAtLimit(context, queue.run);
  } else if (store.queueRowFrom(queue.project, 0) === null) {
    endQueue(context, queue);
  }
}

function markGone({ store, work }: Context, items: readonly QueueItem[], project: string): void {
  for (const [block, places] of Map.groupBy(items, (item) => item.block)) {
    store.markGone(
      block,
      places.map(({ index }) => index),
    );
  }
  if (items.length > 0) work.gone[project] = (work.gone[project] ?? 0) + items.length;
}

/** What failed goes behind the others: again after 2 s, 8 s, 32 s and 2 min. */
function retryLater({ store, now }: Context, queue: Queue, row: QueueRow, items: readonly QueueItem[]): void {
  const [from, below] = row.seq >= FORCE_SEQ ? [FORCE_SEQ, 2 * FORCE_SEQ] : [RETRY_SEQ, FORCE_SEQ];
  const last = store.lastQueueSeq(queue.project, from, below) ?? from - 1;
  const attempt = row.attempt + 1;
  const seq = Math.max(last, from) + 1;
  store.writeQueueRow(queue.project, { seq, attempt, due: now() + retryAfter(attempt), items });
}

function deletionOf({ now }: Context, queue: Queue, item: QueueItem, outcome: Deletion['outcome']): Deletion {
  const { id, environment, branch, commit, createdAt, reason } = item;
  return {
    project: queue.name,
    id,
    environment,
    branch,
    commit,
    createdAt,
    deletedAt: now(),
    reason,
    outcome,
  };
}

function rememberRefusals({ store, config }: Context, queue: Queue, items: readonly QueueItem[]): void {
  const facts = store.read('facts', queue.project);
  const canonicalId = store.read('projects', queue.project)?.project.canonical?.id ?? null;
  const policies = ruleFor(queue.name, config.rules)?.prune ?? [];
  const refusals: Record<string, Refusal> = { ...store.read('refusals', queue.project) };
  for (const { id, environment, branch } of items) {
    const newestId = facts?.branches[branchKey(environment, branch)]?.newestId ?? '';
    refusals[id] = {
      canonicalId,
      newestId,
      policy: JSON.stringify(policyFor(policies, environment, branch)),
    };
  }
  store.write('refusals', queue.project, refusals);
}

function isLimitReached({ config, work }: Context, queue: Queue): boolean {
  const sent = work.runs.find(({ record }) => record.id === queue.run)?.sent ?? 0;
  return config.maxDeletesPerRun !== null && sent >= config.maxDeletesPerRun;
}

function stopAtLimit(context: Context, runId: string): void {
  const { work, config } = context;
  for (const { project, name, run, remaining } of work.queues.filter((queue) => queue.run === runId)) {
    dropQueue(context, project);
    const why = `the run stopped at MAX_DELETES_PER_RUN = ${config.maxDeletesPerRun}; ${remaining} more wait for the next run`;
    if (remaining > 0) noteOutcome(work, run, { refusal: { project: name, why } });
  }
}

function endQueue(context: Context, queue: Queue): void {
  context.work.queues = context.work.queues.filter((other) => other !== queue);
  if (context.work.gone[queue.project] !== undefined) addPlan(context, queue.project, null);
}
