// The verdicts of a project's blocks: what goes is put into the rows of the plan's queue. At the end the gate, then the queue.
// Decides with policy/; calls nothing.

import type { Deployment } from '../../pages-api/model.ts';
import { branchKey } from '../../policy/facts.ts';
import { checkPlan } from '../../policy/gate.ts';
import { countRow, isQueued, type PlanCounts, planRow } from '../../policy/plan.ts';
import { asksGit } from '../../policy/repository.ts';
import type { Rule } from '../../policy/rules.ts';
import { withSign } from '../../policy/signs.ts';
import type { PruneContext } from '../../policy/verdict.ts';
import { goneOf } from '../git/known.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { runOf, tally } from '../runs.ts';
import { newestFirst } from '../store/blocks.ts';
import { noteProject } from '../store/overview.ts';
import { startDeleting, wantForecast } from '../tasks.ts';
import type { Prune, Queue, WrittenRows } from '../work.ts';
import { allowance, endPruning } from './queue.ts';
import { FORCED_A_ROW, GIT_REQUESTS, ITEMS_A_ROW, type QueueItem, queueItem } from './rows.ts';
import type { Subject } from './subject.ts';
import { endRows, rowsBefore, writeRows } from './write-rows.ts';

type Planned = Extract<Prune, { step: 'planning' }>;
type Ruled = Subject & { readonly rule: Rule };

/** Judges up to `limit` blocks; gives how many it judged. */
export function judgeBlocks(subject: Ruled, prune: Planned, limit: number): number {
  const { context, id, state, rule } = subject;
  const { store } = context;
  const { making } = prune;
  const oldestFirst = [...state.inventory.blocks].reverse().slice(making.next, making.next + limit);
  const rows = oldestFirst.flatMap(({ id: block }) => store.readBlock(block).map((row) => ({ row, block })));
  const facts = store.readFacts(
    id,
    rows.map(({ row }) => branchKey(row.environment, row.branch)),
  );
  if (facts === null) {
    endPruning(context, id);
    return 0;
  }
  const refusals = store.read('refusals', id) ?? {};
  const signed = withSign(facts, state.project.latest);
  const judging: PruneContext = {
    facts: signed,
    canonicalId: making.basis.canonicalId,
    policies: rule.prune,
    refusals,
    ...(making.basis.gitReadAt !== null && { gone: goneOf(store, state.project, rule, signed).gone }),
  };
  const going: Record<'planned' | 'forced', QueueItem[]> = { planned: [], forced: [] };
  for (const { row, block } of rows) judgeRow(prune, judging, row, block, going);
  if (making.write) {
    const git = asksGit(rule) ? GIT_REQUESTS : 0;
    const place = { store, id, plan: making.plan };
    const { planned, forced } = making.next === 0 ? rowsBefore(place) : making.rows;
    const most = mostOf(subject, prune);
    making.rows = {
      planned: writeRows(place, 'planned', planned, most(planned, going.planned), ITEMS_A_ROW - git),
      forced: writeRows(place, 'forced', forced, most(forced, going.forced), FORCED_A_ROW - git),
    };
  }
  making.next += oldestFirst.length;
  if (making.next >= state.inventory.blocks.length) finish(subject, prune);
  return oldestFirst.length;
}

/** Of what goes, as much as the run may still delete: to write more would cost rows at every run. In each lane, for one may stand still. */
function mostOf({ context }: Ruled, { for: owed }: Planned) {
  const left = owed.run === null ? null : allowance(context, owed.run);
  return (written: WrittenRows, items: readonly QueueItem[]) =>
    left === null ? items : items.slice(0, Math.max(0, left - written.n));
}

function judgeRow(
  { for: owed, making }: Planned,
  judging: PruneContext,
  row: Deployment,
  block: number,
  going: Record<'planned' | 'forced', QueueItem[]>,
): void {
  const planned = planRow(row, judging, making.basis.at);
  making.counts = countRow(making.counts, planned, owed.crons);
  const isGoing = planned.goes && isQueued(planned, owed.crons);
  // What this run deletes does not go at the next one.
  if (!isGoing || !making.write) countAhead(making, row, judging);
  if (!isGoing) return;
  going[planned.force ? 'forced' : 'planned'].push(queueItem(row, block, planned));
}

