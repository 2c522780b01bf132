// The API's rate limit: so many calls in a sliding window; one more, and everything is refused for a while.
// Must not look at what a call is about.
import { type Answer, failure } from './envelope.ts';

/** Calls allowed in any window, and how long the block lasts once they are exceeded. */
export interface Limit {
  readonly calls: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

/** What the real API documents: 1,200 calls in 5 minutes, then blocked for 5 minutes. */
export const REAL_LIMIT: Limit = { calls: 1_200, windowMs: 300_000, blockMs: 300_000 };

const WORDS = 'Please wait and consider throttling your request speed';

/** Counts the calls and knows when the account is blocked. Calls made during a block neither count nor extend it. */
export class RateLimit {
  readonly #limit: Limit;
  #times: number[] = [];
  /** Calls before this place have left the window. */
  #oldest = 0;
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #blocks = 0;

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  /** Counts a call made at `now`: `null`, or the 429 that answers it. */
  take(now: number): Answer | null {
    if (now < this.#blockedUntil) return this.#refusal();
    this.#forget(now);
    if (this.#times.length - this.#oldest >= this.#limit.calls) return this.block(now);
    this.#times.push(now);
    return null;
  }

  /** Starts a block now, as one call too many does (somebody else's, perhaps). */
  block(now: number): Answer {
    this.#blockedUntil = now + this.#limit.blockMs;
    this.#blocks += 1;
    return this.#refusal();
  }

  /** The headers of an answer given at `now`. `t`: when the oldest counted call leaves the window, or the block ends. */
  headers(now: number): Record<string, string> {
    this.#forget(now);
    const { calls, windowMs } = this.#limit;
    const blocked = now < this.#blockedUntil;
    const oldest = this.#times[this.#oldest];
    const until = blocked ? this.#blockedUntil : oldest === undefined ? now : oldest + windowMs;
    const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
    const remaining = blocked ? 0 : calls - (this.#times.length - this.#oldest);
    return {
      ratelimit: `"default";r=${remaining};t=${seconds}`,
      'ratelimit-policy': `"default";q=${calls};w=${Math.round(windowMs / 1_000)}`,
    };
  }

  /** Seconds to wait, for `retry-after`. */
  retryAfter(now: number): number {
    return Math.max(1, Math.ceil((this.#blockedUntil - now) / 1_000));
  }

  /** Both bodies have been seen; 10000 is also the code of "Authentication error", so codes must not be trusted here. */
  #refusal(): Answer {
    return this.#blocks % 2 === 1 ? failure(429, 971, WORDS) : failure(429, 10_000, `Rate limited. ${WORDS}`);
  }

  #forget(now: number): void {
    const gone = now - this.#limit.windowMs;
    while ((this.#times[this.#oldest] ?? Number.POSITIVE_INFINITY) <= gone) this.#oldest += 1;
    if (this.#oldest > 4_096) {
      this.#times = this.#times.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}
