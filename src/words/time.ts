// Times in words. Pure: `now` is always passed in. Everything is UTC, and says so; a reader's own zone is in zone.ts.

import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';

const LATEST = 8.64e15;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** Days for which a weekday says which day is meant. */
const WEEK = 6 * DAY;

/** RFC 3339 in UTC; `null` where it is not a time. */
export function iso(at: number | null): string | null {
  return at === null || !(Math.abs(at) <= LATEST) ? null : new Date(at).toISOString();
}

/** `2026-11-24 13:17 UTC`: for lists that are sorted, and for programs. */
export function utc(at: number): string {
  return `${(iso(at) ?? '').slice(0, 16).replace('T', ' ')} UTC`;
}

const dayOf = (at: number) => Math.floor(at / DAY);

/** `13:17`. */
export function hours(at: number): string {
  return (iso(at) ?? '').slice(11, 16);
}

/** `Tue`. */
export function weekday(at: number): string {
  return WEEKDAYS[new Date(at).getUTCDay()] ?? '';
}

/** `24 Nov`; of another year `24 Nov 2025`. */
export function date(at: number, now: number): string {
  if (iso(at) === null) return '';
  const then = new Date(at);
  const year = then.getUTCFullYear();
  const words = `${then.getUTCDate()} ${MONTHS[then.getUTCMonth()] ?? ''}`;
  return year === new Date(now).getUTCFullYear() ? words : `${words} ${year}`;
}

/** `13:17 UTC` on the day of `now`, else with its date: `24 Nov, 13:17 UTC`. */
export function clock(at: number, now: number): string {
  const time = `${hours(at)} UTC`;
  return dayOf(at) === dayOf(now) ? time : `${date(at, now)}, ${time}`;
}

/** For a table whose caption names the zone: `13:17` today, `Tue 22:52` within six days, else `15 Nov`. */
export function brief(at: number, now: number): string {
  if (dayOf(at) === dayOf(now)) return hours(at);
  return Math.abs(at - now) < WEEK ? `${weekday(at)} ${hours(at)}` : date(at, now);
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
