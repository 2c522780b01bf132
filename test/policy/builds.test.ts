// The last builds of a project: kept by id, forty of production and forty of previews, whatever is deleted.

import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { addBuilds, byEnvironment } from '../../src/policy/builds.ts';
import { deployment } from './fixture.ts';

const AT = Date.UTC(2026, 10, 24);
const build = (id: string, minutes: number, change: Partial<Deployment> = {}) =>
  deployment({
    ...{ id, createdAt: AT + minutes * 60_000, finishedAt: AT + minutes * 60_000 + 40_000 },
    ...{ environment: 'production', stage: 'deploy', stageStatus: 'success', skipped: false },
    ...change,
  });
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

test('a build says when it was created, how long it took, and how it went', () => {
  expect(
    addBuilds([], [build('one', 0), build('two', 1, { stage: 'build', stageStatus: 'failure' })]),
  ).toEqual([
    { id: 'two', at: AT + 60_000, took: 40_000, ok: false, production: true },
    { id: 'one', at: AT, took: 40_000, ok: true, production: true },
  ]);
});

test('they are told apart by their environment, the newest last', () => {
  const builds = addBuilds(
    [],
    [
      build('first', 0),
      build('preview', 1, { environment: 'preview', branch: 'fix' }),
      build('last', 2, { stage: 'build', stageStatus: 'failure', finishedAt: AT + 130_000 }),
    ],
  );
  expect(byEnvironment(builds)).toEqual({
    production: [
      { took: 40_000, ok: true },
      { took: 10_000, ok: false },
    ],
    preview: [{ took: 40_000, ok: true }],
  });
  expect(ids(builds)).toEqual(['last', 'preview', 'first']);
  expect(byEnvironment([])).toEqual({ production: [], preview: [] });
});

test.each<[string, Partial<Deployment>]>([
  ['without an id', { id: '' }],
  ['without a date', { createdAt: null }],
  ['that has not ended', { finishedAt: null, stage: 'build', stageStatus: 'active' }],
  ['that has ended nobody knows when', { finishedAt: null }],
  ['that was cancelled', { stage: 'build', stageStatus: 'canceled' }],
  ['that was skipped', { skipped: true, stage: 'queued', stageStatus: 'skipped' }],
  ['of no environment that is known', { environment: 'unknown' }],
  ['in words that nobody knows', { stageStatus: 'complete' }],
])('a deployment %s is no build', (_, change) => {
  expect(addBuilds([], [build('one', 0, change)])).toEqual([]);
});

test('one that ended before it was created took no time', () => {
  expect(addBuilds([], [build('one', 0, { finishedAt: AT - 1 })])[0]?.took).toBe(0);
});

test('what is known stays, without its deployment, and is not doubled with it', () => {
  const known = addBuilds([], [build('one', 0), build('two', 1)]);
  expect(addBuilds(known, [])).toEqual(known);
  expect(ids(addBuilds(known, [build('two', 1), build('three', 2)]))).toEqual(['three', 'two', 'one']);
});

test('the newest forty of each environment stay', () => {
  const rows = Array.from({ length: 50 }, (_, minute) => [
    build(`p${minute}`, minute),
    build(`v${minute}`, minute, { environment: 'preview' }),
  ]).flat();
  const builds = addBuilds([], rows);
  expect(builds).toHaveLength(80);
  expect(builds.filter(({ production }) => production)).toHaveLength(40);
  expect(builds.at(-1)?.at).toBe(AT + 10 * 60_000);
});
