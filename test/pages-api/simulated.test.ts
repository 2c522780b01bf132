// The client against the simulated API: what it sends is understood, and every fault becomes its class.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Fault, Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { createPagesApi } from '../../src/pages-api/client.ts';
import type { ErrorClass } from '../../src/pages-api/errors.ts';
import { NOW, thrown } from './fake.ts';

const DAY = 86_400_000;
const GONE = '00000000-0000-4000-8000-000000000000';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A project of 30 deployments, one a day; the newest is live, a preview holds its branch's alias. */
function world(
  options: SimulatorOptions = {},
  credentials = { kind: 'token', token: 'test-token' } as const,
) {
  const simulator = new Simulator({ now: () => NOW, ...options });
  const project = simulator.account.addProject({ name: 'docs' });
  for (let day = 30; day > 0; day -= 1) project.add({ createdAt: NOW - day * DAY });
  const preview = project.add({ createdAt: NOW - 40 * DAY, branch: 'feature' });
  const api = createPagesApi({
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
    baseUrl: 'https://api.test/client/v4',
    accountId: 'account',
    credentials,
    now: () => NOW,
  });
  const ids = project.deployments.map(({ id }) => id);
  return { simulator, project, api, preview, live: ids[0] ?? '', old: ids.at(-2) ?? '' };
}

describe('the simulated API', () => {
  it('lists page by page, and tells the totals', async () => {
    const { api, project } = world();
    const pages = [1, 2].map((page) => api.listDeployments('docs', { page, perPage: 25 }));
    const [first, second] = await Promise.all(pages);
    expect([first?.rows.length, second?.rows.length]).toEqual([25, 6]);
    expect(first).toMatchObject({ totalCount: 31, totalPages: 2, projectId: project.id });
    const previews = await api.listDeployments('docs', { page: 1, perPage: 25 }, 'preview');
    expect(previews.rows.map(({ branch }) => branch)).toEqual(['feature']);
  });

  it('lists projects with what is live', async () => {
    const { api, live } = world();
    const { rows } = await api.listProjects({ page: 1, perPage: 10 });
    expect(rows[0]?.canonical?.id).toBe(live);
    expect((await api.getProject('docs')).latest?.id).toBe(live);
  });

  it('builds the branch that is asked for', async () => {
    const { api, simulator } = world();
    const built = await api.createDeployment('docs', 'feature/x');
    expect(built).toMatchObject({ branch: 'feature/x', environment: 'preview' });
    expect(simulator.calls.map(({ branch }) => branch)).toEqual(['feature/x']);
    expect((await api.getDeployment('docs', built.id)).id).toBe(built.id);
  });

  it('deletes; the alias only with force', async () => {
    const { api, project, old, preview } = world();
    await api.deleteDeployment('docs', old);
    expect(project.get(old)).toBeNull();
    expect((await thrown(api.deleteDeployment('docs', preview.id))).kind).toBe('refused');
    await api.deleteDeployment('docs', preview.id, { force: true });
    expect(project.get(preview.id)).toBeNull();
  });

  it('refuses the live deployment, too large a page, what is gone and who may not', async () => {
    const { api, live } = world();
    const kinds = await Promise.all(
      [
        api.deleteDeployment('docs', live, { force: true }),
        api.listDeployments('docs', { page: 1, perPage: 26 }),
        api.deleteDeployment('docs', GONE),
        api.deleteDeployment('shop', GONE),
        world({ token: 'another' }).api.listProjects(null),
        world({ limit: { calls: 0, windowMs: 1_000, blockMs: 9_000 } }).api.listProjects(null),
      ].map(async (call) => (await thrown(call)).kind),
    );
    expect(kinds).toEqual(['refused', 'page-refused', 'gone', 'project-gone', 'unauthorized', 'blocked']);
  });

  it('lets in with e-mail and key', async () => {
    const credentials = { kind: 'key', email: 'test@example.com', key: 'test-key' } as const;
    const { simulator } = world();
    const api = createPagesApi({
      fetch: (url, init) => simulator.fetch(new Request(url, init)),
      ...{ baseUrl: 'https://api.test/client/v4', accountId: 'account', credentials, now: () => NOW },
    });
    expect((await api.listProjects(null)).rows).toHaveLength(1);
  });
});

describe('a fault', () => {
  const FAULTS: [Fault, ErrorClass, boolean][] = [
    [{ kind: 'status', status: 503 }, 'in-doubt', false],
    [{ kind: 'status', status: 502, body: 'html' }, 'in-doubt', false],
    [{ kind: 'status', status: 504, body: 'empty' }, 'in-doubt', false],
    [{ kind: 'success-false' }, 'in-doubt', false],
    [{ kind: 'truncated' }, 'in-doubt', true],
    [{ kind: 'drop-before' }, 'in-doubt', false],
    [{ kind: 'drop-after' }, 'in-doubt', true],
    [{ kind: 'timeout' }, 'in-doubt', false],
    [{ kind: 'timeout', effect: true }, 'in-doubt', true],
    [{ kind: 'redirect', location: 'https://elsewhere.test/' }, 'in-doubt', false],
    [{ kind: 'huge' }, 'in-doubt', false],
    [{ kind: 'block' }, 'blocked', false],
    [{ kind: 'status', status: 400, code: 8_000_999 }, 'rejected', false],
  ];

  it.each(FAULTS)('%j is `%s` after one request; deleted all the same: %s', async (fault, kind, effect) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(fault.kind === 'timeout' ? 5 : 30_000));
    const { api, simulator, project, old } = world();
    simulator.fault = () => fault;
    const error = await thrown(api.deleteDeployment('docs', old));
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain('test-token');
    expect(simulator.calls).toHaveLength(1);
    expect(project.get(old) === null).toBe(effect);
  });

  it.each(FAULTS)('%j of a list is never taken for an empty one', async (fault, kind) => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(fault.kind === 'timeout' ? 5 : 30_000));
    const { api, simulator } = world();
    simulator.fault = () => fault;
    expect((await thrown(api.listDeployments('docs', null))).kind).toBe(kind);
  });
});
