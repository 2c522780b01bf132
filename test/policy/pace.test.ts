// The pace by example: what the headers say, what a block does, when the next calls may go.

import { describe, expect, it } from 'vitest';
import { blockEnd } from '../../src/pages-api/errors.ts';
import {
  addBlock,
  addCalls,
  addHeaders,
  allowedRate,
  callsAllowed,
  endBlock,
  NO_PACE,
  nextCallsAt,
} from '../../src/policy/pace.ts';
import { HOUR, MINUTE, NOW, SECOND } from './fixture.ts';

const POLICY = '"default";q=1200;w=300';
const DEFAULT = [{ name: 'default', q: 1_200, w: 300_000 }];

function heard(headers: { policy?: string; limit?: string }, pace = NO_PACE, now = NOW) {
  const answer = new Headers();
  if (headers.policy !== undefined) answer.set('ratelimit-policy', headers.policy);
  if (headers.limit !== undefined) answer.set('ratelimit', headers.limit);
  return addHeaders(pace, answer, now);
}

describe('Ratelimit-Policy', () => {
  it.each<[string, { name: string; q: number; w: number }[]]>([
    [POLICY, DEFAULT],
    ['default;q=1200;w=300', DEFAULT],
    ['"default"; q=1200; w=300', DEFAULT],
    ['"default";w=300;q=1200', DEFAULT],
    ['"default";q=1200;w=300;pk=:cHJvamVjdA==:;burst', DEFAULT],
    [
      '"a";q=100;w=60, "b";q=1200;w=300',
      [
        { name: 'a', q: 100, w: 60_000 },
        { name: 'b', q: 1_200, w: 300_000 },
      ],
    ],
    ['"a";q=100, "default";q=1200;w=300', DEFAULT],
    ['"a";q=100;w=99999, "default";q=1200;w=300', DEFAULT],
    ['1200;q=1200;w=300', [{ name: '1200', q: 1_200, w: 300_000 }]],
  ])('%s is read', (policy, policies) => {
    expect(heard({ policy }).policies).toEqual(policies);
  });

  it.each([
    '',
    'default',
    '"default";q=1200',
    '"default";w=300',
    '"default";q=-1200;w=300',
    '"default";q=1200;w=-300',
    '"default";q=0;w=300',
    '"default";q="1200";w=300',
    '"default";q=1200;w=300, "unclosed',
    '1200, 1200;w=300',
    '{"q":1200}',
    '?',
  ])('%j says nothing, and what was known stays', (policy) => {
    const known = heard({ policy: '"known";q=100;w=60' });
    expect(heard({ policy }, known)).toEqual(known);
    expect(heard({ policy })).toBe(NO_PACE);
  });

  it('a missing one means what the API documents: 1,200 calls in 300 s, of which 0.9', () => {
    expect(heard({})).toBe(NO_PACE);
    expect(allowedRate(NO_PACE) * 300_000).toBeCloseTo(1_080);
  });

  it('that is the same as ever changes nothing', () => {
    const pace = heard({ policy: POLICY });
    expect(heard({ policy: POLICY }, pace)).toBe(pace);
    expect(heard({ policy: '"a";q=1;w=60' }, pace).policies).not.toBe(pace.policies);
    expect(heard({ policy: POLICY }, heard({ policy: '"a";q=1;w=60' }, pace)).policies).toEqual(DEFAULT);
  });

  it.each([
    ['"a";q=100;w=60', '"b";q=100;w=60'],
    ['"a";q=100;w=60', '"a";q=101;w=60'],
    ['"a";q=100;w=60', '"a";q=100;w=61'],
    ['"a";q=100;w=60', '"a";q=100;w=60, "b";q=1200;w=300'],
    ['"a";q=100;w=60, "b";q=1200;w=300', '"a";q=100;w=60'],
    ['"a";q=100;w=60, "b";q=1200;w=300', '"a";q=100;w=60, "b";q=1201;w=300'],
  ])('%s gives way to %s', (before, policy) => {
    expect(heard({ policy }, heard({ policy: before })).policies).toEqual(heard({ policy }).policies);
  });

  it('of several the strictest counts', () => {
    const pace = heard({ policy: '"a";q=100;w=60, "b";q=1200;w=300' });
    expect(allowedRate(pace) * 60_000).toBeCloseTo(90);
    expect(callsAllowed(pace, 500, NOW)).toBe(90);
  });

  it('a later one replaces an earlier one', () => {
    expect(heard({ policy: POLICY }, heard({ policy: '"a";q=1;w=60' })).policies).toEqual(DEFAULT);
  });
});

