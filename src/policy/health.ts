// How the Keeper is, by what is stored and the time: the one answer that /healthz, the pages and the notices give. Pure.

import { MINUTE } from '../time.ts';
import { NO_CRON, type RebuildRule } from './rules.ts';
import { missedFrom, nextOf } from './schedule.ts';

/** What can ail the Keeper, the worst first. */
export const AILMENTS = ['token', 'stalled', 'overdue', 'failing', 'blocked'] as const;

/** One of them. */
export type Ailment = (typeof AILMENTS)[number];

/** What its health is read from. Times are epoch ms. */
export interface Vitals {
  /** Whether the API refuses the credentials. */
  readonly refused: boolean;
  /** When the Keeper was to act next; `null`: nothing waits. */
  readonly alarmAt: number | null;
  /** When all crons will have missed their time; `null`: never. */
  readonly overdueFrom: number | null;
  /** Runs that failed, one after the other, and whether any has ever gone well. */
  readonly failedInARow: number;
  readonly hasSucceeded: boolean;
  /** The API has blocked us until then. */
  readonly blockedUntil: number;
}

const STALLED_AFTER_MS = 15 * MINUTE;
/** Runs in a row that must fail before that is trouble of the Keeper's; where none has ever gone well, one. */
const FAILED_RUNS = 3;

const HAS: Readonly<Record<Ailment, (vitals: Vitals, now: number) => boolean>> = {
  token: ({ refused }) => refused,
  stalled: ({ alarmAt }, now) => alarmAt !== null && now - alarmAt > STALLED_AFTER_MS,
  overdue: ({ overdueFrom }, now) => overdueFrom !== null && now >= overdueFrom,
  failing: ({ failedInARow, hasSucceeded }) => failedInARow >= (hasSucceeded ? FAILED_RUNS : 1),
  blocked: ({ blockedUntil }, now) => blockedUntil > now,
};

/** All that ails the Keeper at `now`, the worst first. */
export function ailmentsOf(vitals: Vitals, now: number): Ailment[] {
  return AILMENTS.filter((ailment) => HAS[ailment](vitals, now));
}

/** What of a rule waits for cron events. */
interface Scheduled {
  readonly prune: readonly unknown[];
  readonly rebuild: Pick<RebuildRule, 'cron'> | null;
}

/** Whether anything of this rule is done or looked at by a cron event. */
function waitsForCrons({ prune, rebuild }: Scheduled): boolean {
  return prune.length > 0 || rebuild?.cron !== NO_CRON;
}

/** The last time for which a cron ticked, and the first after it for which one was to. Epoch ms. */
export interface Missed {
  readonly tickedAt: number;
  readonly dueAt: number;
}

/** What was missed, where all of these crons have missed their time; `null`: none has ever ticked, or none was to any more. */
export function missedOf(ticks: Readonly<Record<string, number>>): Missed | null {
  const tickedAt = Math.max(...Object.values(ticks));
  // By what was known then: a cron that had been given up before is no part of it.
  const dueAt = nextOf(ticks, tickedAt);
  return dueAt === null ? null : { tickedAt, dueAt };
}

/**
 * From when on the cron events are overdue, if none comes before; `null`: never, since no rule waits for one, or since that
 * cannot be told. `ticks`: when each cron last ticked; a cron that never has is no part of it.
 */
export function overdueFrom(
  ticks: Readonly<Record<string, number>>,
  rules: readonly Scheduled[],
): number | null {
  return rules.some(waitsForCrons) ? missedFrom(ticks) : null;
}
