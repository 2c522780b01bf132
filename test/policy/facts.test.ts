// Facts: what is counted of a branch and a project, whatever the order it comes in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import {
  addToFacts,
  branchKey,
  dateOf,
  keepFor,
  mergeFacts,
  noFacts,
  branchOf as placeOf,
} from '../../src/policy/facts.ts';
import { rememberNewest, withSign } from '../../src/policy/signs.ts';
import { contextOf, factsInParts, factsOf, someAccount } from './accounts.ts';
import { ago, BUILDING, deployment, FAILED, ODD, PRODUCTION, policy, SKIPPED } from './fixture.ts';

const KEY = branchKey('preview', 'feature');

const at = (days: number, change: Partial<Deployment> = {}) =>
  deployment({ id: `id-${days}`, createdAt: ago(days), ...change });
const branchOf = (deployments: readonly Deployment[], keep = 2, key = KEY) =>
  addToFacts(noFacts(keep), deployments).branches[key];

describe('of a branch', () => {
  it('the newest deployment of any status is known', () => {
    const rows = [at(3), at(1, FAILED), at(2)];
    expect(branchOf(rows)).toMatchObject({ newestAt: ago(1), newestId: 'id-1' });
    expect(branchOf(rows.reverse())).toMatchObject({ newestAt: ago(1), newestId: 'id-1' });
  });

  it('of several newest ones the greatest id stands for them, in any order', () => {
    const rows = ['b', 'c', 'a'].map((id) => at(1, { id }));
    expect(branchOf(rows)?.newestId).toBe('c');
    expect(branchOf(rows.toReversed())?.newestId).toBe('c');
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY])(
    'nobody knows the newest when one is of the date %s',
    (createdAt) => {
      const undated = at(9, { createdAt });
      for (const rows of [
        [undated, at(1)],
        [at(1), undated],
      ]) {
        expect(branchOf(rows)).toMatchObject({
          newestAt: null,
          newestId: '',
          successes: [ago(1)],
          buildAt: ago(1),
        });
      }
    },
  );

  it('the newest successes are counted, newest first, no more than are asked for', () => {
    const rows = [at(5), at(1, FAILED), at(3), at(4), at(2, SKIPPED), at(0, ODD)];
    expect(branchOf(rows)?.successes).toEqual([ago(3), ago(4)]);
    expect(branchOf(rows, 9)?.successes).toEqual([ago(3), ago(4), ago(5)]);
  });

  it('the newest that was pushed, to which repository, and the newest that was made in another way', () => {
    const other = at(1, { pushedTo: '' });
    const moved = at(2, { pushedTo: 'gitlab:acme/docs' });
    const expected = { pushedAt: ago(2), pushedTo: 'gitlab:acme/docs', otherAt: ago(1) };
    expect(branchOf([other, moved, at(3)])).toMatchObject(expected);
    expect(branchOf([at(3), moved, other])).toMatchObject(expected);
    expect(branchOf([at(2), moved])).toMatchObject({ pushedTo: 'gitlab:acme/docs', otherAt: null });
    expect(branchOf([moved, at(2)])).toMatchObject({ pushedTo: 'gitlab:acme/docs' });
  });

  it('successes of the same moment count each', () => {
    expect(branchOf([at(3), at(3), at(4)])?.successes).toEqual([ago(3), ago(3)]);
    expect(branchOf([at(4), at(3), at(3)])?.successes).toEqual([ago(3), ago(3)]);
  });

  it('the newest build is any that was not skipped', () => {
    expect(branchOf([at(3), at(2, FAILED), at(1, SKIPPED)])?.buildAt).toBe(ago(2));
    expect(branchOf([at(1, SKIPPED)])?.buildAt).toBeNull();
    // Nobody knows that it was skipped.
    expect(branchOf([at(2), at(1, ODD)])?.buildAt).toBe(ago(1));
  });

  it('the newest that is known not to be a skipped one, and the newest skipped one, are each known', () => {
    const rows = [at(6), at(5, BUILDING), at(4, SKIPPED), at(3, ODD), at(2, { ...SKIPPED, id: 'other' })];
    for (const order of [rows, rows.toReversed()]) {
      expect(branchOf(order)).toMatchObject({ notSkippedAt: ago(5), skippedAt: ago(2) });
    }
    expect(branchOf([at(3, ODD)])).toMatchObject({ notSkippedAt: null, skippedAt: null });
  });
});

