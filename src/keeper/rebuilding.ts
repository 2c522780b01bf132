// Rebuilding: decides each due project's rebuild, sends it once, and looks how the build went.

import { isApiError } from '../pages-api/errors.ts';
import { buildStatus, isFinished } from '../pages-api/model.ts';
import { branchKey } from '../plan/facts.ts';
import { decideRebuild } from '../plan/rebuild.ts';
import { type RebuildRule, ruleFor } from '../plan/rules.ts';
import { intentKey, post } from './intents.ts';
import { type ProjectState, usableInventory } from './inventory.ts';
import { noteBuild, noteOutcome } from './runs.ts';
import type { Context } from './slice.ts';
import {
  countRebuild,
  type Decision,
  type Follow,
  isDecidable,
  type OpenIntent,
  rebuildsThisMonth,
  type Work,
} from './work.ts';

const MINUTE = 60_000;
// Looks at 1, 2, 4, 8, 16 and 32 minutes: builds end after 20.
const MAX_LOOKS = 6;
const HEAD_IDS = 25;

/** Decides the rebuilds that can be decided, and posts those that are to be built. */
export async function advanceRebuilds(context: Context): Promise<void> {
  const { work } = context;
  for (const decision of work.decisions.filter(({ project }) => isDecidable(work, project))) {
    const intent = decide(context, decision);
    if (intent === 'later') return;
    work.decisions = work.decisions.filter((other) => other !== decision);
    if (intent !== null) await post(context, intent);
  }
}

/** Decides one rebuild; gives the stored intent that is to be posted, `null` for a skip, `later` when no call is left. */
function decide(context: Context, decision: Decision): OpenIntent | null | 'later' {
  const { store, work, config, slice } = context;
  const state = store.read('projects', decision.project);
  const rule = state === null ? null : ruleFor(state.project.name, config.rules);
  const run = work.runs.find(({ record }) => record.id === decision.run);
  if (state === null || rule === null || rule.rebuild === null || run === undefined) return null;
  const { project } = state;
  const branch = rule.rebuild.branch ?? project.productionBranch;
  const { scheduledAt } = run.record;
  const key = intentKey(scheduledAt, project.id, branch);
  const earlier = store.readIntent(key);
  const inventory = usableInventory(state);
  if (project.source !== null && (inventory === null || inventory.validAt === null)) {
    const why = 'its deployments could not be read, so nobody knows whether a rebuild is due';
    noteOutcome(work, decision.run, { refusal: { project: project.name, why } });
    return null;
  }
  const decided = decideRebuild(
    {
      ...whatIsKnown(context, state, rule.rebuild, branch),
      hasSource: project.source !== null,
      requested: earlier !== null && earlier.result !== 'lost',
      dryRun: config.dryRun || rule.dryRun,
    },
    scheduledAt,
  );
  if (decided.kind === 'skip') {
    noteOutcome(work, decision.run, { skip: { project: project.name, reason: decided.reason } });
    return null;
  }
  if (!slice.take('call')) return 'later';
  store.writeIntent(key, {
    projectId: project.id,
    branch,
    scheduledAt,
    seen: headIds(context, state),
    result: 'open',
    deploymentId: null,
  });
  countRebuild(work, 1, context.now());
  const open: OpenIntent = {
    ...{ key, run: decision.run, project: project.id, name: project.name, branch },
    ...{ attempt: 1, state: 'posting', looks: 0, due: context.now() + MINUTE },
  };
  work.intents.push(open);
  // Decided: after a crash it must not be met again, and recorded as skipped too.
  work.decisions = work.decisions.filter((other) => other !== decision);
  // Stored before the POST leaves: the runtime holds a fetch back until earlier writes are durable.
  store.writeState('work', work);
  return open;
}

function whatIsKnown(context: Context, state: ProjectState, rule: RebuildRule, branch: string) {
  const { store, config, work } = context;
  const environment = branch === state.project.productionBranch ? 'production' : 'preview';
  const facts = store.read('facts', state.project.id)?.branches[branchKey(environment, branch)];
  const unfinished = usableInventory(state)?.unfinished ?? [];
  return {
    rule,
    underWay: unfinished.filter((row) => row.branch === branch).map(({ createdAt }) => createdAt),
    newestBuildAt: facts?.buildAt ?? null,
    startedThisMonth: rebuildsThisMonth(work, context.now()),
    monthlyLimit: config.rebuildsPerMonth,
  };
}

function headIds(context: Context, state: ProjectState): string[] {
  const ids: string[] = [];
  for (const { id } of usableInventory(state)?.blocks.slice(0, 2) ?? []) {
    for (const row of context.store.readBlock(id).reverse())
      if (row !== null && row.id !== '') ids.push(row.id);
    if (ids.length >= HEAD_IDS) break;
  }
  return ids.slice(0, HEAD_IDS);
}

function noteScheduledBuild(work: Work, { name, branch }: Follow, failed: boolean): void {
  if (failed) work.failedBuilds[name] = branch;
  else delete work.failedBuilds[name];
  work.noticeDue = true;
}

/** Looks how the builds went that the Keeper started, for the record of their run. */
export async function followBuilds(context: Context): Promise<void> {
  const { work, slice } = context;
  for (const follow of work.follows.filter(({ due }) => due <= context.now())) {
    if (!slice.take('call')) return;
    try {
      const deployment = await slice.api.getDeployment(follow.name, follow.deploymentId);
      const status = buildStatus(deployment, context.now());
      noteBuild(context.store, work, follow.run, follow.deploymentId, status);
      if (isFinished(deployment)) {
        follow.looks = MAX_LOOKS;
        noteScheduledBuild(work, follow, status === 'failed');
      }
    } catch (error) {
      if (!isApiError(error)) throw error;
      slice.note(error);
      if (isApiError(error, 'gone', 'project-gone')) follow.looks = MAX_LOOKS;
    }
    follow.looks += 1;
    follow.due = context.now() + 2 ** follow.looks * MINUTE;
    if (follow.looks >= MAX_LOOKS) work.follows = work.follows.filter((other) => other !== follow);
  }
}
