// The overview: one stored row with what `/` shows of every project, so that a view reads one row whatever the account's
// size. Derived from the projects' rows; no calls.

import type { Deployment, Project } from '../../pages-api/model.ts';
import type { Build } from '../../policy/builds.ts';
import { branchKey, type ProjectFacts } from '../../policy/facts.ts';
import type { FailingCommit } from '../../policy/rebuild.ts';
import type { Context } from '../context.ts';
import type { ContentRow } from './documents.ts';
import { type Inventory, type ProjectState, usableInventory } from './inventory.ts';
import type { Store } from './store.ts';

/** One project in the overview. Verdicts depend on the time, so what they need is kept, not the verdicts. */
export interface OverviewEntry {
  readonly project: Project;
  /** Facts of the branches of its live and its latest deployment only. */
  readonly facts: ProjectFacts | null;
  /** Deployments in its blocks, those deleted since included; `null` before they were all read. */
  readonly count: number | null;
  readonly plan: ProjectState['plan'];
  readonly builds: readonly Build[];
  readonly failing: readonly FailingCommit[];
  readonly saved: Pick<ContentRow, 'month' | 'saved'> | null;
}

/** By project id, in the order of the API's list. */
export type OverviewRow = Record<string, OverviewEntry>;

const KEY = 'overview';

/** Has a project's part of the overview written at the end of this invocation. */
export function noteProject(context: Context, state: ProjectState): void {
  context.touched.set(state.project.id, state);
}

/** Reads the overview. */
export function readOverview(store: Store): OverviewRow {
  return store.readState<OverviewRow>(KEY) ?? {};
}

/** Writes the parts that changed. */
export function saveOverview({ store, touched }: Pick<Context, 'store' | 'touched'>): void {
  if (touched.size === 0) return;
  const row = readOverview(store);
  for (const [id, state] of touched) row[id] = entryOf(store, state);
  store.writeState(KEY, row);
  touched.clear();
}

/** Production builds newer than the live one, when the newest of them failed: production is behind. */
export function failedSinceLive({ project, builds }: OverviewEntry): number {
  const liveAt = project.canonical?.createdAt ?? null;
  const since = builds.filter((build) => build.production && liveAt !== null && build.at > liveAt);
  return since[0]?.ok === false ? since.filter((build) => !build.ok).length : 0;
}

/** The same; `null`: nobody can tell, since nothing is known to be live, or no build of production is known. */
export function knownBehind(entry: OverviewEntry): number | null {
  const { project, builds } = entry;
  const isKnown = (project.canonical?.createdAt ?? null) !== null && builds.some((build) => build.production);
  return isKnown ? failedSinceLive(entry) : null;
}

/** Forgets a project that is no more. */
export function forgetOverview(store: Store, id: string): void {
  const row = readOverview(store);
  delete row[id];
  store.writeState(KEY, row);
}

function entryOf(store: Store, state: ProjectState): OverviewEntry {
  const inventory: Inventory | null = usableInventory(state);
  const facts = inventory === null ? null : store.read('facts', state.project.id);
  return {
    project: state.project,
    facts: facts === null ? null : factsFor(facts, [state.project.canonical, state.project.latest]),
    count: inventory?.count ?? null,
    plan: state.plan,
    builds: inventory?.builds ?? [],
    failing: inventory?.failing ?? [],
    saved: savedOf(store.read('content', state.project.id)),
  };
}

function savedOf(row: ContentRow | null): OverviewEntry['saved'] {
  return row === null ? null : { month: row.month, saved: row.saved };
}

/** The facts that these deployments' verdicts need. */
export function factsFor(
  facts: ProjectFacts,
  rows: readonly (Pick<Deployment, 'environment' | 'branch'> | null)[],
): ProjectFacts {
  const keys = rows.filter((row) => row !== null).map((row) => branchKey(row.environment, row.branch));
  const branches = Object.fromEntries(
    keys.flatMap((key) => (facts.branches[key] ? [[key, facts.branches[key]]] : [])),
  );
  return { ...facts, branches };
}
