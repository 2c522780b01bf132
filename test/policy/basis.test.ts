// What a plan rests on: any part of it that is not what it was breaks the plan.

import { expect, test } from 'vitest';
import { type Basis, brokenBy, type Known } from '../../src/policy/basis.ts';

const AT = 1_800_000_000_000;
const HOUR = 3_600_000;
const KNOWN: Known = {
  ...{ account: 'account@api', rules: 'hash', name: 'docs', productionBranch: 'main' },
  ...{ generation: 3, canonicalId: 'live', gitReadAt: null },
};
const BASIS: Basis = { ...KNOWN, at: AT, walkedAt: AT, listedAt: AT };

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
  [
    'what is live was read longer ago',
    {},
    { listedAt: AT - HOUR - 1 },
    AT,
    'what is live was read too long ago',
  ],
  [
    'it was planned by a version that did not say',
    {},
    { listedAt: Number.NaN },
    AT,
    'what is live was read too long ago',
  ],
  ['another name', { name: 'blog' }, {}, AT, 'the project has another name'],
  ['another production branch', { productionBranch: 'dev' }, {}, AT, 'another branch is production'],
  ['other deployments', { generation: 4 }, {}, AT, 'its deployments are known otherwise'],
  ['another account', { account: 'other@api' }, {}, AT, 'it was made for another account'],
  ['other rules', { rules: 'other' }, {}, AT, 'the rules have changed'],
  ['a rollback', { canonicalId: 'older' }, {}, AT, 'another deployment is live'],
  ['Git, where it was asked', { gitReadAt: AT }, { gitReadAt: AT }, AT + HOUR, null],
  ['Git asked again', { gitReadAt: AT + 1 }, { gitReadAt: AT }, AT + 1, 'its repository was asked again'],
  [
    'Git, of which nothing is known any more',
    { gitReadAt: null },
    { gitReadAt: AT },
    AT,
    'its repository was asked again',
  ],
  [
    'Git, long ago',
    { gitReadAt: AT },
    { gitReadAt: AT, walkedAt: AT + 1, listedAt: AT + 1 },
    AT + HOUR + 1,
    'its repository was asked too long ago',
  ],
  ['nothing is live any more', { canonicalId: null }, {}, AT, 'another deployment is live'],
])('%s', (_, known, basis, now, why) => {
  expect(brokenBy({ ...BASIS, ...basis }, { ...KNOWN, ...known }, now)).toBe(why);
});
