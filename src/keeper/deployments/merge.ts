// Putting a complete walk together with what is known: new rows on top, known rows as they are now. Synchronous, and must run
// without interruption, so that all of it is stored or nothing. Decides nothing, calls nothing.

import { type Deployment, isFinished } from '../../pages-api/model.ts';
import { addBuilds } from '../../policy/builds.ts';
import { addToFacts, mergeFacts, type ProjectFacts } from '../../policy/facts.ts';
import { failingNow } from '../../policy/rebuild.ts';
import { isOtherwise, type Reread, rereadInFacts } from '../../policy/reread.ts';
import { BLOCK_ROWS, fitInBlock, openRow, topBlocks, writeBlocks } from '../store/blocks.ts';
import {
  type BlockRef,
  blocksOf,
  headMark,
  type Inventory,
  type ProjectState,
  type Unfinished,
  usableInventory,
  withinBounds,
} from '../store/inventory.ts';
import type { Store } from '../store/store.ts';
import type { Walk } from './walk.ts';

const BLOCKS_FOR_BUILDS = 5;
const MOST_WORDS = 20;

/** What a walk has brought. */
export interface News {
  readonly inventory: Inventory;
  /** What was known of the branches before; `null`: nothing. */
  readonly before: ProjectFacts | null;
  /** Of the branches that have new rows. */
  readonly walked: ProjectFacts;
  /** Known rows that had come to their end, and read otherwise now. */
  readonly changed: readonly Deployment[];
  /** Whether any row was written. */
  readonly wrote: boolean;
}

/** Stores what a walk has found; not `valid`, no plan may rest on it. */
export function mergeWalk(
  store: Store,
  state: ProjectState,
  walk: Walk,
  newer: readonly Deployment[],
  { valid }: { readonly valid: boolean },
): News {
  const { project } = state;
  const before = walk.kind === 'head' ? usableInventory(state) : null;
  const fresh = [...newer, ...(walk.staged.length === 0 ? walk.tail : [])];
  const changes = before === null ? [] : applyUpdates(store, before, walk.updates);
  const tail = writeBlocks(store, walk.staged.length === 0 ? [] : walk.tail);
  const blocks = putOnTop(store, [...walk.staged, ...tail.blocks, ...(before?.blocks ?? [])], fresh);
  if (before === null) for (const { id } of blocksOf(state)) store.removeBlock(id);
  const gathered = store.readGathered('walk', project.id);
  const walked = addToFacts(mergeFacts(walk.facts, ...gathered), newer);
  const known = before === null ? null : countNews(store, project.id, walked, changes);
  if (known === null) store.writeFacts(project.id, walked);
  store.removeGathered('walk', project.id);
  store.remove('walks', project.id);
  const open = [
    ...walk.open,
    ...tail.open,
    ...(before === null ? [] : stillUnfinished(before, walk.updates)),
  ];
  // The last builds may lie deeper than the newest rows: looked for when everything was read.
  const top = before === null ? blocks.slice(0, BLOCKS_FOR_BUILDS) : topBlocks(blocks);
  const inventory = withinBounds({
    productionBranch: project.productionBranch,
    generation: (state.inventory?.generation ?? 0) + 1,
    blocks,
    count: (before?.count ?? 0) + walk.rows + newer.length,
    validAt: valid ? walk.startedAt : null,
    fullAt: before?.fullAt ?? walk.startedAt,
    // One answer out of order is none: read whole once more, and newest first, it is as any other.
    unordered: walk.unordered && (walk.disordered ?? true),
    ...lookAtTop(store, top, open, usableInventory(state)),
    strange: [...new Set([...(state.inventory?.strange ?? []), ...walk.strange])].slice(-MOST_WORDS),
    mark: headMark(project),
  });
  // A build that came to its end is no news to a plan: it was kept while it was under way.
  const changed = changes.filter(
    ({ before, after }) => isFinished(before) && judgedBy(before) !== judgedBy(after),
  );
  const wrote = changes.length + fresh.length + walk.staged.length > 0 || before === null;
  return { inventory, before: known, walked, changed: changed.map(({ after }) => after), wrote };
}