/** Counts a deployment as of the next run; where nobody knows when that is, as of now, and whichever policies act. */
function countAhead(making: Planned['making'], row: Deployment, judging: PruneContext): void {
  const { ahead, basis } = making;
  const then = planRow(row, judging, ahead?.at ?? basis.at);
  making.aheadCounts = countRow(making.aheadCounts, then, ahead?.crons ?? null);
}

/** Every block is judged: the plan is left out by the gate, or carried out. */
function finish({ context, id, state }: Ruled, { for: owed, making }: Planned): void {
  const { work, now } = context;
  const { project, inventory } = state;
  const { counts, basis } = making;
  if (making.write) endRows({ store: context.store, id, plan: making.plan }, making.rows);
  const hasProduction = context.store.readFacts(id, [])?.hasProduction ?? true;
  const refusedWhy =
    owed.run === null ? null : checkPlan({ ...summaryOf(counts, basis), hasProduction }, now());
  if (refusedWhy !== null && making.write) {
    // What it was to delete was left aside, and does not go: what goes next is counted anew, with all of it.
    leaveOutPrune(context, project, refusedWhy);
    wantForecast(work, project);
    return;
  }
  notePlan(context, state, making, hasProduction);
  if (owed.run === null) {
    endPruning(context, id);
    return;
  }
  if (refusedWhy !== null) {
    leaveOutPrune(context, project, refusedWhy);
    return;
  }
  // Under a rule's own dry run nothing is left undone: the plan alone says what would go.
  if (making.write || runOf(work, owed.run)?.record.dryRun)
    tally(work, owed.run, { remaining: counts.queued });
  if (!making.write || counts.queued === 0) {
    endPruning(context, id);
    return;
  }
  const queue: Queue = {
    ...{ plan: making.plan, run: owed.run, basis, left: counts.queued, of: counts.queued },
    ...{ due: 0, sending: null, stopped: false },
    listHead: newestId(context, inventory.blocks),
  };
  startDeleting(work, id, queue);
}

function summaryOf(
  { queued, kept, holdsLive, gone }: PlanCounts,
  { walkedAt, canonicalId, gitReadAt }: Planned['making']['basis'],
) {
  return { walkedAt, canonicalId, expired: queued, kept, holdsLive, gone, gitReadAt };
}

type Plan = NonNullable<Subject['state']['plan']>;

function isSamePlan(before: Plan, now: Omit<Plan, 'at' | 'nextAt'>): boolean {
  // Rows of before did not say why.
  const { rules, next, moreIfStale, refusedWhy = null } = before;
  return (
    rules === now.rules &&
    next === now.next &&
    moreIfStale === now.moreIfStale &&
    refusedWhy === now.refusedWhy
  );
}

/** Stores what the plan comes to, for the page. */
function notePlan(
  context: Subject['context'],
  state: Subject['state'],
  { ahead, aheadCounts, basis }: Planned['making'],
  hasProduction: boolean,
): void {
  const now = context.now();
  const { looked } = context.work;
  const { project, plan: before } = state;
  // By then the deployments will have been read anew, and Git been asked.
  const then = { ...summaryOf(aheadCounts, { ...basis, walkedAt: now, gitReadAt: now }), hasProduction };
  const nextAt = ahead?.at ?? null;
  // It counts that too.
  delete looked.undone[project.id];
  const refusedWhy = checkPlan(then, now);
  const { ifStale } = aheadCounts;
  // Nor does what would go if stale branches went, where a plan of all of them would be refused.
  const isMore =
    checkPlan({ ...then, expired: then.expired + ifStale, kept: then.kept - ifStale }, now) === null;
  const counted = {
    ...{ rules: basis.rules, refusedWhy, moreIfStale: isMore ? ifStale : 0 },
    next: refusedWhy === null ? aheadCounts.queued : 0,
  };
  // Nothing is written for a project in which nothing happened: only for when it was counted is known, beside what is under way.
  if (before !== null && nextAt !== null && isSamePlan(before, counted)) {
    looked.countedFor[project.id] = nextAt;
    return;
  }
  delete looked.countedFor[project.id];
  const planned = { ...state, plan: { ...counted, at: now, nextAt } };
  context.store.write('projects', project.id, planned);
  noteProject(context, planned);
}

/** The id of the newest deployment that is known. */
function newestId({ store }: Subject['context'], blocks: Subject['state']['inventory']['blocks']): string {
  for (const { id } of newestFirst(store, blocks)) if (id !== '') return id;
  return '';
}
