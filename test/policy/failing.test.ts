// Commits that keep failing: which deployments say so, and how long their rebuilds wait.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { type FailingCommit, failingCommits, failingNow, retryAt } from '../../src/policy/rebuild.ts';
import { deployment, HOUR, NOW } from './fixture.ts';

const failed = (change: Partial<Deployment> = {}) =>
  deployment({ stage: 'build', stageStatus: 'failure', branch: 'main', commitHash: 'abc', ...change });
const ready = (change: Partial<Deployment> = {}) =>
  failed({ stage: 'deploy', stageStatus: 'success', ...change });
const at = (hours: number) => ({ createdAt: NOW - hours * HOUR });
const three = [failed(at(1)), failed(at(2)), failed(at(3))];

describe('a failing commit', () => {
  it('is one whose three newest builds failed; more are counted', () => {
    expect(failingCommits(three)).toEqual([
      { branch: 'main', commit: 'abc', failures: 3, lastAt: NOW - HOUR },
    ]);
    expect(failingCommits([...three, failed(at(4))])[0]?.failures).toBe(4);
    expect(failingCommits(three.slice(1))).toEqual([]);
  });

  it.each<[string, Deployment[]]>([
    ['a success since', [ready(at(0)), ...three]],
    ['a success in between', [three[0] as Deployment, ready(at(1.5)), ...three.slice(1)]],
    ['a push since, whose build failed', [failed({ ...at(0), commitHash: 'def' }), ...three]],
    [
      'a push since, whose build was skipped',
      [failed({ ...at(0), commitHash: 'def', skipped: true }), ...three],
    ],
    [
      'a push since, whose build was cancelled',
      [failed({ ...at(0), commitHash: 'def', stageStatus: 'canceled' }), ...three],
    ],
    [
      'a push since, whose build is under way',
      [failed({ ...at(0), commitHash: 'def', stageStatus: 'active' }), ...three],
    ],
    ['a skip of the same commit since', [failed({ ...at(0), skipped: true }), ...three]],
    ['another commit before', [...three.slice(0, 2), failed({ ...at(3), commitHash: 'def' })]],
    ['no commit', three.map((row) => ({ ...row, commitHash: '' }))],
    ['no branch', three.map((row) => ({ ...row, branch: '' }))],
    ['no date', three.map((row) => ({ ...row, createdAt: null }))],
  ])('is none after %s', (_, rows) => {
    expect(failingCommits(rows)).toEqual([]);
  });

  it.each<[string, Deployment]>([
    ['cancelled', failed({ ...at(0), stageStatus: 'canceled' })],
    ['under way', failed({ ...at(0), stageStatus: 'active' })],
    ['of another branch', ready({ ...at(0), branch: 'other' })],
  ])('still is one when a build is %s', (_, row) => {
    expect(failingCommits([row, ...three])).toEqual(failingCommits(three));
  });

  it('is found on every branch that has one', () => {
    const others = three.map((row) => ({ ...row, branch: 'next', commitHash: 'def' }));
    expect(failingCommits([...three, ...others]).map(({ branch }) => branch)).toEqual(['main', 'next']);
  });

  it.each([
    [3, 2],
    [4, 4],
    [5, 8],
    [6, 16],
    [7, 24],
    [60, 24],
  ])('after %i failures waits %i hours from the last', (failures, hours) => {
    const failing = { branch: 'main', commit: 'abc', failures, lastAt: NOW };
    expect(retryAt(failing) - NOW).toBe(hours * HOUR);
  });
});

describe('a commit that was known to fail', () => {
  const KNOWN: FailingCommit = { branch: 'main', commit: 'abc', failures: 3, lastAt: NOW - HOUR };
  const other = (change: Partial<FailingCommit> = {}) => ({ ...KNOWN, branch: 'next', ...change });
  const still = (...rows: Deployment[]) => failingNow([KNOWN], rows);

  it.each<[string, Deployment[]]>([
    ['all its deployments are deleted', []],
    ['its three failures are read again', three],
    ['an older build of another commit is read', [failed({ ...at(2), commitHash: 'def' })]],
    ['another commit was built at the same moment', [failed({ ...at(1), commitHash: 'def' })]],
    ['a success has no date', [ready({ createdAt: null })]],
    ['another branch succeeds', [ready({ ...at(0), branch: 'other', commitHash: 'def' })]],
    ['a newer build is under way', [failed({ ...at(0), stageStatus: 'active' })]],
    ['a newer build was cancelled', [failed({ ...at(0), stageStatus: 'canceled' })]],
  ])('still is one when %s', (_, rows) => {
    expect(still(...rows)).toEqual([KNOWN]);
  });

  it.each<[string, Deployment[]]>([
    ['a success', [ready(at(0))]],
    ['a skip', [failed({ ...at(0), skipped: true })]],
    ['a push, whose build failed', [failed({ ...at(0), commitHash: 'def' })]],
    ['a push and a build of the old commit', [failed(at(0)), failed({ ...at(0.5), commitHash: 'def' })]],
  ])('is none any more after %s', (_, rows) => {
    expect(still(...rows)).toEqual([]);
  });

  it('counts newer failures on, from the last of them', () => {
    const cancelled = failed({ ...at(0), stageStatus: 'canceled' });
    expect(still(cancelled, failed(at(0.25)), failed(at(0.5)), ...three)).toEqual([
      { ...KNOWN, failures: 5, lastAt: NOW - 0.25 * HOUR },
    ]);
  });

  it('gives way to the commit that was pushed and fails as often', () => {
    const pushed = [0, 0.1, 0.2].map((hours) => failed({ ...at(hours), commitHash: 'def' }));
    expect(still(...pushed, ...three)).toEqual([{ ...KNOWN, commit: 'def', lastAt: NOW }]);
  });

  it('stands beside those of other branches, known and new, each once', () => {
    const fresh = three.map((row) => ({ ...row, branch: 'new', commitHash: 'def' }));
    const found = { ...KNOWN, branch: 'new', commit: 'def' };
    expect(failingNow([KNOWN, other()], [...three, ...fresh])).toEqual([KNOWN, other(), found]);
  });
});
