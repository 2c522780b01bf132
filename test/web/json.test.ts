// The JSON, whole: every field, its name and its form.

import { describe, expect, it } from 'vitest';
import { DAY, deletion, judged, MINUTE, NOW, run, statusPage, summary } from './fixtures.ts';

const ENVELOPE = {
  schemaVersion: 2,
  keeperVersion: '1.0.0',
  generatedAt: '2026-11-24T13:17:30.000Z',
  stale: false,
};

const DEPLOYMENT = {
  id: '1a2b3c4d-0000-4000-8000-000000000001',
  project: 'docs',
  url: 'https://1a2b3c4d.docs-7xk.pages.dev',
  branchUrl: 'https://docs-7xk.pages.dev',
  aliases: [],
  environment: 'production',
  branch: 'main',
  commit: {
    hash: '0123456789abcdef0123456789abcdef01234567',
    message: 'Explain how aliases work',
    url: 'https://github.com/example-org/docs/commit/0123456789abcdef0123456789abcdef01234567',
  },
  trigger: 'github:push',
  status: 'ready',
  stage: 'deploy',
  skipReason: null,
  createdAt: '2026-11-24T12:17:30.000Z',
  finishedAt: '2026-11-24T12:19:17.000Z',
  verdict: { action: 'keep', reason: 'live', expiresAt: null },
};

const PROJECT = {
  name: 'docs',
  id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  subdomain: 'docs-7xk.pages.dev',
  domains: ['docs-7xk.pages.dev', 'docs.example.com'],
  productionUrl: 'https://docs-7xk.pages.dev',
  status: 'ready',
  live: DEPLOYMENT,
  latest: DEPLOYMENT,
  rolledBack: false,
  failedSinceLive: 0,
  nextRebuildAt: '2026-11-24T14:00:30.000Z',
  nextPruneAt: '2026-11-24T14:00:30.000Z',
  counts: { total: 143, next: 12, left: null },
  git: null,
};

const RUN = {
  id: '2026-11-24T13-00',
  cron: '0 * * * *',
  scheduledAt: '2026-11-24T13:00:30.000Z',
  startedAt: '2026-11-24T13:00:32.000Z',
  finishedAt: '2026-11-24T13:02:30.000Z',
  outcome: 'done',
  dryRun: false,
  calls: 31,
  counts: { deleted: 12, gone: 1, refused: 0, failed: 0, remaining: 0, wouldDelete: 0 },
  rebuilds: [{ project: 'docs', branch: 'main', deploymentId: DEPLOYMENT.id, status: 'ready' }],
  skips: [{ project: 'brochure', reason: 'direct-upload' }],
  refusals: [],
  listed: { rebuilds: 1, skips: 1, refusals: 0 },
  error: null,
};

