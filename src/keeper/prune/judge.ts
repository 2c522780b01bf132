// The verdicts of a project's blocks: what goes is put into the queue's rows. Decides with policy/plan.ts.

import type { Deployment } from '../../pages-api/model.ts';
import { keepFor } from '../../policy/facts.ts';
import { countRow, isQueued, planRow } from '../../policy/plan.ts';
import type { Rule } from '../../policy/rules.ts';
import type { PruneContext } from '../../policy/verdict.ts';
import type { Context } from '../calls.ts';
import { runOf } from '../runs.ts';
import { type ProjectState, usableInventory } from '../store/inventory.ts';
import type { PlanJob } from '../work.ts';
import { finishVerdicts } from './finish.ts';
import { endJob } from './jobs.ts';
import { dropQueue } from './queue.ts';
import { FORCED_A_ROW, ITEMS_A_ROW, type QueueItem, queueItem } from './rows.ts';

/** What judging a project's blocks rests on, and the queue's rows that are not full yet. */
export interface Verdicts {
  readonly context: Context;
  readonly job: PlanJob;
  readonly prune: PruneContext;
  readonly now: number;
  readonly cron: string;
  readonly write: boolean;
  readonly pending: QueueItem[];
  readonly forced: QueueItem[];
}

/** Judges up to `blocks` blocks; gives how many it judged. */
export function advanceVerdicts(
  context: Context,
  job: PlanJob,
  state: ProjectState,
  rule: Rule | null,
  blocks: number,
): number {
  const { store, work, config } = context;
  const run = runOf(work, job.run);
  const facts = store.read('facts', job.project);
  const inventory = usableInventory(state);
  if (run === undefined || rule === null || facts === null || inventory === null || rule.prune.length === 0) {
    dropQueue(context, job.project);
    endJob(context, job);
    return 1;
  }
  if (facts.keep < keepFor(rule.prune) && job.next === 0) {
    // The rules ask to keep more than was counted: count first.
    job.phase = 'index';
    return 0;
  }
  const canonicalId = state.project.canonical?.id ?? null;
  const refusals = store.read('refusals', job.project) ?? {};
  const verdicts: Verdicts = {
    context,
    job,
    prune: { facts, canonicalId, policies: rule.prune, refusals },
    now: run.record.scheduledAt,
    cron: run.record.cron,
    write: !config.dryRun && !rule.dryRun,
    pending: [],
    forced: [],
  };
  const oldestFirst = [...inventory.blocks].reverse().slice(job.next, job.next + blocks);
  for (const { id } of oldestFirst) {
    store.readBlock(id).forEach((row, index) => {
      if (row !== null) judgeRow(verdicts, row, { block: id, index });
    });
  }
  flush(verdicts, true);
  job.next += oldestFirst.length;
  if (job.next >= inventory.blocks.length) finishVerdicts(verdicts, state, run.record.id);
  return Math.max(1, oldestFirst.length);
}

function judgeRow(verdicts: Verdicts, row: Deployment, place: { block: number; index: number }): void {
  const { job, prune, now, cron } = verdicts;
  const planned = planRow(row, prune, now);
  Object.assign(job, countRow(job, planned, cron));
  if (!planned.goes || !isQueued(planned, cron)) return;
  const item = queueItem(row, place, planned.stale);
  (planned.force ? verdicts.forced : verdicts.pending).push(item);
  flush(verdicts, false);
}

/** Writes full queue rows, `all`: what is left too. */
function flush({ context, job, write, pending, forced }: Verdicts, all: boolean): void {
  const flushRows = (items: QueueItem[], most: number, next: 'seq' | 'forceSeq') => {
    while (items.length >= most || (all && items.length > 0)) {
      const row = { seq: job[next], attempt: 0, due: 0, items: items.splice(0, most) };
      if (write) context.store.writeQueueRow(job.project, row);
      job[next] += 1;
    }
  };
  flushRows(pending, ITEMS_A_ROW, 'seq');
  flushRows(forced, FORCED_A_ROW, 'forceSeq');
}
