// Readings of Git that are in doubt, in words; what they may lack, what is remembered of them, and what undoes it.

import { describe, expect, it } from 'vitest';
import type { Heads } from '../../src/git/refs.ts';
import { HOUR, NOW } from './fixture.ts';
import { ALL, BRANCHES, goneAfter, heads, hex, project, pushed, WITHOUT_A } from './git-readings.ts';

const hour = (hours: number) => NOW + hours * HOUR;
const few = heads(['main', 'd']);

describe('a reading', () => {
  const moved = { commits: () => 'f'.repeat(40) };

  it.each<[string, Heads]>([
    ['the answer was not whole', heads(['main', 'b', 'c', 'd'], { whole: false })],
    ['it has no branch main', heads(['b', 'c', 'd'])],
    ['nothing shows that it is this project’s', heads(['main', ...BRANCHES], moved)],
    ['it lacks 3 of 4 branches that it had in the last seven days, which is believed a day later', few],
  ])('is in doubt, in words, and no plan may rest on it: %s', (words, doubtful) => {
    const { known, doubts } = goneAfter([
      [0, ALL],
      [1, doubtful],
    ]);
    expect(doubts).toEqual([null, words]);
    expect([known.readAt, known.believedAt]).toEqual([null, NOW]);
  });

  it('that nothing speaks against is believed at once', () => {
    const { known, doubts } = goneAfter([
      [0, ALL],
      [1, WITHOUT_A],
    ]);
    expect([doubts, known.readAt, known.believedAt, known.held]).toEqual([
      [null, null],
      hour(1),
      hour(1),
      null,
    ]);
  });

  it('of a repository that a rule names is shown to be the same one by a branch that stands where it stood', () => {
    const own = project({ own: true, commits: new Set() });
    const doubtAfter = (second: Heads) => goneAfter([[0, ALL] as const, [1, second] as const], own).doubts[1];
    expect(doubtAfter(heads(['main', ...BRANCHES], moved))).toBe('nothing shows that it is this project’s');
    const one = (name: string) => (name === 'c' ? hex(name) : 'f'.repeat(40));
    expect(doubtAfter(heads(['main', ...BRANCHES], { commits: one }))).toBeNull();
  });

  it.each([
    [6, 3, true],
    [5, 3, false],
    [3, 2, true],
    [2, 2, true],
    [4, 3, false],
  ])('of %d branches lacks %d: believed at once %j', (many, lost, isBelieved) => {
    const names = Array.from({ length: many }, (_, n) => `branch-${n}`);
    const of = project({ branches: new Map(names.map((name) => [name, pushed()])) });
    const { doubts } = goneAfter(
      [
        [0, heads(['main', ...names])],
        [1, heads(['main', ...names.slice(lost)])],
      ],
      of,
    );
    expect(doubts[1] === null).toBe(isBelieved);
  });

  it('counts what it lacks among the branches of the last days; readings in doubt before prove nothing later', () => {
    const readAt = (...hours: number[]) =>
      goneAfter([[0, ALL], ...hours.map((time) => [time, few] as const)]);
    expect(readAt(8 * 24 - 1).doubts[1]).not.toBeNull();
    expect(readAt(8 * 24).doubts[1]).toBeNull();
    expect(readAt(1, 2, 8 * 24).gone).toEqual([]);
    expect(readAt(1, 2, 8 * 24, 8 * 24 + 1).gone).toEqual(
      ['a', 'b', 'c'].map((name) => [name, hour(8 * 24)]),
    );
  });

  it('that comes soon after another in doubt is none of its own; what is proven needs no older ones', () => {
    const at = (...hours: number[]) =>
      goneAfter([[0, ALL], ...hours.map((time) => [time, few] as const)]).known;
    const apart = 50 / 60;
    const closer = 49.9 / 60;
    expect(at(1, 1 + closer, 1 + apart, 1 + apart + closer, 1 + 2 * apart).held).toEqual(
      [1, 1 + apart, 1 + 2 * apart].map(hour),
    );
    const hours = Array.from({ length: 30 }, (_, n) => n + 1);
    const known = at(...hours);
    expect([known.believedAt, known.held?.[0], known.held?.at(-1), known.readAt]).toEqual(
      [6, 6, 30, 30].map(hour),
    );
  });

  it('in which a branch is back ends what those in doubt have said, though it is cut', () => {
    const hourly = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, n) => [from + n, few] as const);
    const back = [20.5, heads(['c'], { whole: false })] as const;
    const until = (to: number) => goneAfter([[0, ALL], ...hourly(1, 20), back, ...hourly(21, to)]).gone;
    expect([until(30), until(45)]).toEqual([[], []]);
    expect(until(46)).toEqual(['a', 'b', 'c'].map((name) => [name, hour(21)]));
  });

  it('in which a branch is back leaves gone what was gone before', () => {
    const { gone, known } = goneAfter([
      [0, ALL],
      [1, WITHOUT_A],
      [2, WITHOUT_A],
      [3, heads(['main'])],
      [3.5, heads(['b'], { whole: false })],
    ]);
    expect(gone).toEqual([['a', hour(1)]]);
    expect(['b', 'c', 'd'].map((name) => known.branches.get(name)?.off)).toEqual([null, null, null]);
    expect(known.held).toBeNull();
  });

  it('says of each branch when it was had, to a day', () => {
    const had = (...hours: number[]) =>
      goneAfter(hours.map((time) => [time, ALL] as const)).known.branches.get('b')?.had;
    expect([had(0), had(0, 1), had(0, 23.9), had(0, 24), had(0, 1, 25, 26)]).toEqual([
      ...[hour(0), hour(0), hour(0)],
      ...[hour(24), hour(25)],
    ]);
  });

  it('remembers where branches stood, the production branch first, a hundred at most', () => {
    const names = Array.from({ length: 150 }, (_, n) => `branch-${n}`);
    const { tips } = goneAfter([[0, heads([...names, 'main'])]]).known;
    expect(tips[0]).toEqual({ name: 'main', commit: hex('main') });
    expect(tips.map(({ name }) => name)).toEqual(['main', ...names.slice(0, 99)]);
    const first = { ...heads(['main']), first: [{ name: 'other', commit: hex('other') }] };
    expect(goneAfter([[0, first]]).known.tips.map(({ name }) => name)).toEqual(['main', 'other']);
  });
});

describe('what was deployed at the very moment', () => {
  it('of the first reading without the branch is not older than it', () => {
    const of = project({ branches: new Map([['a', pushed({ newestAt: hour(1) })]]) });
    const until = (to: number) =>
      goneAfter(
        [[0, ALL], ...[1, 2, 3].filter((time) => time <= to).map((time) => [time, WITHOUT_A] as const)],
        of,
      ).gone;
    expect(until(2)).toEqual([]);
    expect(until(3)).toEqual([['a', hour(2)]]);
  });

  it('a day after it is no label yet', () => {
    const label = (otherAt: number) => {
      const of = project({ branches: new Map([['a', pushed({ newestAt: otherAt, otherAt })]]) });
      const read = [[0, WITHOUT_A] as const, [30, WITHOUT_A] as const];
      return goneAfter(read, of).known.branches.get('a')?.label;
    };
    expect([label(hour(24)), label(hour(24) + 1)]).toEqual([false, true]);
  });
});
