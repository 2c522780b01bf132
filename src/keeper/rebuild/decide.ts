// One rebuild's decision: what is known of it, put before plan/rebuild. Stores its intent or notes why it is skipped; sends
// nothing.

import { branchKey } from '../../policy/facts.ts';
import { decideRebuild, type SkipReason } from '../../policy/rebuild.ts';
import { type RebuildRule, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import { rebuildsThisMonth } from '../quotas.ts';
import { noteOutcome, runOf } from '../runs.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import { failingOf, type ProjectState, usableInventory } from '../store/inventory.ts';
import { noteProject } from '../store/overview.ts';
import type { Decision, OpenIntent } from '../work.ts';
import { type Content, countSaved } from './content.ts';
import { type Intent, intentKey, storeIntent } from './intent.ts';

const HEAD_IDS = 25;

/** `post`: the intent is stored, and is to be sent. `later`: no call is left. `over`: there is nothing to do. */
type Step =
  | { readonly kind: 'ask'; readonly projectId: string; readonly name: string; url: string; branch: string }
  | { readonly kind: 'post'; readonly open: OpenIntent }
  | { readonly kind: 'later' | 'over' };

const OVER: Step = { kind: 'over' };

/** Decides one rebuild by what is stored, and stores its intent. */
export function decide(context: Context, decision: Decision, content: Content | { kind: 'unasked' }): Step {
  const { store, work, config } = context;
  const state = store.read('projects', decision.project);
  const rule = state === null ? null : ruleFor(state.project.name, config.rules);
  const run = runOf(work, decision.run);
  if (state === null || rule === null || rule.rebuild === null || run === undefined) return OVER;
  const { id: projectId, name, source, productionBranch } = state.project;
  const branch = rule.rebuild.branch ?? productionBranch;
  const { scheduledAt } = run.record;
  const key = intentKey(scheduledAt, projectId, branch);
  const earlier = store.read('intents', key);
  const inventory = usableInventory(state);
  if (source !== null && (inventory === null || inventory.validAt === null)) {
    const why = 'its deployments could not be read, so nobody knows whether a rebuild is due';
    noteOutcome(work, decision.run, { refusal: { project: name, why } });
    return OVER;
  }
  const decided = decideRebuild(
    {
      ...whatIsKnown(context, state, rule.rebuild, branch),
      hasSource: source !== null,
      requested: earlier !== null && earlier.result !== 'lost',
      content: content.kind,
      dryRun: config.dryRun || rule.dryRun,
    },
    scheduledAt,
  );
  switch (decided.kind) {
    case 'ask':
      return { kind: 'ask', url: decided.url, projectId, name, branch };
    case 'skip':
      noteSkip(context, decision, state, decided.reason);
      return OVER;
    case 'build': {
      if (!context.slice.take('call')) return { kind: 'later' };
      const intent: Intent = {
        projectId,
        branch,
        scheduledAt,
        seen: headIds(context, state),
        content: content.kind === 'changed' ? content.mark : null,
        result: 'open',
        deploymentId: null,
      };
      return { kind: 'post', open: storeIntent(context, decision, { key, name, intent }) };
    }
  }
  return decided satisfies never;
}

function noteSkip(context: Context, { run }: Decision, state: ProjectState, reason: SkipReason): void {
  noteOutcome(context.work, run, { skip: { project: state.project.name, reason } });
  if (reason !== 'unchanged') return;
  countSaved(context, state.project.id, context.now());
  noteProject(context, state);
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
    failing: failingOf(usableInventory(state), branch),
    startedThisMonth: rebuildsThisMonth(work, context.now()),
    monthlyLimit: config.rebuildsPerMonth,
  };
}

function headIds(context: Context, state: ProjectState): string[] {
  const ids: string[] = [];
  for (const { id } of newestFirst(context.store, topBlocks(usableInventory(state)?.blocks ?? []))) {
    if (id !== '') ids.push(id);
    if (ids.length >= HEAD_IDS) break;
  }
  return ids;
}
