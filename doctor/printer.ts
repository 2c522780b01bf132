// The only way to the terminal. Whatever a line holds: no secret, no control character, gets out.

import { clean } from '../src/words/text.ts';

/** Writes lines; `progress` goes where it does not mix with what is read later. */
export interface Printer {
  print(lines: readonly string[]): void;
  progress(line: string): void;
  /** These values are never shown from now on. */
  hide(values: readonly unknown[]): void;
}

/** Prints through these two functions. */
export function createPrinter(out: (text: string) => void, err: (text: string) => void): Printer {
  let hidden: readonly string[] = [];
  const safe = (line: string) =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '(not shown)'), clean(line));
  return {
    print: (lines) => out(`${lines.map(safe).join('\n')}\n`),
    progress: (line) => err(`${safe(line)}\n`),
    hide(values) {
      // Anything shorter is no secret, and would be found in every other word.
      hidden = values.filter((value) => typeof value === 'string').filter(({ length }) => length >= 4);
    },
  };
}
