// When a cron expression ticks next, as Cloudflare reads it: UTC, and weekdays count from 1 = Sunday.
// Pure: `now` (epoch ms) is passed in; nothing is scheduled here. Why no library: docs/decisions/008.

import { DAY, HOUR, MINUTE } from '../time.ts';

/** The 29th of February is eight years away at most: what has not ticked by then never does. */
const DAYS_AHEAD = 8 * 366;

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names of its values, the first that of `min`. */
  readonly names?: string;
}

const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC' },
  { min: 1, max: 7, names: 'SUN MON TUE WED THU FRI SAT' },
];

/** The values that a field allows; `null` for what is no such field. */
function valuesOf(text: string, { min, max, names = '' }: Field): ReadonlySet<number> | null {
  const values = new Set<number>();
  const numberOf = (word: string) => {
    const place = names.split(' ').indexOf(word.toUpperCase());
    return /^\d+$/.test(word) ? Number(word) : place < 0 ? Number.NaN : min + place;
  };
  for (const part of text.split(',')) {
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    if (from === undefined || (from === '*' && to !== undefined)) return null;
    const first = from === '*' ? min : numberOf(from);
    const open = from === '*' || step !== undefined ? max : first;
    const last = to === undefined ? open : numberOf(to);
    if (!(first >= min && last <= max && first <= last)) return null;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

/**
 * The next tick strictly after `from` (epoch ms); `null` when the expression has none, or is one that this cannot read
 * (`L`, `W` and `#`, which Cloudflare takes): then no time is shown, and nothing else changes.
 */
export function nextTick(cron: string, from: number): number | null {
  const texts = cron.split(' ');
  const fields = FIELDS.map((field, index) => valuesOf(texts[index] ?? '', field));
  const [minutes, hours, days, months, weekdays] = fields;
  if (texts.length !== FIELDS.length || !minutes || !hours || !days || !months || !weekdays) return null;
  // Where both are restricted, either one will do.
  const either = days.size < 31 && weekdays.size < 7;
  const midnight = Math.floor(from / DAY) * DAY;
  for (let day = midnight; day <= midnight + DAYS_AHEAD * DAY; day += DAY) {
    const date = new Date(day);
    if (!months.has(date.getUTCMonth() + 1)) continue;
    const onDay = days.has(date.getUTCDate());
    const onWeekday = weekdays.has(date.getUTCDay() + 1);
    if (!(either ? onDay || onWeekday : onDay && onWeekday)) continue;
    for (let at = Math.max(day, Math.floor(from / MINUTE) * MINUTE + MINUTE); at < day + DAY; at += MINUTE) {
      const minute = (at - day) / MINUTE;
      if (hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60)) return at;
    }
  }
  return null;
}

/** Whether every cron that can be read has missed its time: nothing fires any more. One that cannot be read proves nothing. */
export function isOverdue(ticks: Readonly<Record<string, number>>, now: number): boolean {
  const readable = Object.entries(ticks).every(([cron, last]) => nextTick(cron, last) !== null);
  return readable && Object.keys(ticks).length > 0 && nextOf(ticks, now) === null;
}

/**
 * The earliest next tick of these crons. `ticks`: when each last ticked. One that has missed its time by more than an hour
 * and a whole interval is not in `[triggers]` any more: the Worker cannot see those, it remembers the ticks.
 * `from`: ticks at or after this moment only, where it is later than `now`.
 */
export function nextOf(ticks: Readonly<Record<string, number>>, now: number, from = now): number | null {
  const next = Object.entries(ticks).flatMap(([cron, last]) => {
    const due = nextTick(cron, last);
    if (due === null || now - due > Math.max(HOUR, due - last)) return [];
    const after = Math.max(now, from - 1);
    return due > after ? [due] : (nextTick(cron, after) ?? []);
  });
  return next.length === 0 ? null : Math.min(...next);
}
