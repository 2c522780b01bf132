// Reading the account, against the simulated API: whole, or not at all.

import { expect, test } from 'vitest';
import { createDoctorApi } from '../../doctor/api.ts';
import { readOnly } from '../../doctor/read-only.ts';
import { readDeployments, readProjects } from '../../doctor/reading.ts';
import { type Fault, type FaultyCall, Simulator } from '../../simulator/simulator.ts';
import type { Project } from '../../src/pages-api/model.ts';
import { project } from './fixture.ts';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const HOUR = 3_600_000;

function world(deployments: number) {
  const simulator = new Simulator({ now: () => NOW, limit: null });
  const docs = simulator.account.addProject({ name: 'docs' });
  for (let at = deployments; at > 0; at -= 1) docs.add({ createdAt: NOW - at * HOUR });
  const waits: number[] = [];
  const api = createDoctorApi({
    fetch: readOnly((url, init) => simulator.fetch(new Request(url, init))),
    config: {
      apiBaseUrl: 'https://api.test/client/v4',
      accountId: 'account',
      credentials: { kind: 'token', token: 'test-token' },
    },
    now: () => NOW,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const read = async () => {
    const { projects } = await readProjects(api);
    return readDeployments(api, projects[0] as Project, { keep: 1, now: () => NOW, onPage: () => {} });
  };
  const listed = () => simulator.calls.filter(({ path }) => path.endsWith('/deployments'));
  return { simulator, docs, api, waits, read, listed };
}

/** Does this at the n-th list of deployments. */
function atList(simulator: Simulator, n: number, act: () => Fault | null): void {
  let lists = 0;
  simulator.fault = ({ path }: FaultyCall) => {
    if (!path.endsWith('/deployments')) return null;
    lists += 1;
    return lists === n ? act() : null;
  };
}

test('all projects, ten a page', async () => {
  const { simulator, api } = world(1);
  for (let at = 0; at < 24; at += 1) simulator.account.addProject({ name: `site-${at}` });
  const { projects, calls } = await readProjects(api);
  expect([projects.length, calls]).toEqual([25, 3]);
});

test('projects of the list that it does not show, or shows twice, are counted as unread', async () => {
  const rows = [1, 2].map((at) => project({ name: `site-${at}` }));
  const page = { totalCount: 4, totalPages: 2, projectId: null, unread: 0 };
  const read = (second: readonly Project[], change = {}) =>
    readProjects({
      listProjects: (choice) =>
        Promise.resolve({ ...page, ...change, rows: choice?.page === 1 ? rows : second }),
    });
  const others = [3, 4].map((at) => project({ name: `site-${at}` }));
  expect(await read(others)).toMatchObject({ unread: 0, calls: 2 });
  expect(await read(rows)).toMatchObject({ projects: rows, unread: 2 });
  expect(await read(rows, { totalCount: null })).toMatchObject({ unread: 2 });
  expect(await read(others.slice(1))).toMatchObject({ unread: 1 });
  expect(await read(others, { unread: 1, totalCount: null })).toMatchObject({ unread: 2 });
});

test('all deployments, and page 1 once more', async () => {
  const { read, docs } = world(60);
  const reading = await read();
  expect(reading).toMatchObject({ kind: 'whole', calls: 4, walkedAt: NOW });
  const ids = reading.kind === 'whole' ? reading.rows.map(({ id }) => id) : [];
  expect(ids.sort()).toEqual(docs.deployments.map(({ id }) => id).sort());
});

test('one that is made while they are read is there, once', async () => {
  const { simulator, docs, read } = world(60);
  atList(simulator, 2, () => {
    docs.add({ createdAt: NOW });
    return null;
  });
  const reading = await read();
  const ids = reading.kind === 'whole' ? reading.rows.map(({ id }) => id) : [];
  expect(ids.sort()).toEqual(docs.deployments.map(({ id }) => id).sort());
});

test('after a delete between two pages they are read again', async () => {
  const { simulator, docs, read } = world(60);
  atList(simulator, 2, () => {
    docs.remove(docs.deployments[40]?.id ?? '');
    return null;
  });
  const reading = await read();
  expect(reading).toMatchObject({ kind: 'whole', calls: 8 });
  expect(reading.kind === 'whole' && reading.rows).toHaveLength(59);
});

test('totals that never agree: three attempts, then it says why', async () => {
  const { simulator, read } = world(60);
  simulator.fault = ({ path, query }) =>
    path.endsWith('/deployments') && query.page === '1' ? { kind: 'total-count', by: 3 } : null;
  expect(await read()).toEqual({ kind: 'unread', why: '60 were read, the API says 63', calls: 12 });
});

test.each([
  [10, 30, ['25', '10'], ['10']],
  // The bare call shows the first page: enough for a small project.
  [0, 20, ['25', '10', undefined], ['10', '5', undefined]],
])(
  'where pages of more than %i are refused it asks as the Worker does',
  async (most, old, sizes, projects) => {
    const { simulator, read, listed } = world(old);
    simulator.fault = ({ query }) =>
      Number(query.per_page ?? 0) > most ? { kind: 'status', status: 400, code: 8000024 } : null;
    expect(await read()).toMatchObject({ kind: 'whole' });
    expect([...new Set(listed().map(({ query }) => query.per_page))]).toEqual(sizes);
    const ofProjects = simulator.calls.filter(({ path }) => path.endsWith('/projects'));
    expect(ofProjects.map(({ query }) => query.per_page)).toEqual(projects);
  },
);

test('trouble that passes is asked again after a while, trouble that stays is told', async () => {
  const { simulator, read, waits } = world(3);
  atList(simulator, 1, () => ({ kind: 'status', status: 502, body: 'html' }));
  expect(await read()).toMatchObject({ kind: 'whole' });
  expect(waits).toEqual([2_000]);
  simulator.fault = ({ path }) => (path.endsWith('/deployments') ? { kind: 'drop-before' } : null);
  expect(await read()).toMatchObject({ kind: 'unread', why: expect.stringContaining('no answer') });
});

test('after a 429 nothing more is asked', async () => {
  const { simulator, read } = world(60);
  atList(simulator, 2, () => ({ kind: 'block' }));
  await expect(read()).rejects.toMatchObject({ kind: 'blocked' });
  expect(simulator.calls.at(-1)?.status).toBe(429);
});
