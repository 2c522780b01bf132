// When a cron ticks next, as Cloudflare reads the expression.

import { CronDate } from 'croner';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { missedFrom, nextOf, nextTick } from '../../src/policy/schedule.ts';
import { plainNextTick } from './plain-cron.ts';

const at = (iso: string) => Date.parse(iso);
// 2026-11-24 is a Tuesday.
const NOW = at('2026-11-24T20:30:00Z');

describe('nextTick', () => {
  test.each([
    ['0 * * * *', '2026-11-24T21:00:00Z'],
    ['*/15 * * * *', '2026-11-24T20:45:00Z'],
    ['0 3 * * *', '2026-11-25T03:00:00Z'],
    ['0 3 * * 1', '2026-11-29T03:00:00Z'],
    ['0 3 * * 7', '2026-11-28T03:00:00Z'],
    ['0 3 * * SUN', '2026-11-29T03:00:00Z'],
    ['0 3 1 * *', '2026-12-01T03:00:00Z'],
    ['0 3 * * 2-4', '2026-11-25T03:00:00Z'],
    ['0 3 * * 5-6', '2026-11-26T03:00:00Z'],
    ['0 3 * * 1,4', '2026-11-25T03:00:00Z'],
    ['0 3 * * */2', '2026-11-26T03:00:00Z'],
  ])('%s ticks next at %s', (cron, expected) => {
    expect(nextTick(cron, NOW)).toBe(at(expected));
  });

  test.each([
    [1, '2026-11-29T03:00:00Z'],
    [2, '2026-11-30T03:00:00Z'],
    [3, '2026-12-01T03:00:00Z'],
    [4, '2026-11-25T03:00:00Z'],
    [5, '2026-11-26T03:00:00Z'],
    [6, '2026-11-27T03:00:00Z'],
    [7, '2026-11-28T03:00:00Z'],
  ])('weekday %i is next at %s: they count from Sunday', (weekday, expected) => {
    expect(nextTick(`0 3 * * ${weekday}`, NOW)).toBe(at(expected));
  });

  test('what is no cron expression has no time', () => {
    expect(nextTick('whenever', NOW)).toBeNull();
    expect(nextTick('', NOW)).toBeNull();
  });

  // The last of a month or weekday, the weekday nearest to a day, the n-th weekday of a month.
  test.each([
    ['0 3 L * *', '2026-11-30T03:00:00Z'],
    ['0 3 LW * *', '2026-11-30T03:00:00Z'],
    ['0 3 15W * *', '2026-12-15T03:00:00Z'],
    ['0 3 1W 5 *', '2027-05-03T03:00:00Z'],
    ['0 3 * * 6L', '2026-11-27T03:00:00Z'],
    ['0 3 * * 1L', '2026-11-29T03:00:00Z'],
    ['0 3 * * 6#2', '2026-12-11T03:00:00Z'],
    ['0 3 * * MON#1', '2026-12-07T03:00:00Z'],
  ])('%s ticks next at %s', (cron, expected) => {
    expect(nextTick(cron, NOW)).toBe(at(expected));
  });

  test.each([
    ['20:59:59.999', '21:00:00'],
    ['21:00:00.000', '22:00:00'],
    ['21:00:00.001', '22:00:00'],
  ])('from %s on the next is at %s, whatever was asked before', (from, expected) => {
    for (const before of ['20:00:00', '21:30:00', '23:59:59']) {
      nextTick('0 * * * *', at(`2026-11-24T${before}Z`));
      expect(nextTick('0 * * * *', at(`2026-11-24T${from}Z`))).toBe(at(`2026-11-24T${expected}Z`));
    }
  });

  test('a hundred crons, asked again and again, come to the same', () => {
    const crons = Array.from({ length: 100 }, (_, n) => `${n % 60} ${n % 24} * * *`);
    const ask = () => crons.map((cron) => nextTick(cron, NOW));
    expect(ask()).toEqual(crons.map((cron) => plainNextTick(cron, NOW)));
    expect(ask()).toEqual(ask());
  });
});

test.each([
  '0,60 * * * *',
  '0 0,24 * * *',
  '0 0 0,1 * *',
  '0 0 1,32 * *',
  '0 0 * 0,1 *',
  '0 0 * 1,13 *',
  '0 0 * * 0,1',
  '0 0 * * 1,8',
  '0,30-10 * * * *',
  '0-60 * * * *',
  '0 0 * * 1,FOO',
  '0,5x * * * *',
  '0 0 * *',
  '0 0 * * * *',
  '@hourly',
  '? * * * *',
  '0 0 ? * *',
  '/5 * * * *',
  '0,/5 * * * *',
  '0 0 * * 1-8',
  '0 0 * * 9',
  '0 0 * * 10',
  '0 0 * * 0L',
  '0 0 * * 1#6',
])('%s is not believed in part', (cron) => {
  expect(nextTick(cron, NOW)).toBeNull();
});

