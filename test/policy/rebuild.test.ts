// Build or skip: the order of the reasons, their boundaries, and that no two builds come of one intent or one moment.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideRebuild,
  type RebuildContext,
  SKIP_REASONS,
  type SkipReason,
  STUCK_AFTER_MS,
} from '../../src/policy/rebuild.ts';
import { HOUR, MINUTE, NOW } from './fixture.ts';

const rule = (ifOlderThanMinutes: number, ifChanged: string | null = null) => ({
  ...{ cron: null, branch: null, ifOlderThanMinutes, ifChanged, ifBehind: false, hook: false },
  retryFailed: false,
});
const FEED = 'https://cms.example/feed.json';
const failing = (failures: number, lastAt: number) => ({ branch: 'main', commit: 'abc', failures, lastAt });

/** A rebuild that is due. */
const due = (change: Partial<RebuildContext> = {}): RebuildContext => ({
  rule: rule(55),
  hasSource: true,
  requested: false,
  by: 'cron',
  secondTry: 'no',
  underWay: [],
  newestBuildAt: NOW - HOUR,
  failing: null,
  behind: 'unasked',
  content: 'unasked',
  startedThisMonth: 10,
  monthlyLimit: 500,
  dryRun: false,
  ...change,
});

const decided = (change: Partial<RebuildContext> = {}) => {
  const decision = decideRebuild(due(change), NOW);
  return decision.kind === 'skip' ? decision.reason : decision.kind;
};

// The compiler asks for every reason, and a test for their order.
const EXAMPLES: Readonly<Record<SkipReason, Partial<RebuildContext>>> = {
  'direct-upload': { hasSource: false },
  requested: { requested: true },
  building: { underWay: [NOW - MINUTE] },
  fresh: { newestBuildAt: NOW - MINUTE },
  failing: { failing: failing(3, NOW - HOUR) },
  current: { behind: 'current' },
  'git-unread': { behind: 'unread' },
  unchanged: { rule: rule(55, FEED), content: 'unchanged' },
  limit: { startedThisMonth: 500 },
  'dry-run': { dryRun: true },
};
const SKIPS = SKIP_REASONS.map((reason) => [reason, EXAMPLES[reason]] as const);

describe('a rebuild', () => {
  it('is built when nothing speaks against it', () => {
    expect(decided()).toBe('build');
    expect(decided({ newestBuildAt: null })).toBe('build');
    expect(decided({ monthlyLimit: null, startedThisMonth: 9_999 })).toBe('build');
  });

  it('is tried again while what failed is the newest, however young, and its commit does not keep failing', () => {
    const young = { newestBuildAt: NOW - MINUTE };
    for (const by of ['cron', 'hook', 'button'] as const) {
      expect(decided({ by, ...young, secondTry: 'of-newest' })).toBe('build');
      expect(decided({ by, secondTry: 'overtaken' })).toBe('fresh');
      expect(decided({ by, secondTry: 'of-newest', failing: failing(3, NOW - HOUR) })).toBe('failing');
      expect(decided({ by, secondTry: 'of-newest', startedThisMonth: 500 })).toBe('limit');
      expect(decided({ by, secondTry: 'of-newest', dryRun: true })).toBe('dry-run');
    }
  });

  it.each(SKIPS)('is skipped as %s', (reason, change) => {
    expect(decided(change)).toBe(reason);
  });

  it.each(SKIPS.map(([reason], i) => [reason, i] as const))(
    'says %s before all that come after it',
    (reason, i) => {
      // Of two that cannot be at once the first one is.
      const changes = SKIPS.slice(i).map(([, change]) => change);
      const all = Object.assign({}, ...changes.reverse()) as Partial<RebuildContext>;
      expect(decided(all)).toBe(reason);
    },
  );

  it.each<[string, Partial<RebuildContext>, string]>([
    [
      'a rule that asks for content has it asked, once nothing else speaks against it',
      { rule: rule(0, FEED) },
      'ask',
    ],
    ['changed content is built', { rule: rule(0, FEED), content: 'changed' }, 'build'],
    ['content that nobody asked for decides nothing', { content: 'unchanged' }, 'build'],
    ['nothing is asked for a young build', { rule: rule(120, FEED) }, 'fresh'],
    [
      'a failing commit is tried again when its time has come',
      { failing: failing(3, NOW - 2 * HOUR) },
      'build',
    ],
    ['and not a moment before', { failing: failing(3, NOW - 2 * HOUR + 1) }, 'failing'],
  ])('%s', (_, change, expected) => {
    expect(decided(change)).toBe(expected);
  });

  it.each<[string, Partial<RebuildContext>, string]>([
    ['a build that is stuck for an hour holds nothing up', { underWay: [NOW - STUCK_AFTER_MS] }, 'build'],
    ['a build of a moment less does', { underWay: [NOW - STUCK_AFTER_MS + 1] }, 'building'],
    ['one of several under way suffices', { underWay: [NOW - 9 * HOUR, NOW - MINUTE] }, 'building'],
    ['a build of exactly that age is no more fresh', { newestBuildAt: NOW - 55 * MINUTE }, 'build'],
    ['a build of a moment less is', { newestBuildAt: NOW - 55 * MINUTE + 1 }, 'fresh'],
    ['0 minutes: no build is fresh', { rule: rule(0), newestBuildAt: NOW }, 'build'],
    [
      '0 minutes: not even one from a clock ahead of ours',
      { rule: rule(0), newestBuildAt: NOW + 1 },
      'build',
    ],
    ['one less than the limit builds', { startedThisMonth: 499 }, 'build'],
    ['a limit of 0 builds never', { startedThisMonth: 0, monthlyLimit: 0 }, 'limit'],
  ])('%s', (_, change, expected) => {
    expect(decided(change)).toBe(expected);
  });

  it.each([{ by: 'hook' as const }, { by: 'button' as const }, { secondTry: 'of-newest' as const }])(
    'who asks is not asked whether it is behind: %j',
    (change) => {
      for (const behind of ['current', 'unread'] as const)
        expect(decided({ ...change, behind })).toBe('build');
      expect(decided({ behind: 'behind' })).toBe('build');
    },
  );

  it('an hour is the longest a build may hold others up', () => {
    expect(STUCK_AFTER_MS).toBe(HOUR);
  });
});