/** Adds what is new to what is known of the branches; gives what was known of those that have news. */
function countNews(
  store: Store,
  id: string,
  walked: ProjectFacts,
  changes: readonly Reread[],
): ProjectFacts | null {
  // Where a known row reads otherwise, the newest success of production is looked for among all branches.
  const isSettled = !changes.some(isOtherwise);
  const known = store.readFacts(id, isSettled ? Object.keys(walked.branches) : 'all');
  if (known === null) return null;
  store.changeFacts(id, rereadInFacts(mergeFacts(known, walked), changes));
  return known;
}

/** Rows (newest first) put on top of the blocks: appended to the newest one where they fit. */
function putOnTop(store: Store, blocks: readonly BlockRef[], rows: readonly Deployment[]): BlockRef[] {
  const top = blocks[0];
  if (rows.length === 0) return [...blocks];
  if (top === undefined || top.n + rows.length > BLOCK_ROWS)
    return [...writeBlocks(store, rows).blocks, ...blocks];
  const there = store.readWholeBlock(top.id);
  const together = [...there, ...[...rows].reverse()];
  // One that an answer left out once is marked as gone there, by its id: what is back stands in another block.
  const isBack = there.some(({ id }) => id !== '' && rows.some((row) => row.id === id));
  if (isBack || !fitInBlock(together)) return [...writeBlocks(store, rows).blocks, ...blocks];
  store.replaceBlock(top.id, together);
  return [{ id: top.id, n: together.length }, ...blocks.slice(1)];
}

/** What of a deployment a verdict goes by. */
function judgedBy(row: Deployment): string {
  const { environment, branch, createdAt, stage, stageStatus, skipped, recorded } = row;
  return JSON.stringify([environment, branch, createdAt, stage, stageStatus, skipped, recorded]);
}

/** Writes known rows as they are now; gives those that read otherwise. */
function applyUpdates(store: Store, inventory: Inventory, updates: readonly Deployment[]): Reread[] {
  const now = new Map(updates.map((row) => [row.id, row]));
  const places = new Set(inventory.unfinished.map(({ block }) => block));
  for (const { id } of topBlocks(inventory.blocks)) places.add(id);
  const changes: Reread[] = [];
  for (const place of places) {
    const count = changes.length;
    const rows = store.readWholeBlock(place).map((before) => {
      // What is recorded of it is in it already: see recall.ts.
      const after = now.get(before.id);
      if (after === undefined) return before;
      if (JSON.stringify(before) === JSON.stringify(after)) return before;
      changes.push({ before, after });
      return after;
    });
    if (changes.length > count) store.replaceBlock(place, rows);
  }
  return changes;
}

function stillUnfinished(before: Inventory, updates: readonly Deployment[]): Unfinished[] {
  const finished = new Set(updates.filter(isFinished).map(({ id }) => id));
  return before.unfinished.filter(({ id }) => !finished.has(id));
}

/** What the newest blocks tell: unfinished rows and the last builds. `older`: unfinished rows of any block. */
function lookAtTop(
  store: Store,
  blocks: readonly BlockRef[],
  older: readonly Unfinished[],
  before: Inventory | null,
) {
  const looked = new Set(blocks.map(({ id }) => id));
  const found = blocks.flatMap(({ id }) =>
    store
      .readBlock(id)
      .reverse()
      .map((row) => ({ row, block: id })),
  );
  const rows = found.map(({ row }) => row);
  return {
    unfinished: [
      ...found.flatMap(({ row, block }) => openRow(row, block)),
      ...older.filter(({ block }) => !looked.has(block)),
    ],
    builds: addBuilds(before?.builds ?? [], rows),
    failing: failingNow(before?.failing ?? [], rows),
  };
}
