// The production branch's head in Git: whether a build of it was ever started, and since when not. Reads what is stored, and notes
// which projects are behind; calls nothing.

import type { GitAnswer } from '../../git/ask.ts';
import type { Project } from '../../pages-api/model.ts';
import { headAfter, type ProductionHead } from '../../policy/behind.ts';
import { branchKey } from '../../policy/facts.ts';
import { MAX_WALK_AGE_MS } from '../../policy/gate.ts';
import type { Rule } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { blocksOf, type ProjectState, validSince } from '../store/inventory.ts';
import type { Store } from '../store/store.ts';
import { type GitRow, readRepository } from './known.ts';

/** Blocks that hold a commit, looked through at most. */
const MOST_BLOCKS = 100;

/** What is known of the head after an answer. Of projects that are connected to no repository there is none. */
export function noteHead(
  { store, work, now }: Pick<Context, 'store' | 'work' | 'now'>,
  state: ProjectState,
  known: ProductionHead | null,
  answer: GitAnswer,
): Pick<GitRow, 'head' | 'headAt'> {
  const { project, inventory } = state;
  const { id, productionBranch, source, canonical } = project;
  const met =
    answer.kind === 'heads' && answer.heads.whole ? answer.heads.met.get(productionBranch) : undefined;
  if (source === null || met === undefined) return { head: known, headAt: null };
  const { commit } = met;
  const readAt = validSince(inventory, work.looked.readAt[id]);
  const isBuilt = !project.builtOnPush || hasBuilt(store, state, commit);
  const wasBuilt = known !== null && hasBuilt(store, state, known.commit);
  const newestAt = wasBuilt ? Number.POSITIVE_INFINITY : newestOf(store, project);
  const head = headAfter(known, { at: now(), commit }, { isBuilt, newestAt, readAt });
  const { behind } = work.looked;
  const before = behind[id]?.since;
  const since = head.behindSince;
  if (since !== null) behind[id] = { since, commit, live: canonical?.commitHash ?? '' };
  // Another commit of which nobody has seen a build yet makes nothing well.
  else if (head.unbuiltAt === null) delete behind[id];
  work.telling.due ||= behind[id]?.since !== before;
  return { head, headAt: now() };
}

/** When the newest deployment of the production branch was made; 0: there is none; infinite: nobody knows. */
function newestOf(store: Store, { id, productionBranch }: Project): number {
  const key = branchKey('production', productionBranch);
  const { newestAt = 0 } = store.readFacts(id, [key])?.branches[key] ?? {};
  return newestAt ?? Number.POSITIVE_INFINITY;
}

/** Whether there is a production deployment of this commit, whatever became of it. */
function hasBuilt(store: Store, state: ProjectState, commit: string): boolean {
  const isOne = (row: Project['latest']) => row?.environment === 'production' && row.commitHash === commit;
  if (isOne(state.project.latest) || isOne(state.project.canonical)) return true;
  const blocks = blocksOf(state).map(({ id }) => id);
  return store
    .blocksWith(blocks, `"${commit}"`, MOST_BLOCKS)
    .some((id) => store.readWholeBlock(id).some(isOne));
}

/** Whether production is behind, where a rebuild hangs on that; `unasked`: it does not. `head`: what is behind, for its intent. */
export function behindOf(
  { store, now }: Pick<Context, 'store' | 'now'>,
  project: Pick<Project, 'id' | 'latest'>,
  rule: Pick<Rule, 'rebuild'>,
):
  | { readonly behind: 'unasked' | 'unread' | 'current' }
  | { readonly behind: 'behind'; readonly head: ProductionHead } {
  if (rule.rebuild?.ifBehind !== true) return { behind: 'unasked' };
  const { head = null, headAt = null } = readRepository(store, project.id) ?? {};
  if (head === null || headAt === null || now() - headAt > MAX_WALK_AGE_MS) return { behind: 'unread' };
  if (head.behindSince === null || project.latest?.commitHash === head.commit) return { behind: 'current' };
  return { behind: 'behind', head };
}
