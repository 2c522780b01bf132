// A rebuild's decision: what is known of its project, put before policy/rebuild. Changes nothing, sends nothing.

import { branchKey } from '../../policy/facts.ts';
import { decideRebuild, type RebuildDecision } from '../../policy/rebuild.ts';
import { type RebuildRule, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { rebuildsThisMonth } from '../quotas.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import { failingOf, type ProjectState, usableInventory } from '../store/inventory.ts';
import type { Content } from './content.ts';
import type { Rebuild } from './rebuild.ts';

const HEAD_IDS = 25;

/** `unwanted`: the project, its rule or its rebuilds are no more. `unread`: nobody knows what is built. */
export type Decision =
  | { readonly kind: 'unwanted' | 'unread' }
  | (RebuildDecision & { readonly state: ProjectState });

/** Decides a rebuild by what is stored and what the content says. */
export function decide(
  context: Context,
  { project, branch, key, scheduledAt, by = 'cron' }: Rebuild,
  content: Content['kind'] | 'unasked',
): Decision {
  const { store, config } = context;
  const state = store.read('projects', project);
  const rule = state === null ? null : ruleFor(state.project.name, config.rules);
  const mayAsk = by === 'cron' || rule?.rebuild?.hook;
  if (state === null || !rule?.rebuild || !mayAsk) return { kind: 'unwanted' };
  const hasSource = state.project.source !== null;
  if (hasSource && (usableInventory(state)?.validAt ?? null) === null) return { kind: 'unread' };
  const decided = decideRebuild(
    {
      ...whatIsKnown(context, state, rule.rebuild, branch),
      hasSource,
      requested: store.read('posted', key) !== null,
      by,
      content,
      dryRun: config.dryRun || rule.dryRun,
    },
    by === 'cron' ? scheduledAt : context.now(),
  );
  return { ...decided, state };
}

function whatIsKnown(
  { store, config, work, now }: Context,
  state: ProjectState,
  rule: RebuildRule,
  branch: string,
) {
  const inventory = usableInventory(state);
  const environment = branch === state.project.productionBranch ? 'production' : 'preview';
  const key = branchKey(environment, branch);
  const facts = store.readFacts(state.project.id, [key])?.branches[key];
  const unfinished = inventory?.unfinished ?? [];
  return {
    rule,
    underWay: unfinished.filter((row) => row.branch === branch).map(({ createdAt }) => createdAt),
    newestBuildAt: facts?.buildAt ?? null,
    failing: failingOf(inventory, branch),
    startedThisMonth: rebuildsThisMonth(work.quota, now()),
    monthlyLimit: config.rebuildsPerMonth,
  };
}

/** The newest ids that are known: what stands above them on the list is new. */
export function headIds({ store }: Context, state: ProjectState): string[] {
  const ids: string[] = [];
  for (const { id } of newestFirst(store, topBlocks(usableInventory(state)?.blocks ?? []))) {
    if (id !== '') ids.push(id);
    if (ids.length >= HEAD_IDS) break;
  }
  return ids;
}
