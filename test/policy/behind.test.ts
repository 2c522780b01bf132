// Whether production is behind its branch: twice, half an hour apart, and its deployments read in between.

import { expect, test } from 'vitest';
import { headAfter, type ProductionHead } from '../../src/policy/behind.ts';
import { HOUR, MINUTE, NOW } from './fixture.ts';

const UNBUILT: ProductionHead = { commit: 'a', unbuiltAt: NOW, behindSince: null };
const at = (minutes: number, commit = 'a') => ({ at: NOW + minutes * MINUTE, commit });
const not = (readAt: number | null, newestAt = NOW + 1) => ({ isBuilt: false, newestAt, readAt });

test.each<
  [string, ProductionHead | null, ReturnType<typeof at>, Parameters<typeof headAfter>[2], number | null]
>([
  ['a first look', null, at(0), not(NOW + 1), null],
  ['a second one, too soon', UNBUILT, at(29), not(NOW + 1), null],
  ['a second one after half an hour', UNBUILT, at(30), not(NOW + 1), NOW],
  ['deployments that were not read since', UNBUILT, at(30), not(NOW), null],
  ['deployments that were never read', UNBUILT, at(30), not(null), null],
  ['another commit, and a build of production in between', UNBUILT, at(30, 'b'), not(NOW + 2), null],
  [
    'another commit, and nobody knows of a build',
    UNBUILT,
    at(30, 'b'),
    not(NOW + 2, Number.POSITIVE_INFINITY),
    null,
  ],
  ['another commit, and no build in between', UNBUILT, at(30, 'b'), not(NOW + 1, NOW), NOW],
  [
    'another commit after one that is behind',
    { ...UNBUILT, behindSince: NOW },
    at(31, 'b'),
    not(null, NOW),
    NOW,
  ],
  [
    'another commit after one that was built',
    { ...UNBUILT, unbuiltAt: null },
    at(90, 'b'),
    not(NOW + HOUR, 0),
    null,
  ],
  ['a build of it', UNBUILT, at(30), { ...not(NOW + 1), isBuilt: true }, null],
  ['one that was built before', { ...UNBUILT, unbuiltAt: null }, at(90), not(NOW + HOUR), null],
  ['one that is behind already', { ...UNBUILT, behindSince: NOW }, at(90), not(null), NOW],
])('%s', (_, known, reading, deployments, since) => {
  expect(headAfter(known, reading, deployments).behindSince).toBe(since);
});

test('what was built stays so, though its record is gone', () => {
  const built = headAfter(null, at(0), { ...not(NOW), isBuilt: true });
  const later = headAfter(built, at(100), not(NOW + 99 * MINUTE));
  expect(headAfter(later, at(200), not(NOW + 199 * MINUTE))).toEqual({
    commit: 'a',
    unbuiltAt: null,
    behindSince: null,
  });
});
