// What is believed of what Git says: presence always, absence only of readings that are whole, hold the production branch and are shown
// to be the project's; and never of one of them alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Heads } from '../../src/git/refs.ts';
import { goneBranches, learn, noGit } from '../../src/policy/git.ts';
import { HOUR, MINUTE, NOW } from './fixture.ts';
import { ALL, BRANCHES, goneAfter, heads, hex, project, pushed, WITHOUT_A } from './git-readings.ts';

describe('a branch is gone', () => {
  it('by the second reading that lacks it, an hour later; since the first of them', () => {
    expect(
      goneAfter([
        [0, ALL],
        [1, WITHOUT_A],
      ]).gone,
    ).toEqual([]);
    expect(
      goneAfter([
        [0, ALL],
        [1, WITHOUT_A],
        [1.9, WITHOUT_A],
      ]).gone,
    ).toEqual([]);
    expect(
      goneAfter([
        [0, ALL],
        [1, WITHOUT_A],
        [2, WITHOUT_A],
      ]).gone,
    ).toEqual([['a', NOW + HOUR]]);
  });

  it('though no reading ever had it, if it was pushed to this repository; else not', () => {
    const never = [
      [0, WITHOUT_A],
      [1, WITHOUT_A],
    ] as const;
    expect(goneAfter(never).gone).toEqual([['a', NOW]]);
    const other = project({ branches: new Map([['a', pushed({ pushed: false })]]) });
    expect(goneAfter(never, other).gone).toEqual([]);
    expect(goneAfter([[-1, ALL], ...never], other).gone).toEqual([['a', NOW]]);
  });

  it.each<[string, Heads]>([
    ['one that has it', ALL],
    ['one that has it and is cut', heads(['a'], { whole: false })],
    ['another repository that has it', heads(['main', 'a'], { commits: () => 'f'.repeat(40) })],
  ])('anew after %s', (_, between) => {
    expect(
      goneAfter([
        [0, WITHOUT_A],
        [0.5, between],
        [1, WITHOUT_A],
      ]).gone,
    ).toEqual([]);
    expect(
      goneAfter([
        [0, WITHOUT_A],
        [0.5, between],
        [1, WITHOUT_A],
        [2, WITHOUT_A],
      ]).gone,
    ).toEqual([['a', NOW + HOUR]]);
  });

  it.each<[string, Heads]>([
    ['is cut', heads(['main', 'b', 'c', 'd'], { whole: false })],
    ['has no production branch', heads(['b', 'c', 'd'])],
    ['is of another repository', heads(['main', 'x'], { commits: () => 'f'.repeat(40) })],
    ['is empty', heads([])],
  ])('not by a reading that %s', (_, doubtful) => {
    const { gone, doubts } = goneAfter([
      [0, ALL],
      [1, doubtful],
      [2, doubtful],
      [30, doubtful],
    ]);
    expect(gone).toEqual([]);
    expect(doubts.slice(1).every((doubt) => doubt !== null)).toBe(true);
  });

  it('never, where it is the production branch, in any letters', () => {
    const of = project({ branches: new Map([['MAIN', pushed()]]) });
    expect(
      goneAfter(
        [
          [0, heads(['main'])],
          [1, heads(['main'])],
        ],
        of,
      ).gone,
    ).toEqual([]);
  });

  it('anew where something was deployed since, or where nobody knows when', () => {
    for (const newestAt of [NOW + 0.5 * HOUR, null]) {
      const of = project({ branches: new Map([['a', pushed({ newestAt })]]) });
      expect(
        goneAfter(
          [
            [0, WITHOUT_A],
            [1, WITHOUT_A],
          ],
          of,
        ).gone,
      ).toEqual([]);
    }
    const { known } = goneAfter([
      [0, WITHOUT_A],
      [1, WITHOUT_A],
    ]);
    for (const strayAt of [NOW + MINUTE, null]) expect(goneBranches(known, project(), strayAt).size).toBe(0);
  });

  it('not where something deploys under its name without it, until Git has it again', () => {
    const of = (otherAt: number) =>
      project({
        branches: new Map([
          ['a', pushed({ newestAt: otherAt, otherAt })],
          ['b', pushed()],
        ]),
      });
    const label = of(NOW + 25 * HOUR);
    const after = [
      [0, WITHOUT_A],
      [26, WITHOUT_A],
      [28, WITHOUT_A],
    ] as const;
    expect(goneAfter(after, label).gone).toEqual([]);
    expect(goneAfter([...after, [29, ALL], [30, WITHOUT_A], [31, WITHOUT_A]], label).gone).toEqual([
      ['a', NOW + 30 * HOUR],
    ]);
    // Within a day of the removal it may have been a build that was asked for just then.
    expect(
      goneAfter(
        [
          [0, WITHOUT_A],
          [24, WITHOUT_A],
          [25, WITHOUT_A],
        ],
        of(NOW + 23 * HOUR),
      ).gone,
    ).toEqual([['a', NOW + 24 * HOUR]]);
  });

  it('only after a day where most are missing at once, and every reading of it lacks them', () => {
    // The first reading is believed a day later, and then the second an hour later.
    const few = heads(['main', 'd']);
    const each = Array.from({ length: 26 }, (_, hour) => [hour + 1, few] as const);
    expect(goneAfter([[0, ALL], ...each.slice(0, 25)]).gone).toEqual([]);
    expect(goneAfter([[0, ALL], ...each]).gone.map(([name]) => name)).toEqual(['a', 'b', 'c']);
    const back = [12.5, heads(['main', 'c', 'd'])] as const;
    const broken = [[0, ALL] as const, ...each, back].toSorted(([a], [b]) => a - b);
    expect(goneAfter(broken).gone).toEqual([]);
  });

  it('of a repository that a rule names for itself: its first reading needs no proof, the next ones do', () => {
    const own = project({ own: true, commits: new Set() });
    expect(
      goneAfter(
        [
          [0, WITHOUT_A],
          [1, WITHOUT_A],
        ],
        own,
      ),
    ).toMatchObject({ doubts: [null, null] });
    const moved = heads(['main', 'b'], { commits: () => 'f'.repeat(40) });
    expect(
      goneAfter(
        [
          [0, ALL],
          [1, moved],
        ],
        own,
      ).doubts[1],
    ).not.toBeNull();
    expect(goneAfter([[0, ALL]], project({ commits: new Set() })).doubts[0]).not.toBeNull();
  });
});

