// What one alarm may spend, and how long it waits after a failure. Numbers only.

/** Calls that one alarm may make: Workers Free has 50 subrequests, of which redirects and notices keep five. */
export const CALLS_AN_ALARM = 45;
/** Lists that one alarm may read: 10 ms of CPU on Free. */
export const LISTS_AN_ALARM = 12;
/** Blocks that one alarm may plan: likewise. */
export const BLOCKS_AN_ALARM = 20;
/** Calls in flight at once: a seventh would wait for headers in the runtime, its time-out running. */
export const IN_FLIGHT = 6;

// Waits after a first, second, … failure (ms); after the last one it counts as failed.
const RETRY_AFTER_MS = [2_000, 8_000, 32_000, 120_000] as const;
/** How often something that failed is tried again. */
export const RETRIES = RETRY_AFTER_MS.length;

/** How long to wait (ms) after the `failures`-th failure. */
export function retryAfter(failures: number): number {
  return RETRY_AFTER_MS[Math.min(Math.max(failures, 1), RETRIES) - 1] ?? 0;
}