describe('JSON', () => {
  it('/status.json', async () => {
    expect(await statusPage().json('/status.json')).toEqual({
      ...ENVELOPE,
      projects: [PROJECT],
      page: { number: 1, of: 1, total: 1, next: null },
      runs: [RUN],
    });
  });

  it('/status.json says where its next page is, with what was asked for', async () => {
    const { get, keeper } = statusPage({ overview: { page: { number: 2, of: 3, total: 201 } } });
    const json = (await (await get('/status.json?q=Do%20cs&status=failed&page=2')).json()) as {
      page: unknown;
    };
    const next = '/status.json?q=Do%20cs&status=failed&page=3';
    expect(json.page).toEqual({ number: 2, of: 3, total: 201, next });
    const query = { page: 2, size: 100, find: 'Do cs', status: 'failed', order: 'need', runs: 20 };
    expect(keeper.asked).toEqual([['overview', query]]);
  });

  it('a page asks for the one run that it shows', async () => {
    const { get, keeper } = statusPage();
    await get('/');
    const query = { page: 1, size: 50, find: null, status: null, order: 'need', runs: 1 };
    expect(keeper.asked).toEqual([['overview', query]]);
  });

  it('/status.json holds the last 20 runs at most', async () => {
    const runs = Array.from({ length: 30 }, (_, index) => run({ id: `r${index}` }));
    const json = await statusPage({ overview: { runs } }).json('/status.json');
    expect((json.runs as { id: string }[]).map(({ id }) => id)).toEqual(
      runs.slice(0, 20).map(({ id }) => id),
    );
  });

  it('/projects/:name.json', async () => {
    const preview = judged(
      { environment: 'preview', branch: 'feat/x', aliases: ['https://feat-x.docs-7xk.pages.dev'] },
      { action: 'delete', reason: 'expired', expiresAt: NOW - DAY },
    );
    const answers = { project: { deployments: [preview], page: 2, pages: 6, matching: 143 } };
    expect(await statusPage(answers).json('/projects/docs.json?branch=feat/x&page=2')).toEqual({
      ...ENVELOPE,
      ...PROJECT,
      deployments: [
        {
          ...DEPLOYMENT,
          environment: 'preview',
          branch: 'feat/x',
          branchUrl: 'https://feat-x.docs-7xk.pages.dev',
          aliases: ['https://feat-x.docs-7xk.pages.dev'],
          verdict: { action: 'delete', reason: 'expired', expiresAt: '2026-11-23T13:17:30.000Z' },
        },
      ],
      page: { number: 2, of: 6, total: 143, next: '/projects/docs.json?branch=feat%2Fx&page=3' },
    });
  });

  it('a branch whose alias may be another one’s has no link that only may be its own', async () => {
    const rows = ['feat/x', 'feat-x', 'feat/y'].map((branch) => judged({ environment: 'preview', branch }));
    const branches = ['feat/x', 'feat-x', 'feat/y', 'main'];
    const json = await statusPage({ project: { deployments: rows, branches } }).json('/projects/docs.json');
    expect((json.deployments as { branchUrl: string | null }[]).map(({ branchUrl }) => branchUrl)).toEqual([
      null,
      null,
      'https://feat-y.docs-7xk.pages.dev',
    ]);
  });

  it('nor where the other branches of its project are not known', async () => {
    const latest = judged({ environment: 'preview', branch: 'feat/x' });
    const urlOf = (json: Record<string, unknown>) => (json.latest as { branchUrl: string | null }).branchUrl;
    const { json } = statusPage({
      overview: { projects: [summary({ latest })] },
      project: { summary: summary({ latest }), branches: ['feat/x'] },
    });
    const [first] = (await json('/status.json')).projects as Record<string, unknown>[];
    expect(urlOf(first ?? {})).toBeNull();
    expect(urlOf(await json('/projects/docs.json'))).toBe('https://feat-x.docs-7xk.pages.dev');
  });

  it('a project of which little is known', async () => {
    const empty = summary({
      live: null,
      latest: null,
      total: null,
      next: null,
      nextRebuildAt: null,
    });
    const json = await statusPage({ overview: { projects: [empty] } }).json('/status.json');
    expect(json.projects).toEqual([
      {
        ...PROJECT,
        status: 'not-built',
        live: null,
        latest: null,
        counts: { total: null, next: null, left: null },
        nextRebuildAt: null,
      },
    ]);
  });

  it('/runs.json', async () => {
    const answers = {
      runs: {
        progress: {
          runId: 'r',
          phase: 'reading',
          done: 1_200,
          of: 4_000,
          parts: [{ project: 'docs', done: 1, of: 2 }],
          endsAt: NOW + MINUTE,
        } as const,
        plan: [summary({ moreIfStale: 5, left: 3, dryRun: true })],
        warnings: ['RULES[1] matches no project'],
      },
    };
    expect(await statusPage(answers).json('/runs.json')).toEqual({
      ...ENVELOPE,
      runs: [RUN],
      next: null,
      page: { number: 1, of: 1, total: 1, next: null },
      progress: {
        runId: 'r',
        phase: 'reading',
        done: 1_200,
        of: 4_000,
        endsAt: '2026-11-24T13:18:30.000Z',
      },
      plan: [
        {
          project: 'docs',
          total: 143,
          next: 12,
          left: 3,
          moreIfStale: 5,
          nextPruneAt: '2026-11-24T14:00:30.000Z',
          dryRun: true,
        },
      ],
      warnings: ['RULES[1] matches no project'],
    });
  });

  it('/runs/:id.json', async () => {
    const { get, keeper } = statusPage({ run: { page: 2, pages: 3, total: 203 } });
    expect(await (await get('/runs/2026-11-24T13-00.json?page=2')).json()).toEqual({
      ...ENVELOPE,
      stale: false,
      ...RUN,
      deletions: [
        {
          ...deletion(),
          createdAt: '2026-10-15T13:17:30.000Z',
          deletedAt: '2026-11-24T13:01:30.000Z',
        },
      ],
      page: { number: 2, of: 3, total: 203, next: '/runs/2026-11-24T13-00.json?page=3' },
    });
    expect(keeper.asked).toEqual([['run', '2026-11-24T13-00', 2]]);
  });

  it('the last page has no next one, and of what is not counted no total', async () => {
    const { json } = statusPage({
      project: { pages: 3, page: 3, matching: null },
      run: { page: 1, total: 0 },
    });
    expect((await json('/projects/docs.json')).page).toEqual({ number: 3, of: 3, total: null, next: null });
    expect((await json('/runs/x.json')).page).toEqual({ number: 1, of: 1, total: 0, next: null });
  });

  it('what a dry run would delete is no queue that remains', async () => {
    const counts = { deleted: 0, gone: 0, refused: 0, failed: 0, remaining: 7 };
    for (const [dryRun, remaining, wouldDelete] of [
      [true, 0, 7],
      [false, 7, 0],
    ]) {
      const json = await statusPage({ run: { run: run({ counts, dryRun: dryRun === true }) } }).json(
        '/runs/x.json',
      );
      expect(json.counts).toMatchObject({ remaining, wouldDelete });
    }
  });

  it('answers 304 although its time of making has moved on', async () => {
    const later = { now: () => NOW + 5_000 };
    const tag = (await statusPage().get('/status.json')).headers.get('ETag') ?? '';
    const again = await statusPage({}, later).get('/status.json', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
  });
});
