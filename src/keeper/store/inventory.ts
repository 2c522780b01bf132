// What is known of each project, and what it is good for. Level-driven: the API stays the truth, this is a copy that can be
// read again. Pure: the blocks themselves are in blocks.ts, and how a walk is committed to them in deployments/commit.ts.

import type { Deployment, Project } from '../../pages-api/model.ts';
import type { Build } from '../../policy/builds.ts';
import type { FailingCommit } from '../../policy/rebuild.ts';
import { DAY } from '../../time.ts';

/** A stored block of deployments and how many it held when it was written. */
export interface BlockRef {
  readonly id: number;
  readonly n: number;
}

/** A deployment that had not finished when it was read: where it is stored, and what a rebuild asks about it. */
export interface Unfinished {
  readonly id: string;
  readonly block: number;
  readonly branch: string;
  readonly createdAt: number;
}

/** The deployments of a project as the last complete walk found them. */
export interface Inventory {
  readonly productionBranch: string;
  /** Counts the changes of what is known: whoever began from another state must not write over this one. */
  readonly generation: number;
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
  /** Kept by id: a deletion takes nothing out. */
  readonly builds: readonly Build[];
  /** Words of the API that nobody knows, told once. */
  readonly strange: readonly string[];
  /** Branches whose newest commit keeps failing. */
  readonly failing: readonly FailingCommit[];
  /** The project's `latest` and `canonical` as recorded then. */
  readonly mark: string;
}

/** What is stored of a project. */
export interface ProjectState {
  readonly project: Project;
  readonly inventory: Inventory | null;
  /** What the next prune run is to do, as it was counted last, and why its plan would be refused, if it would. */
  readonly plan: {
    readonly at: number;
    /** Hash of the rules by which it was made. */
    readonly rules: string;
    /** When its project is pruned next, how many go then, and how many more would with `staleBranchesAfterDays`. */
    readonly nextAt: number | null;
    readonly next: number;
    readonly moreIfStale: number;
    readonly refusedWhy: string | null;
  } | null;
}

/** The blocks of what is known of a project, newest first; none, where nothing is. */
export function blocksOf(state: Pick<ProjectState, 'inventory'> | null): readonly BlockRef[] {
  return state?.inventory?.blocks ?? [];
}

/** Id and latest stage of a project's newest and live deployment: while these stay, the head has not moved. */
export function headMark(project: Project): string {
  const mark = (row: Deployment | null) => (row === null ? '-' : `${row.id} ${row.stage} ${row.stageStatus}`);
  return `${mark(project.latest)}|${mark(project.canonical)}`;
}

/** Whether the project list has shown a newest deployment since that was not there when they were read. */
export function hasMoved(state: ProjectState | null): boolean {
  if (state === null || state.inventory === null) return true;
  return state.inventory.mark.split(/[ |]/, 1)[0] !== (state.project.latest?.id ?? '-');
}

/** The failing commit of a branch, if there is one. */
export function failingOf(
  inventory: Pick<Inventory, 'failing'> | null,
  branch: string,
): FailingCommit | null {
  return inventory?.failing.find((failing) => failing.branch === branch) ?? null;
}

/** Unfinished deployments that are remembered one by one. */
const MOST_UNFINISHED = 500;
const MOST_FAILING = 200;

/**
 * The same, of a size that does not grow with the project. Where more have not finished than are remembered, everything is read
 * next time, for nobody knows which of them must be read again; a failing commit that is forgotten is built once more.
 */
export function withinBounds(inventory: Inventory): Inventory {
  const { unfinished, failing, fullAt } = inventory;
  const isMore = unfinished.length > MOST_UNFINISHED;
  const newestFirst = (rows: readonly Unfinished[]) => [...rows].sort((a, b) => b.createdAt - a.createdAt);
  return {
    ...inventory,
    unfinished: isMore ? newestFirst(unfinished).slice(0, MOST_UNFINISHED) : unfinished,
    fullAt: isMore ? 0 : fullAt,
    failing:
      failing.length > MOST_FAILING
        ? [...failing].sort((a, b) => b.lastAt - a.lastAt).slice(0, MOST_FAILING)
        : failing,
  };
}

/** The inventory, unless it is of another world: another production branch, so other environments. */
export function usableInventory(state: ProjectState): Inventory | null {
  const { inventory, project } = state;
  return inventory !== null && inventory.productionBranch === project.productionBranch ? inventory : null;
}

/** Whether a reading has found everything as it was stored: then only the time of the reading is news. */
export function isUnchanged(before: Inventory | null, now: Inventory): boolean {
  if (before === null || before.validAt === null || now.validAt === null) return false;
  const same = { generation: before.generation, validAt: before.validAt };
  return JSON.stringify({ ...now, ...same }) === JSON.stringify({ ...before, ...same });
}

/** When what is stored was last read whole and found to be so; `null`: it could not be shown to be. */
export function validSince(inventory: Inventory | null, readAt: number | undefined): number | null {
  const validAt = inventory?.validAt ?? null;
  return validAt === null ? null : Math.max(validAt, readAt ?? 0);
}

/** Whether what is known may not be what is: the head has moved or was not named, or something young had not finished. */
export function mustRead(state: ProjectState, now: number): boolean {
  const inventory = usableInventory(state);
  if ((state.project.latest?.id ?? '') === '') return true;
  if (inventory === null || inventory.validAt === null || inventory.mark !== headMark(state.project))
    return true;
  return inventory.unfinished.some(({ createdAt }) => now - createdAt < DAY);
}
