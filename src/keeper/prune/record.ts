// Writing down what a batch did, all of it together and once: the run's record, the blocks, and what is left of the queue.
// No calls.

import { branchKey } from '../../policy/facts.ts';
import { policyFor, ruleFor } from '../../policy/rules.ts';
import type { Refusal } from '../../policy/verdict.ts';
import type { Deletion } from '../../report.ts';
import { type Context, RETRIES, retryAfter } from '../calls.ts';
import { wantListing } from '../projects/list.ts';
import { noteOutcome, runOf, tally } from '../runs.ts';
import type { Queue } from '../work.ts';
import { dropQueue, endQueue } from './queue.ts';
import type { QueueRow } from './rows.ts';
import { END_SEQ, FORCE_SEQ, type QueueItem, RETRY_SEQ } from './rows.ts';

/** A row of a queue and what became of it. An item that is not in `done` was not tried, and stays where it is. */
export interface Batch {
  readonly queue: Queue;
  readonly row: QueueRow;
  readonly done: Map<QueueItem, Deletion['outcome'] | 'in-doubt'>;
  /** Ids of which the API said that they are live: somebody has rolled back since the list was read. */
  readonly live: Set<string>;
  projectGone: boolean;
}

/** Writes down what a batch did, all of it together: the only moment at which a batch writes. */
export function recordBatch(context: Context, batch: Batch): void {
  const { store, work } = context;
  const { queue, row } = batch;
  const itemsOf = (...outcomes: (Deletion['outcome'] | 'in-doubt')[]) =>
    [...batch.done].filter(([, outcome]) => outcomes.includes(outcome)).map(([item]) => item);
  const refused = itemsOf('refused');
  const doubtful = itemsOf('in-doubt');
  const failed = row.attempt >= RETRIES ? doubtful : [];
  const run = runOf(work, queue.run);
  if (run && row.attempt === 0) run.sent += batch.done.size;
  markGone(context, itemsOf('deleted', 'gone'), queue.project);
  if (refused.length > 0) rememberRefusals(context, batch, refused);
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
  const [from, below] = row.seq >= FORCE_SEQ ? [FORCE_SEQ, END_SEQ] : [RETRY_SEQ, FORCE_SEQ];
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

function rememberRefusals(
  { store, config }: Context,
  { queue, live }: Batch,
  items: readonly QueueItem[],
): void {
  const facts = store.read('facts', queue.project);
  const canonicalId = store.read('projects', queue.project)?.project.canonical?.id ?? null;
  const policies = ruleFor(queue.name, config.rules)?.prune ?? [];
  const refusals: Record<string, Refusal> = { ...store.read('refusals', queue.project) };
  for (const { id, environment, branch, reason } of items) {
    const newestId = facts?.branches[branchKey(environment, branch)]?.newestId ?? '';
    refusals[id] = {
      // Called live, it was rolled back to since the list was read; after a way back nothing would seem to have changed: so
      // it is tried once more. Refused again, it waits like any other.
      canonicalId: live.has(id) && refusals[id] === undefined ? id : canonicalId,
      newestId,
      policy: JSON.stringify(policyFor(policies, environment, branch)),
      force: reason === 'stale-branch',
    };
  }
  store.write('refusals', queue.project, refusals);
}

function isLimitReached({ config, work }: Context, queue: Queue): boolean {
  const sent = runOf(work, queue.run)?.sent ?? 0;
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
