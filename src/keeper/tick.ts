// A tick as it arrives: stores what is due by it. Reads nothing from the API, and starts nothing: the next alarm does.

import { startAnew } from '../policy/credentials.ts';
import { normalizeCron } from '../policy/rules.ts';
import { listenAgain } from './notify.ts';
import { growPages } from './page-size.ts';
import { wantListing } from './projects/list.ts';
import { newRun, runId, type Tick } from './runs.ts';
import { noteWaking } from './situation.ts';
import type { View } from './views/view.ts';

/** Takes a tick: the id of its run, and whether it is a new one; a tick that comes twice is one. */
export function takeTick(
  { store, work, config, now }: View,
  arrived: Tick,
): { readonly id: string; readonly isNew: boolean } {
  noteWaking({ work, config, now });
  const cron = normalizeCron(arrived.cron);
  const tick = { ...arrived, cron };
  const id = runId(tick);
  // An older event may come after a newer one.
  work.looked.ticks[cron] = Math.max(work.looked.ticks[cron] ?? 0, tick.scheduledTime);
  if (work.runs.some(({ record }) => record.id === id) || store.read('runs', id) !== null)
    return { id, isNew: false };
  work.api.halted = false;
  growPages(work);
  work.api.standing = startAnew(work.api.standing);
  work.runs.push({ record: newRun(tick, now, config.dryRun), listed: false, sent: 0 });
  wantListing({ work, now: () => now });
  listenAgain(work);
  return { id, isNew: true };
}
