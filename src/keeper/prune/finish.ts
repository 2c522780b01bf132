// The end of a project's plan: the gate, then its queue in place of an earlier one. No calls.

import { checkPlan } from '../../policy/gate.ts';
import type { Context } from '../calls.ts';
import { runOf, tally } from '../runs.ts';
import { newestFirst } from '../store/blocks.ts';
import type { ProjectState } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import type { PlanJob } from '../work.ts';
import { endJob } from './jobs.ts';
import type { Verdicts } from './judge.ts';
import { queueOf, refuse } from './queue.ts';
import { END_SEQ, FORCE_SEQ } from './rows.ts';

/** Ends a project's plan, every block judged: refused by the gate, or its queue in the place of an earlier one. */
export function finishVerdicts(
  { context, job, prune, now, write }: Verdicts,
  state: ProjectState,
  runId: string,
): void {
  const { store, work, config } = context;
  const { project, inventory } = state;
  const walkedAt = inventory?.validAt ?? null;
  const summary = {
    walkedAt,
    canonicalId: prune.canonicalId,
    hasProduction: prune.facts.hasProduction,
    expired: job.queued,
    kept: job.kept,
    holdsLive: job.holdsLive,
  };
  const refusedWhy = checkPlan(summary, context.now());
  removeEarlier(context, job);
  const planned = {
    ...state,
    plan: { at: now, expired: job.expired, expiredIfStale: job.ifStale, refusedWhy },
  };
  store.write('projects', project.id, planned);
  noteProject(context, planned);
  endJob(context, job);
  if (refusedWhy !== null) {
    store.removeQueueRows(project.id, 0, END_SEQ);
    refuse(context, runId, project, refusedWhy);
    return;
  }
  if (job.queued === 0) return;
  // Under a rule's own dry run nothing is left undone: the plan alone says what would go.
  const dryRun = runOf(work, runId)?.record.dryRun;
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

/** Removes the project's earlier queue: of its rows, those behind the last one of this plan. */
function removeEarlier(context: Context, { project, seq, forceSeq }: PlanJob): void {
  const { store, work } = context;
  store.removeQueueRows(project, seq, FORCE_SEQ);
  store.removeQueueRows(project, forceSeq, END_SEQ);
  const earlier = queueOf(context, project);
  if (earlier) tally(work, earlier.run, { remaining: -earlier.remaining });
  work.queues = work.queues.filter((queue) => queue !== earlier);
}

/** The id of the newest deployment that is known. */
function listHead(context: Context, state: ProjectState): string {
  for (const { id } of newestFirst(context.store, state.inventory?.blocks ?? [])) if (id !== '') return id;
  return '';
}
