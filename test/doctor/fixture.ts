// One valid project, rule, reading and plan; a test spreads its one change over it.

import { planProject } from '../../doctor/project-plan.ts';
import type { Reading } from '../../doctor/reading.ts';
import type { Deployment, Project } from '../../src/pages-api/model.ts';
import { addToFacts, keepFor, noFacts } from '../../src/policy/facts.ts';
import type { Rule } from '../../src/policy/rules.ts';
import { ago, deployment, NOW, PRODUCTION, policy } from '../policy/fixture.ts';

/** What is live: a production deployment of yesterday. */
export const LIVE = deployment({ ...PRODUCTION, id: 'the-live-one', createdAt: ago(1) });
/** A newer success of the branch of all others, so that those are not kept as its newest. */
export const HEAD = deployment({ id: 'newest-of-feature', createdAt: ago(2) });

/** A Git project. */
export function project(change: Partial<Project> = {}): Project {
  return {
    id: `id-of-${change.name ?? 'docs'}`,
    name: 'docs',
    subdomain: 'docs.pages.dev',
    domains: [],
    productionBranch: 'main',
    source: { type: 'github', owner: 'acme', repo: 'docs' },
    builtOnPush: true,
    latest: LIVE,
    canonical: LIVE,
    ...change,
  };
}

/** Prunes everything older than 30 days, builds nothing. */
export function rule(change: Partial<Rule> = {}): Rule {
  return {
    projects: ['*'],
    show: true,
    dryRun: false,
    repository: null,
    rebuild: null,
    prune: [policy()],
    ...change,
  };
}

/** Builds on every tick. */
export const REBUILD = {
  cron: null,
  branch: null,
  ifOlderThanMinutes: 0,
  ifChanged: null,
  ifBehind: false,
  hook: false,
  retryFailed: false,
};

/** A project's deployments, read whole in three calls. */
export function reading(rows: readonly Deployment[], of: Rule = rule()): Reading {
  const facts = addToFacts(noFacts(keepFor(of.prune)), rows);
  return { kind: 'whole', rows, facts, walkedAt: NOW, calls: 3 };
}

/** So many deployments of 100 days ago that have expired. */
export const expired = (count: number, change: Partial<Deployment> = {}) =>
  Array.from({ length: count }, (_, at) =>
    deployment({ id: `expired-${at}-of-many`, createdAt: ago(100) - at, ...change }),
  );

/** The plan for a project that holds these beside `LIVE` and `HEAD`. */
export function plan(
  rows: readonly Deployment[],
  change: Partial<Parameters<typeof planProject>[0]> = {},
): ReturnType<typeof planProject> {
  const of = change.rule ?? rule();
  return planProject({
    project: project(),
    rule: of,
    reading: reading([LIVE, HEAD, ...rows], of),
    dryRun: false,
    monthlyLimit: null,
    now: NOW,
    ...change,
  });
}
