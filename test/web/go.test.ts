// `/go/:project/:branch`: to the newest ready build of a branch, and nowhere else.

import { describe, expect, it } from 'vitest';
import { deployment, MINUTE, NOW, project, statusPage } from './fixtures.ts';

const build = (change: Parameters<typeof deployment>[0] = {}) => ({
  branchBuild: {
    project: project({ subdomain: 'docs-7xk.pages.dev' }),
    deployment: deployment({ environment: 'preview', url: 'https://1a2b3c4d.docs-7xk.pages.dev', ...change }),
  },
});

it('sends to the newest ready preview; a branch may hold slashes', async () => {
  const { get, keeper } = statusPage(build());
  const response = await get('/go/docs/feature/new%20nav');
  expect([response.status, response.headers.get('Location')]).toEqual([
    302,
    'https://1a2b3c4d.docs-7xk.pages.dev',
  ]);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(keeper.asked).toEqual([['branchBuild', 'docs', 'feature/new nav']]);
});

it('sends to production for its branch', async () => {
  const { get } = statusPage(build({ environment: 'production' }));
  expect((await get('/go/docs/main')).headers.get('Location')).toBe('https://docs-7xk.pages.dev');
});

it.each([
  'https://evil.example',
  'https://docs-7xk.pages.dev.evil.example',
  'https://evil-docs-7xk.pages.dev.example/docs-7xk.pages.dev',
  'https://xdocs-7xk.pages.dev',
  'http://1a2b3c4d.docs-7xk.pages.dev',
  'javascript:alert(1)',
  '',
])('never sends to %s', async (url) => {
  const response = await statusPage(build({ url })).get('/go/docs/main');
  expect([response.status, response.headers.has('Location')]).toEqual([404, false]);
});

describe('while no build of the branch is ready', () => {
  it.each([
    ['building', { stage: 'clone_repo', stageStatus: 'active' }, 503, 'building, cloning the repository'],
    ['queued', { stage: 'queued', stageStatus: 'active' }, 503, 'queued, waiting for a build machine'],
    ['failed', { stage: 'build', stageStatus: 'failure' }, 409, 'failed, while running the build command'],
    ['canceled', { stage: 'build', stageStatus: 'canceled' }, 409, 'canceled, by hand or by a newer build'],
    [
      'skipped',
      { skipped: true, stage: 'queued', stageStatus: 'skipped', skipReason: 'path_config' },
      409,
      'skipped, no watched path changed',
    ],
    ['unknown', { stage: 'build', stageStatus: 'paused' }, 409, 'unknown, the API says “paused”'],
  ] as const)('%s: says so, and when to come back', async (word, change, status, words) => {
    const { get } = statusPage(build({ createdAt: NOW - 2 * MINUTE, ...change }));
    const response = await get('/go/docs/feat/x');
    expect([response.status, response.headers.get('Retry-After'), response.headers.has('Location')]).toEqual([
      status,
      status === 503 ? '30' : null,
      false,
    ]);
    const text = (await response.text()).replaceAll(/<[^>]*>/g, '');
    expect(text).toContain(words);
    expect(await (await get('/go/docs/x.json')).json()).toEqual({ error: word });
  });
});

it('is not found where there is no such project, or no such branch', async () => {
  expect((await statusPage({ branchBuild: null }).get('/go/docs/nothing')).status).toBe(404);
});

it('the page of one branch shows the link', async () => {
  const text = await statusPage().text('/projects/docs?branch=feat/new nav');
  expect(text).toContain('href="/go/docs/feat/new%20nav"');
  expect(await statusPage().text('/projects/docs')).not.toContain('href="/go/');
});
