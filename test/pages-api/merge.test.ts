// What is stored and a newer answer about it, made one: what never changes is neither forgotten nor believed in two ways.

import { describe, expect, it } from 'vitest';
import { deploymentNow, projectNow } from '../../src/pages-api/merge.ts';
import { buildStatus, type Deployment, isFinished, outcomeOf } from '../../src/pages-api/model.ts';
import { readDeployment, readProject } from '../../src/pages-api/wire.ts';
import { PREVIEW, PROJECT } from './wire.ts';

const READY = readDeployment(PREVIEW);
const { environment, branch, createdAt } = READY;
const RECORDED = { environment, branch, createdAt, success: true };
const FAILED = { stage: 'build', stageStatus: 'failure' };
const BUILDING = { ...READY, stage: 'build', stageStatus: 'active', finishedAt: null };

const answers = (before: Deployment, ...changes: Partial<Deployment>[]) =>
  changes.reduce<Deployment>((row, change) => deploymentNow(row, { ...READY, ...change }), before);

describe('a deployment that was ready', () => {
  it('is what the newest answer says while that contradicts nothing', () => {
    const after = { ...READY, aliases: [], url: 'https://other.example-docs-7xk.pages.dev' };
    expect(deploymentNow(READY, after)).toEqual(after);
  });

  it.each<[string, Partial<Deployment>]>([
    ['a failure', FAILED],
    ['canceled', { stage: 'build', stageStatus: 'canceled' }],
    ['skipped', { stage: 'queued', stageStatus: 'skipped', skipped: true }],
    ['skipped and deployed', { skipped: true }],
    ['perhaps skipped', { skipped: null }],
    ['under way', { stage: 'build', stageStatus: 'active' }],
    ['without a stage', { stage: '', stageStatus: '' }],
    ['in words that nobody knows', { stageStatus: 'complete' }],
  ])('and is called %s now is neither, and finished; for as long as it is called so', (_, change) => {
    for (const now of [
      answers(READY, change),
      answers(READY, change, change),
      answers(READY, change, FAILED),
    ]) {
      expect(now.recorded).toEqual(RECORDED);
      expect([outcomeOf(now), isFinished(now), buildStatus(now, createdAt ?? 0)]).toEqual([
        'unknown',
        true,
        'unknown',
      ]);
    }
    expect(answers(READY, change, {})).toEqual(READY);
  });
});

describe('a deployment that was not ready', () => {
  it.each<[string, Partial<Deployment>]>([
    ['ready', {}],
    ['failed', FAILED],
    ['skipped', { stage: 'queued', stageStatus: 'skipped', skipped: true }],
    ['in words that nobody knows', { stageStatus: 'complete' }],
  ])('may become %s', (_, change) => {
    expect(answers(BUILDING, change)).toEqual({ ...READY, ...change });
  });
});

describe('what never changes', () => {
  const CASES: readonly (readonly [keyof Deployment, unknown, unknown])[] = [
    ['environment', 'unknown', 'production'],
    ['branch', '', 'another'],
    ['createdAt', null, 1_700_000_000_000],
  ];

  it.each(CASES)('%s is not forgotten where an answer leaves it out', (field, lost) => {
    expect(answers(READY, { [field]: lost })).toEqual(READY);
  });

  it.each(CASES)('%s is learned later where it was left out at first', (field, lost) => {
    expect(answers({ ...READY, [field]: lost }, {})).toEqual(READY);
    expect(answers({ ...READY, [field]: lost }, { [field]: lost })).toEqual({ ...READY, [field]: lost });
  });

  it.each(CASES)(
    '%s that is another one is not believed, until an answer agrees again',
    (field, lost, other) => {
      const now = answers(READY, { [field]: other });
      expect(now).toEqual({ ...READY, [field]: lost, recorded: RECORDED });
      expect(answers(READY, { [field]: other }, { [field]: other })).toEqual(now);
      expect(answers(READY, { [field]: other }, { [field]: lost })).toEqual(READY);
      expect(answers(READY, { [field]: other }, {})).toEqual(READY);
    },
  );

  it('holds for one that has yet to succeed, and remembers when it has', () => {
    const flipped = answers(BUILDING, { ...BUILDING, environment: 'production' });
    expect(flipped.recorded).toEqual({ ...RECORDED, success: false });
    expect(answers(flipped, { environment: 'production' }).recorded).toEqual(RECORDED);
  });

  it('and what was first left out and then said twice, differently, is not known', () => {
    const first = { ...READY, environment: 'unknown' } as const;
    expect(answers(first, { environment: 'preview' }, { environment: 'production' })).toMatchObject({
      environment: 'unknown',
      recorded: { environment: 'preview' },
    });
  });
});

describe('a project', () => {
  const before = readProject(PROJECT);
  const after = readProject({ ...PROJECT, production_branch: undefined });

  it('keeps its production branch where an answer leaves it out', () => {
    expect(before?.productionBranch).toBe('main');
    expect(before && after && projectNow(before, after)).toEqual(before);
  });

  it('takes another one that an answer names', () => {
    const renamed = readProject({ ...PROJECT, production_branch: 'trunk' });
    expect(before && renamed && projectNow(before, renamed)).toEqual(renamed);
  });

  it('of another id has nothing of the one before', () => {
    const other = readProject({ ...PROJECT, id: 'another-project', production_branch: null });
    expect(before && other && projectNow(before, other)).toEqual(other);
    expect(other && projectNow(null, other)).toEqual(other);
  });
});
