// How a project stands, in one word, and which one needs attention first.

import { expect, test } from 'vitest';
import { byNeed, isNew, isUnderWay, projectStatus, type Standing } from '../../src/policy/standing.ts';

const AT = Date.UTC(2026, 10, 24);

function standing(change: Partial<Standing> & { readonly name?: string } = {}) {
  const latest = { status: 'ready', environment: 'production', createdAt: AT } as const;
  return { name: '', live: {}, latest, failedSinceLive: 0, newestFailed: false, ...change };
}

const latest = (change: Partial<NonNullable<Standing['latest']>>) => ({
  ...({ status: 'ready', environment: 'production', createdAt: AT } as const),
  ...change,
});

const namesByNeed = (projects: readonly ReturnType<typeof standing>[]) =>
  byNeed(projects.map((one) => ({ standing: one }))).map((one) => one.standing.name);

test('first what failed, is behind or not live, then what is under way, then the newest build', () => {
  const projects = [
    standing({ name: 'older', latest: latest({ createdAt: AT - 2 }) }),
    standing({ name: 'newer', latest: latest({ createdAt: AT - 1 }) }),
    standing({ name: 'new', live: null, latest: null }),
    standing({ name: 'busy', latest: latest({ status: 'building', createdAt: AT - 9 }) }),
    standing({ name: 'down', live: null, latest: latest({ status: 'canceled', createdAt: AT - 20 }) }),
    standing({
      name: 'behind',
      failedSinceLive: 2,
      latest: latest({ status: 'queued', createdAt: AT - 10 }),
    }),
    standing({ name: 'broken', latest: latest({ status: 'failed', createdAt: AT - 15 }) }),
  ];
  const order = ['behind', 'broken', 'down', 'busy', 'newer', 'older', 'new'];
  expect(namesByNeed(projects)).toEqual(order);
  expect(namesByNeed([...projects].reverse())).toEqual(order);
});

test('one word: what is under way, else what production is, a preview only before the first live', () => {
  expect(projectStatus(standing({ latest: latest({ status: 'building' }), failedSinceLive: 1 }))).toBe(
    'building',
  );
  expect(projectStatus(standing({ failedSinceLive: 1 }))).toBe('failed');
  const preview = latest({ environment: 'preview', status: 'failed' });
  expect(projectStatus(standing({ latest: preview }))).toBe('ready');
  expect(projectStatus(standing({ latest: preview, live: null }))).toBe('failed');
  const older = latest({ environment: 'preview' });
  expect(projectStatus(standing({ latest: older, live: null, newestFailed: true }))).toBe('failed');
  expect(projectStatus(standing({ latest: null, live: null }))).toBe('not-built');
  expect(projectStatus(standing({ latest: null }))).toBe('ready');
});

test('a first build that waits to begin is under way, and its project new: it needs nobody', () => {
  const first = standing({
    name: 'first',
    live: null,
    latest: latest({ status: 'queued', createdAt: AT - 5 }),
  });
  expect([isUnderWay('queued'), isUnderWay('building'), isUnderWay('failed')]).toEqual([true, true, false]);
  expect(isNew(first)).toBe(true);
  expect(isNew({ live: {}, latest: null })).toBe(false);
  expect(isNew({ live: {}, latest: first.latest })).toBe(false);
  const down = standing({
    name: 'down',
    live: null,
    latest: latest({ status: 'failed', createdAt: AT - 9 }),
  });
  expect(namesByNeed([first, down])).toEqual(['down', 'first']);
});
