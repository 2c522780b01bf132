// The kinds of value a setting can hold, each readable as itself or as text (.dev.vars and --var carry only text).
// Says what a value must be, never what was got: some values are secrets (problems.ts decides what is shown). The metadata
// says it once more for editors, in the words of JSON Schema: docs/rules.schema.json is made from it.

import * as v from 'valibot';
import { isRecord } from '../object.ts';
import { normalizeCron } from '../policy/rules.ts';

/** Reads anything into a `T`; its issues carry in `expected` what the value must be. `undefined` is a setting not set. */
export type Field<T> = v.GenericSchema<unknown, T>;

/** Fields by name: a setting is one row of such a table. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What an issue has as `input` when the value itself must not be shown. */
export const HIDDEN = Symbol('hidden');

// Days and minutes end up in dates; a larger number would lead past the last date there is.
const MAX_WHOLE = 1_000_000;

/** A field from a function that returns `undefined` for what does not fit. `mustBe` completes "must be …". */
export function field<T>(mustBe: string, read: (given: unknown) => T | undefined, hidden = false): Field<T> {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const given = dataset.value;
      const value = given === undefined ? undefined : read(given);
      if (value !== undefined) return value;
      addIssue({ expected: mustBe, message: '', input: hidden && given !== undefined ? HIDDEN : given });
      return NEVER;
    }),
  );
}

/** The same field, but `unset` when it is not set. */
export function or<T, D>(given: Field<T>, unset: D): Field<T | D> {
  const fallback = v.pipe(
    v.unknown(),
    v.transform(() => unset),
  );
  return v.lazy<Field<T | D>>((value) => (value === undefined ? fallback : given));
}

/** A whole number of at least `min`. */
export function whole(min: number): Field<number> {
  return v.pipe(
    field(`a whole number, ${min} or more`, (given) => {
      const number = typeof given === 'string' && /^(0|[1-9]\d*)$/.test(given) ? Number(given) : given;
      return typeof number === 'number' && Number.isInteger(number) && number >= min ? number : undefined;
    }),
    v.metadata({ type: 'integer', minimum: min }),
    v.maxValue(MAX_WHOLE, `must be ${MAX_WHOLE} or less`),
  );
}

/** `true` or `false`, or these words in any case. */
export const flag: Field<boolean> = v.pipe(
  field('true or false', (given) => {
    const word = typeof given === 'string' ? given.toLowerCase() : given;
    return word === true || word === 'true' ? true : word === false || word === 'false' ? false : undefined;
  }),
  v.metadata({ type: 'boolean' }),
);

/** One of these words, exactly. */
export function oneOf<const T extends string>(...words: readonly T[]): Field<T> {
  const mustBe = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return v.pipe(
    field(mustBe, (given) => words.find((word) => word === given)),
    v.metadata({ enum: words }),
  );
}

/** Text that matches `pattern`, whole. */
export function text(mustBe: string, pattern: RegExp, hidden = false): Field<string> {
  return v.pipe(
    field(mustBe, (given) => (typeof given === 'string' && pattern.test(given) ? given : undefined), hidden),
    v.metadata({ type: 'string', pattern: pattern.source }),
  );
}

/** A cron expression, spaces collapsed. */
export const cron: Field<string> = v.pipe(
  text('a cron of five fields, such as "0 3 * * *"', /^\s*\S+(\s+\S+){4}\s*$/),
  v.transform(normalizeCron),
);

/** A list, or JSON text of one. `mustBe` says of what; `min` is how many it holds at least. */
export function list<T>(mustBe: string, item: Field<T>, min = 0): Field<T[]> {
  return v.pipe(
    field(mustBe, (given) => {
      const value = parsed(given);
      return Array.isArray(value) && value.length >= min ? (value as unknown[]) : undefined;
    }),
    v.array(item),
    v.metadata({ minItems: min }),
  );
}

const glob = text('a pattern such as "docs-*", or "!docs-old" to exclude', /^!?[^!]/s);

/** Patterns, of which at least one takes something in. */
export const globs: Field<string[]> = v.pipe(
  list('a list of patterns, such as ["blog", "docs-*", "!docs-old"]', glob, 1),
  v.check(
    (patterns) => patterns.some((pattern) => !String(pattern).startsWith('!')),
    'only excludes, so it matches nothing: put "*" first',
  ),
  v.metadata({ contains: { pattern: '^[^!]' } }),
);

/** An object with these fields and no others, or JSON text of one. An unknown key is an issue of type `never`. */
export function table<const T extends Fields>(mustBe: string, fields: T) {
  return v.pipe(
    field(mustBe, (given) => {
      const value = parsed(given);
      return isRecord(value) ? settingsOf(fields, value, { ...value }) : undefined;
    }),
    v.objectWithRest(fields, v.never()),
  );
}

/** These fields of an object that may hold anything else too: the Worker's environment. */
export function settings<const T extends Fields>(fields: T) {
  return v.pipe(
    field('the environment of a Worker', (env) => settingsOf(fields, env as Record<string, unknown>, {})),
    v.object(fields),
  );
}

/** Whether a setting is set: `""` is not. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== '';
}

/** The URL that was given, if it is https, or http to this very machine; `null` otherwise. */
export function safeUrl(given: unknown): URL | null {
  // `URL` would take line ends and spaces out: what was pasted with them may not be what was meant.
  const url = typeof given === 'string' && !/[\s\p{Cc}]/u.test(given) ? URL.parse(given) : null;
  const fits = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  return fits ? url : null;
}

/** Whether a URL leads to this very machine. `URL` has written every form of an IPv4 address as four numbers. */
export function isLoopback(url: URL): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

// Every field gets a value, if only `undefined`: so each field, not the object, says what it makes of being unset.
function settingsOf(
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
  into: Record<string, unknown>,
): Record<string, unknown> {
  for (const name of Object.keys(fields)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    into[name] = isSet(value) ? value : undefined;
  }
  return into;
}

function parsed(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}
