// The Worker under plain `wrangler dev`, its settings given by `--var`, against the simulated API over HTTP: what a tick sends,
// what it deletes, and what it says when it cannot.

import { expect, test } from 'vitest';
import type { Simulator } from '../../simulator/simulator.ts';
import { BUILT, fill, HOURLY, NIGHTLY, PRUNED, RULES, UNMATCHED, wanted } from './account.ts';
import { inWorld, KEY, TOKEN, until, type World } from './dev-worker.ts';

const fillAccount = ({ account }: Simulator) => fill(account);

/** Notes each POST that starts a build: its content type and its fields. */
function watchBuilds(world: World): { type: string | null; fields: Record<string, unknown> }[] {
  const seen: { type: string | null; fields: Record<string, unknown> }[] = [];
  world.listener = async (request, answer) => {
    if (request.method === 'POST') {
      const form = await request.clone().formData();
      seen.push({ type: request.headers.get('content-type'), fields: Object.fromEntries(form) });
    }
    return answer();
  };
  return seen;
}

const sent = ({ simulator }: World, method: string) =>
  simulator.calls.filter((call) => call.method === method);
const posts = (world: World) => sent(world, 'POST').map(({ project, branch }) => `${project} ${branch}`);

/** What a nightly run is to delete, by project, before it did. */
function planned({ simulator }: World): Record<string, ReturnType<typeof wanted>> {
  const all = Object.entries(PRUNED).map(([name, policies]) => [
    name,
    wanted(simulator.account.project(name), policies, Date.now()),
  ]);
  return Object.fromEntries(all);
}

/** The deletes that were sent, by project, in the form of `planned`. */
function deletes(world: World): Record<string, { ids: string[]; forced: string[] }> {
  const found: Record<string, { ids: string[]; forced: string[] }> = {};
  for (const { project, deploymentId, force } of sent(world, 'DELETE')) {
    found[project ?? ''] ??= { ids: [], forced: [] };
    found[project ?? '']?.ids.push(deploymentId ?? '');
    if (force) found[project ?? '']?.forced.push(deploymentId ?? '');
  }
  for (const { ids, forced } of Object.values(found)) for (const list of [ids, forced]) list.sort();
  return found;
}

/** The three jobs: one build per due project, exactly the set of deletions, and nothing where no rule reaches. */
async function doItsJobs(world: World): Promise<void> {
  const builds = watchBuilds(world);
  const { account } = world.simulator;
  const at = Date.now();
  expect(await world.tick(HOURLY, at)).toMatchObject({ ok: true, outcome: 'ok' });
  await world.ended();
  expect(posts(world).sort()).toEqual(BUILT);
  expect(
    builds.map(({ fields }) => fields).sort((a, b) => `${a.branch}`.localeCompare(`${b.branch}`)),
  ).toEqual(
    BUILT.map((each) => ({ branch: each.split(' ')[1] })).sort((a, b) =>
      `${a.branch}`.localeCompare(`${b.branch}`),
    ),
  );
  for (const { type } of builds) expect(type).toMatch(/^multipart\/form-data; boundary=/);
  expect(sent(world, 'DELETE')).toEqual([]);

  // The same event, delivered once more.
  expect((await world.tick(HOURLY, at)).ok).toBe(true);
  const before = planned(world);
  const sizes = Object.fromEntries(account.projects.map((each) => [each.name, each.timeline(null).size]));
  expect((await world.tick(NIGHTLY)).outcome).toBe('ok');
  const run = (await world.ended()).find(({ cron }) => cron === NIGHTLY);
  expect(posts(world).slice(BUILT.length)).toEqual(['nightly main']);
  expect(deletes(world)).toEqual(before);
  const counts = Object.values(before).map(({ ids }) => ids.length);
  console.info(`deleted: ${JSON.stringify(counts)}, by force: ${before.stale?.forced.length}`);
  expect(Math.min(...counts)).toBeGreaterThan(5);
  expect(Object.entries(before).map(([name, { forced }]) => [name, forced.length])).toEqual([
    ...Object.keys(PRUNED)
      .filter((name) => name !== 'stale')
      .map((name) => [name, 0]),
    ['stale', 2],
  ]);
  expect(run).toMatchObject({ dryRun: false, refusals: [], error: null });
  expect(run?.counts).toMatchObject({ deleted: counts.reduce((a, b) => a + b), failed: 0, refused: 0 });
  for (const [name, size] of Object.entries(sizes)) {
    const gone = before[name]?.ids.length ?? 0;
    const built = name === 'nightly' ? 1 : 0;
    expect([name, account.project(name).timeline(null).size]).toEqual([name, size - gone + built]);
  }
  expect(world.simulator.calls.filter(({ project }) => UNMATCHED.includes(project ?? ''))).toEqual([]);
}

test('a tick builds each due Git project once and deletes exactly what the rules say', () =>
  inWorld({ settings: { RULES } }, fillAccount, async (world) => {
    await doItsJobs(world);
    const once = sent(world, 'DELETE').length;
    expect((await world.tick(NIGHTLY, Date.now() + 60_000)).ok).toBe(true);
    await world.ended();
    expect(sent(world, 'DELETE')).toHaveLength(once);
  }));

