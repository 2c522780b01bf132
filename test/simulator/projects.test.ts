// Projects: their shape, what is embedded in them, how they are made, changed and deleted; and that ids repeat by seed.
import { describe, expect, test } from 'vitest';
import { type DeploymentJson, type ProjectJson, still } from './asking.ts';

describe('a project', () => {
  test('embeds its newest deployment and its live one, each null where there is none', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs' });
    const get = async () => (await ask<ProjectJson>('GET /docs')).result;
    expect(await get()).toMatchObject({ latest_deployment: null, canonical_deployment: null });
    const preview = project.add({ createdAt: time.now - 120_000, branch: 'x' });
    expect(await get()).toMatchObject({ latest_deployment: { id: preview.id }, canonical_deployment: null });
    const live = project.add({ createdAt: time.now - 60_000 });
    expect(await get()).toMatchObject({
      latest_deployment: { id: live.id },
      canonical_deployment: { id: live.id },
    });
  });

  test('has the fields of a recorded one, its pages.dev name among the domains', async () => {
    const { ask, account } = still();
    account.addProject({ name: 'docs', domains: ['docs.example.com'], subdomain: 'docs-7xk.pages.dev' });
    const { result } = await ask<ProjectJson>('GET /docs');
    expect(result.domains).toEqual(['docs-7xk.pages.dev', 'docs.example.com']);
    expect(Object.keys(result).join(' ')).toBe(
      'id name subdomain domains source build_config deployment_configs latest_deployment canonical_deployment ' +
        'created_on production_branch production_script_name preview_script_name uses_functions framework ' +
        'framework_version',
    );
  });

  test('of the Direct Upload kind has no source key at all', async () => {
    const { ask, account } = still();
    account.addProject({ name: 'landing', source: null });
    expect('source' in (await ask<ProjectJson>('GET /landing')).result).toBe(false);
  });

  test('keeps the environment of its deployments when its production branch is renamed', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs' });
    const old = project.add({ createdAt: time.now - 120_000, branch: 'main' });
    await ask('PATCH /docs', '{"production_branch":"trunk"}');
    const preview = project.add({ createdAt: time.now - 60_000, branch: 'main' });
    expect(project.productionBranch).toBe('trunk');
    expect([old.environment, preview.environment]).toEqual(['production', 'preview']);
  });
});

describe('a deployment', () => {
  test('has the fields of a recorded one, and a link made of its short id', async () => {
    const { ask, account, time } = still();
    const { id } = account.addProject({ name: 'docs' }).add({ createdAt: time.now - 60_000 });
    const { result } = await ask<DeploymentJson>(`GET /docs/deployments/${id}`);
    expect(Object.keys(result).join(' ')).toBe(
      'id short_id project_id project_name environment url created_on modified_on latest_stage ' +
        'deployment_trigger stages build_config source env_vars compatibility_date compatibility_flags ' +
        'build_image_major_version usage_model aliases is_skipped production_branch uses_functions',
    );
    expect(result.short_id).toBe(id.slice(0, 8));
    expect(result.url).toBe(`https://${id.slice(0, 8)}.docs.pages.dev`);
  });

  test('has dates whose fractions vary in length, and which still read as the moment they are', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs' });
    for (let at = 0; at < 20; at += 1) project.add({ createdAt: time.now - at * 61_010 });
    const { result } = await ask<DeploymentJson[]>('GET /docs/deployments');
    expect(new Set(result.map((row) => row.created_on.length)).size).toBeGreaterThan(1);
    expect(result.map((row) => Date.parse(row.created_on))).toEqual(
      project.deployments.map((row) => row.createdAt),
    );
  });

  test('shows plain variables, marked with a canary: a client that leaks them is found out', async () => {
    const { ask, account, time } = still();
    account.addProject({ name: 'docs' }).add({ createdAt: time.now - 60_000 });
    for (const path of ['GET /docs', 'GET /docs/deployments', 'GET '])
      expect((await ask(path)).text).toContain('"value":"CANARY-env-docs"');
  });
});

describe('making and deleting projects', () => {
  test('makes a Direct Upload project from JSON sent as text, once', async () => {
    const { ask, account } = still();
    const body = '{"name":"new","production_branch":"trunk"}';
    const { status, result } = await ask<ProjectJson>('POST ', body);
    expect(status).toBe(200);
    expect(result).toMatchObject({ name: 'new', production_branch: 'trunk' });
    expect(account.project('new').source).toBeNull();
    expect(await ask('POST ', body)).toMatchObject({ success: false, code: 8_000_002 });
    expect(await ask('PATCH /new', '{"source":{"type":"github"}}')).toMatchObject({ code: 8_000_069 });
  });

  test('refuses with 8000076 while there are more than 100 deployments', async () => {
    const { ask, account, time } = still();
    const project = account.addProject({ name: 'docs' });
    for (let at = 0; at < 101; at += 1) project.add({ createdAt: time.now - at * 60_000 });
    expect(await ask('DELETE /docs')).toMatchObject({ status: 400, code: 8_000_076 });
    project.remove(project.deployments.at(-1)?.id ?? '');
    expect(await ask('DELETE /docs')).toMatchObject({ status: 200, result: null });
    expect(await ask('GET /docs')).toMatchObject({ status: 404, code: 8_000_007 });
  });
});

test('the same seed gives the same ids, another seed others', () => {
  const ids = (seed: number) => {
    const { account, time } = still({ seed });
    const project = account.addProject({ name: 'docs' });
    return [project.id, project.add({ createdAt: time.now }).id, project.add({ createdAt: time.now }).id];
  };
  expect(ids(7)).toEqual(ids(7));
  expect(ids(7)).not.toEqual(ids(8));
  for (const id of ids(7))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