describe('of a project', () => {
  it('branches and environments are kept apart', () => {
    const { branches } = addToFacts(noFacts(1), [
      at(1),
      at(2, { branch: 'other' }),
      at(3, { environment: 'production' }),
    ]);
    expect(new Set(Object.keys(branches))).toEqual(new Set(['p:feature', 'v:feature', 'v:other']));
  });

  it('a branch may be called like anything', () => {
    const names = ['__proto__', 'constructor', 'p:feature', 'toString'];
    const { branches } = addToFacts(
      noFacts(1),
      names.map((branch, i) => at(i + 1, { branch })),
    );
    for (const [i, name] of names.entries()) expect(branches[`v:${name}`]?.newestAt).toBe(ago(i + 1));
    expect(Object.keys(branches)).toHaveLength(names.length);
    expect(Object.getPrototypeOf(branches)).toBe(Object.prototype);
  });

  it.each(['main', 'p:main', 'v:', '__proto__'])(
    'a key leads back to its environment and branch: %s',
    (branch) => {
      for (const environment of ['production', 'preview'] as const) {
        expect(placeOf(branchKey(environment, branch))).toEqual({ environment, branch });
      }
    },
  );

  it('a deployment without a branch counts as a sign of life of any, and pushes nothing out', () => {
    const stray = at(1, { branch: '', environment: 'production' });
    for (const rows of [
      [stray, at(2, { branch: '' })],
      [at(2, { branch: '' }), stray],
    ]) {
      expect(addToFacts(noFacts(1), rows)).toEqual({
        ...noFacts(1),
        hasProduction: true,
        strayAt: ago(1),
      });
    }
    const undated = at(3, { branch: '', createdAt: null });
    expect(addToFacts(noFacts(1), [stray, undated]).strayAt).toBeNull();
    expect(addToFacts(noFacts(1), [undated, stray]).strayAt).toBeNull();
  });

  it('a deployment of no known environment is a sign of life of its branch in either, and no more', () => {
    const { branches, newestProductionAt } = addToFacts(noFacts(1), [at(1, { environment: 'unknown' })]);
    const pushed = { pushedAt: ago(1), pushedTo: 'github:acme/docs', otherAt: null };
    const alive = {
      ...{ newestAt: ago(1), newestId: 'id-1', buildAt: null, notSkippedAt: null, skippedAt: null },
      ...pushed,
    };
    expect(branches).toEqual({
      'p:feature': { ...alive, successes: [] },
      'v:feature': { ...alive, successes: [] },
    });
    expect(newestProductionAt).toBeNull();
  });

  it.each([
    ['previews only', [at(1)], false],
    ['a failed build of production', [at(1), at(2, { ...PRODUCTION, ...FAILED })], true],
    ['one of no known environment', [at(1, { environment: 'unknown' })], true],
    ['one of production that nobody can place', [at(1, { ...PRODUCTION, branch: '' })], true],
  ])('that there may be production is known of %s', (_, rows, hasProduction) => {
    expect(addToFacts(noFacts(1), rows).hasProduction).toBe(hasProduction);
  });

  it('the newest production success is known, whichever its branch', () => {
    const rows = [
      at(3, PRODUCTION),
      at(2, { ...PRODUCTION, branch: 'trunk' }),
      at(1, { ...PRODUCTION, ...FAILED }),
      at(0),
    ];
    expect(addToFacts(noFacts(1), rows).newestProductionAt).toBe(ago(2));
    expect(addToFacts(noFacts(1), rows.slice(2)).newestProductionAt).toBeNull();
    expect(addToFacts(noFacts(1), [at(1, { ...PRODUCTION, createdAt: null })]).newestProductionAt).toBeNull();
  });

  it('what is added comes to what was known, branch by branch', () => {
    const before = addToFacts(noFacts(2), [at(2), at(4, { branch: 'other' })]);
    const { branches } = addToFacts(before, [at(1)]);
    expect(branches['v:feature']?.successes).toEqual([ago(1), ago(2)]);
    expect(branches['v:other']?.successes).toEqual([ago(4)]);
  });

  it('what is added leaves earlier facts as they were', () => {
    const before = addToFacts(noFacts(2), [at(2)]);
    const copy = structuredClone(before);
    addToFacts(before, [at(1), at(1, { branch: 'other' })]);
    mergeFacts(before, addToFacts(noFacts(2), [at(1)]));
    expect(before).toEqual(copy);
  });

  it('as many successes are counted as the greediest policy keeps, and one at least', () => {
    expect(keepFor([policy({ keepLatest: 3 }), policy({ keepLatest: 10 }), policy()])).toBe(10);
    expect(keepFor([])).toBe(1);
  });

  it('a date that is no number is none', () => {
    const dates = [ago(1), null, Number.NaN, Number.NEGATIVE_INFINITY].map((createdAt) =>
      dateOf({ createdAt }),
    );
    expect(dates).toEqual([ago(1), null, null, null]);
  });
});

