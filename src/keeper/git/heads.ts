// Before the first DELETE of branches that are gone: Git is asked for these very branches once more. What is there again, or cannot be
// asked, is left to the next plan. Sends requests to Git servers only.

import { addressOf, gitAuthorization } from '../../git/address.ts';
import { askHeads } from '../../git/ask.ts';
import { foldName } from '../../git/names.ts';
import { Wanted } from '../../git/wanted.ts';
import { withPresent } from '../../policy/git.ts';
import { gitProjectOf } from '../../policy/git-project.ts';
import { repositoryFor } from '../../policy/repository.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import type { Reserved } from '../prune/reserved.ts';
import { readKnown, writeKnown } from './known.ts';

/** Whether the branches of a batch are gone at this moment. `spent`: no request is left in this alarm. */
export async function lookAtBranches(
  context: Context,
  calls: Calls,
  { id, items }: Pick<Reserved, 'id' | 'items'>,
): Promise<'gone' | 'doubtful' | 'spent'> {
  const branches = [
    ...new Set(items.filter(({ reason }) => reason === 'gone-branch').map((item) => item.branch)),
  ];
  if (branches.length === 0) return 'gone';
  const { store, config } = context;
  const state = store.read('projects', id);
  const rule = state === null ? null : ruleFor(state.project.name, config.rules);
  const repository = state === null || rule === null ? null : repositoryFor(state.project, rule).repository;
  if (state === null || repository === null) return 'doubtful';
  const fetch = calls.elsewhere(2);
  if (fetch === null) return 'spent';
  const { productionBranch } = state.project;
  const address = addressOf(repository);
  const authorization = gitAuthorization(repository.host, config.git);
  const prefixes = [productionBranch, ...branches.flatMap(writtenAs)];
  const wanted = new Wanted([productionBranch, ...branches]);
  const answer = await askHeads(fetch, { address, authorization }, wanted, [...new Set(prefixes)]);
  // The production branch is asked for beside them: an answer without it is another repository's, or none.
  const isRead = answer.kind === 'heads' && answer.heads.whole && answer.heads.met.has(productionBranch);
  if (isRead && branches.every((branch) => !answer.heads.met.has(branch))) return 'gone';
  const known = readKnown(store, id, address);
  const facts = store.readFacts(id, 'all');
  const seen =
    answer.kind === 'heads' && facts !== null
      ? withPresent(known, answer.heads, gitProjectOf(state, facts, { commits: new Set(), own: false }))
      : known;
  const doubt = isRead ? 'a branch came back' : 'it could not be asked again before deleting';
  writeKnown(store, id, { ...known, ...seen, readAt: null, doubt });
  return 'doubtful';
}

/** How a branch may be written in Git: servers compare by the letter. */
function writtenAs(branch: string): string[] {
  const folded = foldName(branch);
  return [branch, folded, folded.normalize('NFD'), branch.normalize('NFD'), branch.normalize('NFC')];
}
