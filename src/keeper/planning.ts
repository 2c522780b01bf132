// Planning: what is known of a project, judged block by block, oldest first, into its queue. Decides with the pure functions
// of plan/, calls nothing. A job goes on in the next invocation where its blocks are more than one may read.

import type { Deployment } from '../pages-api/model.ts';
import { checkPlan, wouldTakeDown } from '../plan/check.ts';
import { branchKey, keepFor } from '../plan/facts.ts';
import { isStale, judge, needsForce, type PruneContext } from '../plan/prune.ts';
import { isDue, policyFor, type Rule, ruleFor } from '../plan/rules.ts';
import { indexBlocks } from './indexing.ts';
import { type ProjectState, usableInventory } from './inventory.ts';
import { noteProject } from './overview.ts';
import {
  dropQueue,
  FORCE_SEQ,
  FORCED_A_ROW,
  forgetRetries,
  ITEMS_A_ROW,
  type QueueItem,
  queueItem,
  queueOf,
  RETRY_SEQ,
  refuse,
} from './queue.ts';
import { tally } from './runs.ts';
import type { Context } from './slice.ts';
import { BLOCKS_A_SLICE, type PlanJob } from './work.ts';

const DAY = 86_400_000;

/** Does up to a slice's worth of planning. */
export function advancePlans(context: Context): void {
  let blocks = BLOCKS_A_SLICE;
  while (blocks > 0 && context.work.plans.length > 0) {
    const job = context.work.plans[0] as PlanJob;
    const state = context.store.read('projects', job.project);
    const rule = state ? ruleFor(state.project.name, context.config.rules) : null;
    if (state === null || state.inventory === null) {
      endJob(context, job);
      continue;
    }
    blocks -=
      job.phase === 'index'
        ? advanceIndex(context, job, state, rule, blocks)
        : advanceVerdicts(context, job, state, rule, blocks);
  }
}

function endJob({ work }: Context, job: PlanJob): void {
  work.plans = work.plans.filter((other) => other !== job);
}

/** Writes blocks without what was deleted and gathers the facts; gives how many blocks that took. */
function advanceIndex(
  context: Context,
  job: PlanJob,
  state: ProjectState,
  rule: Rule | null,
  blocks: number,
): number {
  if (job.run !== null && job.next === 0) forgetRetries(context, job.project);
  const step = indexBlocks(context.store, state, keepFor(rule?.prune ?? []), job.next, blocks);
  context.store.write('projects', job.project, { ...state, inventory: step.inventory });
  job.next = step.next;
  if (step.done) {
    delete context.work.gone[job.project];
    if (job.run === null) endJob(context, job);
    else Object.assign(job, { phase: 'verdicts', next: 0 });
    noteProject(context, { ...state, inventory: step.inventory });
  }
  return Math.max(1, step.blocks);
}

interface Verdicts {
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
function advanceVerdicts(
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

/** The id of the newest deployment that is known. */
function listHead(context: Context, state: ProjectState): string {
  for (const { id } of state.inventory?.blocks ?? []) {
    const newest = context.store.readBlock(id).findLast((row) => row !== null && row.id !== '');
    if (newest) return newest.id;
  }
  return '';
}

function finishVerdicts(
  { context, job, facts, now, write }: Verdicts,
  state: ProjectState,
  runId: string,
): void {
  const { store, work, config } = context;
  const { project, inventory } = state;
  const walkedAt = inventory?.validAt ?? null;
  const summary = {
    walkedAt,
    canonicalId: facts.canonicalId,
    expired: job.queued,
    kept: job.kept,
    holdsLive: job.holdsLive,
  };
  const refusedWhy = checkPlan(summary, context.now());
  // Rows of an earlier plan behind the last one of this.
  store.removeQueueRows(project.id, job.seq, RETRY_SEQ);
  store.removeQueueRows(project.id, RETRY_SEQ, FORCE_SEQ);
  store.removeQueueRows(project.id, job.forceSeq, FORCE_SEQ + RETRY_SEQ);
  const earlier = queueOf(context, project.id);
  if (earlier) tally(work, earlier.run, { remaining: -earlier.remaining });
  work.queues = work.queues.filter((queue) => queue !== earlier);
  const planned = {
    ...state,
    plan: { at: now, expired: job.expired, expiredIfStale: job.ifStale, refusedWhy },
  };
  store.write('projects', project.id, planned);
  noteProject(context, planned);
  endJob(context, job);
  if (refusedWhy !== null) {
    store.removeQueueRows(project.id, 0, FORCE_SEQ + RETRY_SEQ);
    refuse(context, runId, project, refusedWhy);
    return;
  }
  if (job.queued === 0) return;
  // Under a rule's own dry run nothing is left undone: the plan alone says what would go.
  const dryRun = work.runs.find(({ record }) => record.id === runId)?.record.dryRun;
  if (write || dryRun) tally(work, runId, { remaining: job.queued });
  if (!write || walkedAt === null) return;
  work.queues.push({
    project: project.id,
    name: project.name,
    run: runId,
    rulesHash: config.rulesHash,
    walkedAt,
    listHead: listHead(context, state),
    remaining: job.queued,
    due: 0,
    suspended: false,
  });
}
