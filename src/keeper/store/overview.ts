// The overview: what `/` shows of every project, an entry each, and the index of all. So a view reads the index and the entries
// that it shows, whatever the account's size. Derived from the projects' rows; no calls.

import type { Deployment, Project } from '../../pages-api/model.ts';
import { branchKey } from '../../policy/facts.ts';
import { retryAt } from '../../policy/rebuild.ts';
import type { Context } from '../context.ts';
import type { ContentRow } from './documents.ts';
import { failingOf, type Inventory, type ProjectState, usableInventory } from './inventory.ts';
import type { OverviewEntry } from './overview-entry.ts';
import { type IndexEntry, readIndex, writeIndex } from './overview-index.ts';
import { kindOf } from './scan.ts';
import type { Store } from './store.ts';

/** Builds in an entry: as many as are drawn. */
const BUILDS = 24;
/** Failing commits in an entry: its rebuilds may wait for one of them. */
const FAILING = 20;

/** Has a project's part of the overview written at the end of this invocation. */
export function noteProject(context: Context, state: ProjectState): void {
  context.touched.set(state.project.id, state);
}

/** Writes the parts that changed. A project of which a part cannot be stored stays as it was, and is told in the log. */
export function saveOverview({ store, touched, log }: Pick<Context, 'store' | 'touched' | 'log'>): void {
  if (touched.size === 0) return;
  const index = [...readIndex(store)];
  const places = new Map(index.map(({ id }, place) => [id, place]));
  for (const [id, state] of touched) {
    try {
      const entry = entryOf(store, state);
      store.write('overview', id, entry);
      index[places.get(id) ?? index.length] = indexEntryOf(entry);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event: 'project-failed', project: state.project.name, message });
    }
  }
  writeIndex(store, index);
  touched.clear();
}

/** Forgets a project that is no more. */
export function forgetOverview(store: Store, id: string): void {
  store.remove('overview', id);
  writeIndex(
    store,
    readIndex(store).filter((entry) => entry.id !== id),
  );
}

/** Production builds newer than the live one, when the newest of them failed: production is behind. */
function failedSinceLive(project: Project, builds: Inventory['builds']): number {
  const liveAt = project.canonical?.createdAt ?? null;
  const since = builds.filter((build) => build.production && liveAt !== null && build.at > liveAt);
  return since[0]?.ok === false ? since.filter((build) => !build.ok).length : 0;
}

/** Whether nothing is live, and a build failed that was newer than the newest one: a stale branch goes whole, with its newest build. */
function newestFailed({ canonical, latest }: Project, [newest]: Inventory['builds']): boolean {
  return canonical === null && newest?.ok === false && newest.at > (latest?.createdAt ?? 0);
}

/** The same as `failedSinceLive`; `null`: nobody can tell, since nothing is known to be live, or no build of production is known. */
function knownBehind(project: Project, builds: Inventory['builds']): number | null {
  const isKnown = (project.canonical?.createdAt ?? null) !== null && builds.some((build) => build.production);
  return isKnown ? failedSinceLive(project, builds) : null;
}

function entryOf(store: Store, state: ProjectState): OverviewEntry {
  const { project, plan } = state;
  const inventory = usableInventory(state);
  const facts =
    inventory === null ? null : store.readFacts(project.id, keysOf([project.canonical, project.latest]));
  const builds = inventory?.builds ?? [];
  const drawn = builds.slice(0, BUILDS).reverse();
  return {
    ...{ project, facts, plan },
    count: inventory?.count ?? null,
    builds: {
      took: drawn.map(({ took }) => took),
      failed: drawn.flatMap(({ ok }, place) => (ok ? [] : [place])),
    },
    failedSinceLive: failedSinceLive(project, builds),
    newestFailed: newestFailed(project, builds),
    behind: knownBehind(project, builds),
    failing: newestFailing(inventory, project.productionBranch),
    saved: savedOf(store.read('content', project.id)),
  };
}

/** The newest of them; that of the branch that is nearly always the one to be rebuilt is among them. */
function newestFailing(inventory: Inventory | null, branch: string): OverviewEntry['failing'] {
  const rank = (one: OverviewEntry['failing'][number]) =>
    one.branch === branch ? Number.POSITIVE_INFINITY : one.lastAt;
  return [...(inventory?.failing ?? [])].sort((a, b) => rank(b) - rank(a)).slice(0, FAILING);
}

function indexEntryOf(entry: OverviewEntry): IndexEntry {
  const { project, facts, count, plan, failedSinceLive, behind } = entry;
  const { id, name, productionBranch, source, canonical, latest } = project;
  const liveAt = canonical?.createdAt ?? null;
  const found = failingOf(entry, productionBranch);
  return {
    ...{ id, name, productionBranch, hasSource: source !== null, count, failedSinceLive, behind },
    newestFailed: entry.newestFailed ?? false,
    live: canonical === null ? null : { createdAt: liveAt },
    latest:
      latest === null
        ? null
        : { kind: kindOf(latest), environment: latest.environment, createdAt: latest.createdAt },
    rolledBack: liveAt !== null && (facts?.newestProductionAt ?? 0) > liveAt,
    retryAt: found === null ? null : retryAt(found),
    plan,
  };
}

function savedOf(row: ContentRow | null): OverviewEntry['saved'] {
  return row === null ? null : { month: row.month, saved: row.saved };
}

/** The branches on which these deployments' verdicts rest, by their keys. */
export function keysOf(rows: readonly (Pick<Deployment, 'environment' | 'branch'> | null)[]): string[] {
  return rows.flatMap((row) => (row === null ? [] : [branchKey(row.environment, row.branch)]));
}
