// What a plan rests on: any part of it that is not what it was breaks the plan.

import { expect, test } from 'vitest';
import { type Basis, brokenBy, type Known } from '../../src/policy/basis.ts';

const AT = 1_800_000_000_000;
const HOUR = 3_600_000;
const BASIS: Basis = {
  ...{ account: 'account@api', rules: 'hash', at: AT, walkedAt: AT, generation: 3, canonicalId: 'live' },
};
const KNOWN: Known = { account: 'account@api', rules: 'hash', canonicalId: 'live' };

test.each<[string, Partial<Known>, Partial<Basis>, number, string | null]>([
  ['all is as it was', {}, {}, AT, null],
  ['it was read an hour ago', {}, {}, AT + HOUR, null],
  ['it was read longer ago', {}, {}, AT + HOUR + 1, 'its deployments were read too long ago'],
  [
    'nobody knows when it was read',
    {},
    { walkedAt: Number.NaN },
    AT,
    'its deployments were read too long ago',
  ],
  ['another account', { account: 'other@api' }, {}, AT, 'it was made for another account'],
  ['other rules', { rules: 'other' }, {}, AT, 'the rules have changed'],
  ['a rollback', { canonicalId: 'older' }, {}, AT, 'another deployment is live'],
  ['nothing is live any more', { canonicalId: null }, {}, AT, 'another deployment is live'],
])('%s', (_, known, basis, now, why) => {
  expect(brokenBy({ ...BASIS, ...basis }, { ...KNOWN, ...known }, now)).toBe(why);
});
