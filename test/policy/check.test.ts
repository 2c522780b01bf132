// The gate: each refusal by its words, and that the gate needs no verdict to know what is live.

import { describe, expect, it } from 'vitest';
import {
  checkPlan,
  checkReading,
  MAX_WALK_AGE_MS,
  type PlanSummary,
  wouldTakeDown,
} from '../../src/policy/gate.ts';
import source from '../../src/policy/gate.ts?raw';
import { ago, BUILDING, deployment, FAILED, MINUTE, NOW, ODD, PRODUCTION, SKIPPED } from './fixture.ts';

/** A plan that may be carried out. */
const plan = (change: Partial<PlanSummary> = {}): PlanSummary => ({
  walkedAt: NOW - MINUTE,
  canonicalId: 'canonical',
  hasProduction: true,
  expired: 3,
  kept: 1,
  holdsLive: false,
  gone: 0,
  gitReadAt: null,
  ...change,
});

const UNREAD = 'its deployments could not be read whole, so nobody knows what is newest';
const NO_CANONICAL = 'the API names no live production deployment for it, so nobody knows what must stay';

describe('a plan', () => {
  it('may be carried out when nothing speaks against it', () => {
    expect(checkPlan(plan(), NOW)).toBeNull();
  });

  it.each<[string, Partial<PlanSummary>, string]>([
    ['rests on no valid reading', { walkedAt: null }, UNREAD],
    ['rests on an old reading', { walkedAt: NOW - MAX_WALK_AGE_MS - 1 }, UNREAD],
    ['names no canonical deployment where there is production', { canonicalId: null }, NO_CANONICAL],
    ['has a canonical deployment without an id', { canonicalId: '' }, NO_CANONICAL],
    ['has one without an id and no production', { canonicalId: '', hasProduction: false }, NO_CANONICAL],
    ['holds what is live', { holdsLive: true }, 'the plan would delete the live deployment'],
    ['would leave nothing', { kept: 0 }, 'the plan would leave no deployment at all'],
  ])('that %s is refused, in words', (_, change, words) => {
    expect(checkPlan(plan(change), NOW)).toBe(words);
  });

  it('may rest on a reading of exactly 60 minutes', () => {
    expect(MAX_WALK_AGE_MS).toBe(60 * MINUTE);
    expect(checkPlan(plan({ walkedAt: NOW - 60 * MINUTE }), NOW)).toBeNull();
  });

  const OLD_GIT = 'its repository was asked too long ago, so nobody knows which branches are gone';

  it.each<[string, Partial<PlanSummary>, string | null]>([
    ['never', { gone: 1 }, OLD_GIT],
    ['60 minutes ago and a millisecond', { gone: 1, gitReadAt: NOW - MAX_WALK_AGE_MS - 1 }, OLD_GIT],
    ['60 minutes ago', { gone: 1, gitReadAt: NOW - MAX_WALK_AGE_MS }, null],
    ['just now', { gone: 3, gitReadAt: NOW }, null],
    ['never, for nothing goes by it', { gone: 0 }, null],
    ['long ago, for nothing goes by it', { gone: 0, gitReadAt: NOW - 10 * MAX_WALK_AGE_MS }, null],
  ])('whose branches are gone by what Git said %s', (_, change, words) => {
    expect(checkPlan(plan(change), NOW)).toBe(words);
  });

  it('of a project that has only previews needs no canonical deployment', () => {
    expect(checkPlan(plan({ canonicalId: null, hasProduction: false }), NOW)).toBeNull();
  });

  it('that deletes nothing is never refused', () => {
    const nothing = plan({ expired: 0, kept: 0, walkedAt: null, canonicalId: null, holdsLive: true });
    expect(checkPlan(nothing, NOW)).toBeNull();
  });
});

