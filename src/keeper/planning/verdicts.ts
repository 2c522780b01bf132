// The verdicts of a project's blocks: what goes is put into the queue's rows. Decides with the pure functions of plan/.

import type { Deployment } from '../../pages-api/model.ts';
import { wouldTakeDown } from '../../plan/check.ts';
import { branchKey, keepFor } from '../../plan/facts.ts';
import { isStale, judge, needsForce, type PruneContext } from '../../plan/prune.ts';
import { isDue, policyFor, type Rule } from '../../plan/rules.ts';
import { dropQueue, FORCED_A_ROW, ITEMS_A_ROW, type QueueItem, queueItem } from '../deleting/queue.ts';
import { type ProjectState, usableInventory } from '../inventory.ts';
import type { Context } from '../slice.ts';
import type { PlanJob } from '../work.ts';
import { finishVerdicts } from './finishing.ts';
import { endJob } from './jobs.ts';

const DAY = 86_400_000;

/** What judging a project's blocks rests on, and the queue's rows that are not full yet. */
export interface Verdicts {
  readonly context: Context;
  readonly job: PlanJob;
  readonly rule: Rule;
  readonly facts: PruneContext;
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
  const run = work.runs.find(({ record }) => record.id === job.run);
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
    rule,
    facts: { facts, canonicalId, policies: rule.prune, refusals },
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
  const { job, facts, now, cron } = verdicts;
  const policy = policyFor(facts.policies, row.environment, row.branch);
  const branch = facts.facts.branches[branchKey(row.environment, row.branch)];
  const { reason } = judge(row, facts, now);
  if (
    reason === 'latest' &&
    policy?.staleBranchesAfterDays === null &&
    branch !== undefined &&
    row.createdAt !== null
  ) {
    const couldBeStale = { ...policy, staleBranchesAfterDays: policy.olderThanDays };
    if (isStale(row, branch, couldBeStale, now) && now - row.createdAt >= policy.olderThanDays * DAY)
      job.ifStale += 1;
  }
  if (reason !== 'expired' || policy === null || branch === undefined) {
    job.kept += 1;
    return;
  }
  job.expired += 1;
  if (!isDue(policy.cron, cron)) {
    // Another cron's to delete: this run leaves it where it is.
    job.kept += 1;
    return;
  }
  job.queued += 1;
  const project = { canonicalId: facts.canonicalId, newestProductionAt: facts.facts.newestProductionAt };
  job.holdsLive ||= wouldTakeDown(row, project);
  const item = queueItem(row, place, isStale(row, branch, policy, now));
  (needsForce(row, facts, now) ? verdicts.forced : verdicts.pending).push(item);
  flush(verdicts, false);
}

/** Writes full queue rows, `all`: what is left too. */
function flush({ context, job, write, pending, forced }: Verdicts, all: boolean): void {
  while (pending.length >= ITEMS_A_ROW || (all && pending.length > 0)) {
    const items = pending.splice(0, ITEMS_A_ROW);
    if (write) context.store.writeQueueRow(job.project, { seq: job.seq, attempt: 0, due: 0, items });
    job.seq += 1;
  }
  while (forced.length >= FORCED_A_ROW || (all && forced.length > 0)) {
    const items = forced.splice(0, FORCED_A_ROW);
    if (write) context.store.writeQueueRow(job.project, { seq: job.forceSeq, attempt: 0, due: 0, items });
    job.forceSeq += 1;
  }
}
