// What is told over random stories: trouble once, a recovery only of what was told and is seen to be well, and nothing is lost
// when a message holds only some of the notices.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesSince, type Stand, type Stands, type Troubles, toldBy } from '../../src/policy/notices.ts';

const ABOUT = ['token', 'run', 'production docs', 'build docs', 'production blog'];

const stand: fc.Arbitrary<Stand | null> = fc.constantFrom<Stand | null>(
  { trouble: 'x' },
  'well',
  'unknown',
  null, // no longer watched
);
const moment = fc.record({
  stands: fc.tuple(stand, stand, stand, stand, stand),
  /** How many notices the message takes; 0: it was refused. */
  takes: fc.nat(3),
});

test('a recovery is told only of what was told as trouble and is seen to be well; trouble is told once', () => {
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 30 }), (story) => {
      let told: Troubles = {};
      const open = new Set<string>();
      for (const { stands: all, takes } of story) {
        const stands: Stands = Object.fromEntries(
          ABOUT.flatMap((about, at) => {
            const one = all[at] ?? null;
            if (one === null) return [];
            return [[about, typeof one === 'object' ? { trouble: `${about} is in trouble` } : one] as const];
          }),
        );
        const notices = changesSince(told, stands);
        for (const { kind, about } of notices.slice(0, takes)) {
          if (kind === 'trouble') {
            expect(open.has(about)).toBe(false);
            open.add(about);
          } else {
            expect([open.has(about), stands[about]]).toEqual([true, 'well']);
            open.delete(about);
          }
        }
        if (takes > 0) {
          told = toldBy(told, stands, notices.slice(takes));
          // What is not watched any more is forgotten, and said of it is nothing.
          for (const about of open) if (!(about in stands)) open.delete(about);
        }
        for (const [about, one] of Object.entries(stands))
          if (typeof one === 'object' && !open.has(about))
            expect(changesSince(told, stands).map((notice) => notice.about)).toContain(about);
      }
    }),
    { numRuns: 500 },
  );
});
