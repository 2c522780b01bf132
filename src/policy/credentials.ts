// What refused calls say about the credentials. One refused call says nothing of the account: only the project list does,
// asked twice. A project may be blocked, a token may read and not write, and an edge may stumble once in 400 calls.
// Pure: `now` (epoch ms) is passed in; what is sent next is the caller's to decide.

import { MINUTE } from '../time.ts';

/** What a call is about: a refusal counts for one kind of call to one project. */
export type CallKind = 'read' | 'build' | 'delete';

/** What a call is about; `null`: the account's own list, the judge of all others. */
export type About = { readonly kind: CallKind; readonly project: string } | null;

/** What is remembered; plain data, stored between alarms. Times are epoch ms. */
export interface Standing {
  /** A call was refused and the project list has not been asked about it since. */
  readonly doubted: boolean;
  /** When the project list was last asked about a refused call; 0: never. */
  readonly askedAt: number;
  /** How often in a row the project list itself was refused, and when last. */
  readonly listRefused: number;
  readonly listRefusedAt: number;
  /** How often in a row the list gave no answer that says anything of us, and when it is asked again. */
  readonly unanswered: number;
  readonly againAt: number;
  /** Refusals in a row, by kind of call and project. */
  readonly strikes: Readonly<Record<string, number>>;
  /** Projects, one after the other, whose builds or deletes ended by refusals, none having succeeded in between. */
  readonly ended: readonly string[];
  /** Whether builds and deletes may go: `one` of each until one succeeds, or `no` more before the next tick. */
  readonly writes: 'yes' | 'one' | 'no';
}

/** Nothing known against the credentials. */
export const GOOD_STANDING: Standing = {
  doubted: false,
  askedAt: 0,
  listRefused: 0,
  listRefusedAt: 0,
  unanswered: 0,
  againAt: 0,
  strikes: {},
  ended: [],
  writes: 'yes',
};

/** Refusals in a row that end one kind of call for a project and run. */
const STRIKES = 3;
/** Projects in a row whose writes ended so: then it is the token. */
const PROJECTS_IN_A_ROW = 5;
/** The list is refused for good when it was refused twice, this far apart. */
export const LIST_AGAIN_AFTER_MS = 10_000;
const LIST_REFUSALS = 2;
/** The list is asked about refused calls once a minute at most. */
const LIST_HOLDS_MS = MINUTE;
const SILENCES_MS = [2_000, 8_000, 32_000, 120_000, 300_000];

const CERTAIN = { doubted: false, listRefused: 0, listRefusedAt: 0, unanswered: 0, againAt: 0 } as const;

const keyOf = ({ kind, project }: NonNullable<About>) => `${kind} ${project}`;

/** A call was refused. */
export function addRefusal(standing: Standing, about: About, now: number): Standing {
  if (about === null) {
    // Two refusals within ten seconds may be one stumble of the edge.
    const again = now - standing.listRefusedAt >= LIST_AGAIN_AFTER_MS;
    return again
      ? { ...standing, doubted: true, listRefused: standing.listRefused + 1, listRefusedAt: now }
      : { ...standing, doubted: true };
  }
  // What was in flight with the first one is refused with it: that is one refusal.
  const more = standing.doubted ? 0 : 1;
  const strikes = { ...standing.strikes, [keyOf(about)]: strikesOf(standing, about) + more };
  const writes = standing.writes === 'one' && about.kind !== 'read' ? 'no' : standing.writes;
  return { ...standing, doubted: true, strikes, writes };
}

/** A call was let in. */
export function addSuccess(standing: Standing, about: About, now: number): Standing {
  if (about === null) {
    const askedAt = standing.doubted ? now : standing.askedAt;
    return { ...standing, ...CERTAIN, askedAt };
  }
  const isWrite = about.kind !== 'read';
  const clean = strikesOf(standing, about) === 0;
  if (clean && !(isWrite && (standing.ended.length > 0 || standing.writes !== 'yes'))) return standing;
  const { [keyOf(about)]: _, ...strikes } = standing.strikes;
  return { ...standing, strikes, ...(isWrite ? { ended: [], writes: 'yes' as const } : {}) };
}

/** Refusals in a row of this kind of call to this project. */
export function strikesOf(standing: Standing, about: NonNullable<About>): number {
  return standing.strikes[keyOf(about)] ?? 0;
}

/** Whether deletes go one by one: any was refused since one was let in. */
export function isDoubtful({ ended, strikes }: Standing): boolean {
  return ended.length > 0 || Object.keys(strikes).some((key) => key.startsWith('delete '));
}

/** Whether this kind of call has ended for the project and the run. */
export function isEnded(standing: Standing, about: NonNullable<About>): boolean {
  return strikesOf(standing, about) >= STRIKES;
}

/**
 * A project's builds or deletes have ended by refusals. `others`: how many more projects have builds or deletes to do: where
 * none has, two projects in a row are all that there are.
 */
export function addEnded(standing: Standing, project: string, others: number): Standing {
  const ended = [...new Set([...standing.ended, project])];
  const all = others === 0 && ended.length >= 2;
  return { ...standing, ended, writes: ended.length >= PROJECTS_IN_A_ROW || all ? 'no' : standing.writes };
}

/** What to do about a doubt: the list's word still holds, or it is to be asked at `at`; or the list itself is refused. */
export function doubtOf(
  standing: Standing,
  now: number,
): { readonly kind: 'none' | 'settled' | 'refused' } | { readonly kind: 'ask'; readonly at: number } {
  if (!standing.doubted) return { kind: 'none' };
  if (standing.listRefused >= LIST_REFUSALS) return { kind: 'refused' };
  if (standing.listRefused > 0) {
    return { kind: 'ask', at: Math.max(standing.listRefusedAt + LIST_AGAIN_AFTER_MS, standing.againAt) };
  }
  if (now - standing.askedAt < LIST_HOLDS_MS) return { kind: 'settled' };
  return { kind: 'ask', at: Math.max(now, standing.againAt) };
}

/** The doubt is settled by what the list said when it was last asked, less than a minute ago. */
export function settle(standing: Standing): Standing {
  return { ...standing, ...CERTAIN };
}

/**
 * The list gave no answer that says anything of us: it is asked again, ever later. In the end the doubt is dropped: what was
 * refused is tried once more, and counts by itself.
 */
export function addSilence(standing: Standing, now: number): Standing {
  const unanswered = standing.unanswered + 1;
  const wait = SILENCES_MS[unanswered - 1];
  return wait === undefined ? settle(standing) : { ...standing, unanswered, againAt: now + wait };
}

/** A tick: what was refused may be allowed by now. Writes that were stopped begin with one of each. */
export function startAnew(standing: Standing): Standing {
  const writes = standing.writes === 'yes' ? 'yes' : 'one';
  return { ...GOOD_STANDING, askedAt: standing.askedAt, writes };
}

/** How long a view waits before it has refused credentials tried again: 1, 2, 4 … 60 minutes (ms). */
export function viewWaits(times: number): number {
  return Math.min(2 ** Math.max(0, times), 60) * MINUTE;
}
