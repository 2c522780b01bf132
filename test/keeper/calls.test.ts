// What one alarm may send: so many calls, so many lists, and of builds and deletes only what the credentials are known to allow.

import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { Calls, probe } from '../../src/keeper/calls.ts';
import { settleDoubt } from '../../src/keeper/credentials.ts';
import { noWork } from '../../src/keeper/idle.ts';
import type { ErrorClass } from '../../src/pages-api/errors.ts';
import type { About } from '../../src/policy/credentials.ts';
import { callsWith, contextOf, failure } from './context.ts';
import { inWorld, START } from './world.ts';

const SETTINGS = { CLOUDFLARE_ACCOUNT_ID: 'account', CLOUDFLARE_API_TOKEN: 'token' };
const READ = { kind: 'read', project: 'id' } as const;

/** An alarm that has sent nothing; `kinds` are tried one after the other, each answered with `answer`. */
function alarm(allowed: number, writes: 'yes' | 'one' | 'no' = 'yes') {
  const work = noWork();
  work.api.standing = { ...work.api.standing, writes };
  const context = { work, config: readConfig(SETTINGS), now: () => START, save: () => {} };
  const calls = new Calls(context, () => Promise.reject(new Error('no network')), allowed);
  const single = async (about: NonNullable<About> = READ, answer = () => Promise.resolve(1)) =>
    (await calls.single(about, answer)).kind;
  const list = async () => (await calls.list(READ, () => Promise.resolve(1))).kind;
  const many = async (count: number, call = () => single()) => {
    for (let n = 0; n < count; n += 1) expect(await call()).toBe('answer');
  };
  return { calls, work, single, list, many };
}

describe('how many', () => {
  test.each([
    [45, 0],
    [44, 1],
    [20, 25],
    [0, 45],
  ])('%d calls and %d requests elsewhere are all that one alarm sends', async (count, elsewhere) => {
    const { calls, single, list, many } = alarm(1_000);
    for (let n = 0; n < elsewhere; n += 1) expect(calls.elsewhere()).not.toBeNull();
    await many(Math.max(count - 1, 0));
    expect(calls.isLeft()).toBe(count > 0);
    if (count > 0) await many(1);
    expect(calls.isLeft()).toBe(false);
    expect(calls.elsewhere()).toBeNull();
    expect([await single(), await list()]).toEqual(['spent', 'spent']);
    expect(calls.made()).toBe(count);
  });

  test('the pace allows so many calls; requests elsewhere are not among them', async () => {
    const { calls, single, many } = alarm(3);
    for (let n = 0; n < 5; n += 1) calls.elsewhere();
    await many(3);
    expect(await single()).toBe('spent');
    expect(calls.elsewhere()).not.toBeNull();
  });

  test('two requests elsewhere that go together are two, and none where only one is left', async () => {
    const { calls, many } = alarm(1_000);
    await many(40);
    for (let n = 0; n < 2; n += 1) expect(calls.elsewhere(2)).not.toBeNull();
    expect(calls.elsewhere(2)).toBeNull();
    expect(calls.elsewhere()).not.toBeNull();
    expect(calls.elsewhere()).toBeNull();
  });

  test('twelve lists, and then calls of other kinds still', async () => {
    const { list, single, many } = alarm(1_000);
    await many(12, list);
    expect(await list()).toBe('spent');
    expect(await single()).toBe('answer');
  });
});

describe('which writes', () => {
  const failing = () => Promise.reject(failure('in-doubt'));
  const write = (kind: 'build' | 'delete', project = 'id') => ({ kind, project }) as const;

  test('any, where nothing stands against it', async () => {
    const { single, many } = alarm(1_000);
    await many(3, () => single(write('delete')));
    await many(3, () => single(write('build')));
  });

  test('one of each, where it is not known whether the token may; reading goes on', async () => {
    const { calls, single, list } = alarm(1_000, 'one');
    for (const kind of ['build', 'delete'] as const) {
      expect(await single(write(kind), failing)).toBe('failed');
      expect(await single(write(kind, 'another'), failing)).toBe('spent');
    }
    expect([await single(), await single(), await list()]).toEqual(['answer', 'answer', 'answer']);
    // What was not sent counts for nothing.
    expect(calls.made()).toBe(5);
  });

  test('none, where it may not; reading goes on', async () => {
    const { calls, single } = alarm(1_000, 'no');
    expect([await single(write('build')), await single(write('delete'))]).toEqual(['spent', 'spent']);
    expect(await single()).toBe('answer');
    expect(calls.made()).toBe(1);
  });
});

test('the list that was refused is asked again after ten seconds, and not one earlier', async () => {
  await inWorld({}, async (world) => {
    const context = contextOf(world);
    const { standing } = context.work.api;
    context.work.api.standing = { ...standing, doubted: true, listRefused: 1, listRefusedAt: START };
    for (const [after, asked] of [
      [0, 0],
      [9_999, 0],
      [10_000, 1],
    ] as const) {
      const { calls, sent } = callsWith({ kind: 'answer', value: null });
      world.setNow(START + after);
      expect(await settleDoubt(context, calls), `after ${after} ms`).toBe(asked === 1);
      expect(sent, `after ${after} ms`).toHaveLength(asked);
    }
  });
});

test.each<[ErrorClass, boolean]>([
  // Only somebody who was let in is told that a page has the wrong size.
  ['page-refused', true],
  ['in-doubt', false],
  ['blocked', false],
  ['rejected', false],
])(
  'asked about a refused call, the list says %s: let in %j, and else it is asked again later',
  (kind, isLetIn) =>
    inWorld({}, async (world) => {
      const context = contextOf(world);
      const { api } = context.work;
      api.standing = { ...api.standing, doubted: true };
      const { calls } = callsWith({ kind: 'failed', error: failure(kind) });
      expect(await settleDoubt(context, calls)).toBe(isLetIn);
      const { doubted, unanswered, againAt } = api.standing;
      expect([doubted, unanswered]).toEqual(isLetIn ? [false, 0] : [true, 1]);
      if (!isLetIn) expect(againAt).toBeGreaterThan(START);
    }),
);

describe('the probe after a block', () => {
  test.each([
    ['is answered', { kind: 'answer', value: null }, true],
    ['fails otherwise', { kind: 'failed', error: failure('in-doubt') }, true],
    ['is refused', { kind: 'failed', error: failure('unauthorized') }, true],
    ['is blocked again', { kind: 'failed', error: failure('blocked') }, false],
    ['could not be sent', { kind: 'spent' }, false],
  ] as const)('%s', async (_, outcome, isOver) => {
    const work = noWork();
    work.api.pace = { ...work.api.pace, blockedUntil: START, blocks: 1, blockedAt: START };
    const message = 'wait';
    work.api.trouble = { kind: 'blocked', since: START, until: START, message };
    const { calls, sent } = callsWith(outcome);
    expect(await probe({ work }, calls)).toBe(isOver);
    expect(sent).toEqual([null]);
    expect([work.api.pace.blockedUntil, work.api.trouble?.message]).toEqual(
      isOver ? [0, undefined] : [START, message],
    );
  });

  test('ends no other trouble', async () => {
    const work = noWork();
    work.api.trouble = { kind: 'token', since: START, until: null, message: 'refused' };
    expect(await probe({ work }, callsWith({ kind: 'answer', value: null }).calls)).toBe(true);
    expect(work.api.trouble.message).toBe('refused');
  });
});
