// A deployment's row of a plan, and what the rows of a plan come to.

import { describe, expect, test } from 'vitest';
import { countRow, type Expired, isQueued, NO_COUNTS, type PlanRow, planRow } from '../../src/policy/plan.ts';
import { ago, deployment, FAILED, NEWER, NOW, PRODUCTION, policy, seen } from './fixture.ts';

const HOURLY = '0 * * * *';
const NIGHTLY = '0 3 * * *';
const EXPIRED: Expired = { goes: true, cron: null, stale: false, gone: false, force: false, live: false };

describe('a row', () => {
  const OLD = deployment();
  const rowOf = (of = OLD, ...about: Parameters<typeof seen>) => planRow(of, seen(...about), NOW);

  test('of an expired deployment says on which cron it goes', () => {
    expect(rowOf(OLD, [OLD, NEWER], { policies: [policy({ cron: NIGHTLY })] })).toEqual({
      ...EXPIRED,
      cron: NIGHTLY,
    });
  });

  test('of a kept one says why, and whether staleness would take it', () => {
    expect(rowOf(NEWER, [OLD, NEWER])).toEqual({ goes: false, reason: 'newest', ifStale: false });
    expect(rowOf(OLD, [OLD])).toEqual({ goes: false, reason: 'newest', ifStale: true });
    const broken = deployment({ ...FAILED, id: 'broken', createdAt: ago(40) });
    expect(rowOf(OLD, [OLD, broken])).toEqual({ goes: false, reason: 'latest', ifStale: true });
    const today = deployment({ ...FAILED, id: 'broken', createdAt: NOW });
    expect(rowOf(OLD, [OLD, today])).toEqual({ goes: false, reason: 'latest', ifStale: false });
    expect(rowOf(OLD, [OLD], { canonicalId: OLD.id })).toMatchObject({ reason: 'live', ifStale: false });
    // A policy that has said when branches are stale is not told about it again.
    expect(rowOf(OLD, [OLD], { policies: [policy({ staleBranchesAfterDays: 200 })] })).toMatchObject({
      reason: 'newest',
      ifStale: false,
    });
  });

  test('of a stale branch takes force for its newest success only', () => {
    const policies = [policy({ staleBranchesAfterDays: 30 })];
    const older = deployment({ id: 'an-older-one', createdAt: ago(120) });
    expect(rowOf(OLD, [OLD, older], { policies })).toEqual({ ...EXPIRED, stale: true, force: true });
    expect(rowOf(older, [OLD, older], { policies })).toEqual({ ...EXPIRED, stale: true });
  });

  test('of an expired deployment of production is not live beside a newer success', () => {
    const production = [OLD, NEWER].map((row) => ({ ...row, ...PRODUCTION }));
    expect(rowOf(production[0], production, { canonicalId: NEWER.id })).toEqual(EXPIRED);
  });

  test('of a deployment that no policy covers stays', () => {
    expect(rowOf(OLD, [OLD, NEWER], { policies: [policy({ branches: ['other'] })] })).toEqual({
      goes: false,
      reason: 'excluded',
      ifStale: false,
    });
  });
});

describe('the counts', () => {
  const KEPT: PlanRow = { goes: false, reason: 'young', ifStale: false };
  const counted = (tick: string | null, ...rows: PlanRow[]) =>
    rows.reduce((counts, row) => countRow(counts, row, tick === null ? null : [tick]), NO_COUNTS);

  test("another cron's to delete is kept on this one's tick, and holds nothing live", () => {
    const nightly = { ...EXPIRED, cron: NIGHTLY, live: true };
    expect(counted(HOURLY, KEPT, EXPIRED, nightly)).toEqual({
      expired: 2,
      queued: 1,
      kept: 2,
      ifStale: 0,
      holdsLive: false,
      gone: 0,
    });
    expect(counted(HOURLY, { ...EXPIRED, gone: true }, { ...nightly, gone: true })).toMatchObject({
      gone: 1,
    });
    expect(counted(NIGHTLY, nightly, EXPIRED)).toMatchObject({ queued: 2, kept: 0, holdsLive: true });
    expect([null, HOURLY, NIGHTLY].map((tick) => isQueued(nightly, tick === null ? null : [tick]))).toEqual([
      true,
      false,
      true,
    ]);
    expect(isQueued(nightly, [HOURLY, NIGHTLY])).toBe(true);
    expect(isQueued(nightly, [])).toBe(false);
  });

  test('what staleness would take is counted among the kept', () => {
    expect(counted(null, KEPT, { ...KEPT, reason: 'latest', ifStale: true })).toMatchObject({
      kept: 2,
      ifStale: 1,
    });
  });
});
