// What a Keeper has under way, as tests ask about it: its tasks by what is done in them. Reads only.

import type { Owed, Queue, Reading, Work } from '../../src/keeper/work.ts';
import type { World } from './world.ts';

/** A project that is planned, or whose blocks are put in order first. */
export interface Planned {
  readonly project: string;
  readonly step: 'compacting' | 'planning';
  /** The next block, counted from the oldest. */
  readonly next: number;
  readonly for: Owed;
}

const tasksOf = (world: World): Work['tasks'] => world.keeper.work().tasks;

/** The projects that are planned. */
export function planned(world: World): Planned[] {
  return [...tasksOf(world)].flatMap(([project, { prune }]): Planned[] => {
    if (prune?.step === 'compacting')
      return [{ project, step: prune.step, next: prune.next, for: prune.for }];
    if (prune?.step === 'planning')
      return [{ project, step: prune.step, next: prune.making.next, for: prune.for }];
    return [];
  });
}

/** The readings that are wanted. */
export function readings(world: World): (Reading & { readonly project: string })[] {
  return [...tasksOf(world)].flatMap(([project, { reading }]) =>
    reading === null ? [] : [{ ...reading, project }],
  );
}

/** The queues that are worked off. */
export function queues(world: World): (Queue & { readonly project: string })[] {
  return [...tasksOf(world)].flatMap(([project, { prune }]) =>
    prune?.step === 'deleting' ? [{ ...prune.queue, project }] : [],
  );
}
