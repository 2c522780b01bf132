// Which rule takes which project, and which rules, globs and crons are idle.

import { expect, test } from 'vitest';
import { matchRules, namedCrons } from '../../doctor/matching.ts';
import type { Rule } from '../../src/policy/rules.ts';
import { policy } from '../policy/fixture.ts';
import { project, rule } from './fixture.ts';

const ACCOUNT = ['blog', 'docs-a', 'docs-old', 'shop'].map((name) => project({ name }));
const match = (...rules: Rule[]) => matchRules(ACCOUNT, rules);
const names = (projects: readonly { name: string }[] | undefined) => projects?.map(({ name }) => name);

test('a project follows the first rule that takes it', () => {
  const { byRule, unmatched, idle } = match(
    rule({ projects: ['docs-*', '!docs-old'] }),
    rule({ projects: ['docs-*', 'blog'] }),
  );
  expect(byRule.map(names)).toEqual([['docs-a'], ['blog', 'docs-old']]);
  expect(names(unmatched)).toEqual(['shop']);
  expect(idle).toEqual([]);
});

test('a rule without a project, one that never applies, and globs that match none are named', () => {
  expect(match(rule({ projects: ['nothing-*'] })).idle).toEqual(['RULES[0] matches no project']);
  expect(match(rule({ projects: ['*'] }), rule({ projects: ['shop'] })).idle).toEqual([
    'RULES[1] never applies: an earlier rule takes all its projects',
  ]);
  expect(match(rule({ projects: ['*', 'blgo', '!shpo'] })).idle).toEqual([
    'RULES[0].projects: "blgo" matches no project',
    'RULES[0].projects: "!shpo" matches no project',
  ]);
});

test('the crons that rules name, with their paths', () => {
  const rebuild = { cron: '0 6 * * *', branch: null, ifOlderThanMinutes: 0, ifChanged: null };
  const one = rule({ rebuild, prune: [policy({ cron: '0 3 * * *' })] });
  const two = rule({ prune: [policy(), policy({ cron: '0 4 * * *' })] });
  expect(namedCrons([one, two])).toEqual([
    { cron: '0 6 * * *', at: 'RULES[0].rebuild.cron' },
    { cron: '0 3 * * *', at: 'RULES[0].prune.cron' },
    { cron: '0 4 * * *', at: 'RULES[1].prune[1].cron' },
  ]);
});
