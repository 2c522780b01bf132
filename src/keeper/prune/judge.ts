// The verdicts of a project's blocks: what goes is put into the rows of the plan's queue. At the end the gate, then the queue.
// Decides with policy/; calls nothing.

import type { Deployment } from '../../pages-api/model.ts';
import { branchKey } from '../../policy/facts.ts';
import { checkPlan } from '../../policy/gate.ts';
import { countRow, isQueued, planRow } from '../../policy/plan.ts';
import { asksGit } from '../../policy/repository.ts';
import type { Rule } from '../../policy/rules.ts';
import { withSign } from '../../policy/signs.ts';
import type { PruneContext } from '../../policy/verdict.ts';
import { goneOf } from '../git/known.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { runOf, tally } from '../runs.ts';
import { newestFirst } from '../store/blocks.ts';
import { startDeleting, wantForecast } from '../tasks.ts';
import type { Prune, Queue } from '../work.ts';
import { notePlan, summaryOf } from './counted.ts';
import { allowance, endPruning, tellLimit } from './queue.ts';
import { FORCED_A_ROW, GIT_REQUESTS, ITEMS_A_ROW, type QueueItem, queueItem } from './rows.ts';
import type { Subject } from './subject.ts';
import { endRows, type Lane, rowsBefore, writeRows } from './write-rows.ts';

type Planned = Extract<Prune, { step: 'planning' }>;
type Ruled = Subject & { readonly rule: Rule };
/** What goes of the blocks that are judged now. */
type Going = Record<Lane, QueueItem[]>;

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
  const going: Going = { planned: [], forced: [] };
  const place = { store, id, plan: making.plan };
  if (making.write && making.next === 0) making.rows = rowsBefore(place);
  const hasRoom = roomIn(subject, prune, going);
  for (const { row, block } of rows) judgeRow(prune, judging, row, block, going, hasRoom);
  if (making.write) {
    const git = asksGit(rule) ? GIT_REQUESTS : 0;
    const { planned, forced } = making.rows;
    making.rows = {
      planned: writeRows(place, 'planned', planned, going.planned, ITEMS_A_ROW - git),
      forced: writeRows(place, 'forced', forced, going.forced, FORCED_A_ROW - git),
    };
  }
  making.next += oldestFirst.length;
  if (making.next >= state.inventory.blocks.length) finish(subject, prune);
  return oldestFirst.length;
}

/** Whether more is put into the rows of a lane: no more than the run may still delete. In each lane, for one may stand still. */
function roomIn({ context }: Ruled, { for: owed, making }: Planned, going: Going): (lane: Lane) => boolean {
  const left = owed.run === null ? null : allowance(context, owed.run);
  return (lane) => making.write && (left === null || making.rows[lane].n + going[lane].length < left);
}

function judgeRow(
  { for: owed, making }: Planned,
  judging: PruneContext,
  row: Deployment,
  block: number,
  going: Going,
  hasRoom: (lane: Lane) => boolean,
): void {
  const planned = planRow(row, judging, making.basis.at);
  making.counts = countRow(making.counts, planned, owed.crons);
  const lane = planned.goes && planned.force ? 'forced' : 'planned';
  // What this run deletes does not go at the next one.
  if (planned.goes && isQueued(planned, owed.crons) && hasRoom(lane))
    going[lane].push(queueItem(row, block, planned));
  else countAhead(making, row, judging);
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
  const queued = making.write ? making.rows.planned.n + making.rows.forced.n : counts.queued;
  if (making.write || runOf(work, owed.run)?.record.dryRun) tally(work, owed.run, { remaining: queued });
  const beyond = counts.queued - queued;
  if (!making.write || queued === 0) {
    tellLimit(context, project.name, owed.run, beyond);
    endPruning(context, id);
    return;
  }
  const queue: Queue = {
    ...{ plan: making.plan, run: owed.run, basis, left: queued, of: queued, beyond },
    ...{ due: 0, sending: null, stopped: false },
    listHead: newestId(context, inventory.blocks),
  };
  startDeleting(work, id, queue);
}

/** The id of the newest deployment that is known. */
function newestId({ store }: Subject['context'], blocks: Subject['state']['inventory']['blocks']): string {
  for (const { id } of newestFirst(store, blocks)) if (id !== '') return id;
  return '';
}
