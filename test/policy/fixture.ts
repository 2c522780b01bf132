// One valid deployment, policy and project; a test spreads its one change over it.

import type { Deployment } from '../../src/pages-api/model.ts';
import { addToFacts, keepFor, noFacts } from '../../src/policy/facts.ts';
import type { PrunePolicy } from '../../src/policy/rules.ts';
import { judge, type PruneContext, undeletableOf } from '../../src/policy/verdict.ts';

export const NOW = Date.parse('2026-11-24T03:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A successful preview of the branch `feature`, 100 days old. */
export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    id: 'the-one-in-question',
    environment: 'preview',
    branch: 'feature',
    createdAt: NOW - 100 * DAY,
    finishedAt: NOW - 100 * DAY + MINUTE,
    stage: 'deploy',
    stageStatus: 'success',
    skipped: false,
    skipReason: null,
    trigger: 'github:push',
    pushedTo: 'github:acme/docs',
    url: 'https://1a2b3c4d.docs.pages.dev',
    aliases: [],
    commitHash: '0123456789abcdef0123456789abcdef01234567',
    commitMessage: 'Explain how aliases work',
    commitDirty: false,
    recorded: null,
    ...change,
  };
}

/** Everything older than 30 days goes, but the newest success of each branch. */
export function policy(change: Partial<PrunePolicy> = {}): PrunePolicy {
  return {
    cron: null,
    olderThanDays: 30,
    keepLatest: 1,
    environment: 'all',
    branches: ['*'],
    staleBranchesAfterDays: null,
    goneBranchesAfterDays: null,
    pullRequests: null,
    ...change,
  };
}

/** A project of which exactly these deployments were seen. */
export function seen(deployments: readonly Deployment[], change: Partial<PruneContext> = {}): PruneContext {
  const policies = change.policies ?? [policy()];
  const facts = addToFacts(noFacts(keepFor(policies)), deployments);
  return { facts, canonicalId: null, policies, refusals: {}, ...change };
}

/** A success of the same branch, just made: it takes the one in question out of the newest and the latest. */
export const NEWER = deployment({ id: 'a-newer-success', createdAt: NOW });

/** The reason for the first deployment, of a project that holds these. */
export function reasonOf(
  deployments: readonly [Deployment, ...Deployment[]],
  change: Partial<PruneContext> = {},
): string {
  return judge(deployments[0], seen(deployments, change), NOW).reason;
}

export const PRODUCTION = { environment: 'production', branch: 'main' } as const;
export const FAILED = { stage: 'build', stageStatus: 'failure' } as const;
/** As a branch with builds switched off leaves them. */
export const SKIPPED = { stage: 'queued', stageStatus: 'skipped', skipped: true } as const;
/** In words that nobody knows. */
export const ODD = { stage: 'deploy', stageStatus: 'complete' } as const;
export const BUILDING = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;

export const ago = (days: number) => NOW - days * DAY;
/** The one policy, changed. */
export const under = (change: Partial<PrunePolicy>) => ({ policies: [policy(change)] });

/** Of a change, what says where the deployment belongs. */
export function branchOf({ branch, environment }: Partial<Deployment>): Partial<Deployment> {
  return { ...(branch ? { branch } : {}), ...(environment ? { environment } : {}) };
}

/** The reason for the one in question, changed, beside a newer success of its branch. */
export const changed = (change: Partial<Deployment>, context: Partial<PruneContext> = {}) =>
  reasonOf([deployment(change), { ...NEWER, ...branchOf(change) }], context);

/** The refusal that the API gave when things were as they are. */
export function refusedAsNow(change: Partial<PruneContext> = {}): Partial<PruneContext> {
  const one = deployment();
  return { refusals: { [one.id]: undeletableOf(one, seen([one, NEWER], change), NOW) } };
}
