// The end of a build's log, made fit to be kept and shown: bounded, without control characters, and without what looks like a
// secret. Pure. Nobody can tell every secret from a word: where it is in doubt it is masked, and the page says that it may not be.

import { cutText } from './messages.ts';

const MASK = '[masked]';
const MOST_LINES = 100;
/** UTF-16 units: of a line, and of all of them, so that a page stays small. */
const LONGEST_LINE = 300;
const MOST_TEXT = 12_000;
/** What is looked through of a line. */
const LOOKED_AT = 2_000;

// What a terminal takes for colours and the like.
const ESCAPES = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]|[@-_])`, 'g');

/** What is masked, in this order: `$1` of each stays. Each begins at the start of a word, so that none takes long over any text. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Authorization: Bearer …
  [/\b((?:Bearer|Basic|Token)\s+)[\w.~+/=-]{8,}/gi, '$1'],
  // https://user:password@…
  [/(?<!\w)(\w{1,20}:\/\/)[^\s/]+(?=@)/g, '$1'],
  // NAME=…, "name": "…"
  [
    /(?<![\w.-])([\w.-]*(?:token|secret|passw|passphrase|pwd|key|credential|auth(?!ors?\W)|session|cookie|signature|dsn)[\w.-]*["']?\s*(?:=>|[:=])\s*)(?:"[^"]*"|'[^']*'|[^\s,;&]+)/gi,
    '$1',
  ],
  // --token …
  [/(?<!\S)(--?[\w-]*(?:token|secret|passw|pwd|key)[\w-]*\s+)[^\s-]\S*/gi, '$1'],
  // By how some services begin theirs.
  [
    /(?<!\w)(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|[sprw]k_(?:live|test)_|sk-|AKIA|ASIA|AIza|eyJ|SG\.|ya29\.|pypi-)[\w.~+/=-]{8,}/g,
    '',
  ],
  // Long, of letters and digits.
  [/(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}/g, ''],
];

function withoutSecrets(line: string, known: readonly string[]): string {
  const without = known.reduce((text, secret) => text.replaceAll(secret, MASK), line);
  return SECRETS.reduce((text, [pattern, kept]) => text.replace(pattern, `${kept}${MASK}`), without);
}

/** A line as people read it. What was cut may have cut a secret: its last word goes. */
function plain(line: string): string {
  const looked = line.length < LOOKED_AT ? line : line.slice(0, LOOKED_AT).replace(/\S*$/, '');
  return looked
    .replace(ESCAPES, '')
    .replace(/\t/g, '  ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trimEnd();
}

/**
 * The last lines, as they may be stored and shown; at most a hundred of 300 characters, and 12,000 in all. `known`: secrets
 * that must not be in them, whatever they look like.
 */
export function logEnd(lines: readonly string[], known: readonly string[]): string[] {
  const long = known.filter((secret) => secret.length >= 8);
  let isKey = false;
  const masked = lines
    .flatMap((line) => line.split(/[\r\n]+/))
    .map(plain)
    .map((line) => {
      if (/-----BEGIN [A-Z ]*KEY/.test(line)) isKey = true;
      const shown = isKey ? MASK : withoutSecrets(line, long);
      if (line.includes('-----END ')) isKey = false;
      return cutText(shown, LONGEST_LINE);
    });
  let left = MOST_TEXT;
  const from = masked.findLastIndex((line, at) => {
    left -= line.length;
    return left < 0 || at === masked.length - MOST_LINES - 1;
  });
  return masked.slice(from + 1);
}
