// When may the next calls go, and how many? Keeps under the API's limit: at most 0.9 of what its policy allows over any
// window, evenly spread, which leaves room for people and CI on the same token. Pure: headers, clock and past calls in.

import { MINUTE } from '../time.ts';
import { type LimitPolicy, readPolicies, readRemaining } from './ratelimit.ts';

/** What is remembered of past calls and answers; plain data, stored between invocations. Times are epoch ms. */
export interface Pace {
  /** Calls made, by the time at which the last of them went; older ones than the longest window are forgotten. */
  readonly log: readonly { readonly at: number; readonly calls: number }[];
  /** When the calls made so far would have gone had they been spread evenly. */
  readonly due: number;
  readonly policies: readonly LimitPolicy[];
  /** The API said that little remains until then. */
  readonly lowUntil: number;
  /** Blocked until then; 0: not. It stays set past its end until one probe has gone through. */
  readonly blockedUntil: number;
  /** Blocks one after the other, each within minutes of the one before, and when the last began. */
  readonly blocks: number;
  readonly blockedAt: number;
}

// What the API documents, for as long as it sends no Ratelimit-Policy.
const DOCUMENTED: readonly LimitPolicy[] = [{ name: '', q: 1_200, w: 300_000 }];
const SHARE = 0.9;
// Being late by up to one batch is made up for; more would be a burst.
const CATCH_UP_CALLS = 45;

/** Nothing known yet. */
export const NO_PACE: Pace = {
  log: [],
  due: 0,
  policies: [],
  lowUntil: 0,
  blockedUntil: 0,
  blocks: 0,
  blockedAt: 0,
};

const policiesOf = (pace: Pace) => (pace.policies.length > 0 ? pace.policies : DOCUMENTED);

/** Calls per ms that the strictest policy allows, our share of it. */
export function allowedRate(pace: Pace): number {
  return Math.min(...policiesOf(pace).map(({ q, w }) => (SHARE * q) / w));
}

/**
 * The earliest time (whole epoch ms, `now` or later) at which `calls` calls may go. A block is a wait for its end; the one
 * call after it is the probe. Whole, because an alarm is: one set to a fraction fires before it, for nothing.
 */
export function nextCallsAt(pace: Pace, calls: number, now: number): number {
  let at = Math.max(now, pace.blockedUntil, pace.lowUntil, pace.due - CATCH_UP_CALLS / allowedRate(pace));
  for (const { q, w } of policiesOf(pace)) {
    let excess =
      pace.log.reduce((sum, entry) => sum + entry.calls, 0) + calls - Math.max(1, Math.floor(SHARE * q));
    for (const entry of pace.log) {
      if (excess <= 0) break;
      at = Math.max(at, entry.at + w + 1);
      excess -= entry.calls;
    }
  }
  return Math.ceil(at);
}

/** How many calls, at most `wanted`, may go right now. After a block it is the one probe. */
export function callsAllowed(pace: Pace, wanted: number, now: number): number {
  if (nextCallsAt(pace, 1, now) > now) return 0;
  if (pace.blockedUntil > 0) return Math.min(1, wanted);
  let calls = wanted;
  for (const { q, w } of policiesOf(pace)) {
    const recent = pace.log
      .filter((entry) => entry.at + w >= now)
      .reduce((sum, entry) => sum + entry.calls, 0);
    calls = Math.min(calls, Math.max(1, Math.floor(SHARE * q)) - recent);
  }
  return Math.max(0, calls);
}

/** The pace with `calls` calls added, which began at `startedAt` and of which the last went at `at`. */
export function addCalls(pace: Pace, calls: number, startedAt: number, at: number): Pace {
  if (calls === 0) return pace;
  const longest = Math.max(...policiesOf(pace).map(({ w }) => w));
  const earliest = startedAt - CATCH_UP_CALLS / allowedRate(pace);
  return {
    ...pace,
    log: [...pace.log.filter((entry) => entry.at + longest >= startedAt), { at, calls }],
    due: Math.max(pace.due, earliest) + calls / allowedRate(pace),
  };
}

// Blocks that follow each other within this time belong together.
const ONE_AFTER_THE_OTHER_MS = 10 * MINUTE;
const LONGEST_GROWN_MS = 300_000;

/**
 * The pace after a 429 at `now`: nothing goes before `until` (epoch ms). A later end replaces an earlier one. Blocks that
 * follow each other wait 2, 4, 8 … s, up to five minutes, where the API itself asks for less.
 */
export function addBlock(pace: Pace, until: number, now: number): Pace {
  // Calls in flight together are turned away together: that is one block.
  if (now < pace.blockedUntil) return { ...pace, blockedUntil: Math.max(pace.blockedUntil, until) };
  const blocks =
    now - Math.max(pace.blockedAt, pace.blockedUntil) < ONE_AFTER_THE_OTHER_MS ? pace.blocks + 1 : 1;
  const grown = blocks === 1 ? 0 : Math.min(1_000 * 2 ** (blocks - 1), LONGEST_GROWN_MS);
  return { ...pace, blockedUntil: Math.max(until, now + grown), blocks, blockedAt: now };
}

/** The pace after the probe went through. */
export function endBlock(pace: Pace): Pace {
  return { ...pace, blockedUntil: 0 };
}

const sameLimits = (a: readonly LimitPolicy[], b: readonly LimitPolicy[]) =>
  a.length === b.length &&
  a.every(({ name, q, w }, i) => b[i]?.name === name && b[i]?.q === q && b[i]?.w === w);

/**
 * The pace after an answer at `now` with these headers (`Ratelimit-Policy: "default";q=1200;w=300` and
 * `Ratelimit: "default";r=50;t=30`; both structured fields). When fewer than a tenth remain, nothing goes for `t` seconds.
 */
export function addHeaders(pace: Pace, headers: Headers, now: number): Pace {
  const policies = readPolicies(headers.get('ratelimit-policy'));
  const known = policies.length === 0 || sameLimits(policies, pace.policies) ? pace.policies : policies;
  let { lowUntil } = pace;
  for (const { name, r, t } of readRemaining(headers.get('ratelimit'))) {
    const named = known.find((policy) => policy.name === name);
    const q = named?.q ?? Math.max(...(known.length > 0 ? known : DOCUMENTED).map((policy) => policy.q));
    // Answers arrive out of order: one that says "low" holds, whatever a later one says.
    if (r < q / 10) lowUntil = Math.max(lowUntil, now + Math.min(t, 3_600) * 1_000);
  }
  return known === pace.policies && lowUntil === pace.lowUntil
    ? pace
    : { ...pace, policies: known, lowUntil };
}
