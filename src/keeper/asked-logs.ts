// The build logs that wait to be read: which, and when the next may be. Pure data; reads none.

import type { BuildLog } from '../found.ts';
import { MINUTE } from '../time.ts';

/** How many are read in a minute, at most. */
export const LOGS_A_MINUTE = 10;

/** Build logs that somebody asked to read. */
export interface AskedLogs {
  /** Oldest first: the deployment, its project, and that one's name in the API's paths. */
  asked: { readonly id: string; readonly project: string; readonly name: string }[];
  /** When the last ten were asked of the API, oldest first. Epoch ms. */
  sentAt: number[];
}

/** When the next one may be read (epoch ms; in the past: at once); `null`: none waits. */
export function logDue({ asked, sentAt }: AskedLogs): number | null {
  return asked.length === 0 ? null : (sentAt.at(-LOGS_A_MINUTE) ?? Number.NEGATIVE_INFINITY) + MINUTE;
}

/** Whether a log is asked for, by what is kept of it: one that could not be read is asked for again after ten minutes. */
export function mayAsk(log: BuildLog | null, now: number): boolean {
  return log === null || (log.kind === 'unread' && now - log.at >= 10 * MINUTE);
}
