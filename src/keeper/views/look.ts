// What a view asks for: a fresh look at what is old. It is stored for the next alarm; no calls.

import { viewWaits } from '../../policy/credentials.ts';
import { HOUR } from '../../time.ts';
import { wantListing } from '../projects/list.ts';
import { forecast } from '../prune/forecast.ts';
import { rowsUsedUp } from '../quotas.ts';
import { usableInventory } from '../store/inventory.ts';
import { needsPlanning, wantReading } from '../tasks.ts';
import type { Work } from '../work.ts';
import { areRowsOld, findProject, isOld } from './freshness.ts';
import type { View } from './view.ts';

/** Projects that were viewed, of which the list is to say whether they have moved. */
const MOST_VIEWED = 100;

const looksWanted = (work: Work) =>
  work.tasks
    .values()
    .filter((task) => task.reading !== null || needsPlanning(task))
    .toArray().length + (work.listing === null ? 0 : 1);

/** Asks for a fresh look where what is known is old. `unseen`: nothing is known yet; `asked`: an alarm is needed. */
export function askForLook(view: View, projectName: string | null): { unseen: boolean; asked: boolean } {
  const { work, now } = view;
  const { looked } = work;
  const state = projectName === null ? null : findProject(view, projectName);
  const unread = state !== null && usableInventory(state) === null;
  const unseen = looked.checkedAt === null || unread;
  if (rowsUsedUp(work.quota, now)) return { unseen, asked: false };
  const before = looksWanted(work);
  if (isOld(view) && mayTry(work, now)) {
    if (state !== null && !looked.viewed.includes(state.project.id))
      looked.viewed = [...looked.viewed, state.project.id].slice(-MOST_VIEWED);
    wantListing({ work, now: () => now });
  }
  if (state !== null && areRowsOld(view, state)) {
    // Who asked an hour ago says nothing of now.
    const asked = Object.entries(looked.rowsAskedAt).filter(([, at]) => now - at < HOUR);
    looked.rowsAskedAt = { ...Object.fromEntries(asked), [state.project.id]: now };
    wantReading(work, state.project, 'view');
  }
  if (state !== null) forecast({ work, config: view.config, now }, state);
  return { unseen, asked: looksWanted(work) !== before };
}

/** Refused credentials are tried again by a view 1, 2, 4 … 60 minutes after the last try. */
function mayTry({ api, looked }: Work, now: number): boolean {
  if (!api.halted) return true;
  if (now - looked.askedAt < viewWaits(api.triedAgain)) return false;
  api.triedAgain += 1;
  return true;
}