test('a view of a thousand projects pays once for each cron', () => {
  const crons = ['7 * * * *', '13 4 * * 2', '*/7 1-5 * * *'];
  const ticks = Object.fromEntries(crons.map((cron) => [cron, NOW - 3_600_000]));
  const parsed = vi.spyOn(CronDate.prototype, 'increment');
  for (let project = 0; project < 1_000; project += 1) {
    nextOf(ticks, NOW + project);
    for (const cron of crons) nextTick(cron, NOW + project);
  }
  // From its last tick on, and from now on.
  expect(parsed.mock.calls.length).toBeLessThanOrEqual(2 * crons.length);
  parsed.mockRestore();
});

test('what is remembered is bounded, and what never ticks is looked for once', () => {
  const runs = vi.spyOn(CronDate.prototype, 'increment');
  const asked = (cron: string, from = NOW) => {
    runs.mockClear();
    nextTick(cron, from);
    return runs.mock.calls.length;
  };
  expect([asked('0 0 31 2 *'), asked('0 0 31 2 *', NOW + 1)]).toEqual([1, 0]);
  // Of one cron the last four answers.
  const DAY = 86_400_000;
  expect([0, 1, 2, 3, 0, 3].map((day) => asked('1 2 * * *', NOW + day * DAY))).toEqual([1, 1, 1, 1, 0, 0]);
  expect([asked('1 2 * * *', NOW + 4 * DAY), asked('1 2 * * *', NOW + DAY)]).toEqual([1, 0]);
  expect(asked('1 2 * * *', NOW)).toBe(1);
  // Of all of them fifty, and then everything is forgotten.
  const crons = Array.from({ length: 50 }, (_, n) => `${n} 5 * * *`);
  for (const cron of crons) asked(cron);
  const forgotten = crons.filter((cron) => asked(cron) === 1);
  expect(forgotten.length).toBeGreaterThan(0);
  for (const cron of crons) asked(cron);
  expect(crons.filter((cron) => asked(cron) === 1)).toEqual([]);
  runs.mockRestore();
});

describe('nextOf', () => {
  test('the earliest of those that tick counts', () => {
    const ticks = { '0 3 * * *': at('2026-11-24T03:00:00Z'), '0 * * * *': at('2026-11-24T20:00:00Z') };
    expect(nextOf(ticks, NOW)).toBe(at('2026-11-24T21:00:00Z'));
  });

  test('a cron that has stopped ticking was taken out', () => {
    expect(nextOf({ '0 * * * *': at('2026-11-24T15:00:00Z') }, NOW)).toBeNull();
  });

  test('a cron may miss its time by an hour, or by its interval where that is longer', () => {
    const hourly = { '0 * * * *': at('2026-11-24T19:00:00Z') };
    expect(nextOf(hourly, at('2026-11-24T21:00:00Z'))).toBe(at('2026-11-24T22:00:00Z'));
    expect(nextOf(hourly, at('2026-11-24T21:00:00.001Z'))).toBeNull();
    const daily = { '0 3 * * *': at('2026-11-22T03:00:00Z') };
    expect(nextOf(daily, at('2026-11-24T03:00:00Z'))).toBe(at('2026-11-25T03:00:00Z'));
    expect(nextOf(daily, at('2026-11-24T03:00:00.001Z'))).toBeNull();
  });

  test('from a later moment on, that moment counts', () => {
    const ticks = { '0 * * * *': at('2026-11-24T20:00:00Z') };
    expect(nextOf(ticks, NOW, at('2026-11-25T04:00:00Z'))).toBe(at('2026-11-25T04:00:00Z'));
    expect(nextOf(ticks, NOW, at('2026-11-25T04:00:00.001Z'))).toBe(at('2026-11-25T05:00:00Z'));
    expect(nextOf(ticks, NOW, at('2026-11-24T19:00:00Z'))).toBe(at('2026-11-24T21:00:00Z'));
  });

  test('the tick of this very moment is not to come any more', () => {
    const ticks = { '0 * * * *': at('2026-11-24T19:00:00Z') };
    expect(nextOf(ticks, at('2026-11-24T20:00:00Z'))).toBe(at('2026-11-24T21:00:00Z'));
  });

  test('a tick that is a little late is still to come', () => {
    expect(nextOf({ '0 * * * *': at('2026-11-24T19:00:00Z') }, NOW)).toBe(at('2026-11-24T21:00:00Z'));
  });
});

