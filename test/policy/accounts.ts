// Random accounts, made to be difficult: few branches and few moments, so that everything meets everything; hostile names;
// missing ids, dates and environments; words that nobody knows and such that contradict each other; policies that overlap;
// refusals that still hold and such that do not.

import fc from 'fast-check';
import type { Deployment } from '../../src/pages-api/model.ts';
import { addToFacts, keepFor, mergeFacts, noFacts, type ProjectFacts } from '../../src/policy/facts.ts';
import type { PrunePolicy } from '../../src/policy/rules.ts';
import { type PruneContext, undeletableOf } from '../../src/policy/verdict.ts';
import { DAY, deployment, HOUR, NOW } from './fixture.ts';
import type { Account } from './second-opinion.ts';

const BRANCHES = [
  'main',
  'main',
  'dev',
  'dev',
  'dev',
  'docs',
  '__proto__',
  'constructor',
  'p:main',
  'a*c',
  '',
];
const GLOBS = [['*'], ['main'], ['d*'], ['*', '!d*'], ['!dev', 'd*', '__*'], ['*o*'], ['d*v', 'a*c', 'p:*']];
// Ours, none, and such as the API may come to have.
const STAGES = ['queued', 'build', 'deploy', 'deploy', 'deploy', 'deploy', '', 'publish'];
const STATUSES = [
  'success',
  'success',
  'success',
  'active',
  'idle',
  'failure',
  'canceled',
  'skipped',
  '',
  'complete',
  'Success',
];

const PLACES = ['production', 'preview'] as const;
const NO = [false, false, false, false];

const moment = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -1, max: 24 }).map((half) => NOW - (half * DAY) / 2) },
  { weight: 4, arbitrary: fc.constantFrom(-1, 1, HOUR).map((off) => NOW - 4 * DAY + off) },
  { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN) },
);

const someDeployment = fc
  .record({
    environment: fc.constantFrom<Deployment['environment']>(
      ...PLACES,
      ...PLACES,
      ...PLACES,
      ...PLACES,
      'unknown',
    ),
    branch: fc.constantFrom(...BRANCHES),
    createdAt: moment,
    stage: fc.constantFrom(...STAGES),
    stageStatus: fc.constantFrom(...STATUSES),
    skipped: fc.constantFrom(...NO, ...NO, true, true, null),
    recorded: fc.option(
      fc.record({
        environment: fc.constantFrom<Deployment['environment']>('production', 'preview'),
        branch: fc.constantFrom(...BRANCHES),
        createdAt: moment,
        success: fc.boolean(),
      }),
      { freq: 8 },
    ),
    pushedTo: fc.constantFrom('github:acme/docs', 'gitlab:acme/docs', ''),
    named: fc.constantFrom(true, true, true, true, true, true, true, false),
    id: fc.nat({ max: 0xffff }),
  })
  .map(({ named, id, ...fields }) => deployment({ ...fields, id: named ? `id-${id.toString(16)}` : '' }));

const somePolicy = (stale: boolean): fc.Arbitrary<PrunePolicy> =>
  fc
    .record({
      olderThanDays: fc.integer({ min: 1, max: 8 }),
      keepLatest: fc.integer({ min: 1, max: 4 }),
      environment: fc.constantFrom<PrunePolicy['environment']>('all', 'preview', 'production'),
      branches: fc.constantFrom(...GLOBS),
      extra: stale ? fc.option(fc.nat({ max: 3 })) : fc.constant(null),
      gone: stale ? fc.option(fc.nat({ max: 3 })) : fc.constant(null),
    })
    .map(({ extra, gone, ...fields }) => ({
      cron: null,
      ...fields,
      staleBranchesAfterDays: extra === null ? null : fields.olderThanDays + extra,
      goneBranchesAfterDays: fields.environment === 'production' ? null : gone,
      // Which branches are gone is told from outside.
      pullRequests: null,
    }));

/** What a refusal was like, beside how things are: `null` is a refusal that still holds. */
const change = fc.constantFrom(
  null,
  null,
  { canonicalId: 'other' },
  { newestId: 'other' },
  { policy: 'null' },
  { force: true },
  { force: false },
);

function withRefusals(
  account: Account,
  refused: readonly { pick: number; change: Record<string, string | boolean> | null }[],
): Account {
  const context = { ...account, facts: factsOf(account) };
  const refusals = refused.flatMap(({ pick, change: then }) => {
    const one = account.deployments[pick % Math.max(1, account.deployments.length)];
    return one === undefined ? [] : [[one.id, { ...undeletableOf(one, context, NOW), ...then }] as const];
  });
  return { ...account, refusals: Object.fromEntries(refusals) };
}

const NOBODY = [null, 'nobody', '', '__proto__'];

/** An account; `stale`: its policies may let stale branches go; `refusals`: the API may have refused some before. */
export function someAccount({ stale = true, refusals = true } = {}): fc.Arbitrary<Account> {
  return fc
    .record({
      deployments: fc.uniqueArray(someDeployment, { maxLength: 24, selector: ({ id }) => id || Symbol() }),
      canonical: fc.nat({ max: 40 }),
      policies: fc.array(somePolicy(stale), { maxLength: 3 }),
      gone: fc.array(fc.tuple(fc.constantFrom(...BRANCHES), fc.integer({ min: 0, max: 8 })), {
        maxLength: 3,
      }),
      refused: refusals ? fc.array(fc.record({ pick: fc.nat(), change }), { maxLength: 4 }) : fc.constant([]),
    })
    .map(({ deployments, canonical, policies, refused, gone }) => {
      const nobody = NOBODY[canonical % NOBODY.length] ?? null;
      const canonicalId = deployments[canonical]?.id ?? nobody;
      const since = new Map(gone.map(([branch, half]) => [branch, NOW - (half * DAY) / 2]));
      return withRefusals({ deployments, canonicalId, policies, refusals: {}, gone: since }, refused);
    });
}

/** The account's facts, folded at one go. */
export function factsOf({ deployments, policies }: Account): ProjectFacts {
  return addToFacts(noFacts(keepFor(policies)), deployments);
}

/** The facts folded in parts, in some order, and merged from either side: `where[i]` is the part of deployment i. */
export function factsInParts({ deployments, policies }: Account, where: readonly number[]): ProjectFacts {
  const parts = new Map<number, Deployment[]>();
  deployments.forEach((one, i) => {
    const part = (where[i] ?? 0) % 5;
    parts.set(
      part,
      (where[i] ?? 0) % 2 ? [...(parts.get(part) ?? []), one] : [one, ...(parts.get(part) ?? [])],
    );
  });
  const none = noFacts(keepFor(policies));
  return [...parts].reduce((facts, [part, rows]) => {
    const more = addToFacts(none, rows);
    return part % 2 ? mergeFacts(facts, more) : mergeFacts(more, facts);
  }, none);
}

export function contextOf(account: Account, facts = factsOf(account)): PruneContext {
  return { ...account, facts };
}