describe('a delete', () => {
  const newest = ago(40);
  const RECORDED = { environment: 'production', branch: 'main', createdAt: newest } as const;
  const project = { canonicalId: 'canonical', newestProductionAt: newest };
  const production = (change = {}) => deployment({ ...PRODUCTION, createdAt: newest, ...change });

  it.each([
    ['of the canonical deployment', deployment({ id: 'canonical', ...BUILDING }), true],
    ['of the newest production success', production(), true],
    ['of a newer production success than is known', production({ createdAt: ago(1) }), true],
    ['of a production success of which nobody knows the date', production({ createdAt: null }), true],
    ['of a production success with a date that is none', production({ createdAt: Number.NaN }), true],
    ['of an older production success', production({ createdAt: ago(41) }), false],
    ['of a newer production build that failed', production({ ...FAILED, createdAt: ago(1) }), false],
    [
      'of a newer production build that has yet to be deployed',
      production({ stage: 'build', createdAt: ago(1) }),
      false,
    ],
    [
      'of a newer production build whose deployment failed',
      production({ stageStatus: 'failure', createdAt: ago(1) }),
      false,
    ],
    ['of a newer production build under way', production({ ...BUILDING, createdAt: ago(0) }), false],
    ['of a newer production build that was skipped', production({ ...SKIPPED, createdAt: ago(0) }), false],
    ['of one that was skipped and deployed', production({ skipped: true, createdAt: ago(0) }), true],
    ['of one that may have been skipped', production({ skipped: null, createdAt: ago(0) }), true],
    ['of a newer one in words that nobody knows', production({ ...ODD, createdAt: ago(0) }), true],
    [
      'of a newer one in a stage that nobody knows',
      production({ stage: 'publish', createdAt: ago(0) }),
      true,
    ],
    ['of a newer one without a word', production({ stage: '', stageStatus: '', createdAt: ago(0) }), true],
    [
      'of a newer one that failed, having been a success',
      production({ ...FAILED, createdAt: ago(0), recorded: { ...RECORDED, success: true } }),
      true,
    ],
    [
      'of a newer one that failed, as it was known to',
      production({ ...FAILED, createdAt: ago(0), recorded: { ...RECORDED, success: false } }),
      false,
    ],
    ['of the newest success of no known environment', production({ environment: 'unknown' }), true],
    ['of an older success of no known environment', deployment({ environment: 'unknown' }), false],
    ['of a newer preview', deployment({ createdAt: ago(1) }), false],
  ])('%s takes the site down: %#', (_, one, down) => {
    expect(wouldTakeDown(one, project)).toBe(down);
  });

  const STAGES = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'];
  it.each(STAGES.flatMap((stage) => ['idle', 'active', 'success'].map((status) => [stage, status])))(
    'of a newer one that stands at %s/%s does only once it is deployed, or nobody knows whether it was skipped',
    (stage, stageStatus) => {
      const newer = (skipped: boolean | null) =>
        wouldTakeDown(production({ stage, stageStatus, skipped, createdAt: ago(1) }), project);
      const isDeployed = stage === 'deploy' && stageStatus === 'success';
      expect([newer(false), newer(true), newer(null)]).toEqual([isDeployed, isDeployed, true]);
    },
  );

  it.each(['failure', 'canceled', 'skipped'])(
    'of a newer one that is %s does not, whatever its stage',
    (status) => {
      for (const stage of [...STAGES, 'publish', ''])
        expect(wouldTakeDown(production({ stage, stageStatus: status, createdAt: ago(1) }), project)).toBe(
          false,
        );
    },
  );

  it('of any production success does, as long as nobody knows the newest', () => {
    expect(wouldTakeDown(production({ createdAt: ago(900) }), { ...project, newestProductionAt: null })).toBe(
      true,
    );
  });
});

describe('a reading', () => {
  it.each([
    [{ successes: 20, lost: 20 }, true],
    [{ successes: 20, lost: 10 }, true],
    [{ successes: 20, lost: 9 }, false],
    [{ successes: 1, lost: 1 }, true],
    [{ successes: 20, lost: 0 }, false],
    [{ successes: 0, lost: 0 }, false],
  ])('of %j is left out: %s', (counts, isLeftOut) => {
    expect(checkReading(counts) !== null).toBe(isLeftOut);
  });

  it('says why it is left out', () => {
    expect(checkReading({ successes: 20, lost: 19 })).toBe(
      'the API contradicts what it said before: of 20 deployments that were ready, 19 are called something else',
    );
  });
});

it('shares no code with the verdicts that it checks', () => {
  const imports = [...source.matchAll(/^import (?!type ).* from '(.*)';$/gm)].map(([, from]) => from);
  expect(imports).toEqual(['../time.ts']);
});
