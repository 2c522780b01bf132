// Text that came from outside, made safe to look at. Pure.
// Escaping is not done here: the templates escape every value; this is about what escaping leaves alone.

const MARK = '\uFFFD';

// Controls, formats (bidi overrides, zero-width, tags), private use, line separators, non-characters, blank letters.
const UNSEEN =
  /(?!\u200d)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufffe\uffff]|(?<!\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}])\u200d/gu;
const STACKED = /(\p{M}{3})\p{M}+/gu;

// Nothing to clean: most texts, and told at a glance.
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Makes visible what could hide, reorder or break text: each such character becomes the replacement character. Line
 * breaks and tabs become a space. What is left is also legal in XML 1.0. A joiner inside an emoji stays, piles of
 * accents are cut to three.
 */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\t\r\n]+/g, ' ')
    .replace(UNSEEN, MARK)
    .replace(STACKED, '$1');
}

/**
 * A sentence of the Keeper's without what the API said: that stands in brackets, or after the call that it answered, at the
 * end of the sentence, and holds the account's id, paths and words that are nobody's business but the operator's.
 */
export function withoutDetail(sentence: string): string {
  return sentence
    .replace(/\s*(?:\(|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE) \/).*$/s, '')
    .replace(/[\s:,]+$/, '');
}

/** Cuts a text for display, with an ellipsis, never through a surrogate pair. */
export function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}

// A host that the parser leaves as it is: nearly all are, and parsing takes a hundred times as long. A last part of letters makes
// it no number.
const PLAIN_HOST = /^https:\/\/(?:[a-z0-9-]+\.)+[a-z]+$/;

/** The URL as the parser writes it, when it is https without credentials in it; `null` for everything else. */
export function httpsUrl(text: string): string | null {
  if (!text.startsWith('https://') || text.length > 2_000) return null;
  if (PLAIN_HOST.test(text)) return text;
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
  return url.href === `${url.origin}/` ? url.origin : url.href;
}

/** `https://` and a host name, when that is what it is; `null` for everything else. */
export function hostUrl(host: string): string | null {
  return /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i.test(host) ? httpsUrl(`https://${host}`) : null;
}

/** `1,200`: grouped by hand, for number formats cost CPU. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 deployment`, `2 deployments`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 3 more`; `all`: how many there are, where these are the first of them. */
export function list(names: readonly string[], most = 3, all = names.length): string {
  const shown = all > most ? names.slice(0, most - 1) : names;
  const rest = all - shown.length;
  const parts = rest > 0 ? [...shown, `${count(rest)} more`] : [...shown];
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
