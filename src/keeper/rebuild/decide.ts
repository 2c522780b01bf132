// A rebuild's decision: what is known of its project, put before policy/rebuild. Changes nothing, sends nothing.

import type { Project } from '../../pages-api/model.ts';
import { branchKey } from '../../policy/facts.ts';
import { decideRebuild, type RebuildContext, type RebuildDecision } from '../../policy/rebuild.ts';
import { type RebuildRule, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { behindOf } from '../git/head.ts';
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
export function decide(context: Context, rebuild: Rebuild, content: Content['kind'] | 'unasked'): Decision {
  const { store, config } = context;
  const { project, branch, key, scheduledAt, by = 'cron', failed } = rebuild;
  const state = store.read('projects', project);
  const rule = state === null ? null : ruleFor(state.project.name, config.rules);
  if (state === null || !rule?.rebuild || !isStillWanted(rule.rebuild, rebuild, state.project))
    return { kind: 'unwanted' };
  const hasSource = state.project.source !== null;
  if (hasSource && (usableInventory(state)?.validAt ?? null) === null) return { kind: 'unread' };
  const known = whatIsKnown(context, state, rule.rebuild, branch);
  const decided = decideRebuild(
    {
      ...known,
      secondTry: secondTry(context, rebuild, known.newestBuildAt),
      hasSource,
      requested: store.read('posted', key) !== null,
      by,
      ...{ behind: behindOf(context, state.project, rule).behind, content },
      dryRun: config.dryRun || rule.dryRun,
    },
    by === 'cron' && failed === undefined ? scheduledAt : context.now(),
  );
  return { ...decided, state };
}

/** Whether the rule still wants a rebuild of this kind: that hooks ask, that what failed is tried again, and of this branch. */
export function isStillWanted(
  rule: RebuildRule,
  { by = 'cron', failed, branch }: Rebuild,
  { productionBranch }: Project,
): boolean {
  if (failed !== undefined && !rule.retryFailed) return false;
  if (by !== 'cron') return rule.hook;
  return failed === undefined || branch === (rule.branch ?? productionBranch);
}

/** Whether what failed still is the newest: by the last reading, and by the builds that are under way or in doubt. */
function secondTry(
  { work }: Context,
  { project, branch, failed }: Rebuild,
  newestBuildAt: number | null,
): RebuildContext['secondTry'] {
  if (failed === undefined) return 'no';
  const isOther = work.rebuilds.some(
    (one) => one.project === project && one.branch === branch && one.state.is !== 'waiting',
  );
  return !isOther && newestBuildAt === failed.createdAt ? 'of-newest' : 'overtaken';
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