describe('over any series of ticks', () => {
  const tick = fc.record({ after: fc.nat({ max: 90 }), twice: fc.boolean(), took: fc.nat({ max: 80 }) });

  it('no minute is built twice, no two builds run at once, none is closer than the rule says', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), (ticks, minutes) => {
        const builds: { at: number; ends: number }[] = [];
        const intents = new Set<number>();
        let now = NOW;
        for (const { after, twice, took } of ticks) {
          now += after * MINUTE;
          // Two crons of the same minute: the second one finds the intent, and not yet the build.
          for (const seen of twice ? [builds.slice(), builds.slice()] : [builds.slice()]) {
            const change = {
              rule: rule(minutes),
              requested: intents.has(now),
              underWay: seen.filter(({ ends }) => ends > now).map(({ at }) => at),
              newestBuildAt: seen.at(-1)?.at ?? null,
            };
            if (decideRebuild(due(change), now).kind === 'skip') continue;
            intents.add(now);
            builds.push({ at: now, ends: now + took * MINUTE });
          }
        }
        for (const [i, build] of builds.entries()) {
          const before = builds[i - 1];
          if (before === undefined) continue;
          expect(build.at - before.at).toBeGreaterThanOrEqual(minutes * MINUTE);
          expect(Math.min(before.ends, before.at + STUCK_AFTER_MS)).toBeLessThanOrEqual(build.at);
        }
        expect(new Set(builds.map(({ at }) => at)).size).toBe(builds.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('nothing is built past the limit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.nat({ max: 60 }), (monthlyLimit, ticks) => {
        let startedThisMonth = 0;
        for (let i = 0; i < ticks; i += 1) {
          const context = due({ rule: rule(0), startedThisMonth, monthlyLimit, newestBuildAt: null });
          if (decideRebuild(context, NOW + i * HOUR).kind === 'build') startedThisMonth += 1;
        }
        expect(startedThisMonth).toBe(Math.min(monthlyLimit, ticks));
      }),
    );
  });
});

it.each(['hook', 'button'] as const)(
  'what a %s asks for is held back by neither its age nor its failures',
  (by) => {
    expect(decided({ by, newestBuildAt: NOW - MINUTE, failing: failing(9, NOW - MINUTE) })).toBe('build');
    expect(decided({ by, underWay: [NOW - MINUTE] })).toBe('building');
    expect(decided({ by, dryRun: true })).toBe('dry-run');
    expect(decided({ by, rule: rule(0, FEED), content: 'unchanged' })).toBe(
      by === 'hook' ? 'unchanged' : 'build',
    );
  },
);
