// What a filter and a count ask of a deployment, in 19 characters a row beside its block: so a filter looks through every
// deployment of a project and reads only those that it shows. Pure; what is shown is always the deployment itself.

import {
  type BuildStatus,
  type Deployment,
  type Environment,
  isFinished,
  type Outcome,
  outcomeOf,
} from '../../pages-api/model.ts';
import { dateOf } from '../../policy/facts.ts';
import { DAY, HOUR } from '../../time.ts';

/**
 * What became of a deployment, as far as its row tells without the time: `idle` is under way or was never built, which only
 * the time of the view says; `odd` has words that nobody knows, and has come to its end.
 */
export const KINDS = [
  'ready',
  'failed',
  'canceled',
  'skipped',
  'unknown',
  'odd',
  'idle',
  'queued',
  'building',
] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

const ENVIRONMENTS: readonly Environment[] = ['production', 'preview', 'unknown'];

/** Characters of one row. */
export const SCAN_WIDTH = 19;

// Six bits a character, all of them plain ASCII. Written by a table: this is done once for each of a project's deployments.
const FIRST = 48;
const DIGITS = Array.from({ length: 64 }, (_, value) => String.fromCharCode(FIRST + value));
const digit = (value: number): string => DIGITS[value & 63] ?? '';
const FIVE = 2 ** 30;
const five = (value: number): string =>
  digit(value >>> 24) + digit(value >>> 18) + digit(value >>> 12) + digit(value >>> 6) + digit(value);
const seven = (value: number): string => {
  const high = Math.floor(value / FIVE);
  return digit(high >>> 6) + digit(high) + five(value % FIVE);
};

const read = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let at = from; at < from + count; at += 1) value = value * 64 + text.charCodeAt(at) - FIRST;
  return value;
};

const KIND_AT = 0;
const ENVIRONMENT_AT = 1;
const BRANCH_AT = 2;
const TIME_AT = 7;
const ID_AT = 14;
const BRANCH_DIGITS = 5;
const TIME_DIGITS = 7;
const ID_DIGITS = 5;

/** A text as a number of 30 bits, 0 for none: two texts that share one are told apart by whoever reads their rows. */
export function mark(text: string): number {
  if (text === '') return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) & 0x3fffffff || 1;
}

/** Of one deployment. */
export function kindOf(row: Deployment): Kind {
  const outcome = outcomeOf(row);
  switch (outcome) {
    case 'success':
      return 'ready';
    case 'failure':
      return 'failed';
    case 'unfinished':
      if (row.stageStatus === 'idle') return 'idle';
      return row.stageStatus === 'active' && row.stage === 'queued' ? 'queued' : 'building';
    case 'unknown':
      return isFinished(row) ? 'odd' : 'unknown';
    default:
      return outcome;
  }
}

const UNFINISHED: readonly Kind[] = ['unknown', 'idle', 'queued', 'building'];

/** Whether a deployment of this kind has come to its end: `isFinished`. */
export const hasEnded = (kind: Kind): boolean => !UNFINISHED.includes(kind);

/** The status word of a deployment of this kind at `now` (epoch ms): `buildStatus`. */
export function statusAt(kind: Kind, createdAt: number | null, now: number): BuildStatus {
  const age = now - (createdAt ?? now);
  if (kind === 'idle') return age > HOUR ? 'not-built' : 'queued';
  if ((kind === 'queued' || kind === 'building') && age > DAY) return 'not-built';
  return kind === 'odd' ? 'unknown' : kind;
}

// Seven digits reach into the year 2109.
const LAST_TIME = 64 ** TIME_DIGITS - 1;
const timeOf = (row: Deployment) => Math.max(0, Math.min(LAST_TIME, dateOf(row) ?? 0));

/** The scan of a block's rows, in their order. */
export function scanOf(rows: readonly Deployment[]): string {
  let scan = '';
  for (const row of rows) {
    scan += digit(KINDS.indexOf(kindOf(row))) + digit(ENVIRONMENTS.indexOf(row.environment));
    scan += five(mark(row.branch)) + seven(timeOf(row)) + five(mark(row.id));
  }
  return scan;
}

/** The mark of a branch as it stands in a scan. */
export const markDigits = (branch: string): string => five(mark(branch));

/** What became of a deployment of this kind: `outcomeOf`. */
export const ENDED_AS: Readonly<Record<Kind, Outcome>> = {
  ...({ ready: 'success', failed: 'failure', canceled: 'canceled', skipped: 'skipped' } as const),
  ...({ unknown: 'unknown', odd: 'unknown' } as const),
  ...({ idle: 'unfinished', queued: 'unfinished', building: 'unfinished' } as const),
};

/** One row of a scan; `at`: where it begins. */
export const scanned = {
  /** Where a row's branch stands in it: `markDigits`. */
  branchAt: BRANCH_AT,
  kind: (scan: string, at: number): Kind => KINDS[scan.charCodeAt(at + KIND_AT) - FIRST] ?? 'unknown',
  environment: (scan: string, at: number): Environment =>
    ENVIRONMENTS[scan.charCodeAt(at + ENVIRONMENT_AT) - FIRST] ?? 'unknown',
  branch: (scan: string, at: number): number => read(scan, at + BRANCH_AT, BRANCH_DIGITS),
  /** Epoch ms; 0 where it is not known. */
  createdAt: (scan: string, at: number): number => read(scan, at + TIME_AT, TIME_DIGITS),
  id: (scan: string, at: number): number => read(scan, at + ID_AT, ID_DIGITS),
} as const;
