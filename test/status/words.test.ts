// The words of statuses, verdicts and the one sentence on top.

import { describe, expect, it } from 'vitest';
import { type Deployment, isFinished } from '../../src/pages-api/model.ts';
import { REASONS } from '../../src/plan/reasons.ts';
import { viewDeployment, viewProject } from '../../src/status/model.ts';
import { summarize } from '../../src/status/sentence.ts';
import { statusLine, statusWord, triggerWords } from '../../src/status/status-words.ts';
import { verdictWords } from '../../src/status/words.ts';
import { DAY, HOUR, judged, MINUTE, NOW, project, summary } from './fixtures.ts';

const minutes = (count: number) => ({ createdAt: NOW - count * MINUTE, finishedAt: null });

function spoken(change: Partial<Deployment>): string {
  const view = viewDeployment(judged(change), project(), NOW);
  return `${statusWord(view.status)}: ${statusLine(view, NOW)}`;
}

describe('a status', () => {
  it.each<[string, Partial<Deployment>]>([
    ['Ready: built in 1 min 47 s', {}],
    [
      'Queued: waiting for a build machine, 2 min so far',
      { ...minutes(2), stage: 'queued', stageStatus: 'active' },
    ],
    [
      'Building: starting the build machine, under a minute so far',
      { ...minutes(0.5), stage: 'initialize', stageStatus: 'active' },
    ],
    [
      'Building: cloning the repository, 2 min so far',
      { ...minutes(2), stage: 'clone_repo', stageStatus: 'active' },
    ],
    [
      'Building: running the build command, 2 min so far',
      { ...minutes(2), stage: 'build', stageStatus: 'active' },
    ],
    ['Building: uploading, 2 min so far', { ...minutes(2), stage: 'deploy', stageStatus: 'active' }],
    [
      'Building: 31 min so far; builds stop at 20 min, so this one is probably stuck (running the build command)',
      { ...minutes(31), stage: 'build', stageStatus: 'active' },
    ],
    ['Failed: while running the build command, after 1 min 47 s', { stage: 'build', stageStatus: 'failure' }],
    [
      'Failed: while cloning the repository, after 1 min 47 s',
      { stage: 'clone_repo', stageStatus: 'failure' },
    ],
    ['Canceled: by hand or by a newer build, after 1 min 47 s', { stage: 'build', stageStatus: 'canceled' }],
    ['Skipped: the commit message asked for it', { skipped: true, skipReason: 'commit_message' }],
    ['Skipped: no watched path changed', { skipped: true, skipReason: 'path_config' }],
    ['Skipped: this branch is not built', { skipped: true, skipReason: 'branch_config' }],
    ['Skipped: preview builds are turned off', { skipped: true, skipReason: 'preview_deployments_disabled' }],
    [
      'Skipped: production builds are turned off',
      { skipped: true, skipReason: 'production_deployments_disabled' },
    ],
    ['Skipped: a newer commit replaced it', { skipped: true, skipReason: 'superseded_queued_build' }],
    ['Skipped: the project moved to Workers', { skipped: true, skipReason: 'pages_to_workers_conversion' }],
    ['Skipped: something_new', { skipped: true, skipReason: 'something_new' }],
    ['Not built: builds were off', { ...minutes(90), stage: 'queued', stageStatus: 'idle' }],
    ['Unknown: the API says “paused”, at stage “audit”', { stage: 'audit', stageStatus: 'paused' }],
  ])('%s', (words, change) => {
    expect(spoken(change)).toBe(words);
  });

  it('is under way exactly until the build is finished', () => {
    const view = viewDeployment(judged({ stage: 'build', stageStatus: 'success' }), project(), NOW);
    expect([view.status, isFinished(judged({ stage: 'build', stageStatus: 'success' }).deployment)]).toEqual([
      'building',
      false,
    ]);
  });

  it('names the trigger', () => {
    expect(['github:push', 'gitlab:push', 'deploy_hook', 'ad_hoc', 'else'].map(triggerWords)).toEqual([
      'push',
      'push',
      'deploy hook',
      'direct upload or API',
      'else',
    ]);
  });
});

