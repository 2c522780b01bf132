// How deployments and projects are listed: limits of a page, order, totals, filters.
import { describe, expect, test } from 'vitest';
import { type DeploymentJson, type ProjectJson, still } from './asking.ts';

const HOUR = 3_600_000;

function projectWith(count: number) {
  const world = still();
  const project = world.account.addProject({ name: 'docs' });
  for (let at = 0; at < count; at += 1)
    project.add({ createdAt: world.time.now - at * HOUR, branch: at % 3 === 0 ? 'main' : `branch-${at}` });
  return { ...world, project };
}

describe('a list of deployments', () => {
  test('holds 25 a page by default, newest first, with all five fields of result_info', async () => {
    const { ask, project } = projectWith(60);
    const { status, result, info } = await ask<DeploymentJson[]>('GET /docs/deployments');
    expect(status).toBe(200);
    expect(result.map(({ id }) => id)).toEqual(project.deployments.slice(0, 25).map(({ id }) => id));
    expect(result.map((row) => Date.parse(row.created_on))).toEqual(
      project.deployments.slice(0, 25).map((row) => row.createdAt),
    );
    expect(info).toEqual({ page: 1, per_page: 25, count: 25, total_count: 60, total_pages: 3 });
  });

  test('its pages together are the whole project, each deployment once', async () => {
    const { ask, project } = projectWith(60);
    const ids: string[] = [];
    for (const page of [1, 2, 3]) {
      const { result } = await ask<DeploymentJson[]>(`GET /docs/deployments?page=${page}&per_page=25`);
      ids.push(...result.map(({ id }) => id));
    }
    expect(ids).toEqual(project.deployments.map(({ id }) => id));
  });

  test.each(['per_page=26', 'per_page=100', 'per_page=0', 'page=0', 'page=x', 'page=-1', 'per_page=1.5'])(
    'refuses ?%s with 8000024 and result null',
    async (query) => {
      const { ask } = projectWith(3);
      const { status, code, result, success } = await ask(`GET /docs/deployments?${query}`);
      expect({ status, code, result, success }).toEqual({
        status: 400,
        code: 8_000_024,
        result: null,
        success: false,
      });
    },
  );

  test('is empty past the end, and says so with a 200', async () => {
    const { ask } = projectWith(30);
    const { status, result, info } = await ask<DeploymentJson[]>('GET /docs/deployments?page=3');
    expect(status).toBe(200);
    expect(result).toEqual([]);
    expect(info).toMatchObject({ count: 0, total_count: 30, total_pages: 2 });
  });

  test('of a project without deployments has no pages', async () => {
    const { ask } = projectWith(0);
    expect((await ask('GET /docs/deployments')).info).toMatchObject({ total_count: 0, total_pages: 0 });
  });

  test.each([
    ['production', 10],
    ['preview', 20],
  ])('filtered by env=%s counts and shows only those', async (environment, count) => {
    const { ask } = projectWith(30);
    const { result, info } = await ask<DeploymentJson[]>(`GET /docs/deployments?env=${environment}`);
    expect(new Set(result.map((row) => row.environment))).toEqual(new Set([environment]));
    expect(info?.total_count).toBe(count);
  });

  test('shifts when somebody deletes or pushes between two pages', async () => {
    const { ask, project, simulator, time } = projectWith(50);
    const [, second] = project.deployments;
    const hidden = project.deployments[25];
    const repeated = project.deployments[24];
    await ask('GET /docs/deployments?page=1');
    project.remove(second?.id ?? '');
    const afterDelete = await ask<DeploymentJson[]>('GET /docs/deployments?page=2');
    expect(afterDelete.result.map(({ id }) => id)).not.toContain(hidden?.id);
    simulator.fault = () => {
      project.push('new', time.now);
      project.push('new', time.now);
      return null;
    };
    const afterPushes = await ask<DeploymentJson[]>('GET /docs/deployments?page=2');
    expect(afterPushes.result.map(({ id }) => id)).toContain(repeated?.id);
  });

  test('answers 8000007 for a project that does not exist', async () => {
    const { ask } = projectWith(1);
    expect(await ask('GET /nothing/deployments')).toMatchObject({ status: 404, code: 8_000_007 });
  });
});

describe('a list of projects', () => {
  test('holds 10 a page, the newest first, and refuses more', async () => {
    const { ask, account, time } = still();
    for (let at = 0; at < 12; at += 1)
      account.addProject({ name: `p${at}`, createdAt: time.now - at * HOUR });
    const first = await ask<ProjectJson[]>('GET ');
    expect(first.result.map(({ name }) => name)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => `p${at}`),
    );
    expect(first.info).toEqual({ page: 1, per_page: 10, count: 10, total_count: 12, total_pages: 2 });
    expect((await ask<ProjectJson[]>('GET ?page=2&per_page=10')).result).toHaveLength(2);
    expect(await ask('GET ?per_page=11')).toMatchObject({ status: 400, code: 8_000_024, result: null });
  });
});

/** Milliseconds that some lists and 200 deletes take in a project of so many deployments; the least of three times. */
async function cost(size: number): Promise<number> {
  const { ask, account, time } = still({ limit: null });
  const project = account.addProject({ name: 'big' });
  for (let at = 0; at < size; at += 1)
    project.add({ createdAt: time.now - at * 60_000, branch: at % 2 === 0 ? 'main' : `b${at % 40}` });
  const oldest = project.deployments.slice(-602, -2).map(({ id }) => id);
  const costs: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    for (const page of [1, 10, 20]) await ask(`GET /big/deployments?page=${page}`);
    for (const id of oldest.splice(-200)) await ask(`DELETE /big/deployments/${id}`);
    costs.push(performance.now() - started);
  }
  expect((await ask('GET /big/deployments?per_page=1')).info?.total_count).toBe(size - 600);
  return Math.min(...costs);
}

test('50,000 deployments are listed and deleted without getting slow', async () => {
  const [few, many] = [await cost(1_000), await cost(50_000)];
  // Whatever the machine's speed: a scan of all rows for every delete would cost 50 times as much.
  expect(many).toBeLessThan(Math.max(few, 1) * 10);
});
