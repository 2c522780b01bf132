// Committing a complete walk to what is known: new rows on top, known rows as they are now. Synchronous; calls nothing.

import { deploymentNow } from '../../pages-api/merge.ts';
import { buildStatus, type Deployment, isFinished } from '../../pages-api/model.ts';
import { addToFacts, mergeFacts, type ProjectFacts } from '../../policy/facts.ts';
import { failingCommits } from '../../policy/rebuild.ts';
import { type Reread, rereadInFacts } from '../../policy/reread.ts';
import {
  BLOCK_ROWS,
  type BlockRef,
  openRow,
  topBlocks,
  type Unfinished,
  writeBlocks,
} from '../store/blocks.ts';
import {
  type Build,
  headMark,
  type Inventory,
  type ProjectState,
  usableInventory,
} from '../store/inventory.ts';
import type { Store } from '../store/store.ts';
import type { Walk } from './walk.ts';

const BUILDS_SHOWN = 40;

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
  const reread = before === null ? [] : applyUpdates(store, before, walk.updates);
  const tail = writeBlocks(store, walk.staged.length === 0 ? [] : walk.tail);
  const blocks = putOnTop(store, [...walk.staged, ...tail.blocks, ...below], fresh);
  if (before === null) for (const { id } of state.inventory?.blocks ?? []) store.removeBlock(id);
  const walked = addToFacts(walk.facts, newer);
  const known = before === null ? null : store.read('facts', project.id);
  const facts: ProjectFacts = known === null ? walked : rereadInFacts(mergeFacts(known, walked), reread);
  store.write('facts', project.id, facts);
  store.remove('walks', project.id);
  const open = [
    ...walk.open,
    ...tail.open,
    ...(before === null ? [] : stillUnfinished(before, walk.updates)),
  ];
  const top = lookAtTop(store, topBlocks(blocks), open);
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

/** Writes known rows as they are now; gives those that are another than they were. */
function applyUpdates(store: Store, inventory: Inventory, updates: readonly Deployment[]): Reread[] {
  const now = new Map(updates.map((row) => [row.id, row]));
  const places = new Set(inventory.unfinished.map(({ block }) => block));
  for (const { id } of topBlocks(inventory.blocks)) places.add(id);
  const reread: Reread[] = [];
  for (const place of places) {
    let changed = false;
    const rows = store.readBlock(place).map((row) => {
      const update = row === null ? undefined : now.get(row.id);
      if (row === null || update === undefined) return row;
      const after = deploymentNow(row, update);
      if (JSON.stringify(row) === JSON.stringify(after)) return row;
      changed = true;
      reread.push({ before: row, after });
      return after;
    });
    if (changed) store.replaceBlock(place, rows);
  }
  return reread;
}

function stillUnfinished(before: Inventory, updates: readonly Deployment[]): Unfinished[] {
  const finished = new Set(updates.filter(isFinished).map(({ id }) => id));
  return before.unfinished.filter(({ id }) => !finished.has(id));
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
