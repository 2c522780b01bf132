// Whether a build that failed is tried once more, and when.

import { expect, test } from 'vitest';
import type { BuildStatus } from '../../src/pages-api/model.ts';
import { type EndedBuild, secondTryAt } from '../../src/policy/retry.ts';
import { MINUTE, NOW } from './fixture.ts';

const FAILED: EndedBuild = { status: 'failed', createdAt: NOW - 5 * MINUTE, isSecond: false };
const at = (build: Partial<EndedBuild>, rule: { retryFailed: boolean } | null = { retryFailed: true }) =>
  secondTryAt(rule, { ...FAILED, ...build }, NOW);

test('ten minutes after it was seen to have failed', () => {
  expect(at({})).toBe(NOW + 10 * MINUTE);
});

test.each<BuildStatus>(['ready', 'canceled', 'skipped', 'building', 'queued', 'not-built', 'unknown'])(
  'never one that is %s',
  (status) => expect(at({ status })).toBeNull(),
);

test('neither a second try, nor one of unknown age, nor where no rule wants it', () => {
  expect(at({ isSecond: true })).toBeNull();
  expect(at({ createdAt: null })).toBeNull();
  expect([at({}, { retryFailed: false }), at({}, null)]).toEqual([null, null]);
});
