// Every reason that a person can meet has its row in the README, and the README has no row for a reason that is none.

import { expect, it } from 'vitest';
import troubleshooting from '../../docs/troubleshooting.md?raw';
import readme from '../../README.md?raw';
import { SKIP_REASONS } from '../../src/policy/rebuild.ts';
import { deletes, REASONS } from '../../src/policy/verdict.ts';
import { skipReasonWords } from '../../src/words/verdicts.ts';

/** The first column of the table under a heading. */
function reasonsUnder(heading: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, reason = '']) => reason);
}

it('of a deployment that is kept, in the order in which they are looked for', () => {
  expect(reasonsUnder('What is kept, and why')).toEqual(REASONS.filter((reason) => !deletes(reason)));
});

it('of a rebuild that is skipped, likewise', () => {
  expect(reasonsUnder('When a rebuild is skipped')).toEqual([...SKIP_REASONS]);
});

it.each(SKIP_REASONS)('%s is in docs/troubleshooting.md in the words of the page', (reason) => {
  expect(troubleshooting).toContain(`| \`${skipReasonWords(reason)}\` |`);
});
