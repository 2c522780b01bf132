// What refused calls say about the credentials: nothing, before the project list was asked.

import { describe, expect, test } from 'vitest';
import {
  type About,
  addEnded,
  addRefusal,
  addSilence,
  addSuccess,
  doubtOf,
  GOOD_STANDING,
  isDoubtful,
  isEnded,
  type Standing,
  settle,
  startAnew,
  strikesOf,
  viewWaits,
} from '../../src/policy/credentials.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const READ = { kind: 'read', project: 'docs' } as const;
const BUILD = { kind: 'build', project: 'docs' } as const;
const DELETE = { kind: 'delete', project: 'docs' } as const;

/** Refusals one after the other, each of which the list has settled. */
const refusals = (
  count: number,
  about: NonNullable<About> = DELETE,
  from: Standing = GOOD_STANDING,
): Standing =>
  Array.from({ length: count }).reduce<Standing>(
    (standing) => settle(addRefusal(standing, about, NOW)),
    from,
  );

describe('a refused call', () => {
  test('is a doubt, about which the list is to be asked at once', () => {
    expect(doubtOf(GOOD_STANDING, NOW)).toEqual({ kind: 'none' });
    expect(doubtOf(addRefusal(GOOD_STANDING, DELETE, NOW), NOW)).toEqual({ kind: 'ask', at: NOW });
  });

  test('counts once with all that were in flight with it', () => {
    const six = Array.from({ length: 6 }).reduce<Standing>(
      (one) => addRefusal(one, DELETE, NOW),
      GOOD_STANDING,
    );
    expect(strikesOf(six, DELETE)).toBe(1);
    expect(strikesOf(refusals(2), DELETE)).toBe(2);
  });

  test('is settled by the list, which is not asked again within a minute', () => {
    const asked = addSuccess(addRefusal(GOOD_STANDING, DELETE, NOW), null, NOW);
    expect(doubtOf(asked, NOW)).toEqual({ kind: 'none' });
    const again = addRefusal(asked, DELETE, NOW + MINUTE - 1);
    expect(doubtOf(again, NOW + MINUTE - 1)).toEqual({ kind: 'settled' });
    expect(doubtOf(again, NOW + MINUTE)).toEqual({ kind: 'ask', at: NOW + MINUTE });
  });

  test('a list that is let in without a doubt settles no later one', () => {
    const listed = addSuccess(GOOD_STANDING, null, NOW);
    expect(doubtOf(addRefusal(listed, DELETE, NOW + 1), NOW + 1)).toEqual({ kind: 'ask', at: NOW + 1 });
  });
});

describe('the list that is refused itself', () => {
  const once = addRefusal(GOOD_STANDING, null, NOW);

  test('is asked again ten seconds later', () => {
    expect(doubtOf(once, NOW)).toEqual({ kind: 'ask', at: NOW + 10_000 });
  });

  test.each([
    [9_999, 'ask'],
    [10_000, 'refused'],
  ] as const)('refused again after %i ms: %s', (after, kind) => {
    expect(doubtOf(addRefusal(once, null, NOW + after), NOW + after).kind).toBe(kind);
  });

  test('and then let in was a stumble', () => {
    const letIn = addSuccess(once, null, NOW + 10_000);
    expect(letIn).toMatchObject({ doubted: false, listRefused: 0, listRefusedAt: 0 });
  });
});

describe('a list that says nothing of us', () => {
  test('is asked ever later, five times, and then the doubt is dropped', () => {
    let standing = addRefusal(GOOD_STANDING, DELETE, NOW);
    const waits: number[] = [];
    for (let time = 0; time < 6 && standing.doubted; time += 1) {
      standing = addSilence(standing, NOW);
      const doubt = doubtOf(standing, NOW);
      if (doubt.kind === 'ask') waits.push(doubt.at - NOW);
    }
    expect(waits).toEqual([2_000, 8_000, 32_000, 120_000, 300_000]);
    expect(standing).toMatchObject({ doubted: false, unanswered: 0, againAt: 0 });
    expect(strikesOf(standing, DELETE)).toBe(1);
  });

  test('waits for both: its own refusal, and its silence', () => {
    const both = addSilence(addRefusal(GOOD_STANDING, null, NOW), NOW + 9_000);
    expect(doubtOf(both, NOW)).toEqual({ kind: 'ask', at: NOW + 11_000 });
  });
});

