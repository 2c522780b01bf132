// What the API lets go and what it refuses: the rules for the live deployment, for aliases and for what is gone.
import { describe, expect, test } from 'vitest';
import { type DeploymentJson, type ProjectJson, still } from './asking.ts';

const DAY = 86_400_000;

function world() {
  const base = still();
  const project = base.account.addProject({ name: 'docs' });
  const add = (branch: string, days: number, outcome: 'success' | 'failure' = 'success') =>
    project.add({ branch, createdAt: base.time.now - days * DAY, outcome });
  return { ...base, project, add };
}

describe('the live production deployment', () => {
  test.each(['', '?force=true'])('is refused with 8000034%s', async (query) => {
    const { ask, add, project } = world();
    add('main', 9);
    const live = add('main', 5);
    const { status, code } = await ask(`DELETE /docs/deployments/${live.id}${query}`);
    expect([status, code]).toEqual([400, 8_000_034]);
    expect(project.get(live.id)).toBe(live);
  });

  test('after a rollback is the old one; the newer ones can go, until a new build succeeds', async () => {
    const { ask, add, time, project } = world();
    const old = add('main', 9);
    const middle = add('main', 7);
    const newer = add('main', 5);
    expect((await ask(`POST /docs/deployments/${old.id}/rollback`)).status).toBe(200);
    expect((await ask<ProjectJson>('GET /docs')).result.canonical_deployment?.id).toBe(old.id);
    expect((await ask(`DELETE /docs/deployments/${old.id}`)).code).toBe(8_000_034);
    expect((await ask(`DELETE /docs/deployments/${newer.id}`)).status).toBe(200);
    const built = project.push('main', time.now);
    expect((await ask<ProjectJson>('GET /docs')).result.canonical_deployment?.id).toBe(old.id);
    time.now += 60_000;
    expect((await ask<ProjectJson>('GET /docs')).result.canonical_deployment?.id).toBe(built.id);
    expect((await ask(`DELETE /docs/deployments/${old.id}`)).status).toBe(200);
    expect((await ask(`DELETE /docs/deployments/${middle.id}`)).status).toBe(200);
  });

  test('stays live when a newer production build fails, and that one can go', async () => {
    const { ask, add } = world();
    const live = add('main', 5);
    const failed = add('main', 1, 'failure');
    const { result } = await ask<ProjectJson>('GET /docs');
    expect(result.canonical_deployment?.id).toBe(live.id);
    expect(result.latest_deployment?.id).toBe(failed.id);
    expect((await ask(`DELETE /docs/deployments/${failed.id}`)).status).toBe(200);
  });
});

describe('the deployment that holds its branch alias', () => {
  test.each(['', '?force=false'])('is refused with 8000035%s', async (query) => {
    const { ask, add, project } = world();
    const holder = add('feature', 3);
    const { status, code } = await ask(`DELETE /docs/deployments/${holder.id}${query}`);
    expect([status, code]).toEqual([400, 8_000_035]);
    expect(project.get(holder.id)).toBe(holder);
  });

  test('goes by force; then an older success holds the alias without showing it', async () => {
    const { ask, add } = world();
    const older = add('feature', 6);
    add('feature', 4, 'failure');
    const holder = add('feature', 3);
    const forced = await ask(`DELETE /docs/deployments/${holder.id}?force=true`);
    expect(forced).toMatchObject({ status: 200, result: null, success: true });
    const { result } = await ask<DeploymentJson>(`GET /docs/deployments/${older.id}`);
    expect(result.aliases).toBeNull();
    expect((await ask(`DELETE /docs/deployments/${older.id}`)).code).toBe(8_000_035);
    expect((await ask(`DELETE /docs/deployments/${older.id}?force=true`)).status).toBe(200);
  });

  test('is the newest success: a newer failure, and older successes, go without force', async () => {
    const { ask, add } = world();
    const old = add('feature', 6);
    const holder = add('feature', 3);
    const failed = add('feature', 1, 'failure');
    for (const { id } of [failed, old])
      expect((await ask(`DELETE /docs/deployments/${id}`)).status).toBe(200);
    expect((await ask(`DELETE /docs/deployments/${holder.id}`)).code).toBe(8_000_035);
  });
});

test('an ordinary delete answers 200 with the recorded body, and takes the deployment out of every list', async () => {
  const { ask, add, project, simulator } = world();
  const old = add('main', 9);
  add('main', 5);
  const { status, text } = await ask(`DELETE /docs/deployments/${old.id}`);
  expect([status, text]).toEqual([200, '{"result":null,"success":true,"errors":[],"messages":[]}']);
  expect(project.get(old.id)).toBeNull();
  expect((await ask('GET /docs/deployments')).info?.total_count).toBe(1);
  expect((await ask('GET /docs/deployments?env=production')).info?.total_count).toBe(1);
  expect(simulator.calls[0]).toMatchObject({
    method: 'DELETE',
    project: 'docs',
    deploymentId: old.id,
    force: false,
    status: 200,
    effect: true,
  });
});

test('what is gone answers 8000009, also the second time; a project that is gone 8000007', async () => {
  const { ask, add, account } = world();
  const old = add('main', 9);
  add('main', 5);
  await ask(`DELETE /docs/deployments/${old.id}`);
  expect(await ask(`DELETE /docs/deployments/${old.id}`)).toMatchObject({ status: 404, code: 8_000_009 });
  expect(await ask(`GET /docs/deployments/${old.id}`)).toMatchObject({ status: 404, code: 8_000_009 });
  account.deleteProject('docs');
  expect(await ask(`DELETE /docs/deployments/${old.id}`)).toMatchObject({ status: 404, code: 8_000_007 });
});
