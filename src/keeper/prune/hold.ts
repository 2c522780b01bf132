// Whether anything may be deleted, and whether a plan still holds, by what is known at this moment: asked before anything of it
// is carried on. Reads only.

import { type Basis, brokenBy } from '../../policy/basis.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { readRepository } from '../git/known.ts';

/** Why a plan of this project may not be carried on, in words for the log; `null`: it may. */
export function brokenNow({ store, config, now }: Context, id: string, basis: Basis): string | null {
  const state = store.read('projects', id);
  if (state === null || state.inventory === null) return 'nothing is known of it';
  const { name, productionBranch, canonical } = state.project;
  const settings = { account: config.keeperName, rules: config.rulesHash };
  const { generation } = state.inventory;
  const canonicalId = canonical?.id ?? null;
  const gitReadAt = basis.gitReadAt === null ? null : (readRepository(store, id)?.readAt ?? null);
  const known = { name, productionBranch, canonicalId, generation, gitReadAt };
  return brokenBy(basis, { ...settings, ...known }, now());
}

/** Why nothing may be deleted in a project by the configuration of this moment, in words; `null`: it may. */
export function whyHeld({ config }: Pick<Context, 'config'>, name: string): string | null {
  const rule = ruleFor(name, config.rules);
  if (config.dryRun || rule?.dryRun) return 'DRY_RUN was switched on, so its queue was dropped';
  return rule === null ? 'no rule matches it any more' : null;
}
