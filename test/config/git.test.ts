// What the settings say about Git: which repository a rule names, and to which one host a token goes.

import { describe, expect, it } from 'vitest';
import { apiAuthorization, gitAuthorization, pullApiOf } from '../../src/git/address.ts';
import { lines, read, withPolicy, withRule } from './fixture.ts';

const at = (repository: string) => ({ projects: ['*'], repository });
const gitOf = (GIT_TOKEN: string, ...repositories: string[]) =>
  read({ GIT_TOKEN, RULES: repositories.map(at) }).git;

describe('repository', () => {
  it.each([
    ['https://github.com/acme/docs', 'https://github.com/acme/docs.git'],
    ['https://git.example:8443/a/b/c.git', 'https://git.example:8443/a/b/c.git'],
    ['http://localhost:8080/acme/docs/', 'http://localhost:8080/acme/docs.git'],
  ])('%s is one', (given, address) => {
    expect(read(withRule({ repository: given })).rules[0]?.repository).toBe(address);
  });

  it.each([
    'http://github.com/acme/docs',
    'git@github.com:acme/docs.git',
    'https://user:secret@github.com/acme/docs',
    'https://github.com/acme',
    'https://github.com/acme/docs?ref=main',
    'https://github.com/acme/docs#readme',
    'https://github.com/acme/%2e%2e',
  ])('%s is none', (given) => {
    const [line, ...more] = lines(withRule({ repository: given }));
    expect(more).toEqual([]);
    expect(line).toContain('RULES[0].repository: must be the https URL of a Git repository');
  });
});

describe('goneBranchesAfterDays', () => {
  it('is a whole number of days, 0 among them, and never for production alone', () => {
    expect(read(withPolicy({ goneBranchesAfterDays: '0' })).rules[0]?.prune[0]?.goneBranchesAfterDays).toBe(
      0,
    );
    expect(lines(withPolicy({ goneBranchesAfterDays: -1 }))).toHaveLength(1);
    expect(lines(withPolicy({ goneBranchesAfterDays: 1, environment: 'production' }))).toEqual([
      'RULES[0].prune.goneBranchesAfterDays: is for preview branches only: take it out, or set environment to "preview" or "all"',
    ]);
  });
});

describe('the APIs of other hosts', () => {
  it('are where the settings say, and get the token of that host alone', () => {
    const set = {
      GITHUB_API_BASE_URL: 'https://git.example/api/v3/',
      GITLAB_API_BASE_URL: 'https://lab.example/api/v4',
    };
    const { git } = read({ ...set, GIT_TOKEN: '{"git.example": "one"}' });
    expect(pullApiOf('git.example', git)).toEqual({ kind: 'github', baseUrl: 'https://git.example/api/v3' });
    expect(pullApiOf('lab.example', git)).toEqual({ kind: 'gitlab', baseUrl: 'https://lab.example/api/v4' });
    expect(pullApiOf('github.com', git)?.baseUrl).toBe('https://api.github.com');
    expect(pullApiOf('other.example', git)).toBeNull();
    expect(['git.example', 'lab.example', 'github.com'].map((host) => apiAuthorization(host, git))).toEqual([
      'Bearer one',
      null,
      null,
    ]);
  });

  it.each([
    'http://git.example/api',
    'https://a:b@git.example/api',
    'https://git.example/api?x',
    'git.example',
  ])('%s is none', (given) => {
    const [line, ...more] = lines({ GITHUB_API_BASE_URL: given });
    expect(more).toEqual([]);
    expect(line).toContain('GITHUB_API_BASE_URL: must be an https URL');
  });
});

describe('GIT_TOKEN', () => {
  it('goes to github.com where no rule names another host, and nowhere else', () => {
    const git = gitOf('secret');
    expect(gitAuthorization('github.com', git)).toBe(`Basic ${btoa('x-access-token:secret')}`);
    for (const host of ['gitlab.com', 'github.com.evil.test', 'github.com:8443', '__proto__', 'toString'])
      expect([gitAuthorization(host, git), apiAuthorization(host, git)]).toEqual([null, null]);
  });

  it('goes to the only host that the rules name', () => {
    const git = gitOf('reader:secret', 'https://git.example/a/b', 'https://git.example/a/c');
    expect(gitAuthorization('git.example', git)).toBe(`Basic ${btoa('reader:secret')}`);
    expect(gitAuthorization('github.com', git)).toBeNull();
  });

  it('must be by host where the rules name two', () => {
    const RULES = ['https://git.example/a/b', 'https://github.com/a/b'].map(at);
    const [line, ...more] = lines({ GIT_TOKEN: 'hunter2', RULES });
    expect(more).toEqual([]);
    expect(line).toContain('GIT_TOKEN: must be JSON by host');
    expect(line).not.toContain('hunter2');
    const { git } = read({ GIT_TOKEN: '{"git.example":"one","github.com":"two"}', RULES });
    expect(gitAuthorization('git.example', git)).toBe(`Basic ${btoa('oauth2:one')}`);
    expect(gitAuthorization('github.com', git)).toBe(`Basic ${btoa('x-access-token:two')}`);
  });

  it.each([
    'two words',
    'line\nend',
    '{"github.com":1}',
    '{}',
    '{"https://github.com":"a"}',
    '{"a',
    '["a"]é',
  ])('%j is none, and is not shown', (given) => {
    const [line, ...more] = lines({ GIT_TOKEN: given });
    expect(more).toEqual([]);
    expect(line).toContain('GIT_TOKEN: must be a token');
    expect(line).not.toContain(given);
  });
});