describe('whatever Git answers', () => {
  const answer = fc.record({
    hours: fc.constantFrom(0.25, 0.5, 1, 1, 1, 1, 6, 24, 48),
    names: fc.subarray(['main', ...BRANCHES]),
    whole: fc.constantFrom(true, true, true, false),
    strange: fc.constantFrom(false, false, false, true),
  });

  it('what is gone was lacking in two readings that are whole and the project’s, an hour apart, and in all between', () => {
    let gone = 0;
    fc.assert(
      fc.property(fc.array(answer, { minLength: 2, maxLength: 12 }), (answers) => {
        let at = 0;
        const read = answers.map(({ hours, names, whole, strange }) => {
          at += hours;
          const commits = (name: string) => (strange ? 'f'.repeat(40) : hex(name));
          return [at, heads(names, { whole, commits })] as const;
        });
        const { gone: found } = goneAfter(read);
        gone += found.length;
        for (const [name] of found) {
          const since = read.slice(read.findLastIndex(([, { met }]) => met.has(name)) + 1);
          const good = since.filter(([, { whole, met }]) => whole && met.get('main')?.commit === hex('main'));
          const [first, last] = [good[0]?.[0] ?? 0, good.at(-1)?.[0] ?? 0];
          expect(last - first).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(gone).toBeGreaterThan(100);
  });

  it('a branch that a reading holds is not gone, and what is stored stays bounded', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 30 }), (answers) => {
        let at = 0;
        let known = noGit('https://x.test/a/b.git');
        for (const { hours, names, whole } of answers) {
          at += hours;
          ({ known } = learn(known, { at: NOW + at * HOUR, heads: heads(names, { whole }) }, project()));
          const gone = goneBranches(known, project(), 0);
          for (const name of names) expect(gone.has(name)).toBe(false);
          expect(known.tips.length).toBeLessThanOrEqual(100);
          expect((known.held ?? []).length).toBeLessThanOrEqual(32);
        }
      }),
    );
  });
});
