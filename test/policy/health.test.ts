// How the Keeper is: what ails it, the worst first, and when no rule waits for a cron event.

import { describe, expect, test } from 'vitest';
import {
  AILMENTS,
  type Ailment,
  ailmentsOf,
  missedOf,
  overdueFrom,
  type Vitals,
} from '../../src/policy/health.ts';
import { policy } from './fixture.ts';

const NOW = Date.UTC(2026, 10, 24, 20, 30);
const MINUTE = 60_000;
const WELL: Vitals = {
  refused: false,
  alarmAt: NOW + MINUTE,
  overdueFrom: NOW + MINUTE,
  failedInARow: 0,
  hasSucceeded: true,
  blockedUntil: 0,
};

test.each<[string, Partial<Vitals>, Ailment[]]>([
  ['nothing', {}, []],
  ['refused credentials', { refused: true }, ['token']],
  ['an alarm that did not come for 15 minutes', { alarmAt: NOW - 15 * MINUTE - 1 }, ['stalled']],
  ['not one that is late', { alarmAt: NOW - 15 * MINUTE }, []],
  ['nor one that nobody waits for', { alarmAt: null }, []],
  ['crons that missed their time', { overdueFrom: NOW }, ['overdue']],
  ['not such as have a while yet', { overdueFrom: NOW + 1 }, []],
  ['nor such as nobody can read', { overdueFrom: null }, []],
  ['three runs that failed', { failedInARow: 3 }, ['failing']],
  ['not two', { failedInARow: 2 }, []],
  ['but one where none has gone well', { failedInARow: 1, hasSucceeded: false }, ['failing']],
  ['not a new one', { hasSucceeded: false }, []],
  ['a block', { blockedUntil: NOW + 1 }, ['blocked']],
  ['not one that is over', { blockedUntil: NOW }, []],
])('what ails it: %s', (_, change, ailments) => {
  expect(ailmentsOf({ ...WELL, ...change }, NOW)).toEqual(ailments);
});

test('all of it is told, and the worst comes first', () => {
  const ill: Vitals = {
    ...{ refused: true, alarmAt: 0, overdueFrom: 0 },
    ...{ failedInARow: 3, hasSucceeded: true, blockedUntil: NOW + 1 },
  };
  expect(ailmentsOf(ill, NOW)).toEqual([...AILMENTS]);
  expect(AILMENTS.at(-1)).toBe('blocked');
});

describe('cron events are overdue', () => {
  const ticks = { '0 * * * *': NOW - 30 * MINUTE };
  const cron = (text: string | null) => ({ prune: [], rebuild: { cron: text } });
  const shows = { prune: [], rebuild: null };

  test.each([
    ['where a rule only shows', [shows]],
    ['where a rule rebuilds', [cron(null)]],
    ['where a rule prunes, whatever it rebuilds by', [{ ...cron('none'), prune: [policy()] }]],
    ['where one of two rules waits', [cron('none'), shows]],
    ['by what has ticked, though a rule waits for a cron that never has', [cron('0 3 1 1 *')]],
  ])('%s', (_, rules) => {
    expect(overdueFrom(ticks, rules)).toBe(NOW + 90 * MINUTE + 1);
  });

  test.each([
    ['without a rule', [], ticks],
    ['where only hooks ask', [cron('none')], ticks],
    ['before any cron has ticked', [shows], {}],
  ])('never %s', (_, rules, ticked) => {
    expect(overdueFrom(ticked, rules)).toBeNull();
  });
});

describe('what was missed is', () => {
  const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour);
  test.each<[string, Record<string, number>, ReturnType<typeof missedOf>]>([
    [
      'the next tick of the only cron',
      { '0 * * * *': at(24, 20) },
      { tickedAt: at(24, 20), dueAt: at(24, 21) },
    ],
    [
      'of several, the first that was to tick after the last that did',
      { '0 3 * * *': at(24, 3), '0 */6 * * *': at(24, 18) },
      { tickedAt: at(24, 18), dueAt: at(25, 0) },
    ],
    [
      'nothing of a cron that had been taken out before',
      { '0 * * * *': at(20, 7), '0 3 * * *': at(24, 3) },
      { tickedAt: at(24, 3), dueAt: at(25, 3) },
    ],
    ['nothing where none has ever ticked', {}, null],
  ])('%s', (_, ticks, missed) => {
    expect(missedOf(ticks)).toEqual(missed);
  });
});
