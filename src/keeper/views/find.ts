// Looking for a project, a branch, a commit or an id among what the rules show, and among what was deleted. It looks so far
// in one view, says how far, and goes on in the next. Reads only.

import type { Found, FoundBranch, Gone } from '../../found.ts';
import type { Deployment } from '../../pages-api/model.ts';
import { branchOf } from '../../policy/facts.ts';
import { type BlockRef, blocksOf } from '../store/inventory.ts';
import { keysOf } from '../store/overview.ts';
import { branchesLeft } from './branches.ts';
import { isGone } from './deployment.ts';
import { readHealth } from './health.ts';
import { hideIn, isShown } from './hide.ts';
import { troubleOf } from './reads.ts';
import { type Shown, shownProjects } from './shown.ts';
import { contextOf, judging, summariesOf } from './summaries.ts';
import type { View } from './view.ts';

/** Results of a kind on one page. */
const MOST = 20;
/** Blocks that one view looks through: ten thousand deployments. */
const BLOCKS_A_VIEW = 100;
/** Batches of deletions, newest run first: ninety thousand deletions. */
const BATCHES_A_VIEW = 2_000;
/** Characters of branches' names that one view looks through. */
const NAMES_A_VIEW = 512 * 1024;
/** A commit or an id is looked for by its beginning, once that is long enough to be one. */
const HASH = /^[0-9a-f-]{7,64}$/;

function branchesWith(view: View, shown: readonly Shown[], text: string): FoundBranch[] {
  const { store } = view;
  const found: FoundBranch[] = [];
  let read = 0;
  const byId = new Map(shown.map(({ id, standing }) => [id, standing.name]));
  for (const id of store.projectsWithBranch([...byId.keys()], text)) {
    const known = Object.entries(store.readFacts(id, 'all')?.branches ?? {});
    const isThere = branchesLeft(view, id, blocksOf(store.read('projects', id)));
    for (const [key, { newestAt }] of known) {
      const { branch, environment } = branchOf(key);
      read += key.length;
      if (branch.toLowerCase().includes(text) && isThere(environment, branch))
        found.push({ project: byId.get(id) ?? '', branch, environment, newestAt });
    }
    if (read > NAMES_A_VIEW) break;
  }
  const isExact = ({ branch }: FoundBranch) => (branch.toLowerCase() === text ? 1 : 0);
  return found.sort((a, b) => isExact(b) - isExact(a) || (b.newestAt ?? 0) - (a.newestAt ?? 0));
}

const startsWith = ({ id, commitHash }: Pick<Deployment, 'id' | 'commitHash'>, text: string) =>
  id.startsWith(text) || commitHash.startsWith(text);

/** Deployments in these blocks: those that were deleted since they were written are still in what a block says that it holds. */
function countIn({ store, work }: View, blocks: readonly BlockRef[]): number {
  const held = blocks.reduce((sum, { n }) => sum + n, 0);
  if (work.tasks.values().every(({ gone }) => gone === 0)) return held;
  const scans = [...store.readScans(blocks.map(({ id }) => id))];
  return scans.reduce((sum, { gone }) => sum - gone.length, held);
}

/** Deployments by the beginning of their commit or id (`text` is a piece of one, so it is JSON as it stands), of the blocks of this page, and whether there are more blocks. */
function deploymentsWith(view: View, shown: readonly Shown[], text: string, page: number) {
  const { store } = view;
  const places = shown.flatMap(({ id: project, rule }) =>
    blocksOf(store.read('projects', project)).map((block) => ({ ...block, project, rule })),
  );
  const from = (page - 1) * BLOCKS_A_VIEW;
  const looked = places.slice(from, from + BLOCKS_A_VIEW);
  const ids = new Set(
    store.blocksWith(
      looked.map(({ id }) => id),
      `"${text}`,
      MOST,
    ),
  );
  const deployments = looked
    .filter(({ id }) => ids.has(id))
    .flatMap(({ id, project: projectId, rule }) => {
      const project = store.read('overview', projectId)?.project;
      if (project === undefined) return [];
      const rows = store
        .readBlock(id)
        .reverse()
        .filter((row) => startsWith(row, text));
      const facts = store.readFacts(projectId, keysOf(rows));
      const context = facts && contextOf(view, project, rule, { facts });
      const judge = judging(context, view);
      return rows.map((row) => ({ project, judged: judge(row) }));
    });
  return {
    deployments: deployments.slice(0, MOST),
    looked: countIn(view, looked),
    more: places.length > from + BLOCKS_A_VIEW,
  };
}

function goneWith(view: View, text: string, isHash: boolean): Gone[] {
  const matches = ({ id, commit, branch }: Gone['deletion']) =>
    (isHash && startsWith({ id, commitHash: commit }, text)) || branch.toLowerCase().includes(text);
  return view.store
    .deletionsWith(text, BATCHES_A_VIEW)
    .flatMap(({ run, deletions }) => deletions.map((deletion) => ({ run, deletion })))
    .filter(({ deletion }) => isGone(deletion) && isShown(view, deletion.project) && matches(deletion))
    .sort((a, b) => b.deletion.deletedAt - a.deletion.deletedAt);
}

/** `/find?q=`; `text` is in small letters. */
export function readFound(view: View, text: string, page: number): Found {
  const { work } = view;
  const shown = shownProjects(view);
  const isHash = HASH.test(text);
  const none = { deployments: [], looked: null, more: false };
  const byHash = isHash ? deploymentsWith(view, shown, text, page) : none;
  const named = shown.filter(({ standing }) => standing.name.toLowerCase().includes(text));
  const branches = branchesWith(view, shown, text);
  const gone = goneWith(view, text, isHash);
  return {
    health: readHealth(view),
    checkedAt: work.looked.checkedAt,
    trouble: troubleOf(view, hideIn(view)),
    projects: summariesOf(view, named.slice(0, MOST)),
    branches: branches.slice(0, MOST),
    deployments: byHash.deployments,
    gone: gone.slice(0, MOST),
    left: {
      projects: Math.max(0, named.length - MOST),
      branches: Math.max(0, branches.length - MOST),
      gone: Math.max(0, gone.length - MOST),
    },
    looked: byHash.looked,
    page,
    more: byHash.more,
  };
}
