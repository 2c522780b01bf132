// Times in words. Pure: `now` is always passed in. Everything is UTC, and says so.

import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';

const LATEST = 8.64e15;

/** RFC 3339 in UTC; `null` where it is not a time. */
export function iso(at: number | null): string | null {
  return at === null || !(Math.abs(at) <= LATEST) ? null : new Date(at).toISOString();
}

/** `2026-11-24 13:17 UTC`. */
export function utc(at: number): string {
  return `${(iso(at) ?? '').slice(0, 16).replace('T', ' ')} UTC`;
}

/** `13:17 UTC` on the day of `now`, else with its date. */
export function clock(at: number, now: number): string {
  const text = utc(at);
  return text.slice(0, 10) === utc(now).slice(0, 10) ? text.slice(11) : text;
}

/** How long something took: `47 s`, `1 min 47 s`, `2 h 5 min`, `3 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return two(seconds, 60, 'min', 's');
  return ms < 2 * DAY ? two(Math.round(seconds / 60), 60, 'h', 'min') : `${Math.round(ms / DAY)} days`;
}

function two(total: number, per: number, big: string, small: string): string {
  const rest = total % per;
  return `${Math.floor(total / per)} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** One unit, rounded down, so that it changes at most once a minute: `under a minute`, `5 min`, `3 h`, `12 days`. */
export function span(ms: number): string {
  if (ms < MINUTE) return 'under a minute';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} days`;
}

/** `just now`, `5 min ago`, `in 3 h`. */
export function relative(at: number, now: number): string {
  if (at > now) return at - now < MINUTE ? 'in under a minute' : `in ${span(at - now)}`;
  return now - at < MINUTE ? 'just now' : `${span(now - at)} ago`;
}
