// The rules of the configuration as planning needs them, and which of them applies.
// Pure: no fetch, no clock, no Env, no console.

import { isMatch } from 'matcher';
import type { Environment } from '../pages-api/model.ts';

/** Which deployments of a project expire, and when. A deployment follows the first policy that matches it. */
export interface PrunePolicy {
  /** Only ticks of this cron act; `null`: every tick. */
  readonly cron: string | null;
  /** Days of 24 h after its creation at which a deployment has expired. Whole, 1 or more. */
  readonly olderThanDays: number;
  /** Newest successful deployments kept per environment and branch, whatever their age. 1 or more. */
  readonly keepLatest: number;
  readonly environment: Exclude<Environment, 'unknown'> | 'all';
  /** Globs. */
  readonly branches: readonly string[];
  /** Days after which a preview branch without a new deployment is stale; `null`: never. */
  readonly staleBranchesAfterDays: number | null;
  /** Days after which a preview branch that its repository had and has no more goes whole; 0: at once. `null`: Git is not asked. */
  readonly goneBranchesAfterDays: number | null;
  /** A pattern with one `{number}`: a preview branch of this form is gone when that pull request is closed. `null`: none is. */
  readonly pullRequests: string | null;
}

/** A rebuild's `cron` that is none: only hooks and the button ask. */
export const NO_CRON = 'none';

/** When and what to rebuild. */
export interface RebuildRule {
  readonly cron: string | null;
  /** `null`: the production branch. */
  readonly branch: string | null;
  /** Skip while the newest build of the branch is younger than this; 0: never skip. */
  readonly ifOlderThanMinutes: number;
  /** Skip while what this URL answers has not changed since the last build; `null`: do not ask. */
  readonly ifChanged: string | null;
  /** Whether hooks and the button may ask for a build. */
  /** Build only while production is behind its branch in Git. */
  readonly ifBehind: boolean;
  readonly hook: boolean;
  /** Whether a build that failed is tried once more. */
  readonly retryFailed: boolean;
}

/** One entry of `RULES`: the first one whose `projects` match a project applies to it, whole. */
export interface Rule {
  readonly projects: readonly string[];
  readonly show: boolean;
  readonly dryRun: boolean;
  /** URL of the Git repository of projects that are connected to none, or of a mirror; `null`: the one that they are connected to. */
  readonly repository: string | null;
  readonly rebuild: RebuildRule | null;
  readonly prune: readonly PrunePolicy[];
}

/** Whether any pattern matches and no `!pattern` takes the name out again. `*` matches any run of characters. */
export function matchesGlobs(name: string, globs: readonly string[]): boolean {
  if (globs.length === 1 && globs[0] === '*' && name !== '') return true;
  // Escaped, since a second `!` is part of the name, and `matcher` would take it for another "not".
  const out = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1).replace(/^!/, '\\!'));
  const within = globs.filter((glob) => !glob.startsWith('!'));
  const options = { caseSensitive: true };
  // The most usual pattern, asked of every project and branch there is.
  const isWithin = (name !== '' && within.includes('*')) || isMatch(name, within, options);
  return isWithin && !(out.length > 0 && isMatch(name, out, options));
}

/** The rule that applies to a project, or `null`: then the project is neither touched nor shown. */
export function ruleFor(projectName: string, rules: readonly Rule[]): Rule | null {
  return rules.find((rule) => matchesGlobs(projectName, rule.projects)) ?? null;
}

/** The policies that prune a project; none where no rule applies to it. */
export function policiesFor(projectName: string, rules: readonly Rule[]): readonly PrunePolicy[] {
  return ruleFor(projectName, rules)?.prune ?? [];
}

/** The policy that a deployment of this environment and branch follows, or `null`; one of an unknown environment follows none. */
export function policyFor(
  policies: readonly PrunePolicy[],
  environment: Environment,
  branch: string,
): PrunePolicy | null {
  if (environment === 'unknown') return null;
  return (
    policies.find(
      (policy) =>
        (policy.environment === 'all' || policy.environment === environment) &&
        matchesGlobs(branch, policy.branches),
    ) ?? null
  );
}

/** A cron expression as it is compared: spaces collapsed. */
export function normalizeCron(cron: string): string {
  return cron.trim().replace(/\s+/g, ' ');
}

/** Whether something with this `cron` acts on a tick of `tick` (both normalized); `null` acts on every tick. */
export function isDue(cron: string | null, tick: string): boolean {
  return cron === null || cron === tick;
}