describe('Ratelimit', () => {
  const low = (limit: string, pace = heard({ policy: POLICY })) => heard({ limit }, pace).lowUntil;

  it.each([
    ['"default";r=119;t=30', 30 * SECOND],
    ['default;r=119;t=30', 30 * SECOND],
    ['"default";t=30;r=0', 30 * SECOND],
    ['"default";r=-5;t=30', 30 * SECOND],
    ['"default";r=0;t=0', 0],
    ['"default";r=0;t=1.5', 1.5 * SECOND],
    ['"default";r=0;t=999999', HOUR],
    ['"default";r=50;t=30;unknown=?1', 30 * SECOND],
    ['"other";r=50;t=30', 30 * SECOND],
    ['"other";r=500;t=60, "default";r=50;t=30', 30 * SECOND],
  ])('%s is low: nothing goes for %i ms', (limit, wait) => {
    expect(low(limit)).toBe(NOW + wait);
  });

  it.each([
    '"default";r=120;t=30',
    '"default";r=1200;t=30',
    '"default";r=50',
    '"default";t=30',
    '"default";r=50;t=-30',
    '"default";r="50";t=30',
    '"default";r=50;t="30"',
    '"default";r=50;t=30, (',
    'r=50;t=30;',
    '',
  ])('%j is not', (limit) => {
    expect(low(limit)).toBe(0);
  });

  it('is low by the policy that it names', () => {
    const pace = heard({ policy: '"burst";q=100;w=60, "default";q=1200;w=300' });
    expect(low('"burst";r=10;t=30', pace)).toBe(0);
    expect(low('"burst";r=9;t=30', pace)).toBe(NOW + 30 * SECOND);
    expect(low('"default";r=119;t=30', pace)).toBe(NOW + 30 * SECOND);
    expect(low('"unheard";r=119;t=30', pace)).toBe(NOW + 30 * SECOND);
  });

  it('is low by the largest known one where it names none', () => {
    const pace = heard({ policy: '"burst";q=100;w=60' });
    expect(low('"unheard";r=10;t=30', pace)).toBe(0);
    expect(low('"unheard";r=9;t=30', pace)).toBe(NOW + 30 * SECOND);
  });

  it('counts even without a policy', () => {
    expect(low('"default";r=119;t=30', NO_PACE)).toBe(NOW + 30 * SECOND);
    expect(low('"default";r=120;t=30', NO_PACE)).toBe(0);
  });

  it('may be read together with its policy', () => {
    const pace = heard({ policy: '"burst";q=100;w=60', limit: '"burst";r=9;t=30' });
    expect(pace).toMatchObject({ lowUntil: NOW + 30 * SECOND, policies: [{ name: 'burst' }] });
    expect(heard({ policy: '"burst";q=100;w=60', limit: '"burst";r=10;t=30' }).lowUntil).toBe(0);
  });

  it('the lowest holds, whatever a later answer says', () => {
    const pace = heard({ limit: '"default";r=50;t=30' });
    expect(low('"default";r=900;t=30', pace)).toBe(NOW + 30 * SECOND);
    expect(low('"default";r=49;t=10', pace)).toBe(NOW + 30 * SECOND);
    expect(low('"default";r=49;t=40', pace)).toBe(NOW + 40 * SECOND);
  });

  it('that is low makes all calls wait, and not longer', () => {
    const pace = heard({ limit: '"default";r=50;t=30' });
    expect(nextCallsAt(pace, 45, NOW)).toBe(NOW + 30 * SECOND);
    expect(callsAllowed(pace, 45, NOW + 30 * SECOND - 1)).toBe(0);
    expect(callsAllowed(pace, 45, NOW + 30 * SECOND)).toBe(45);
  });
});

describe('a block', () => {
  it.each<[string | null, number]>([
    ['30', 30 * SECOND],
    [' 30 ', 30 * SECOND],
    ['0', SECOND],
    ['99999999', HOUR],
    [new Date(NOW + 2 * MINUTE).toUTCString(), 2 * MINUTE],
    [null, 5 * MINUTE],
    ['', 5 * MINUTE],
    ['soon', 5 * MINUTE],
    ['-5', 5 * MINUTE],
    ['1.5', 5 * MINUTE],
    [new Date(NOW - MINUTE).toUTCString(), 5 * MINUTE],
  ])('with retry-after %j lasts %i ms', (retryAfter, wait) => {
    const until = blockEnd(retryAfter, NOW);
    expect(until).toBe(NOW + wait);
    const pace = addBlock(NO_PACE, until, NOW);
    expect(nextCallsAt(pace, 45, NOW)).toBe(until);
    expect(callsAllowed(pace, 45, until - 1)).toBe(0);
  });

  it('is followed by one call, the probe, until that went through', () => {
    const pace = addBlock(NO_PACE, NOW, NOW);
    expect(callsAllowed(pace, 45, NOW)).toBe(1);
    expect(callsAllowed(pace, 0, NOW)).toBe(0);
    const probed = addCalls(pace, 1, NOW, NOW);
    expect(callsAllowed(probed, 45, NOW + MINUTE)).toBe(1);
    expect(callsAllowed(endBlock(probed), 45, NOW + MINUTE)).toBe(45);
  });

  it('is not shortened by an answer that comes later', () => {
    expect(addBlock(addBlock(NO_PACE, NOW + HOUR, NOW), NOW + MINUTE, NOW).blockedUntil).toBe(NOW + HOUR);
    expect(addBlock(addBlock(NO_PACE, NOW + MINUTE, NOW), NOW + HOUR, NOW).blockedUntil).toBe(NOW + HOUR);
  });
});

