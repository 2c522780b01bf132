// Whether a view should ask for a fresh look, and at what. Pure questions about what is stored; asking is the caller's.

import { ruleFor } from '../../policy/rules.ts';
import { MINUTE } from '../../time.ts';
import { mustRead, type ProjectState, usableInventory } from '../store/inventory.ts';
import { readIndex } from '../store/overview-index.ts';
import { hasEnded } from '../store/scan.ts';
import type { View } from './view.ts';

const FRESH_MS = MINUTE;
const FRESH_WHILE_BUILDING_MS = 15_000;

const freshFor = (building: boolean) => (building ? FRESH_WHILE_BUILDING_MS : FRESH_MS);

/** Whether a view should ask for a fresh look at the account. */
export function isOld({ store, work, now }: View): boolean {
  const isBuilding = readIndex(store).some(({ latest }) => latest !== null && !hasEnded(latest.kind));
  const last = Math.max(work.looked.checkedAt ?? 0, work.looked.askedAt);
  return now - last > freshFor(isBuilding);
}

/** Whether a view of this project should have its deployments read: they have moved, and were not read just now. */
export function areRowsOld({ work, now }: View, state: ProjectState): boolean {
  const inventory = usableInventory(state);
  const readAt = Math.max(
    inventory?.validAt ?? 0,
    inventory?.fullAt ?? 0,
    work.looked.rowsAskedAt[state.project.id] ?? 0,
    work.looked.readAt[state.project.id] ?? 0,
  );
  return mustRead(state, now) && now - readAt > freshFor((inventory?.unfinished.length ?? 0) > 0);
}

/** A shown project by its name. */
export function findProject({ store, config }: View, name: string): ProjectState | null {
  const entry = readIndex(store).find((one) => one.name === name);
  return entry && ruleFor(name, config.rules)?.show ? store.read('projects', entry.id) : null;
}