describe('nothing fires any more', () => {
  const WEEK = 7 * 86_400_000;
  test.each<[string, Record<string, number>, boolean]>([
    ['when the only cron has missed its time', { '0 * * * *': NOW - WEEK }, true],
    ['not while one of two still ticks', { '0 * * * *': NOW - WEEK, '*/5 * * * *': NOW - 60_000 }, false],
    ['not by a cron that this cannot read', { 'whenever it is': NOW - WEEK }, false],
    ['nor by that beside one that missed its time', { odd: NOW, '0 * * * *': NOW - WEEK }, false],
    ['by one on the last day of the month too', { '0 0 L * *': NOW - 9 * WEEK }, true],
    ['not before the first tick', {}, false],
  ])('%s', (_, ticks, overdue) => {
    expect((missedFrom(ticks) ?? Number.POSITIVE_INFINITY) <= NOW).toBe(overdue);
  });

  test.each([
    ['0 * * * *', '2026-11-24T19:00:00Z', '2026-11-24T21:00:00.001Z'],
    ['0 3 * * *', '2026-11-22T03:00:00Z', '2026-11-24T03:00:00.001Z'],
    ['*/5 * * * *', '2026-11-24T19:00:00Z', '2026-11-24T20:05:00.001Z'],
  ])('from the moment on at which %s is not to come any more', (cron, last, from) => {
    const ticks = { [cron]: at(last) };
    expect(missedFrom(ticks)).toBe(at(from));
    expect(nextOf(ticks, at(from) - 1)).not.toBeNull();
    expect(nextOf(ticks, at(from))).toBeNull();
  });

  test('of two the later one counts', () => {
    const ticks = { '0 * * * *': at('2026-11-24T19:00:00Z'), '0 3 * * *': at('2026-11-24T03:00:00Z') };
    expect(missedFrom(ticks)).toBe(at('2026-11-26T03:00:00.001Z'));
  });
});

describe('nextTick over random expressions', () => {
  const field = (min: number, max: number) => {
    const value = fc.integer({ min, max });
    const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const step = fc.integer({ min: 1, max: max - min + 1 });
    const part = fc.oneof(
      { weight: 3, arbitrary: value.map(String) },
      range,
      fc.tuple(range, step).map(([of, by]) => `${of}/${by}`),
    );
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant('*') },
      step.map((by) => `*/${by}`),
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
    );
  };
  const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
  const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  const weekday = fc.oneof(field(1, 7), fc.constantFrom(...NAMES, 'mon-fri', 'TUE,SAT'));
  const month = fc.oneof(field(1, 12), fc.constantFrom(...MONTHS, 'mar-may', 'JUN,DEC'));
  const expression = fc.tuple(field(0, 59), field(0, 23), field(1, 31), month, weekday);
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

  test('is when the plain reading says', () => {
    fc.assert(
      fc.property(expression, moment, (fields, from) => {
        const cron = fields.join(' ');
        expect([cron, nextTick(cron, from.getTime())]).toEqual([cron, plainNextTick(cron, from.getTime())]);
      }),
      { numRuns: 500 },
    );
  });

  test('never throws, is after its start, and within the eight years', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          expression.map((fields) => fields.join(' ')),
        ),
        moment,
        (cron, from) => {
          const at = nextTick(cron, from.getTime());
          if (at !== null)
            expect(at > from.getTime() && at - from.getTime() <= 8.1 * 366 * 86_400_000).toBe(true);
        },
      ),
    );
  });

  test.each([
    '0 0 31 2 *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 0',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '*-5 * * * *',
    '* * * *',
    '* * * * * *',
  ])('%s never ticks', (cron) => {
    expect(nextTick(cron, NOW)).toBeNull();
  });

  test('the 29th of February is found over a year that has none', () => {
    expect(nextTick('0 0 29 2 *', at('2096-03-01T00:00:00Z'))).toBe(at('2104-02-29T00:00:00Z'));
  });

  test('a start with a step goes to the end', () => {
    expect(nextTick('5/20 * * * *', NOW)).toBe(at('2026-11-24T20:45:00Z'));
  });
});
