// What people do with a deployment afterwards: try again, roll back, read its logs.
import { expect, test } from 'vitest';
import { type DeploymentJson, still } from './asking.ts';

function world() {
  const base = still();
  return { ...base, project: base.account.addProject({ name: 'docs' }) };
}

test('a retry is a new deployment of the same commit', async () => {
  const { ask, project, time } = world();
  const failed = project.add({ createdAt: time.now - 3_600_000, branch: 'x', outcome: 'failure' });
  const { result } = await ask<DeploymentJson>(`POST /docs/deployments/${failed.id}/retry`);
  expect(result.id).not.toBe(failed.id);
  expect(result.deployment_trigger.metadata).toMatchObject({ branch: 'x', commit_hash: failed.hash });
});

test('a rollback takes a successful production deployment only', async () => {
  const { ask, project, time } = world();
  const createdAt = time.now - 3_600_000;
  const wrong = [
    project.add({ createdAt, branch: 'x' }),
    project.add({ createdAt, outcome: 'failure' }),
    project.push('main', time.now),
  ];
  for (const { id } of wrong) expect((await ask(`POST /docs/deployments/${id}/rollback`)).status).toBe(400);
});

test('the logs of a deployment tell the stages that ran', async () => {
  const { ask, project, time } = world();
  const { id } = project.add({ createdAt: time.now - 3_600_000 });
  const { result } = await ask<{ total: number; data: unknown[] }>(
    `GET /docs/deployments/${id}/history/logs`,
  );
  const { data } = result as { data: { line: string }[] };
  expect(result).toMatchObject({ total: data.length, includes_container_logs: true });
  for (const line of ['Cloning repository...', '> vite build', 'Success: Your site was deployed!'])
    expect(data.map((row) => row.line)).toContain(line);
});
