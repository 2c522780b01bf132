// What a view asks for: a fresh look at what is old. It is stored for the next invocation; no calls.

import { wantWalk } from '../deployments/want.ts';
import { wantListing } from '../projects/list.ts';
import { rowsUsedUp } from '../quotas.ts';
import { usableInventory } from '../store/inventory.ts';
import type { Work } from '../work.ts';
import { areRowsOld, findProject, isOld, type View } from './freshness.ts';

const looksWanted = (work: Work) => work.walks.length + (work.listing === null ? 0 : 1);

/** Asks for a fresh look where what is known is old. `unseen`: nothing is known yet; `asked`: an invocation is needed. */
export function askForLook(view: View, projectName: string | null): { unseen: boolean; asked: boolean } {
  const { work, now } = view;
  const state = projectName === null ? null : findProject(view, projectName);
  const unread = state !== null && usableInventory(state) === null;
  const unseen = work.checkedAt === null || unread;
  if (rowsUsedUp(work, now)) return { unseen, asked: false };
  const before = looksWanted(work);
  if (isOld(view)) {
    if (state !== null && !work.viewed.includes(state.project.id)) work.viewed.push(state.project.id);
    wantListing({ work, now: () => now });
  }
  if (state !== null && areRowsOld(view, state)) {
    work.rowsAskedAt[state.project.id] = now;
    wantWalk({ work }, state.project.id, false);
  }
  return { unseen, asked: looksWanted(work) !== before };
}
