// Builds that are asked for: when they are due, how many there may be. Pure.

import { HOUR, MINUTE } from '../time.ts';

const SECOND = 1_000;
/** Calls so close to each other are one build. */
const QUIET_MS = 30 * SECOND;
/** However long they go on. */
const LONGEST_QUIET_MS = 10 * MINUTE;
/** A call so soon after the last stored one is answered from that. */
const SAME_CALL_MS = 5 * SECOND;
/** Builds of a project that hooks and the button may start within an hour; what is asked for beyond is one build at its end. */
export const BUILDS_AN_HOUR = 6;
/** Branches of a project that may wait. */
export const MOST_BRANCHES = 20;
/** How long a build under way is waited for. */
export const WAITS_MS = HOUR;
/** How often it is looked at meanwhile. */
export const LOOKS_EVERY_MS = MINUTE;

/** A branch of which a build was asked for. Epoch ms. */
export interface Wait {
  readonly branch: string;
  readonly by: 'hook' | 'button';
  readonly firstAt: number;
  readonly lastAt: number;
}

/** When it is decided: once the calls have been quiet for 30 s, and 10 minutes after the first at the latest. Epoch ms. */
export function dueAt({ firstAt, lastAt }: Pick<Wait, 'firstAt' | 'lastAt'>): number {
  return Math.min(lastAt + QUIET_MS, firstAt + LONGEST_QUIET_MS);
}

/** The waits once one more call has come; `null`: so many branches wait that this one may not. The same: it is stored already. */
export function withCall(
  waits: readonly Wait[],
  { branch, by, now }: { readonly branch: string; readonly by: Wait['by']; readonly now: number },
): readonly Wait[] | null {
  const before = waits.find((one) => one.branch === branch);
  if (before === undefined)
    return waits.length >= MOST_BRANCHES ? null : [...waits, { branch, by, firstAt: now, lastAt: now }];
  const asks = by === 'button' ? by : before.by;
  if (now - before.lastAt < SAME_CALL_MS && asks === before.by) return waits;
  return waits.map((one) => (one === before ? { ...one, by: asks, lastAt: now } : one));
}

/** When one more may be built, by when the last ones were started: six an hour, for a build may call its own hook. */
export function nextBuildAt(started: readonly number[], now: number): number {
  const sixth = recentOf(started, now).at(-BUILDS_AN_HOUR);
  return sixth === undefined ? now : sixth + HOUR;
}

/** Those of the last hour, oldest first. */
export function recentOf(started: readonly number[], now: number): number[] {
  return started.filter((at) => at > now - HOUR).slice(-BUILDS_AN_HOUR);
}
