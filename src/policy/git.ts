// What is believed of what Git says. That a branch is there is always believed; that it is not there only of a reading that is
// whole, holds the production branch, and is shown to be the project's. Pure: times (epoch ms) are passed in.

import { foldName } from '../git/names.ts';
import type { Head, Heads } from '../git/refs.ts';
import { DAY, HOUR } from '../time.ts';
import type { PullSeen } from './pull-seen.ts';

/** What is remembered of a branch that has deployments. */
export interface BranchInGit {
  /** When a reading that is whole and the project's had it; exact to a day. `null`: none has. */
  readonly had: number | null;
  /** The first of the readings, none other between them, that lacked it; `null`: it is there, for all that is known. */
  readonly off: number | null;
  /** Something deploys under this name without a branch: Git says nothing about it until it has had it again. */
  readonly label: boolean;
  /** What was last said of its pull request. */
  readonly pull?: PullSeen;
}

/** What is known from Git of one project and one repository. */
export interface GitKnown {
  readonly address: string;
  /** When the last reading was made, if a plan may rest on it. */
  readonly readAt: number | null;
  /** The last reading that is believed. */
  readonly believedAt: number | null;
  /** Readings that lack so much that they are believed a day later only, oldest first; `null`: the last one was none. */
  readonly held: readonly number[] | null;
  /** Where branches stood at the last such reading, at most a hundred: by this the next one is told to be the project's. */
  readonly tips: readonly Head[];
  /** By the branch of the deployments. */
  readonly branches: ReadonlyMap<string, BranchInGit>;
}

/** What is known of a preview branch's deployments. */
export interface BranchDeployed {
  /** `null`: nobody knows. */
  readonly newestAt: number | null;
  /** The newest that was made by anything but a push. */
  readonly otherAt: number | null;
  /** Whether one of them was pushed to this repository. */
  readonly pushed: boolean;
}

/** A project, as what Git says is held against it. */
export interface GitProject {
  readonly productionBranch: string;
  /** Its preview branches. */
  readonly branches: ReadonlyMap<string, BranchDeployed>;
  /** Commits of deployments that are known. */
  readonly commits: ReadonlySet<string>;
  /** Whether the rule names the repository and the project is connected to none: then its first reading needs no proof. */
  readonly own: boolean;
}

/** A reading: what was said, and when: the later of the tick's time and the clock. */
export interface GitReading {
  readonly at: number;
  readonly heads: Heads;
}

const MANY = 2;
// A week, and a day more, since `had` is only exact to one.
const RECENT_MS = 8 * DAY;
const SECOND_AFTER_MS = HOUR;
const HELD_FOR_MS = DAY;
const APART_MS = 50 * 60_000;
const LABEL_AFTER_MS = DAY;
const TIPS = 100;
const NEVER: BranchInGit = { had: null, off: null, label: false };

/** Nothing known of a repository. */
export function noGit(address: string): GitKnown {
  return { address, readAt: null, believedAt: null, held: null, tips: [], branches: new Map() };
}

/** Why nothing is missing by this reading, in words; `null`: it is whole, and the project's. */
export function doubtOf(
  known: GitKnown,
  { heads }: Pick<GitReading, 'heads'>,
  project: GitProject,
): string | null {
  if (!heads.whole) return 'the answer was not whole';
  if (!heads.met.has(project.productionBranch)) return `it has no branch ${project.productionBranch}`;
  const isFirst = known.tips.length === 0;
  if (project.own && isFirst) return null;
  const all = [...heads.met.values(), ...heads.first];
  if (all.some(({ commit }) => project.commits.has(commit))) return null;
  const stood = known.tips.some(({ name, commit }) => (heads.met.get(name) ?? null)?.commit === commit);
  return stood ? null : 'nothing shows that it is this project’s';
}

