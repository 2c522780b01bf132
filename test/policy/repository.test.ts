// Which repository is asked about for a project: the connected one, a mirror of it, or the one that its rule names.

import { describe, expect, test } from 'vitest';
import { asksGit, pushedName, repositoryFor } from '../../src/policy/repository.ts';
import type { RebuildRule } from '../../src/policy/rules.ts';
import { policy } from './fixture.ts';

const SOURCE = { type: 'github', owner: 'Acme', repo: 'docs' };
const asked = (source: typeof SOURCE | null, repository: string | null) =>
  repositoryFor({ source }, { repository });

describe('the repository', () => {
  test('that a project is connected to', () => {
    const repository = { origin: 'https://github.com', host: 'github.com', path: 'Acme/docs' };
    expect(asked(SOURCE, null)).toEqual({ repository, own: false });
  });

  test('that a rule names, of a project that is connected to none', () => {
    const repository = { origin: 'https://git.example.com', host: 'git.example.com', path: 'team/site' };
    expect(asked(null, 'https://git.example.com/team/site.git')).toEqual({ repository, own: true });
  });

  test('that a rule names as a mirror of the connected one, whatever its letters', () => {
    const repository = {
      origin: 'https://mirror.example.com',
      host: 'mirror.example.com',
      path: 'acme/DOCS',
    };
    expect(asked(SOURCE, 'https://mirror.example.com/acme/DOCS')).toEqual({ repository, own: false });
  });

  test.each([
    [
      'it is connected to none and its rule names none',
      null,
      null,
      'it is connected to no repository, and its rule names none',
    ],
    [
      'its rule names another one',
      SOURCE,
      'https://github.com/acme/other',
      'it is connected to Acme/docs, and its rule names another repository',
    ],
    [
      'the API names one that has no address',
      { ...SOURCE, type: 'svn' },
      null,
      'the API names a repository for it that nobody can ask',
    ],
    [
      'the API names one that has no address, and its rule one',
      { ...SOURCE, owner: '..' },
      'https://github.com/acme/docs',
      'the API names a repository for it that nobody can ask',
    ],
  ])('is not asked where %s', (_, source, named, why) => {
    expect(asked(source, named)).toEqual({ repository: null, why });
  });
});

describe('a rule wants to know', () => {
  const gone = policy({ goneBranchesAfterDays: 7 });
  const builds = (ifBehind: boolean) => ({ ifBehind }) as RebuildRule;

  test.each([
    ['nothing', { prune: [], rebuild: null }, false],
    ['which branches are gone', { prune: [policy(), gone], rebuild: null }, true],
    ['at once', { prune: [policy({ goneBranchesAfterDays: 0 })], rebuild: null }, true],
    ['whether production is behind', { prune: [], rebuild: builds(true) }, true],
    ['nothing, though it builds and prunes', { prune: [policy(), policy()], rebuild: builds(false) }, false],
  ])('%s', (_, rule, asks) => {
    expect(asksGit(rule)).toBe(asks);
  });
});

test('what is pushed to a repository names it by its service, owner and name', () => {
  expect(pushedName(SOURCE)).toBe('github:Acme/docs');
  expect(pushedName(null)).toBe('');
});
