// What is known of each project: its blocks of deployments, and how a valid walk is committed to them. Level-driven: the
// API stays the truth, this is a copy that can be read again. Synchronous; calls nothing.
//
// Blocks hold deployments oldest first, so that a new one is appended and nothing moves: the queue points at places in them.

import { buildStatus, type Deployment, isFinished, isSuccessful, type Project } from '../pages-api/model.ts';
import { addToFacts, mergeFacts, type ProjectFacts } from '../plan/facts.ts';
import { type FailingCommit, failingCommits } from '../plan/rebuild.ts';
import type { Store } from './store.ts';
import type { BlockRef, KnownHead, Unfinished, Walk } from './walk.ts';

const BLOCK_ROWS = 100;
const DAY = 86_400_000;
const BUILDS_SHOWN = 40;

/** One finished build of the trend. */
export interface Build {
  readonly at: number;
  readonly took: number;
  readonly ok: boolean;
  readonly production: boolean;
}

/** The deployments of a project as the last complete walk found them. */
export interface Inventory {
  readonly productionBranch: string;
  /** Newest first. */
  readonly blocks: readonly BlockRef[];
  /** Deployments in the blocks, those deleted since taken off when the blocks were last written. */
  readonly count: number;
  /** When the last valid walk began; `null`: the last one could not be shown to be complete. */
  readonly validAt: number | null;
  /** When everything was last read. */
  readonly fullAt: number;
  readonly unordered: boolean;
  readonly unfinished: readonly Unfinished[];
  readonly builds: readonly Build[];
  /** Branches whose newest commit keeps failing; absent in what 1.0 stored. */
  readonly failing?: readonly FailingCommit[];
  /** The project's `latest` and `canonical` as recorded then. */
  readonly mark: string;
}

/** What is stored of a project. */
export interface ProjectState {
  readonly project: Project;
  readonly inventory: Inventory | null;
  /** The last plan's result, and why it was refused, if it was. */
  readonly plan: {
    readonly at: number;
    readonly expired: number;
    readonly expiredIfStale: number | null;
    readonly refusedWhy: string | null;
  } | null;
}

/** Id and latest stage of a project's newest and live deployment: while these stay, the head has not moved. */
export function headMark(project: Project): string {
  const mark = (row: Deployment | null) => (row === null ? '-' : `${row.id} ${row.stage} ${row.stageStatus}`);
  return `${mark(project.latest)}|${mark(project.canonical)}`;
}

/** The failing commit of a branch, if there is one. */
export function failingOf(
  inventory: Pick<Inventory, 'failing'> | null,
  branch: string,
): FailingCommit | null {
  return inventory?.failing?.find((failing) => failing.branch === branch) ?? null;
}

/** The inventory, unless it is of another world: another production branch, so other environments. */
export function usableInventory(state: ProjectState): Inventory | null {
  const { inventory, project } = state;
  return inventory !== null && inventory.productionBranch === project.productionBranch ? inventory : null;
}

/** Whether what is known is not what is: the head has moved, or something young had not finished. */
export function mustRead(state: ProjectState, now: number): boolean {
  const inventory = usableInventory(state);
  if (inventory === null || inventory.validAt === null || inventory.mark !== headMark(state.project))
    return true;
  return inventory.unfinished.some(({ createdAt }) => now - createdAt < DAY);
}

/** The newest known rows, at least a hundred if there are so many, for a `head` walk to meet. */
export function readKnownHead(store: Store, inventory: Inventory): KnownHead {
  const ids = new Set<string>();
  let oldestAt = Number.POSITIVE_INFINITY;
  for (const { id } of inventory.blocks) {
    for (const row of store.readBlock(id)) {
      if (row === null) continue;
      if (row.id !== '') ids.add(row.id);
      if (row.createdAt !== null) oldestAt = Math.min(oldestAt, row.createdAt);
    }
    if (ids.size >= BLOCK_ROWS) break;
  }
  return { ids, oldestAt };
}

const openRow = (row: Deployment, block: number): Unfinished[] =>
  isFinished(row) || row.id === '' || row.createdAt === null
    ? []
    : [{ id: row.id, block, branch: row.branch, createdAt: row.createdAt }];

/** Those of a block's rows that had not finished. */
export const unfinishedIn = (rows: readonly Deployment[], block: number): Unfinished[] =>
  rows.flatMap((row) => openRow(row, block));

/** Writes rows (newest first) as blocks; gives them newest first, and which of the rows had not finished. */
function writeBlocks(
  store: Store,
  newestFirst: readonly Deployment[],
): { blocks: BlockRef[]; open: Unfinished[] } {
  const blocks: BlockRef[] = [];
  const open: Unfinished[] = [];
  for (let from = 0; from < newestFirst.length; from += BLOCK_ROWS) {
    const rows = newestFirst.slice(from, from + BLOCK_ROWS).reverse();
    const id = store.addBlock(rows);
    blocks.push({ id, n: rows.length });
    open.push(...unfinishedIn(rows, id));
  }
  return { blocks, open };
}

/** The walk with its full blocks written, so that the next invocation carries few rows. */
export function stageWalk(store: Store, walk: Walk): Walk {
  const full = walk.tail.length - (walk.tail.length % BLOCK_ROWS);
  if (full === 0) return walk;
  const { blocks, open } = writeBlocks(store, walk.tail.slice(0, full));
  return {
    ...walk,
    staged: [...walk.staged, ...blocks],
    open: [...walk.open, ...open],
    tail: walk.tail.slice(full),
  };
}

