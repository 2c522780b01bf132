// When a cron expression ticks next, by looking at every minute of every day: slow, obvious, and sharing no code with
// src/policy. Knows no L, W and #.

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
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
 * (`L`, `W` and `#`).
 */
export function plainNextTick(cron: string, from: number): number | null {
  const texts = cron.split(' ');
  const fields = FIELDS.map((field, index) => valuesOf(texts[index] ?? '', field));
  const [minutes, hours, days, months, weekdays] = fields;
  if (texts.length !== FIELDS.length || !minutes || !hours || !days || !months || !weekdays) return null;
  // Where both are restricted, either one will do; what names every day in another way than `*` is a restriction.
  const either = texts[2] !== '*' && texts[4] !== '*';
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
