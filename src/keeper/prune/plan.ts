// Planning: what is known of a project, judged block by block, oldest first, into its queue. Calls nothing. It goes on in
// the next alarm where the blocks are more than one may read.

import { keepFor } from '../../policy/facts.ts';
import { NO_COUNTS } from '../../policy/plan.ts';
import { ruleFor } from '../../policy/rules.ts';
import { BLOCKS_AN_ALARM } from '../budget.ts';
import type { Context } from '../context.ts';
import { goneOf, mustAskGit } from '../git/known.ts';
import { nextPruneOf } from '../next-run.ts';
import { inPart } from '../part.ts';
import { runOf } from '../runs.ts';
import { usableInventory, validSince } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import { leaveBlocks, needsPlanning, replan, startPlanning, wantGit } from '../tasks.ts';
import type { Prune, Task } from '../work.ts';
import { isListOld, planAgain } from './again.ts';
import { compactBlocks } from './compact.ts';
import { brokenNow } from './hold.ts';
import { judgeBlocks } from './judge.ts';
import { endPruning, giveUp } from './queue.ts';
import type { Subject } from './subject.ts';
import { NO_ROWS } from './write-rows.ts';

type Step<S extends Prune['step']> = Extract<Prune, { step: S }>;

/** Does up to an alarm's worth of planning. */
export async function advancePlans(context: Context): Promise<void> {
  const { work } = context;
  for (let left = BLOCKS_AN_ALARM; left > 0; ) {
    const next = work.tasks.entries().find(([, task]) => needsPlanning(task));
    if (next === undefined) return;
    const [id, task] = next;
    let read = 0;
    const isWell = await inPart(context, { id, name: task.name }, () => {
      read = context.store.atomically(() => {
        const goesOn = task.prune?.step === 'planning' && task.prune.making.next > 0;
        const blocks = advance(context, id, task, left);
        // The rows of a plan that was begun in an earlier alarm are stored with how far it has come: or they would stand twice.
        if (goesOn) context.save();
        return blocks;
      });
    });
    left -= read;
    // What has failed here would fail again at once.
    if (!isWell) leaveBlocks(work, id);
  }
}

/** One step of one project; gives how many blocks it read. */
function advance(context: Context, id: string, task: Task, blocks: number): number {
  const state = context.store.read('projects', id);
  if (state === null || state.inventory === null || task.prune === null) {
    endPruning(context, id);
    return 0;
  }
  const { inventory } = state;
  const rule = ruleFor(state.project.name, context.config.rules);
  const subject: Subject = { context, id, task, state: { ...state, inventory }, rule };
  switch (task.prune.step) {
    case 'compacting':
      return compact(subject, task.prune, blocks);
    case 'planning':
      return plan(subject, task.prune, blocks);
    default:
      return 0;
  }
}

/** Puts the blocks in order where that is due, then begins the plan. */
function compact(subject: Subject, prune: Step<'compacting'>, limit: number): number {
  const { context, id, task, state, rule } = subject;
  const { store } = context;
  const keep = keepFor(rule?.prune ?? []);
  const isCounted = (store.readFacts(id, [])?.keep ?? 0) >= keep;
  if (task.gone === 0 && isCounted) {
    beginPlan(subject, prune);
    return 0;
  }
  const step = compactBlocks(store, state, { keep, next: prune.next, limit });
  const compacted = { ...state, inventory: step.inventory };
  store.write('projects', id, compacted);
  prune.next = step.next;
  if (step.done) {
    task.gone = 0;
    noteProject(context, compacted);
    beginPlan({ ...subject, state: compacted }, prune);
  }
  return step.blocks;
}

function beginPlan({ context, id, state, rule }: Subject, prune: Step<'compacting'>): void {
  const { work, store, config, now } = context;
  const { run: runId } = prune.for;
  const run = runOf(work, runId);
  const validAt = validSince(usableInventory(state), work.looked.readAt[id]);
  if ((runId !== null && run === undefined) || rule === null || rule.prune.length === 0 || validAt === null) {
    endPruning(context, id);
    return;
  }
  if (run !== undefined && isListOld(context)) {
    planAgain(context, id);
    return;
  }
  // A look takes Git as it was last known.
  if (run !== undefined && mustAskGit(context, state, rule)) {
    wantGit(work, state.project, run.record.id);
    return;
  }
  const write = runId !== null && !config.dryRun && !rule.dryRun;
  const earlier = write ? (prune.lost?.plan ?? null) : null;
  // What an earlier queue may have done unseen is known by now: everything was read. Of what it never sent the rows stay that
  // this plan finds right, deployment by deployment.
  store.removeQueues(id, earlier);
  if (prune.lost !== null) giveUp(work, prune.lost);
  if (earlier === null) work.plans += 1;
  const basis = {
    account: config.keeperName,
    rules: config.rulesHash,
    name: state.project.name,
    productionBranch: state.project.productionBranch,
    at: run?.record.scheduledAt ?? now(),
    walkedAt: validAt,
    listedAt: work.looked.checkedAt ?? 0,
    generation: state.inventory.generation,
    canonicalId: state.project.canonical?.id ?? null,
    gitReadAt: goneOf(store, state.project, rule, store.readFacts(id, 'all')).readAt,
  };
  const ahead = nextPruneOf(work, rule, now());
  const nothing = { next: 0, rows: NO_ROWS, counts: NO_COUNTS, aheadCounts: NO_COUNTS };
  startPlanning(work, id, { plan: earlier ?? work.plans, basis, write, ahead, ...nothing });
}

/** Judges some blocks, if the plan still rests on what is known. */
function plan(subject: Subject, prune: Step<'planning'>, limit: number): number {
  const { context, id, state, rule } = subject;
  const { work, config } = context;
  const { basis, write } = prune.making;
  const isLook = prune.for.run === null;
  const mayWrite = !isLook && !config.dryRun && rule?.dryRun === false;
  const isOther = basis.generation !== state.inventory.generation || write !== mayWrite;
  // What nobody carries out may rest on an old reading, which another one follows when somebody looks.
  if (isLook && (rule === null || isOther || basis.rules !== config.rulesHash)) replan(work, id);
  else if (isOther) replan(work, id);
  else if (rule === null || (!isLook && brokenNow(context, id, basis) !== null)) planAgain(context, id);
  else return judgeBlocks({ ...subject, rule }, prune, limit);
  return 0;
}