test('the same with e-mail and Global API key', () =>
  inWorld(
    {
      settings: {
        RULES,
        CLOUDFLARE_API_TOKEN: '',
        CLOUDFLARE_EMAIL: 'test@example.com',
        CLOUDFLARE_API_KEY: KEY,
      },
    },
    fillAccount,
    doItsJobs,
  ));

test('under DRY_RUN nothing but GET leaves, and the page counts what would go', () =>
  inWorld({ settings: { RULES, DRY_RUN: 'true' } }, fillAccount, async (world) => {
    const before = planned(world);
    for (const cron of [HOURLY, NIGHTLY]) {
      expect((await world.tick(cron)).ok).toBe(true);
      for (const run of await world.ended()) expect(run).toMatchObject({ outcome: 'done', dryRun: true });
    }
    expect(new Set(world.simulator.calls.map(({ method }) => method))).toEqual(new Set(['GET']));
    const { projects } = JSON.parse((await world.get('/status.json')).text);
    for (const [name, { ids }] of Object.entries(before)) {
      const shown = projects.find((project: { name: string }) => project.name === name);
      expect([name, shown?.counts.next]).toEqual([name, ids.length]);
    }
  }));

test('seven faults in the configuration: the tick fails and names all seven, and nothing is sent', () => {
  const rules = [
    { projects: [], prune: { olderThanDays: 'seven' } },
    {
      projects: ['*'],
      rebuild: { brnach: 'main' },
      prune: [{ olderThanDays: 7 }, { olderThanDays: 7, keepLatest: 0 }],
    },
  ];
  const settings = {
    RULES: JSON.stringify(rules),
    DRY_RUN: 'maybe',
    MAX_DELETES_PER_RUN: '-1',
    STATUS_PAGE: 'open',
  };
  return inWorld({ settings }, fillAccount, async (world) => {
    const { ok, outcome } = await world.tick(HOURLY);
    expect(ok).toBe(false);
    expect(outcome).not.toBe('ok');
    // The runtime prints after it has answered.
    await until('the message', () => world.printed.includes('The configuration has 7 problems'));
    for (const path of [
      ...[
        'DRY_RUN',
        'MAX_DELETES_PER_RUN',
        'STATUS_PAGE',
        'RULES[0].projects',
        'RULES[0].prune.olderThanDays',
      ],
      ...['RULES[1].rebuild.brnach', 'RULES[1].prune[1].keepLatest'],
    ])
      expect(world.printed).toContain(`${path}: `);
    expect(await world.get('/healthz')).toMatchObject({ status: 503 });
    expect(world.simulator.calls).toEqual([]);
  });
});

test('a refused token: the tick fails and says which command mends it, and nothing is deleted', () => {
  // No token of this account: the simulator answers as the API does to a revoked one.
  const token = 'canary-revoked-9d8c7b6a5f4e3d2c1b0a';
  return inWorld({ settings: { RULES, CLOUDFLARE_API_TOKEN: token } }, fillAccount, async (world) => {
    for (const cron of [HOURLY, NIGHTLY]) {
      const { ok, outcome } = await world.tick(cron);
      expect(ok).toBe(false);
      expect(outcome).not.toBe('ok');
    }
    const advice = 'npx wrangler secret put CLOUDFLARE_API_TOKEN';
    await until('what mends it', () => world.printed.includes(advice));
    // Two ticks, and each time the list of projects is asked twice before it is believed; nothing else is.
    expect(world.simulator.calls.map(({ method, project, status }) => [method, project, status])).toEqual(
      Array.from({ length: 4 }, () => ['GET', null, 403]),
    );
    const pages = ['/', '/runs', '/runs.json', '/status.json', '/healthz', '/feed.atom', '/projects/site'];
    for (const path of pages) expect((await world.get(path)).text).not.toContain(token);
    expect(JSON.parse((await world.get('/healthz')).text)).toMatchObject({ ok: false, reason: 'token' });
    expect(world.printed).not.toContain(token);
  });
});

test('why a build failed: its log, for who has the password, without the token that it prints', () => {
  const settings = {
    RULES: JSON.stringify([{ projects: ['*'] }]),
    BUILD_LOGS: 'true',
    STATUS_PAGE: 'password',
    STATUS_PASSWORD: 'long enough',
  };
  const headers = { authorization: `Basic ${btoa('me:long enough')}` };
  let path = '';
  const addFailed = ({ account }: Simulator) => {
    const failed = account
      .addProject({ name: 'site' })
      .add({ createdAt: Date.now() - 3_600_000, outcome: 'failure' });
    failed.log = [`curl -H 'Authorization: Bearer ${TOKEN}' ${TOKEN}`, 'Failed: no such file'];
    path = `/projects/site/deployments/${failed.id}`;
  };
  return inWorld({ settings }, addFailed, async (world) => {
    expect((await world.tick(HOURLY)).ok).toBe(true);
    expect((await world.get(path)).status).toBe(401);
    const logs = () => world.simulator.calls.filter((call) => call.path.endsWith('/history/logs')).length;
    expect(logs()).toBe(0);
    await until('its log', async () => (await world.get(path, 'GET', headers)).text.includes('no such file'));
    expect((await world.get(path, 'GET', headers)).text).toContain('[masked]');
    expect((await world.get(`${path}.json`, 'GET', headers)).text).not.toContain('no such file');
    expect(logs()).toBe(1);
  });
});
