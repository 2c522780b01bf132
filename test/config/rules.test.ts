import { describe, expect, it } from 'vitest';
import { problems, read, withPolicy, withRule } from './fixture.ts';
import { WRONG } from './wrong-rules.ts';

const DEFAULT_POLICY = {
  cron: null,
  olderThanDays: 30,
  keepLatest: 1,
  environment: 'all',
  branches: ['*'],
  staleBranchesAfterDays: null,
  goneBranchesAfterDays: null,
  pullRequests: null,
};

describe('RULES', () => {
  it('is no rule by default', () => {
    expect(read({ RULES: undefined }).rules).toEqual([]);
    expect(read({ RULES: '' }).rules).toEqual([]);
  });

  it('of a rule, only `projects` is required', () => {
    expect(read({ RULES: [{ projects: ['blog', '!docs'] }] }).rules).toEqual([
      {
        ...{ projects: ['blog', '!docs'], show: true, dryRun: false },
        ...{ repository: null, rebuild: null, prune: [] },
      },
    ]);
  });

  it('of a policy, only `olderThanDays` is required', () => {
    expect(read(withRule({ prune: { olderThanDays: 30 } })).rules[0]?.prune).toEqual([DEFAULT_POLICY]);
  });

  it('of a rebuild, nothing is required', () => {
    expect(read(withRule({ rebuild: {} })).rules[0]?.rebuild).toEqual({
      cron: null,
      branch: null,
      ifOlderThanMinutes: 0,
      ifChanged: null,
      ifBehind: false,
      hook: false,
      retryFailed: false,
    });
  });

  it('takes every field', () => {
    const policy = {
      cron: '0 3 * * *',
      olderThanDays: 7,
      keepLatest: 3,
      environment: 'preview',
      branches: ['a', '!b'],
    };
    const rule = {
      projects: ['blog'],
      show: false,
      dryRun: true,
      repository: 'https://git.example/acme/docs.git',
      rebuild: {
        ...{ cron: '0 * * * *', branch: 'main', ifOlderThanMinutes: 55 },
        ifChanged: 'https://cms.example/feed.json',
        ifBehind: true,
        hook: true,
        retryFailed: true,
      },
      prune: [
        { ...policy, staleBranchesAfterDays: 30, goneBranchesAfterDays: 0, pullRequests: 'pr-{number}' },
      ],
    };
    expect(read({ RULES: [rule] }).rules).toEqual([rule]);
  });

  it('takes the empty text for a field as not set', () => {
    const policy = {
      ...{ cron: '', keepLatest: '', environment: '', branches: '' },
      ...{ staleBranchesAfterDays: '', goneBranchesAfterDays: '', pullRequests: '' },
    };
    expect(read(withPolicy(policy)).rules[0]?.prune).toEqual([DEFAULT_POLICY]);
    expect(read(withRule({ show: '', dryRun: '', rebuild: '', prune: '' })).rules[0]).toMatchObject({
      rebuild: null,
      prune: [],
    });
  });

  it('collapses the spaces of a cron', () => {
    expect(read(withPolicy({ cron: ' 0  3 * *\t* ' })).rules[0]?.prune[0]?.cron).toBe('0 3 * * *');
  });

  it('of more than 5 KB of text is fine', () => {
    const many = Array.from({ length: 500 }, (_, n) => ({ projects: [`project-${n}`] }));
    expect(read({ RULES: JSON.stringify(many) }).rules).toHaveLength(500);
  });

  it.each(WRONG)('is wrong at %s, and nowhere else, with %j', (path, change) => {
    expect(problems(change).map((problem) => problem.path)).toEqual([path]);
  });

  it('a branch may be stale as soon as its deployments expire', () => {
    expect(problems(withPolicy({ staleBranchesAfterDays: 30, environment: 'preview' }))).toEqual([]);
  });

  it('compares two fields of a policy even when a third one is wrong', () => {
    expect(
      problems(withPolicy({ keepLatest: 0, staleBranchesAfterDays: 29 })).map(({ path }) => path),
    ).toEqual(['RULES[0].prune.keepLatest', 'RULES[0].prune.staleBranchesAfterDays']);
  });
});
