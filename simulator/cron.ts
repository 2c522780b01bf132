// When `npm start` fires its cron: at the full minute, as the platform would fire this expression, so that the page's "next"
// and what happens are the same. Pure.

/** The demo's cron: a run a minute, by the real clock, so that there is something to see. */
export const CRON = '* * * * *';

const MINUTE = 60_000;

/** The time that an event of this moment was scheduled for: the full minute. A timer may fire some ms before it. Epoch ms. */
export function scheduledAt(now: number): number {
  return Math.floor((now + MINUTE / 60) / MINUTE) * MINUTE;
}

/** How long (ms) until the next event after this moment's. */
export function untilNext(now: number): number {
  return scheduledAt(now) + MINUTE - now;
}
