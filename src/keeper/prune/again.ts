// A plan that no longer holds: its project is read and planned again, and the list of projects with it where that is old. Not for
// ever: what is another one each time it is looked at is left to the next run. No calls.

import { MINUTE } from '../../time.ts';
import { retryAfter } from '../budget.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { wantListing } from '../projects/list.ts';
import { renew } from '../tasks.ts';

/** Plans in a row of which nothing could be sent. */
const MOST_RENEWED = 5;
// Half of what a plan may rest on: one that is made by it lasts a while.
const OLD_LIST_MS = 30 * MINUTE;

/** Whether what is live was read so long ago that no plan is to be made by it. */
export function isListOld({ work, now }: Pick<Context, 'work' | 'now'>): boolean {
  return !(now() - (work.looked.checkedAt ?? 0) <= OLD_LIST_MS);
}

/** Has a project read and planned again for the same run: at once, then ever later, then no more. */
export function planAgain(context: Context, id: string): void {
  const { work, now } = context;
  const task = work.tasks.get(id);
  if (task === undefined) return;
  renew(work, id);
  const { renewed = 0, name } = task;
  if (renewed > MOST_RENEWED) {
    leaveOutPrune(context, { id, name }, 'what its plan rests on was another each time it was looked at');
    return;
  }
  const waits = task.prune?.step === 'waiting' ? task.prune : task.reading;
  if (renewed > 1 && waits !== null) waits.due = Math.max(waits.due, now() + retryAfter(renewed - 1));
  if (isListOld(context)) wantListing(context);
}
