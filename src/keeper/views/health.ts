// Whether the Keeper itself is well, for `/healthz` and for the pages. Asks for nothing.

import { isOverdue } from '../../policy/schedule.ts';
import type { Health } from '../../report.ts';
import { MINUTE } from '../../time.ts';
import { rowsUsedUp } from '../quotas.ts';
import type { View } from './view.ts';

const STALLED_AFTER_MS = 15 * MINUTE;
/** Runs in a row that must fail before that is trouble of the Keeper's; where none has ever succeeded, one. */
const FAILED_RUNS = 3;

/** `/healthz`: whether the Keeper itself is well. Names nothing. */
export function readHealth({ work, now }: Pick<View, 'work' | 'now'>): Health {
  const since = { lastRunAt: work.lastRunAt, lastSuccessAt: work.lastSuccessAt };
  const ill = (reason: Health['reason']): Health => ({ ok: false, reason, ...since });
  if (work.api.trouble?.kind === 'token') return ill('token');
  if (work.api.pace.blockedUntil > now) return ill('blocked');
  if (work.runs.length > 0 && now - work.looked.actedAt > STALLED_AFTER_MS && !rowsUsedUp(work.quota, now))
    return ill('stalled');
  if (isOverdue(work.looked.ticks, now)) return ill('overdue');
  if (work.failedInARow >= (work.lastSuccessAt === null ? 1 : FAILED_RUNS)) return ill('failing');
  return { ok: true, reason: work.lastRunAt === null ? 'starting' : null, ...since };
}
