// The demo account holds what it promises, and the terminal's count of what happened is right.
import { describe, expect, test } from 'vitest';
import { fillDemo, LONG_HISTORY, somebodyPushes } from '../../simulator/demo.ts';
import { Tally } from '../../simulator/tally.ts';
import { type ProjectJson, still } from './asking.ts';

const DAY = 86_400_000;

function demo() {
  const world = still();
  fillDemo(world.account, world.time.now);
  return world;
}

describe('the demo account', () => {
  test('has a project with a long history, most of it older than 30 days', () => {
    const { account, time } = demo();
    const rows = account.project(LONG_HISTORY.name).deployments;
    expect(rows).toHaveLength(5_000);
    expect(rows.filter((row) => row.createdAt <= time.now - 30 * DAY)).toHaveLength(4_500);
  });

  test('has one of each: rolled back, failing, building, Direct Upload, own domains', async () => {
    const { ask, account, time } = demo();
    const get = async (name: string) => (await ask<ProjectJson>(`GET /${name}`)).result;
    const handbook = account.project('handbook');
    expect(handbook.canonical?.createdAt).toBeLessThan(time.now - 30 * DAY);
    expect((await get('api-console')).latest_deployment?.latest_stage.status).toBe('failure');
    expect((await get('blog')).latest_deployment?.latest_stage.status).toBe('active');
    expect('source' in (await get('landing'))).toBe(false);
    expect((await get('shop')).canonical_deployment?.aliases).toHaveLength(2);
  });

  test('has a monorepo: one commit, three projects, the untouched ones skipped', () => {
    const { account } = demo();
    const rows = ['acme-web', 'acme-admin', 'acme-storybook'].map(
      (name) => account.project(name).deployments[3],
    );
    expect(new Set(rows.map((row) => row?.hash)).size).toBe(1);
    const outcomes = account.project('acme-web').deployments.map((row) => row.outcome);
    expect(new Set(outcomes)).toEqual(new Set(['success', 'skipped']));
  });

  test('has a preview that expires within the first minute', () => {
    const { account, time } = demo();
    const expiring = account
      .project('website')
      .deployments.filter((row) => row.createdAt - (time.now - 30 * DAY) > 0)
      .filter((row) => row.createdAt - (time.now - 30 * DAY) <= 60_000);
    expect(expiring).toHaveLength(1);
  });

  test('has a commit that keeps failing, so that its rebuilds come to wait', () => {
    const [newest, ...older] = demo().account.project('api-console').deployments.slice(0, 3);
    expect(older.map(({ hash, outcome }) => [hash, outcome])).toEqual([
      [newest?.hash, 'failure'],
      [newest?.hash, 'failure'],
    ]);
  });

  test('is the same every time', () => {
    const ids = () => demo().account.projects.map((project) => project.deployments[0]?.id);
    expect(ids()).toEqual(ids());
  });

  test('lives on: somebody pushes now and then', () => {
    const { account, time } = demo();
    const count = () => account.projects.reduce((sum, project) => sum + project.timeline(null).size, 0);
    const before = count();
    expect(somebodyPushes(account, time.now)).toMatch(/ in (website|blog|shop|api-console)$/);
    expect(count()).toBe(before + 1);
  });
});

test('the tally tells what changed since it was last asked, and nothing of what did not', async () => {
  const { ask, account, simulator } = demo();
  const tally = new Tally(simulator.calls);
  await ask('GET /docs');
  expect(tally.news()).toBeNull();
  const old = account
    .project('docs')
    .deployments.filter((row) => row.branch === 'main')
    .slice(-2);
  for (const { id } of old) await ask(`DELETE /docs/deployments/${id}`);
  await ask('DELETE /docs/deployments/nothing');
  await ask('POST /website/deployments');
  expect(tally.news()).toBe('builds started: website (main); deployments deleted: docs 2 (2 in all)');
  expect(tally.news()).toBeNull();
});