describe('three in a row', () => {
  test.each([
    [2, false],
    [3, true],
  ])('%i refusals end that kind of call for the project: %s', (count, ended) => {
    expect(isEnded(refusals(count), DELETE)).toBe(ended);
  });

  test('are counted by kind and project', () => {
    const standing = refusals(3);
    for (const about of [READ, BUILD, { ...DELETE, project: 'blog' }])
      expect([strikesOf(standing, about), isEnded(standing, about)]).toEqual([0, false]);
  });

  test('a success in between begins anew', () => {
    const standing = refusals(2, DELETE, addSuccess(refusals(2), DELETE, NOW));
    expect(isEnded(standing, DELETE)).toBe(false);
    expect(addSuccess(refusals(2, READ), READ, NOW).strikes).toEqual({});
  });

  test('a success where there was no doubt changes nothing', () => {
    expect(addSuccess(GOOD_STANDING, READ, NOW)).toBe(GOOD_STANDING);
    expect(addSuccess(GOOD_STANDING, DELETE, NOW)).toBe(GOOD_STANDING);
  });
});

describe('deletes go one by one', () => {
  test.each([
    ['while none was refused', GOOD_STANDING, false],
    ['once one was', refusals(1), true],
    ['once a project’s have ended', addEnded(GOOD_STANDING, 'docs', 9), true],
    ['not for a read that was refused', refusals(1, READ), false],
  ])('%s: %s', (_, standing, doubtful) => {
    expect(isDoubtful(standing)).toBe(doubtful);
  });
});

describe('projects whose writes ended, one after the other', () => {
  const ended = (projects: string[], others: number) =>
    projects.reduce((standing, project) => addEnded(standing, project, others), GOOD_STANDING);

  test.each([
    [['a', 'b', 'c', 'd'], 9, 'yes'],
    [['a', 'b', 'c', 'd', 'e'], 9, 'no'],
    [['a', 'b', 'c', 'd', 'a'], 9, 'yes'],
    [['a'], 0, 'yes'],
    [['a', 'b'], 1, 'yes'],
    [['a', 'b'], 0, 'no'],
  ] as const)('%j, and %i others to come: writes go on: %s', (projects, others, writes) => {
    expect(ended([...projects], others).writes).toBe(writes);
  });

  test('one that succeeds in between: it is not the token', () => {
    const standing = addSuccess(ended(['a', 'b', 'c', 'd'], 9), { ...BUILD, project: 'z' }, NOW);
    expect(standing.ended).toEqual([]);
    expect(addEnded(standing, 'e', 9).writes).toBe('yes');
  });

  test('a read that succeeds in between says nothing of writes', () => {
    expect(addSuccess(ended(['a'], 9), READ, NOW).ended).toEqual(['a']);
  });

  test('the next tick begins with one of each, and one refusal ends it again', () => {
    const stopped = ended(['a', 'b', 'c', 'd', 'e'], 9);
    const anew = startAnew(stopped);
    expect(anew).toEqual({ ...GOOD_STANDING, writes: 'one' });
    expect(addRefusal(anew, READ, NOW).writes).toBe('one');
    expect(addRefusal(anew, DELETE, NOW).writes).toBe('no');
    expect(addSuccess(anew, DELETE, NOW).writes).toBe('yes');
    expect(addSuccess(anew, READ, NOW).writes).toBe('one');
  });

  test('a tick begins anew with everything but when the list was asked', () => {
    const asked = addSuccess(refusals(2), null, NOW);
    expect(startAnew({ ...asked, askedAt: NOW })).toEqual({ ...GOOD_STANDING, askedAt: NOW });
  });
});

test('a view has refused credentials tried again after 1, 2, 4 … 60 minutes', () => {
  const minutes = [0, 1, 2, 3, 4, 5, 6, 7, 20].map((times) => viewWaits(times) / MINUTE);
  expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});
