// Which rule takes which project, and that what is idle is said.

import { expect, test } from 'vitest';
import { matchRules } from '../../doctor/matching.ts';
import type { Rule } from '../../src/policy/rules.ts';
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

test('what never takes effect is said in the words of the page', () => {
  expect(match(rule({ projects: ['nothing-*'] })).idle).toEqual(['RULES[0] matches no project.']);
});
