// Deployments that were counted and are read again: the facts then, and what nobody may conclude from the new answer.

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/pages-api/model.ts';
import { addToFacts, branchKey, noFacts } from '../../src/policy/facts.ts';
import { countLost, rereadInFacts } from '../../src/policy/reread.ts';
import { ago, BUILDING, deployment, FAILED, ODD, PRODUCTION, SKIPPED } from './fixture.ts';

const at = (days: number, change: Partial<Deployment> = {}) =>
  deployment({ id: `id-${days}`, createdAt: ago(days), ...change });
const facts = (...rows: Deployment[]) => addToFacts(noFacts(3), rows);
const KEY = branchKey('preview', 'feature');
const recorded = ({ environment, branch, createdAt }: Deployment) => ({
  environment,
  branch,
  createdAt,
  success: true,
});

describe('the facts', () => {
  it('are the same where nothing else is said', () => {
    const known = facts(at(1), at(2));
    const before = at(1);
    expect(rereadInFacts(known, [{ before, after: { ...before, aliases: ['https://a.test'] } }])).toBe(known);
  });

  it.each([
    ['succeeded', {}],
    ['failed', FAILED],
  ])('count a build that has ended since, once: it %s', (_, change) => {
    const before = at(1, BUILDING);
    const after = at(1, change);
    const read = rereadInFacts(facts(before, at(2)), [{ before, after }]);
    expect(read).toEqual(facts(after, at(2)));
    expect(rereadInFacts(read, [{ before: after, after }])).toEqual(read);
  });

  it('let a success that is called something else push nothing out', () => {
    const before = at(1);
    const after = { ...at(1, FAILED), recorded: recorded(before) };
    const read = rereadInFacts(facts(before, at(2), at(3)), [{ before, after }]);
    expect(read.branches[KEY]).toMatchObject({
      successes: [ago(2), ago(3)],
      notSkippedAt: null,
      newestAt: ago(1),
    });
    // Said once more it takes nothing else away.
    expect(rereadInFacts(read, [{ before: after, after }])).toBe(read);
    expect(rereadInFacts(read, [{ before: after, after: { ...after, ...ODD } }])).toBe(read);
  });

  it('count it again when it is called a success again', () => {
    const before = at(1);
    const doubted = { ...at(1, FAILED), recorded: recorded(before) };
    const known = facts(before, at(2));
    const read = rereadInFacts(known, [{ before, after: doubted }]);
    expect(rereadInFacts(read, [{ before: doubted, after: before }])).toEqual(known);
  });

  it('leave the newest success of production to those that are left', () => {
    const [newest, older] = [at(1, PRODUCTION), at(5, { ...PRODUCTION, branch: 'trunk' })];
    const after = { ...newest, ...ODD, recorded: recorded(newest) };
    const known = facts(newest, older, at(0));
    expect(known.newestProductionAt).toBe(ago(1));
    expect(rereadInFacts(known, [{ before: newest, after }]).newestProductionAt).toBe(ago(5));
    expect(rereadInFacts(facts(newest), [{ before: newest, after }]).newestProductionAt).toBeNull();
  });

  it('let one that turns out to be skipped outdo nothing any more', () => {
    const before = at(1, BUILDING);
    const read = rereadInFacts(facts(before, at(2)), [{ before, after: at(1, SKIPPED) }]);
    expect(read.branches[KEY]).toMatchObject({ notSkippedAt: null, skippedAt: ago(1), successes: [ago(2)] });
    const back = rereadInFacts(read, [{ before: at(1, SKIPPED), after: at(1, FAILED) }]);
    expect(back.branches[KEY]).toMatchObject({ notSkippedAt: ago(1), skippedAt: null });
  });

  it('of what was outdone by others stay', () => {
    const before = at(2, FAILED);
    const after = at(2, SKIPPED);
    const read = rereadInFacts(facts(at(1), before), [{ before, after }]);
    expect(read.branches[KEY]).toMatchObject({ notSkippedAt: ago(1), skippedAt: ago(2) });
  });

  it('take nothing from others that were created at the same moment', () => {
    const twin = at(1, { id: 'twin' });
    const known = facts(twin, at(2), at(1, ODD));
    const odd = rereadInFacts(known, [{ before: at(1, ODD), after: at(1, SKIPPED) }]);
    expect(odd.branches[KEY]).toMatchObject({ notSkippedAt: ago(1), successes: [ago(1), ago(2)] });
    const failed = rereadInFacts(facts(twin, at(2), at(1, FAILED)), [
      { before: at(1, FAILED), after: at(1, SKIPPED) },
    ]);
    expect(failed.branches[KEY]?.successes).toEqual([ago(1), ago(2)]);
  });

  it.each<[string, Partial<Deployment>]>([
    ['environment', { environment: 'unknown' }],
    ['branch', { branch: '' }],
    ['date', { createdAt: null }],
  ])('of one whose %s is in doubt count it nowhere, but as a sign of life', (_, change) => {
    const before = at(1);
    const after = { ...before, ...change, recorded: recorded(before) };
    const read = rereadInFacts(facts(before, at(2)), [{ before, after }]);
    expect(read.branches[KEY]?.successes).toEqual([ago(2)]);
    const { newestAt } = read.branches[KEY] ?? {};
    expect(newestAt === ago(1) || newestAt === null).toBe(true);
    expect(read.strayAt).toBe('branch' in change ? ago(1) : 0);
  });

  it('of one that nobody could place before gain it', () => {
    const before = at(1, { environment: 'unknown' });
    const read = rereadInFacts(facts(before, at(2)), [{ before, after: at(1) }]);
    expect(read.branches[KEY]).toMatchObject({ successes: [ago(1), ago(2)], notSkippedAt: ago(1) });
  });
});

describe('what is lost', () => {
  const [ready, failed, building] = [at(1), at(2, FAILED), at(3, BUILDING)];
  const doubted = { ...ready, ...FAILED, recorded: recorded(ready) };

  it('is what was known to have succeeded and is called something else', () => {
    const same = [ready, failed, building].map((before) => ({ before, after: before }));
    expect(countLost(same)).toEqual({ successes: 1, lost: 0 });
    expect(countLost([{ before: building, after: failed }])).toEqual({ successes: 0, lost: 0 });
    expect(countLost([...same, { before: ready, after: doubted }])).toEqual({ successes: 2, lost: 1 });
  });

  it('stays lost while the answers stay what they are', () => {
    expect(countLost([{ before: doubted, after: doubted }])).toEqual({ successes: 1, lost: 1 });
    expect(countLost([{ before: doubted, after: ready }])).toEqual({ successes: 1, lost: 0 });
    const flipped = { ...building, recorded: { ...recorded(building), success: false } };
    expect(countLost([{ before: flipped, after: flipped }])).toEqual({ successes: 0, lost: 0 });
  });
});
