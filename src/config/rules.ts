// RULES: what a rule may hold, one row a field. A new field is a new row here and in the type in ../policy/rules.ts.
// Pure. What a rule means is decided in ../policy.

import * as v from 'valibot';
import { addressOf, repositoryAt } from '../git/address.ts';
import { normalizeCron, type PrunePolicy, type RebuildRule, type Rule } from '../policy/rules.ts';
import {
  cron,
  type Field,
  field,
  flag,
  globs,
  isSet,
  list,
  oneOf,
  or,
  safeUrl,
  table,
  text,
  whole,
} from './fields.ts';

const source: Field<string> = v.pipe(
  field('an https URL without user name or password', (given) => {
    const url = safeUrl(given);
    return url?.username === '' && url.password === '' ? url.href : undefined;
  }),
  v.metadata({ type: 'string', pattern: '^https?://' }),
);

/** `none` is no cron: only hooks and the button ask. */
const cronOrNone: Field<string> = v.pipe(
  text('a cron of five fields, such as "0 3 * * *", or "none"', /^\s*(\S+(\s+\S+){4}|none)\s*$/),
  v.transform(normalizeCron),
);

const repository: Field<string> = v.pipe(
  field('the https URL of a Git repository, such as https://github.com/acme/docs', (given) => {
    const url = safeUrl(given);
    if (url === null || /[?#@]/.test(url.href)) return undefined;
    const at = repositoryAt(url.href);
    return at === null ? undefined : addressOf(at);
  }),
  v.metadata({ type: 'string', pattern: '^https?://' }),
);

const REBUILD = {
  cron: or(cronOrNone, null),
  branch: or(text('the name of a branch', /^\S+$/), null),
  ifOlderThanMinutes: or(whole(0), 0),
  ifChanged: or(source, null),
  ifBehind: or(flag, false),
  hook: or(flag, false),
  retryFailed: or(flag, false),
};

const PRUNE = {
  cron: or(cron, null),
  olderThanDays: whole(1),
  keepLatest: or(whole(1), 1),
  environment: or(oneOf('preview', 'production', 'all'), 'all' as const),
  branches: or(globs, ['*']),
  staleBranchesAfterDays: or(whole(1), null),
  goneBranchesAfterDays: or(whole(0), null),
  pullRequests: or(
    text('a pattern with one {number}, such as "pr-{number}"', /^[^{}]*\{number\}[^{}]*$/),
    null,
  ),
};

const rebuild: Field<RebuildRule> = table('a table, such as { ifOlderThanMinutes = 55 }', REBUILD);

const policy: Field<PrunePolicy> = v.pipe(
  table('a table, such as { olderThanDays = 30 }', PRUNE),
  v.forward(
    v.partialCheck(
      [['staleBranchesAfterDays'], ['olderThanDays']],
      ({ staleBranchesAfterDays: stale, olderThanDays }) => stale === null || stale >= olderThanDays,
      ({ input }) =>
        `must be at least olderThanDays, ${input.olderThanDays}; got ${input.staleBranchesAfterDays}`,
    ),
    ['staleBranchesAfterDays'],
  ),
  v.forward(
    v.partialCheck(
      [['staleBranchesAfterDays'], ['environment']],
      ({ staleBranchesAfterDays: stale, environment }) => stale === null || environment !== 'production',
      'is for preview branches only: take it out, or set environment to "preview" or "all"',
    ),
    ['staleBranchesAfterDays'],
  ),
  v.forward(
    v.partialCheck(
      [['goneBranchesAfterDays'], ['environment']],
      ({ goneBranchesAfterDays: gone, environment }) => gone === null || environment !== 'production',
      'is for preview branches only: take it out, or set environment to "preview" or "all"',
    ),
    ['goneBranchesAfterDays'],
  ),
  v.forward(
    v.partialCheck(
      [['pullRequests'], ['goneBranchesAfterDays']],
      ({ pullRequests, goneBranchesAfterDays: gone }) => pullRequests === null || gone !== null,
      'needs goneBranchesAfterDays: the days after which such a branch goes',
    ),
    ['pullRequests'],
  ),
  v.metadata({
    dependentRequired: { pullRequests: ['goneBranchesAfterDays'] },
    not: {
      properties: { environment: { const: 'production' } },
      required: ['environment'],
      anyOf: [{ required: ['staleBranchesAfterDays'] }, { required: ['goneBranchesAfterDays'] }],
    },
  }),
);

const ONE_POLICY_OR_MORE = 'one table, such as { olderThanDays = 30 }, or a list of them';
const policies = list(ONE_POLICY_OR_MORE, policy, 1);
const onePolicy = v.pipe(
  policy,
  v.transform((one) => [one]),
);

const RULE = {
  projects: globs,
  show: or(flag, true),
  dryRun: or(flag, false),
  repository: or(repository, null),
  rebuild: or(rebuild, null),
  // One policy is not made a list before it is read: its paths are those of what was written, `prune.x`.
  prune: or(
    v.lazy<Field<PrunePolicy[]>>((given) => (isOneTable(given) ? onePolicy : policies)),
    [],
  ),
};

/** `RULES`: a list of rules with every default filled in, the fields always in the same order. */
export const rules: Field<Rule[]> = list(
  'a list of rules: write [[vars.RULES]], or a JSON list as text',
  table('a rule, such as { projects = ["*"] }', RULE),
);

/** The field names of a rule and of what it holds, by the name of the holder. */
export const RULE_FIELDS: Readonly<Record<'RULES' | 'rebuild' | 'prune', readonly string[]>> = {
  RULES: Object.keys(RULE),
  rebuild: Object.keys(REBUILD),
  prune: Object.keys(PRUNE),
};

function isOneTable(given: unknown): boolean {
  return typeof given === 'string' ? /^\s*\{/.test(given) : isSet(given) && !Array.isArray(given);
}