describe('blocks one after the other', () => {
  // Blocks of a second each, this long after one another.
  const blocks = (gaps: readonly number[]) => {
    let pace = addBlock(NO_PACE, NOW + SECOND, NOW);
    let at = NOW;
    for (const gap of gaps) {
      at = Math.max(at, pace.blockedUntil) + gap;
      pace = addBlock(pace, at + SECOND, at);
    }
    return { wait: pace.blockedUntil - at, count: pace.blocks, pace, at };
  };
  const many = (count: number, gap = SECOND) => Array.from({ length: count - 1 }, () => gap);

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [9, 256],
    [10, 300],
    [40, 300],
  ])('the %i. lasts %i s', (count, seconds) => {
    expect(blocks(many(count))).toMatchObject({ count, wait: seconds * SECOND });
  });

  it('last as long as the API says, where that is longer', () => {
    const { pace, at } = blocks(many(3));
    expect(addBlock(pace, at + HOUR, at + MINUTE).blockedUntil).toBe(at + HOUR);
  });

  it('are counted from one again ten minutes after the last has ended', () => {
    expect(blocks([10 * MINUTE - 1]).count).toBe(2);
    expect(blocks([10 * MINUTE])).toMatchObject({ count: 1, wait: SECOND });
  });

  it('are counted by when the last began, once its probe has gone through', () => {
    const { pace, at } = blocks([]);
    const next = (after: number) => addBlock(endBlock(pace), at + after, at + after).blocks;
    expect([MINUTE, 10 * MINUTE - 1, 10 * MINUTE].map(next)).toEqual([2, 2, 1]);
  });

  it('are one where calls in flight are turned away together, and two where the probe is', () => {
    const { pace } = blocks([]);
    const again = (at: number) => addBlock(pace, at, at).blocks;
    expect([pace.blockedUntil - 1, pace.blockedUntil].map(again)).toEqual([1, 2]);
    expect(addBlock(pace, NOW + HOUR, pace.blockedUntil - 1)).toEqual({ ...pace, blockedUntil: NOW + HOUR });
  });
});

describe('calls', () => {
  it('may go at once while nothing is known', () => {
    expect(nextCallsAt(NO_PACE, 45, NOW)).toBe(NOW);
    expect(callsAllowed(NO_PACE, 45, NOW)).toBe(45);
    expect(callsAllowed(NO_PACE, 5_000, NOW)).toBe(1_080);
  });

  it('that were none are not counted', () => {
    expect(addCalls(NO_PACE, 0, NOW, NOW)).toBe(NO_PACE);
  });

  it('wait until those of a window ago have left it', () => {
    const pace = addCalls(NO_PACE, 1_080, NOW, NOW + SECOND);
    expect(callsAllowed(pace, 45, NOW + SECOND)).toBe(0);
    expect(callsAllowed(pace, 45, NOW + 301 * SECOND)).toBe(0);
    expect(nextCallsAt({ ...pace, due: 0 }, 45, NOW + SECOND)).toBe(NOW + 301 * SECOND + 1);
    expect(callsAllowed({ ...pace, due: 0 }, 45, NOW + 301 * SECOND + 1)).toBe(45);
  });

  it('are as many as fit, when they do not all fit', () => {
    const pace = { ...addCalls(NO_PACE, 1_060, NOW, NOW), due: 0 };
    expect(callsAllowed(pace, 45, NOW)).toBe(20);
  });

  it('go one by one even where a tenth must be left of less than two', () => {
    const pace = heard({ policy: '"tiny";q=1;w=60' });
    expect(callsAllowed(pace, 45, NOW)).toBe(1);
    expect(nextCallsAt({ ...addCalls(pace, 1, NOW, NOW), due: 0 }, 1, NOW)).toBe(NOW + MINUTE + 1);
  });

  it('are spread: being late by one batch is made up for, more is not', () => {
    let pace = NO_PACE;
    for (let i = 0; i < 4; i += 1) pace = addCalls(pace, 45, NOW, NOW);
    const batch = 45 / allowedRate(NO_PACE);
    expect(nextCallsAt(pace, 45, NOW)).toBeCloseTo(NOW + 2 * batch, -1);
    const rested = addCalls(pace, 45, NOW + HOUR, NOW + HOUR);
    expect(nextCallsAt(rested, 45, NOW + HOUR)).toBe(NOW + HOUR);
    expect(nextCallsAt(addCalls(rested, 90, NOW + HOUR, NOW + HOUR), 45, NOW + HOUR)).toBeGreaterThan(
      NOW + HOUR,
    );
  });

  it('of exactly a window ago still count', () => {
    const pace = addCalls(addCalls(NO_PACE, 1_079, NOW, NOW), 1, NOW + 5 * MINUTE, NOW + 5 * MINUTE);
    expect(callsAllowed({ ...pace, due: 0 }, 45, NOW + 5 * MINUTE)).toBe(0);
  });

  it('of long ago are forgotten', () => {
    let pace = NO_PACE;
    for (let i = 0; i < 1_000; i += 1) pace = addCalls(pace, 1, NOW + i * MINUTE, NOW + i * MINUTE);
    expect(pace.log.length).toBeLessThan(10);
  });
});
