// Which rule, which policy, which tick: globs, the first match, crons.

import { describe, expect, it } from 'vitest';
import {
  isDue,
  matchesGlobs,
  normalizeCron,
  type PrunePolicy,
  policiesFor,
  policyFor,
  type Rule,
  ruleFor,
} from '../../src/policy/rules.ts';
import { policy } from './fixture.ts';

describe('globs', () => {
  it.each<[string, string[], boolean]>([
    ['blog', ['blog'], true],
    ['blog', ['blo'], false],
    ['blog', ['log'], false],
    ['blog', ['Blog'], false],
    ['blog', ['*'], true],
    ['', ['*'], true],
    ['docs-old', ['docs-*'], true],
    ['docs-', ['docs-*'], true],
    ['docs', ['docs-*'], false],
    ['my-docs', ['*docs'], true],
    ['a-docs-b', ['*docs*'], true],
    ['ab', ['a*b*c'], false],
    ['a-b-c', ['a*b*c'], true],
    ['aba', ['ab*ba'], false],
    ['feature/deep/er', ['feature/*'], true],
    ['line\nbreak', ['line*'], true],
    ['a.b', ['a?b'], false],
    ['axb', ['a.b'], false],
    ['a+b', ['a+b'], true],
    ['[x]', ['[x]'], true],
    ['x', ['[x]'], false],
    ['__proto__', ['__proto__'], true],
    ['blog', ['docs', 'blog'], true],
    ['blog', [], false],
  ])('%j fits %j: %j', (name, globs, fits) => {
    expect(matchesGlobs(name, globs)).toBe(fits);
  });

  it.each<[string, string[], boolean]>([
    ['docs-old', ['docs-*', '!docs-old'], false],
    ['docs-old', ['!docs-old', 'docs-*'], false],
    ['docs-new', ['docs-*', '!docs-old'], true],
    ['docs-old', ['docs-old', '!*'], false],
    ['blog', ['!docs-old'], false],
    ['!odd', ['*', '!!odd'], false],
    ['odd', ['*', '!!odd'], true],
    ['blog', ['*', '!!odd'], true],
  ])('a leading ! takes out, wherever it stands: %j fits %j: %j', (name, globs, fits) => {
    expect(matchesGlobs(name, globs)).toBe(fits);
  });

  it('take no time over hostile names', () => {
    const started = Date.now();
    for (let i = 0; i < 200; i += 1) matchesGlobs('a'.repeat(1_000), ['*a*a*a*a*a*a*a*a*a*b']);
    expect(Date.now() - started).toBeLessThan(1_000);
  });
});

describe('the rule of a project', () => {
  const rule = (projects: string[]): Rule => ({
    projects,
    show: true,
    dryRun: false,
    repository: null,
    rebuild: null,
    prune: [],
  });
  const rules = [rule(['docs-*', '!docs-old']), rule(['docs-old', 'blog']), rule(['d*'])];

  it.each([
    ['docs-new', 0],
    ['docs-old', 1],
    ['blog', 1],
    ['demo', 2],
  ])('%s is the first that matches, whole', (name, index) => {
    expect(ruleFor(name, rules)).toBe(rules[index]);
  });

  it('is none where nothing matches', () => {
    expect(ruleFor('shop', rules)).toBeNull();
  });

  it('says which policies prune it: no other rule does, and where none applies nothing does', () => {
    const prune = [policy(), policy({ environment: 'preview' })];
    const pruning = [
      rule(['blog']),
      { ...rule(['docs-*']), prune },
      { ...rule(['*-new']), prune: [policy()] },
    ];
    expect(policiesFor('docs-new', pruning)).toBe(prune);
    expect(policiesFor('blog', pruning)).toEqual([]);
    expect(policiesFor('shop', pruning)).toEqual([]);
  });
});

describe('the policy of a deployment', () => {
  const production = policy({ environment: 'production' });
  const preview = policy({ environment: 'preview', branches: ['feature-*', '!feature-keep'] });
  const rest = policy({ branches: ['*', '!gh-*'] });

  it.each<[string, 'production' | 'preview', string, PrunePolicy | null]>([
    ['production', 'production', 'main', production],
    ['production of any branch', 'production', 'feature-x', production],
    ['a branch that fits', 'preview', 'feature-x', preview],
    ['a branch that is taken out', 'preview', 'feature-keep', rest],
    ['another branch', 'preview', 'dev', rest],
    ['a branch that is taken out everywhere', 'preview', 'gh-pages', null],
  ])('for %s is the first that matches both', (_, environment, branch, expected) => {
    expect(policyFor([production, preview, rest], environment, branch)).toBe(expected);
  });

  it('is none where nobody knows the environment', () => {
    expect(policyFor([rest], 'unknown', 'dev')).toBeNull();
  });

  it('is none without policies', () => {
    expect(policyFor([], 'production', 'main')).toBeNull();
  });
});

describe('a cron', () => {
  it.each([
    ['0 3 * * *', '0 3 * * *'],
    ['  0   3 * *\t* ', '0 3 * * *'],
  ])('%j is compared as %j', (cron, normal) => {
    expect(normalizeCron(cron)).toBe(normal);
  });

  it.each([
    [null, '0 3 * * *', true],
    ['0 3 * * *', '0 3 * * *', true],
    ['0 3 * * *', '0 4 * * *', false],
  ])('%j on a tick of %j: due is %j', (cron, tick, due) => {
    expect(isDue(cron, tick)).toBe(due);
  });
});