/** What is known after a reading; `doubt`: why nothing may be deleted by it, in words. */
export function learn(
  known: GitKnown,
  reading: GitReading,
  project: GitProject,
): { readonly known: GitKnown; readonly doubt: string | null } {
  const { at, heads } = reading;
  const doubt = doubtOf(known, reading, project);
  const before = withPresent(known, heads, project);
  if (doubt !== null) return { known: { ...before, readAt: null }, doubt };
  const names = [...project.branches.keys()];
  const recent = names.filter(
    (name) => at - (before.branches.get(name)?.had ?? Number.NEGATIVE_INFINITY) < RECENT_MS,
  );
  const lost = recent.filter((name) => !heads.met.has(name)).length;
  const lacksMuch = lost > MANY && lost * 2 > recent.length;
  const held = lacksMuch ? withTime(before.held ?? [], at) : null;
  const proven = held === null ? at : (held.findLast((time) => time <= at - HELD_FOR_MS) ?? null);
  const after: GitKnown = {
    ...before,
    readAt: proven === null ? null : at,
    believedAt: proven === null ? before.believedAt : Math.max(proven, before.believedAt ?? 0),
    held: held === null ? null : held.filter((time) => time >= (proven ?? 0)),
    tips: tipsOf(heads, project),
    branches: withAbsent(before, reading, project, lacksMuch),
  };
  const much = `it lacks ${lost} of ${recent.length} branches that it had in the last seven days, which is believed a day later`;
  return { known: after, doubt: proven === null ? much : null };
}

/** Branches that are there are there, whatever else is wrong. One that comes back ends what readings in doubt have said. */
export function withPresent(known: GitKnown, heads: Heads, project: GitProject): GitKnown {
  const branches = new Map<string, BranchInGit>();
  let isBack = false;
  for (const name of project.branches.keys()) {
    const before = known.branches.get(name) ?? NEVER;
    const isThere = heads.met.has(name);
    isBack ||= isThere && before.off !== null;
    branches.set(name, isThere ? { ...before, off: null, label: false } : before);
  }
  if (!isBack || known.held === null) return { ...known, branches };
  for (const [name, branch] of branches)
    if (branch.off !== null && isUnproven(known, branch.off)) branches.set(name, { ...branch, off: null });
  return { ...known, held: null, branches };
}

/** Whether only readings that are not believed yet have lacked a branch since then. */
function isUnproven({ held, believedAt }: GitKnown, off: number): boolean {
  return held !== null && off >= (held[0] ?? 0) && off > (believedAt ?? 0);
}

function withAbsent(
  known: GitKnown,
  { at, heads }: GitReading,
  project: GitProject,
  lacksMuch: boolean,
): Map<string, BranchInGit> {
  const branches = new Map<string, BranchInGit>();
  for (const [name, deployed] of project.branches) {
    const before = known.branches.get(name) ?? NEVER;
    if (heads.met.has(name)) {
      const had = before.had !== null && at - before.had < DAY ? before.had : at;
      branches.set(name, { ...before, had });
      continue;
    }
    const { off } = before;
    const isLabel = off !== null && (deployed.otherAt ?? 0) > off + LABEL_AFTER_MS;
    const isNew = off === null || !isOlder(deployed.newestAt, off) || (!lacksMuch && isUnproven(known, off));
    branches.set(name, { ...before, off: isNew ? at : off, label: before.label || isLabel });
  }
  return branches;
}

const isOlder = (time: number | null, than: number) => time !== null && time < than;

/** One reading more; of those that come close upon each other the first counts. */
function withTime(times: readonly number[], at: number): number[] {
  const last = times.at(-1);
  return last !== undefined && at - last < APART_MS ? [...times] : [...times, at];
}

function tipsOf(heads: Heads, { productionBranch }: GitProject): Head[] {
  const main = heads.met.get(productionBranch);
  const tips = [...(main === undefined ? [] : [main]), ...heads.met.values(), ...heads.first];
  return [...new Map(tips.map((head) => [head.name, head])).values()].slice(0, TIPS);
}

/** The branches that are gone, and since when. What a plan rests on must be asked first: `readAt`. `strayAt`: as in the facts. */
export function goneBranches(
  { branches, believedAt }: GitKnown,
  project: GitProject,
  strayAt: number | null,
): Map<string, number> {
  const gone = new Map<string, number>();
  const production = foldName(project.productionBranch);
  for (const [name, deployed] of project.branches) {
    const { off, had, label } = branches.get(name) ?? NEVER;
    if (off === null || label || believedAt === null || foldName(name) === production) continue;
    if (had === null && !deployed.pushed) continue;
    if (believedAt - off < SECOND_AFTER_MS) continue;
    if (isOlder(deployed.newestAt, off) && isOlder(strayAt, off)) gone.set(name, off);
  }
  return gone;
}
