// Keeping to the API's limit: the Worker's own pace, evenly spaced, so that checking never costs anybody a block of five minutes.

import { addHeaders, allowedRate, NO_PACE, type Pace } from '../src/policy/pace.ts';
import type { Fetch } from './read-only.ts';

/** A `fetch` that waits before it sends. */
export interface Paced {
  readonly fetch: Fetch;
  /** Requests sent so far. */
  calls(): number;
  /** Calls per ms that may be made, by what the API said. */
  rate(): number;
}

/** What it takes to wait. `free`: there is no limit to keep, as on this very machine. */
export interface PacedOptions {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly free: boolean;
}

/** Spaces requests at 0.9 of what the API allows, and holds them while it says that little is left. One at a time. */
export function paced({ fetch, now, sleep, free }: PacedOptions): Paced {
  let pace: Pace = NO_PACE;
  let calls = 0;
  let sentAt = Number.NEGATIVE_INFINITY;
  return {
    async fetch(url, init) {
      const due = Math.max(sentAt + Math.ceil(1 / allowedRate(pace)), pace.lowUntil);
      if (!free && due > now()) await sleep(due - now());
      calls += 1;
      sentAt = now();
      const response = await fetch(url, init);
      pace = addHeaders(pace, response.headers, now());
      return response;
    },
    calls: () => calls,
    rate: () => allowedRate(pace),
  };
}