/** Removes what an abandoned walk has written. */
export function dropWalk(store: Store, projectId: string): void {
  const walk = store.read('walks', projectId);
  for (const { id } of walk?.staged ?? []) store.removeBlock(id);
  if (walk) store.remove('walks', projectId);
}

/** Rows (newest first) put on top of the blocks: appended to the newest one where they fit. */
function putOnTop(store: Store, blocks: readonly BlockRef[], rows: readonly Deployment[]): BlockRef[] {
  const top = blocks[0];
  if (rows.length === 0) return [...blocks];
  if (top === undefined || top.n + rows.length > BLOCK_ROWS)
    return [...writeBlocks(store, rows).blocks, ...blocks];
  const stored = store.readBlock(top.id);
  // Deleted rows keep their place: the queue points at places in blocks.
  store.replaceBlock(top.id, [...stored, ...[...rows].reverse()]);
  return [{ id: top.id, n: stored.length + rows.length }, ...blocks.slice(1)];
}

/** Writes known rows as they are now; gives those that became successful since. */
function applyUpdates(store: Store, inventory: Inventory, updates: readonly Deployment[]): Deployment[] {
  const now = new Map(updates.map((row) => [row.id, row]));
  const places = new Set(inventory.unfinished.map(({ block }) => block));
  for (const { id } of inventory.blocks.slice(0, 2)) places.add(id);
  const succeeded: Deployment[] = [];
  for (const place of places) {
    let changed = false;
    const rows = store.readBlock(place).map((row) => {
      const update = row === null ? undefined : now.get(row.id);
      if (row === null || update === undefined || JSON.stringify(row) === JSON.stringify(update)) return row;
      changed = true;
      if (isSuccessful(update) && !isSuccessful(row)) succeeded.push(update);
      return update;
    });
    if (changed) store.replaceBlock(place, rows);
  }
  return succeeded;
}

/** What the newest blocks tell: unfinished rows and the trend. `older`: unfinished rows of any block. */
function lookAtTop(store: Store, blocks: readonly BlockRef[], older: readonly Unfinished[]) {
  const unfinished: Unfinished[] = [];
  const builds: Build[] = [];
  const rows: Deployment[] = [];
  const looked = new Set(blocks.map(({ id }) => id));
  for (const { id } of blocks) {
    for (const row of store.readBlock(id).reverse()) {
      if (row === null || row.createdAt === null) continue;
      rows.push(row);
      unfinished.push(...openRow(row, id));
      const status = buildStatus(row, row.createdAt);
      if (
        (status === 'ready' || status === 'failed') &&
        row.finishedAt !== null &&
        builds.length < BUILDS_SHOWN
      ) {
        const took = Math.max(0, row.finishedAt - row.createdAt);
        builds.push({
          at: row.createdAt,
          took,
          ok: status === 'ready',
          production: row.environment === 'production',
        });
      }
    }
  }
  return {
    unfinished: [...unfinished, ...older.filter(({ block }) => !looked.has(block))],
    builds,
    failing: failingCommits(rows),
  };
}

/**
 * Commits a complete walk: from here on it is what is known. `newer`: rows that came on top while it ran. `valid` false
 * keeps it for the page only. Must run without interruption, so that all of it is stored or nothing.
 */
export function commitWalk(
  store: Store,
  state: ProjectState,
  walk: Walk,
  newer: readonly Deployment[],
  valid: boolean,
): Inventory {
  const { project } = state;
  const before = walk.kind === 'head' ? usableInventory(state) : null;
  const fresh = [...newer, ...(walk.staged.length === 0 ? walk.tail : [])];
  const below = before?.blocks ?? [];
  const succeeded = before === null ? [] : applyUpdates(store, before, walk.updates);
  const tail = writeBlocks(store, walk.staged.length === 0 ? [] : walk.tail);
  const blocks = putOnTop(store, [...walk.staged, ...tail.blocks, ...below], fresh);
  if (before === null) for (const { id } of state.inventory?.blocks ?? []) store.removeBlock(id);
  const walked = addToFacts(walk.facts, newer);
  const known = before === null ? null : store.read('facts', project.id);
  const facts: ProjectFacts = known === null ? walked : addToFacts(mergeFacts(known, walked), succeeded);
  store.write('facts', project.id, facts);
  store.remove('walks', project.id);
  const open = [
    ...walk.open,
    ...tail.open,
    ...(before === null ? [] : stillUnfinished(before, walk.updates)),
  ];
  const top = lookAtTop(store, blocks.slice(0, 2), open);
  return {
    productionBranch: project.productionBranch,
    blocks,
    count: (before?.count ?? 0) + walk.rows + newer.length,
    validAt: valid ? walk.startedAt : null,
    fullAt: before?.fullAt ?? walk.startedAt,
    unordered: walk.unordered,
    ...top,
    mark: headMark(project),
  };
}

function stillUnfinished(before: Inventory, updates: readonly Deployment[]): Unfinished[] {
  const finished = new Set(updates.filter(isFinished).map(({ id }) => id));
  return before.unfinished.filter(({ id }) => !finished.has(id));
}
