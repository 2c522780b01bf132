// What is known from Git of one project: read, stored, and held against its deployments. Calls nothing.

import { addressOf } from '../../git/address.ts';
import type { Project } from '../../pages-api/model.ts';
import type { ProductionHead } from '../../policy/behind.ts';
import type { ProjectFacts } from '../../policy/facts.ts';
import { MAX_WALK_AGE_MS } from '../../policy/gate.ts';
import { type BranchInGit, type GitKnown, goneBranches, noGit } from '../../policy/git.ts';
import { gitProjectOf } from '../../policy/git-project.ts';
import type { PullSeen } from '../../policy/pull-seen.ts';
import { closedPulls } from '../../policy/pulls.ts';
import { asksGit, repositoryFor } from '../../policy/repository.ts';
import type { Rule } from '../../policy/rules.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import type { ProjectState } from '../store/inventory.ts';
import type { Store } from '../store/store.ts';

/** What is stored of a project. */
export interface GitRow extends GitKnown {
  /** When it was asked, whatever came of it. Epoch ms. */
  readonly askedAt: number;
  /** Why nothing is missing by what it said, in words; `null`: it was believed. */
  readonly doubt: string | null;
  /** Of a project that is connected; `null`: never read. */
  readonly head: ProductionHead | null;
  /** When that was read; `null`: the last time it could not be. */
  readonly headAt: number | null;
}

/** The first part; then where branches stood, then what is known of them. */
type Stored = Omit<GitRow, 'branches' | 'tips'>;

type StoredBranch = readonly [
  name: string,
  had: number | null,
  off: number | null,
  label: boolean,
  pull?: PullSeen,
];

/** Characters of one part. */
const PART = 60_000;

/** What is known of this repository; nothing where another one was asked. */
export function readKnown({ readGit }: Pick<Store, 'readGit'>, id: string, address: string): GitRow {
  const [first, tips, ...parts] = readGit(id);
  const known = first === undefined ? null : (JSON.parse(first) as Stored);
  if (known === null || known.address !== address)
    return { ...noGit(address), askedAt: 0, doubt: null, head: null, headAt: null };
  const branches = new Map<string, BranchInGit>();
  for (const part of parts)
    for (const [name, had, off, label, pull] of JSON.parse(part) as StoredBranch[])
      branches.set(name, { had, off, label, ...(pull && { pull }) });
  return { ...known, tips: JSON.parse(tips ?? '[]') as GitRow['tips'], branches };
}

/** What is known of a project's repository, its branches left aside; `null`: Git was never asked. */
export function readRepository({ readGitFirst }: Pick<Store, 'readGitFirst'>, id: string): Stored | null {
  const first = readGitFirst(id);
  return first === null ? null : (JSON.parse(first) as Stored);
}

/** Stores it. */
export function writeKnown({ writeGit }: Pick<Store, 'writeGit'>, id: string, row: GitRow): void {
  const { branches, tips, ...first } = row;
  const parts: string[] = [];
  let part: string[] = [];
  let size = 0;
  for (const [name, { had, off, label, pull }] of branches) {
    const stored: StoredBranch = pull ? [name, had, off, label, pull] : [name, had, off, label];
    const text = JSON.stringify(stored);
    part.push(text);
    size += text.length;
    if (size < PART) continue;
    parts.push(`[${part.join(',')}]`);
    [part, size] = [[], 0];
  }
  if (part.length > 0) parts.push(`[${part.join(',')}]`);
  writeGit(id, [JSON.stringify(first), JSON.stringify(tips), ...parts]);
}

/** Commits of a project's newest deployments. */
export function commitsOf(store: Store, { project, inventory }: ProjectState): Set<string> {
  const commits = new Set<string>();
  const rows = [...newestFirst(store, topBlocks(inventory?.blocks ?? []))];
  for (const row of [project.latest, project.canonical, ...rows])
    if (row !== null && row.commitHash !== '') commits.add(row.commitHash);
  return commits;
}

/** Whether Git must be asked before a project is planned: what it said is about to be too old to act by. */
export function mustAskGit(
  { store, now }: { readonly store: Pick<Store, 'readGit'>; readonly now: () => number },
  { project }: Pick<ProjectState, 'project'>,
  rule: Rule,
): boolean {
  const repository = asksGit(rule) ? repositoryFor(project, rule).repository : null;
  if (repository === null) return false;
  return now() - readKnown(store, project.id, addressOf(repository)).askedAt > MAX_WALK_AGE_MS;
}

/** Branches that are gone, and the reading by which they are; `readAt` is `null` where that is none to act by. */
export interface Gone {
  readonly gone: ReadonlyMap<string, number>;
  readonly readAt: number | null;
}

const NOTHING: Gone = { gone: new Map(), readAt: null };

/** The preview branches among these facts that Git has no more. Reads nothing where the rule does not ask. */
export function goneOf(
  store: Pick<Store, 'readGit'>,
  project: Project,
  rule: Rule,
  facts: ProjectFacts | null,
): Gone {
  if (!asksGit(rule) || facts === null) return NOTHING;
  const { repository } = repositoryFor(project, rule);
  if (repository === null) return NOTHING;
  const known = readKnown(store, project.id, addressOf(repository));
  if (known.readAt === null) return NOTHING;
  const held = gitProjectOf({ project }, facts, { commits: new Set(), own: false });
  const { strayAt } = facts;
  const closed = closedPulls(known, held, strayAt, rule.prune);
  const gone = new Map([...closed, ...goneBranches(known, held, strayAt)]);
  return gone.size === 0 ? NOTHING : { gone, readAt: known.readAt };
}
