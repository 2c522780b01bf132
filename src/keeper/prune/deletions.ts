// What became of deployments of a queue, written into its run's record and counted. No calls.

import type { Deletion } from '../../report.ts';
import { DAY } from '../../time.ts';
import type { Context } from '../context.ts';
import { tallySettled } from '../runs.ts';
import type { Store } from '../store/store.ts';
import type { Queue, Work } from '../work.ts';
import { leaveUndone } from './forecast.ts';
import { ITEMS_A_ROW, LANES, type QueueItem, type QueueRow } from './rows.ts';

type Recording = Pick<Context, 'store' | 'work' | 'now' | 'save'>;

/** One item of a queue and what became of it in the end. */
export type Ended = readonly [item: QueueItem, outcome: Deletion['outcome']];

/** Writes what became of these into the record of the queue's run, and stores with it what is counted of them. */
export function recordDeletions(
  { store, work, now, save }: Recording,
  { id, name }: { readonly id: string; readonly name: string },
  queue: Queue,
  ended: readonly Ended[],
): void {
  if (ended.length === 0) return;
  // A batch is one stored value, however many are given up together.
  for (let from = 0; from < ended.length; from += ITEMS_A_ROW) {
    const some = ended.slice(from, from + ITEMS_A_ROW);
    const known = goneBefore(store, name, some, now());
    const deletions = some
      .filter(([{ id }]) => !known.has(id))
      .map(([item, outcome]) => deletionOf(name, item, outcome, now()));
    if (deletions.length > 0) store.addDeletions(queue.run, name, deletions);
    count(store, work, queue, deletions, some.length);
  }
  leaveUndone(work, id, ended.filter(([, outcome]) => outcome === 'failed').length);
  save();
}

/** Those that were gone and are recorded as that: a list that lags has shown them once more. */
function goneBefore(store: Store, project: string, ended: readonly Ended[], now: number): Set<string> {
  const ids = ended.flatMap(([{ id }, outcome]) => (outcome === 'gone' ? [id] : []));
  const from = new Date(now - DAY).toISOString().slice(0, 13);
  return new Set(ids.length === 0 ? [] : store.recordedGone(from, project, ids));
}

/** `ended`: how many of the queue are done, those included that are recorded already. */
function count(store: Store, work: Work, queue: Queue, deletions: readonly Deletion[], ended: number): void {
  const of = (outcome: Deletion['outcome']) => deletions.filter((one) => one.outcome === outcome).length;
  // Of a queue that was given up nothing is left to be done.
  const done = Math.min(queue.left, ended);
  queue.left -= done;
  tallySettled(store, work, queue.run, {
    ...{ deleted: of('deleted'), gone: of('gone'), refused: of('refused'), failed: of('failed') },
    remaining: -done,
  });
}

function deletionOf(
  project: string,
  { id, environment, branch, commit, createdAt, reason }: QueueItem,
  outcome: Deletion['outcome'],
  deletedAt: number,
): Deletion {
  return { project, id, environment, branch, commit, createdAt, deletedAt, reason, outcome };
}

/**
 * Deployments of a queue that were sent, whose answers were lost, and that are found to be gone: the record says so, once, and
 * they are not sent again.
 */
export function recordLost(
  context: Recording,
  { id, name }: { readonly id: string; readonly name: string },
  queue: Queue,
  missing: ReadonlySet<string>,
): void {
  const { store } = context;
  for (const row of sentRows(store, id, queue)) {
    const lost = row.items.filter((item) => missing.has(item.id));
    const left = row.items.filter((item) => !missing.has(item.id));
    if (lost.length === 0) continue;
    recordDeletions(
      context,
      { id, name },
      queue,
      lost.map((item) => [item, 'gone']),
    );
    if (left.length > 0) store.writeRow(id, queue.plan, { ...row, items: left });
    else store.removeRow(id, queue.plan, row);
  }
}

/** The rows of which something may have left. */
function sentRows(store: Store, id: string, { plan }: Queue): QueueRow[] {
  const rows = Object.values(LANES).flatMap((lane) => store.rowsOf(id, plan, lane));
  return rows.filter(({ attempt }) => attempt > 0);
}

/** What was sent, and is given up before anybody knows what came of it: the record says that much. */
export function recordUnanswered(
  context: Recording,
  { id, name }: { readonly id: string; readonly name: string },
  queue: Queue,
): void {
  const rows = sentRows(context.store, id, queue);
  recordDeletions(
    context,
    { id, name },
    queue,
    rows.flatMap(({ items }) => items).map((item) => [item, 'failed']),
  );
}
