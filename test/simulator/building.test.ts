// Builds: who may start them, how they move through their stages as time passes, and how they end.
import { describe, expect, test } from 'vitest';
import { type DeploymentJson, still } from './asking.ts';

function world(buildOutcome: 'success' | 'failure' = 'success') {
  const base = still();
  const project = base.account.addProject({ name: 'docs', buildOutcome, buildMs: 40_000 });
  const upload = base.account.addProject({ name: 'landing', source: null });
  const get = async (id: string) => (await base.ask<DeploymentJson>(`GET /docs/deployments/${id}`)).result;
  return { ...base, project, upload, get };
}

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe('a POST on a Git project', () => {
  test.each([
    ['multipart with a branch', form({ branch: 'feature' }), {}, 'feature', 'preview'],
    ['JSON', '{"branch":"feature"}', { 'content-type': 'application/json' }, 'feature', 'preview'],
    ['JSON sent as text', '{"branch":"feature"}', { 'content-type': 'text/plain' }, 'feature', 'preview'],
    ['no body', null, { 'content-type': 'application/json' }, 'main', 'production'],
    ['multipart without a branch', form({ commit_message: 'x' }), {}, 'main', 'production'],
  ])('with %s starts a build', async (_, body, headers, branch, environment) => {
    const { ask, project, simulator } = world();
    const init = { headers: { ...headers, authorization: 'Bearer test-token' } };
    const { status, result } = await ask<DeploymentJson>('POST /docs/deployments', body, init);
    expect(status).toBe(200);
    expect(result).toMatchObject({
      environment,
      deployment_trigger: { type: 'ad_hoc', metadata: { branch } },
      latest_stage: { name: 'queued', status: 'active' },
      aliases: null,
    });
    expect(result.stages).toHaveLength(5);
    expect(project.deployments[0]?.id).toBe(result.id);
    expect(simulator.calls[0]).toMatchObject({ method: 'POST', project: 'docs', branch, effect: true });
  });

  test('builds the newest commit of its branch', async () => {
    const { ask, project } = world();
    project.push('main', 1, { hash: 'a'.repeat(40), message: 'First' });
    project.push('feature', 2);
    const { result } = await ask<DeploymentJson>('POST /docs/deployments', form({ branch: 'main' }));
    const { metadata } = result.deployment_trigger;
    expect(metadata).toMatchObject({ commit_hash: 'a'.repeat(40), commit_message: 'First' });
  });

  test('is refused where the test says so, whatever the code', async () => {
    const { ask, project } = world();
    project.buildRefusal = { status: 400, code: 8_000_011, message: 'There is an internal issue' };
    expect(await ask('POST /docs/deployments')).toMatchObject({ status: 400, code: 8_000_011 });
    expect(project.deployments).toEqual([]);
  });
});

describe('a POST on a Direct Upload project', () => {
  test.each([form({ branch: 'main' }), '{"branch":"main","manifest":"{}"}', null])(
    'without a manifest is refused with 8000096',
    async (body) => {
      const { ask, upload } = world();
      expect(await ask('POST /landing/deployments', body)).toMatchObject({ status: 400, code: 8_000_096 });
      expect(upload.deployments).toEqual([]);
    },
  );

  test('with one gives the odd shape of the real API: no source, queued stays active, no start of deploy', async () => {
    const { ask, time } = world();
    const fields = { branch: 'main', manifest: '{}', commit_message: 'Ship it', commit_dirty: 'true' };
    const { result } = await ask<DeploymentJson>('POST /landing/deployments', form(fields));
    time.now += 60_000;
    const after = await ask<DeploymentJson>(`GET /landing/deployments/${result.id}`);
    expect(after.result.source).toBeUndefined();
    expect(after.result.files).toBeDefined();
    expect(after.result.latest_stage).toMatchObject({ name: 'deploy', status: 'success', started_on: null });
    expect(after.result.stages.map(({ status }) => status)).toEqual([
      'active',
      'idle',
      'idle',
      'idle',
      'success',
    ]);
    expect(after.result.deployment_trigger.metadata).toMatchObject({
      commit_message: 'Ship it',
      commit_dirty: true,
    });
  });
});

describe('the stages of a build', () => {
  const SUCCESS = ['success', 'success', 'success', 'success', 'success'];

  test.each([
    ['success', 1_000, 'queued', 'active', ['active', 'idle', 'idle', 'idle', 'idle']],
    ['success', 4_000, 'initialize', 'active', ['success', 'active', 'idle', 'idle', 'idle']],
    ['success', 7_000, 'clone_repo', 'active', ['success', 'success', 'active', 'idle', 'idle']],
    ['success', 20_000, 'build', 'active', ['success', 'success', 'success', 'active', 'idle']],
    ['success', 35_000, 'deploy', 'active', ['success', 'success', 'success', 'success', 'active']],
    ['success', 40_000, 'deploy', 'success', SUCCESS],
    ['failure', 20_000, 'build', 'active', ['success', 'success', 'success', 'active', 'idle']],
    ['failure', 40_000, 'build', 'failure', ['success', 'success', 'success', 'failure', 'idle']],
  ] as const)('of a %s after %i ms: %s is %s', async (outcome, ms, name, status, all) => {
    const { project, time, get } = world(outcome);
    const { id } = project.push('main', time.now);
    time.now += ms;
    const { latest_stage, stages } = await get(id);
    expect(latest_stage).toMatchObject({ name, status });
    expect(stages.map((stage) => stage.status)).toEqual(all);
    for (const stage of stages)
      expect(stage.ended_on === null).toBe(['idle', 'active'].includes(stage.status));
  });

  test('never end for a build that hangs, never start where builds are off, and end at once when skipped', async () => {
    const { project, time, get } = world();
    const hanging = project.push('a', time.now, { outcome: 'building' });
    const off = project.push('b', time.now, { outcome: 'idle' });
    const skipped = project.push('c', time.now, { outcome: 'skipped', skipReason: 'path_config' });
    time.now += 86_400_000;
    expect((await get(hanging.id)).latest_stage).toMatchObject({ name: 'build', status: 'active' });
    expect((await get(off.id)).latest_stage).toMatchObject({ name: 'queued', status: 'idle' });
    expect(await get(skipped.id)).toMatchObject({ is_skipped: true, skip_reason: 'path_config' });
  });

  test('end when somebody cancels the build', async () => {
    const { project, time, get } = world();
    const build = project.push('main', time.now);
    time.now += 10_000;
    build.finish('canceled', time.now);
    expect((await get(build.id)).latest_stage).toMatchObject({ name: 'build', status: 'canceled' });
    expect(build.endsAt).toBe(time.now);
  });
});