describe('a verdict', () => {
  it.each(REASONS.filter((reason) => reason !== 'young' && reason !== 'expired'))('%s is kept', (reason) => {
    const { text, when, soon } = verdictWords({ action: 'keep', reason, expiresAt: null }, NOW, false);
    expect([text.startsWith('Kept: '), when, soon]).toEqual([true, '', false]);
  });

  it('young says until when, with emphasis on the last day', () => {
    const young = (expiresAt: number) =>
      verdictWords({ action: 'keep', reason: 'young', expiresAt }, NOW, false);
    expect(young(NOW + 29 * DAY)).toEqual({
      text: 'Deleted after 2026-12-23 13:17 UTC',
      when: 'in 29 days',
      soon: false,
    });
    expect(young(NOW + 5 * HOUR).soon).toBe(true);
  });

  it('expired goes at the next run, or would', () => {
    const expired = { action: 'delete', reason: 'expired', expiresAt: NOW - DAY } as const;
    expect(verdictWords(expired, NOW, false)).toEqual({
      text: 'Deleted at the next run',
      when: 'expired 2026-11-23 13:17 UTC',
      soon: true,
    });
    expect(verdictWords(expired, NOW, true).text).toBe('Dry run: would go at the next run');
  });
});

const preview = { environment: 'preview', branch: 'x' } as const;
const building = { stage: 'build', stageStatus: 'active', finishedAt: null } as const;
const failed = { stage: 'build', stageStatus: 'failure' } as const;
const named = (name: string, change: Parameters<typeof summary>[0] = {}) =>
  viewProject(summary({ project: project({ name }), ...change }), NOW);

describe("a project's one word", () => {
  it.each([
    ['ready', {}],
    ['building', { latest: judged({ ...preview, ...building }), failedSinceLive: 2 }],
    ['failed', { latest: judged(failed), failedSinceLive: 1 }],
    ['failed', { latest: judged(preview), failedSinceLive: 1 }],
    ['ready', { latest: judged({ ...preview, ...failed }) }],
    ['failed', { live: null, latest: judged({ ...preview, ...failed }) }],
    ['not-built', { live: null, latest: null }],
  ] as const)('is %s', (status, change) => {
    expect(named('docs', change).status).toBe(status);
  });
});

describe('the sentence on top', () => {
  const behind = named('shop', { failedSinceLive: 3 });
  const down = named('new', { live: null, latest: null });

  it.each([
    ['Nothing to show yet', 'Nothing to show', 'quiet', []],
    ['docs is live', 'All live', 'ok', [named('docs')]],
    ['All 2 projects are live', 'All live', 'ok', [named('a'), named('b')]],
    ['All 2 projects are live, but shop is behind', '1 behind', 'bad', [named('a'), behind]],
    ['shop is live, but behind', '1 behind', 'bad', [behind]],
    ['1 of 2 projects are live, but shop is behind', '1 behind, 1 not live', 'bad', [behind, down]],
    ['new has nothing live', '1 not live', 'bad', [down]],
    ['None of the 2 projects is live', '2 not live', 'bad', [down, down]],
    ['docs is live', '1 building', 'busy', [named('docs', { latest: judged(building) })]],
  ] as const)('%s', (sentence, title, mood, projects) => {
    expect(summarize(projects)).toMatchObject({ sentence, title, mood });
  });

  it('adds what is behind, under way and rolled back', () => {
    const { also } = summarize([
      behind,
      named('docs', { latest: judged(building) }),
      named('blog', { rolledBack: true }),
    ]);
    expect(also).toEqual([
      'shop: the last 3 production builds failed; the live site is from 2026-11-24 12:17 UTC.',
      '1 build is under way: docs.',
      'Rolled back: blog.',
    ]);
  });
});