describe('merged facts', () => {
  const parts = fc.array(fc.nat({ max: 9 }), { minLength: 24, maxLength: 24 });

  it('are those of all deployments together, in any order and any parts', () => {
    fc.assert(
      fc.property(someAccount(), parts, (account, where) => {
        expect(factsInParts(account, where)).toEqual(factsOf(account));
      }),
      { numRuns: 2_500 },
    );
  });

  it('with nothing are what they were', () => {
    fc.assert(
      fc.property(someAccount(), (account) => {
        const { facts } = contextOf(account);
        expect(mergeFacts(facts, noFacts(facts.keep))).toEqual(facts);
        expect(mergeFacts(noFacts(facts.keep), facts)).toEqual(facts);
      }),
    );
  });

  it('survive being stored as JSON', () => {
    fc.assert(
      fc.property(someAccount(), (account) => {
        const facts = factsOf(account);
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
      }),
    );
  });
});

describe('the newest deployment that the list of projects names', () => {
  const facts = addToFacts(noFacts(2), [at(9), at(8, { branch: 'other' }), at(7, PRODUCTION)]);
  const production = branchKey('production', 'main');
  const newest = (latest: Deployment | null) => {
    const { branches, strayAt } = withSign(facts, latest);
    return [KEY, branchKey('preview', 'other'), production, 'stray'].map((key) =>
      key === 'stray' ? strayAt : branches[key]?.newestAt,
    );
  };
  const before = [ago(9), ago(8), ago(7), 0];

  it.each<[string, Deployment | null, (number | null | undefined)[]]>([
    ['none', null, before],
    ['a newer one of its branch', at(1), [ago(1), ...before.slice(1)]],
    ['an older one', at(20), before],
    ['one of production', at(2, PRODUCTION), [ago(9), ago(8), ago(2), 0]],
    ['one of a branch that nobody knows', at(1, { branch: 'new' }), before],
    ['one without a branch', at(1, { branch: '' }), [ago(9), ago(8), ago(7), ago(1)]],
    ['one without branch or date', at(1, { branch: '', createdAt: null }), [ago(9), ago(8), ago(7), null]],
    ['one without a date', at(1, { createdAt: null }), [null, ago(8), ago(7), 0]],
    [
      'one of an environment that nobody knows',
      at(1, { environment: 'unknown' }),
      [ago(1), ago(8), ago(7), 0],
    ],
  ])('is a sign of life of its branch, and of no other: %s', (_, latest, expected) => {
    expect(newest(latest)).toEqual(expected);
  });

  it('is counted nowhere else, and nothing is made of a branch that the list alone names', () => {
    const signed = withSign(facts, at(1, { branch: 'new' }));
    expect(signed).toEqual(facts);
    const { branches } = withSign(facts, at(1, FAILED));
    expect(branches[KEY]).toEqual({ ...facts.branches[KEY], newestAt: ago(1) });
    expect(facts.branches[KEY]?.newestAt).toBe(ago(9));
  });
});

describe('facts that are counted anew', () => {
  const was = addToFacts(noFacts(2), [at(9), at(2, SKIPPED), at(8, { branch: 'other' })]);

  it.each<[string, Deployment[], [number | null | undefined, string | undefined]]>([
    ['the newest is still there', [at(9), at(2, SKIPPED)], [ago(2), 'id-2']],
    ['it was deleted since', [at(9)], [ago(2), 'id-2']],
    ['a newer one came', [at(9), at(1)], [ago(1), 'id-1']],
    ['nobody knows the date of one', [at(9), at(1, { createdAt: null })], [null, '']],
    ['nothing of the branch is left', [at(8, { branch: 'other' })], [undefined, undefined]],
  ])('keep when a branch was deployed to last: %s', (_, rows, expected) => {
    const { branches } = rememberNewest(addToFacts(noFacts(2), rows), was);
    expect([branches[KEY]?.newestAt, branches[KEY]?.newestId]).toEqual(expected);
  });

  it('keep nothing else, and nothing of a date that nobody knew', () => {
    const now = addToFacts(noFacts(2), [at(9)]);
    expect(rememberNewest(now, null)).toEqual(now);
    expect(rememberNewest(now, addToFacts(noFacts(2), [at(1, { createdAt: null })]))).toEqual(now);
    const { branches, ...rest } = rememberNewest(now, was);
    expect({ ...rest, branches: {} }).toEqual({ ...now, branches: {} });
    expect(branches[KEY]).toEqual({ ...now.branches[KEY], newestAt: ago(2), newestId: 'id-2' });
  });
});
