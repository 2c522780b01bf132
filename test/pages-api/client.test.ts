// What the client sends: method, URL, headers and body of each call, and nothing that may never be sent.

import { describe, expect, it } from 'vitest';
import type { PagesApi } from '../../src/pages-api/client.ts';
import { fakeApi, ID, success } from './fake.ts';
import { PROJECT as WIRE } from './wire.ts';

const PAGE = { page: 2, perPage: 10 };
const PROJECT = { id: '3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f', name: 'docs' };

const CALLS: [string, (api: PagesApi) => Promise<unknown>][] = [
  ['GET ?page=2&per_page=10', (api) => api.listProjects(PAGE)],
  ['GET ', (api) => api.listProjects(null)],
  ['GET /docs', (api) => api.getProject('docs')],
  ['GET /docs/deployments?page=2&per_page=10', (api) => api.listDeployments('docs', PAGE)],
  ['GET /docs/deployments', (api) => api.listDeployments('docs', null)],
  [
    'GET /docs/deployments?page=2&per_page=10&env=production',
    (api) => api.listDeployments('docs', PAGE, 'production'),
  ],
  ['GET /docs/deployments?env=preview', (api) => api.listDeployments('docs', null, 'preview')],
  [`GET /docs/deployments/${ID}`, (api) => api.getDeployment('docs', ID)],
  ['POST /docs/deployments', (api) => api.createDeployment('docs', 'main')],
  [`DELETE /docs/deployments/${ID}`, (api) => api.deleteDeployment('docs', ID)],
  [`DELETE /docs/deployments/${ID}`, (api) => api.deleteDeployment('docs', ID, {})],
  [`DELETE /docs/deployments/${ID}`, (api) => api.deleteDeployment('docs', ID, { force: false })],
  [`DELETE /docs/deployments/${ID}?force=true`, (api) => api.deleteDeployment('docs', ID, { force: true })],
];

/** Answers each call with what it asks for. */
const answered = () =>
  fakeApi(({ init, url }) => {
    const isList = init.method === 'GET' && /(projects|deployments)(\?|$)/.test(url);
    return success(isList ? [] : PROJECT);
  });

describe('a call', () => {
  it.each(CALLS)('is one request: %s', async (line, call) => {
    const { api, sent } = answered();
    await call(api);
    expect(sent.map((one) => one.line)).toEqual([line]);
  });

  it.each(CALLS)('follows no redirect and waits 30 s at most: %s', async (_, call) => {
    const { api, sent } = answered();
    await call(api);
    expect(sent[0]?.init.redirect).toBe('manual');
    expect(sent[0]?.init.signal).toBeInstanceOf(AbortSignal);
  });

  it.each(CALLS)('is known by the token, and by nothing else: %s', async (_, call) => {
    const { api, sent } = answered();
    await call(api);
    expect([...(sent[0]?.headers ?? [])]).toEqual([['authorization', 'Bearer CANARY-token']]);
  });

  it('is known by e-mail and Global API key where these are given', async () => {
    const credentials = { kind: 'key', email: 'me@example.com', key: 'CANARY-key' } as const;
    const { api, sent } = fakeApi(() => success([]), { credentials });
    await api.listProjects(PAGE);
    expect([...(sent[0]?.headers ?? [])]).toEqual([
      ['x-auth-email', 'me@example.com'],
      ['x-auth-key', 'CANARY-key'],
    ]);
  });

  it('is not made when the client is built', () => {
    expect(fakeApi().sent).toEqual([]);
  });

  it('calls `fetch` as a plain function', async () => {
    let self: unknown = 'never called';
    const { api } = fakeApi(function (this: unknown) {
      self = this;
      return success([]);
    });
    await api.listProjects(null);
    expect(self).toBeUndefined();
  });

  it('says how many rows were sent that could not be read', async () => {
    const page = async (rows: unknown[]) => {
      const { rows: read, unread } = await fakeApi(() => success(rows)).api.listProjects(PAGE);
      return [read.length, unread];
    };
    expect(await page([WIRE, null, 7, { name: 'no id' }])).toEqual([1, 3]);
    expect(await page([WIRE, { ...WIRE, name: 'blog' }])).toEqual([2, 0]);
    expect(await page([])).toEqual([0, 0]);
  });

  it('goes to the configured base', async () => {
    const { api, sent } = fakeApi(() => success([]), { baseUrl: 'http://localhost:8788/client/v4' });
    await api.listProjects(null);
    expect(sent[0]?.url).toBe('http://localhost:8788/client/v4/accounts/account-1/pages/projects');
  });
});

describe('a build', () => {
  it.each(['main', 'feature/ü & "quotes"'])('of the branch %j is asked for as multipart', async (branch) => {
    const { api, sent } = answered();
    await api.createDeployment('docs', branch);
    const request = new Request(sent[0]?.url ?? '', sent[0]?.init);
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data; ?boundary=/);
    expect([...(await request.formData())]).toEqual([['branch', branch]]);
  });

  it('is the only call with a body', async () => {
    for (const [line, call] of CALLS) {
      const { api, sent } = answered();
      await call(api);
      expect(sent[0]?.init.body !== undefined).toBe(line.startsWith('POST'));
    }
  });
});

describe('what may never be sent', () => {
  const odd = [
    '',
    '.',
    '..',
    'a/b',
    '../../docs',
    `${ID}/retry`,
    `${ID}?force=true`,
    `${ID}#`,
    '%2e%2e%2f%2e',
    'short',
    'x'.repeat(65),
    `${ID}\n`,
  ];

  it.each(odd)('the id %j', async (id) => {
    const { api, sent } = answered();
    await expect(api.deleteDeployment('docs', id)).rejects.toThrow(TypeError);
    await expect(api.deleteDeployment('docs', id, { force: true })).rejects.toThrow(TypeError);
    await expect(api.getDeployment('docs', id)).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  it.each(['a/b', 'a?force=true', 'a#b', 'a b', 'a%2fb'])(
    'the project %j as anything but one part of the path',
    async (project) => {
      const { api, sent } = answered();
      await api.deleteDeployment(project, ID);
      const path = new URL(sent[0]?.url ?? '').pathname.split('/');
      expect(path).toHaveLength('/client/v4/accounts/a/pages/projects/p/deployments/i'.split('/').length);
      expect(decodeURIComponent(path[7] ?? '')).toBe(project);
      expect(new URL(sent[0]?.url ?? '').search).toBe('');
    },
  );

  it('the account as anything but one part of the path', async () => {
    const { api, sent } = fakeApi(() => success([]), { accountId: 'a/../b' });
    await api.listProjects(null);
    expect(sent[0]?.url).toContain('/accounts/a%2F..%2Fb/pages/projects');
  });
});
