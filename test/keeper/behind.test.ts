// The whole Keeper and a push that was never built: told after half an hour, on the page, in JSON and as a notice; built once where the
// rule says `ifBehind`. What was built, or left out on purpose, is no alarm.

import { expect, it } from 'vitest';
import { readOverviewPage, readProjectPage } from '../../src/keeper/views/reads.ts';
import { fakeGit, type Ref } from '../git/answers.ts';
import { pagesOf } from './pages.ts';
import { acts, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const PUSHED = 'abc1234'.padEnd(40, '0');
const PREVIEWS = { environment: 'preview', olderThanDays: 30 };
const WATCHED = [{ projects: ['*'], prune: { ...PREVIEWS, goneBranchesAfterDays: 1 } }];
const IF_BEHIND = [{ projects: ['*'], rebuild: { ifBehind: true } }];
const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null } as const;
const FIRST = { page: 1, size: 25, find: null, status: null, order: 'need', runs: 5 } as const;

interface Site {
  readonly world: World;
  readonly project: ReturnType<World['simulator']['account']['addProject']>;
  /** Where `main` is in Git; `null`: Git is down. */
  head: string | null;
  readonly notices: string[];
}

async function withSite(rules: unknown, use: (site: Site) => Promise<void>): Promise<void> {
  await inWorld({ settings: { RULES: rules, NOTIFY_URL: 'https://notice.test/here' } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    project.add({ createdAt: START - 5 * HOUR, branch: 'main' });
    const site: Site = { world, project, head: project.deployments[0]?.hash ?? '', notices: [] };
    world.source = async (request) => {
      if (site.head === null) return new Response('down', { status: 503 });
      const refs: Ref[] = [{ name: 'refs/heads/main', commit: site.head }];
      const body = new TextDecoder().decode(await request.arrayBuffer());
      return fakeGit({ refs })(request.url, request.method === 'POST' ? { body } : {});
    };
    world.webhook = (body) => {
      site.notices.push((JSON.parse(body) as { text: string }).text);
      return new Response();
    };
    await use(site);
  });
}

/** A tick so many minutes after the first. */
const tick = ({ world }: Site, minutes: number) =>
  world.tick(START + minutes * MINUTE, undefined, START + (minutes + 9) * MINUTE);
const gitOf = async ({ world }: Site) =>
  (await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL)))?.summary.git;
const posts = ({ world }: Site) => acts(world.simulator).filter((act) => act.startsWith('POST'));
const skips = ({ world }: Site) => world.runs()[0]?.skips.map(({ reason }) => reason);

it('as of when the head is what it is, is told: of the last time that Git answered', async () => {
  await withSite(WATCHED, async (site) => {
    const { world } = site;
    const { source } = world;
    const asked: number[] = [];
    world.source = (request) => {
      asked.push(world.now());
      return source(request);
    };
    const told = async () => {
      const answer = await pagesOf(world).request('/projects/docs.json');
      const { git } = (await answer.json()) as { git: { checkedAt: string; behindSince: string | null } };
      return { ...git, checkedAt: Date.parse(git.checkedAt) };
    };
    await tick(site, 0);
    expect(await told()).toMatchObject({ checkedAt: asked.at(-1), behindSince: null });
    site.head = PUSHED;
    await tick(site, 10);
    const since = asked.at(-1) ?? 0;
    expect(since).toBeGreaterThanOrEqual(START + 10 * MINUTE);
    expect(await told()).toMatchObject({ checkedAt: since });
    await tick(site, 50);
    const iso = new Date(since).toISOString();
    expect(await told()).toMatchObject({ checkedAt: asked.at(-1), behindSince: iso });
    const page = await (await pagesOf(world).request('/projects/docs')).text();
    expect(page).toContain(
      `Git has abc1234 on its production branch, without a build since ${iso.slice(11, 16)} UTC at the latest.`,
    );
  });
});

it('after half an hour it is told, once, and its end too', async () => {
  await withSite(WATCHED, async (site) => {
    const live = site.project.deployments[0]?.hash ?? '';
    await tick(site, 0);
    expect(await gitOf(site)).toMatchObject({ head: live, behindSince: null });
    site.head = PUSHED;
    await tick(site, 10);
    await tick(site, 39);
    expect(await gitOf(site)).toMatchObject({ head: PUSHED, behindSince: null });
    expect(site.notices).toEqual([]);
    await tick(site, 50);
    await tick(site, 60);
    const git = await gitOf(site);
    expect(git?.behindSince).toBeGreaterThanOrEqual(START + 10 * MINUTE);
    expect(git?.behindSince).toBeLessThan(START + 11 * MINUTE);
    expect(site.notices).toEqual([
      `Pages Keeper: docs: main is at abc1234, live is ${live.slice(0, 7)}, no build was started.`,
    ]);
    const overview = await site.world.keeper.view(null, (view) => readOverviewPage(view, FIRST));
    expect(overview.all.map(({ behindSince }) => behindSince)).toEqual([git?.behindSince]);
    site.project.add({ createdAt: site.world.now() - 2 * MINUTE, branch: 'main', hash: PUSHED });
    await tick(site, 70);
    expect(await gitOf(site)).toMatchObject({ behindSince: null });
    expect(site.notices.slice(1)).toEqual(['Pages Keeper: Recovered: docs: production is up to date.']);
    expect(posts(site)).toEqual([]);
  });
});

it('has not recovered by another push that nobody builds either', async () => {
  await withSite(WATCHED, async (site) => {
    await tick(site, 0);
    site.head = PUSHED;
    for (const at of [10, 50]) await tick(site, at);
    expect(site.notices).toHaveLength(1);
    site.head = 'd'.repeat(40);
    for (const at of [60, 70, 110]) await tick(site, at);
    expect(await gitOf(site)).toMatchObject({ head: site.head });
    expect(site.notices).toHaveLength(1);
    site.project.add({ createdAt: site.world.now() - MINUTE, branch: 'main', hash: site.head });
    await tick(site, 120);
    expect(site.notices.slice(1)).toEqual(['Pages Keeper: Recovered: docs: production is up to date.']);
  });
});

it('is told where pushes go on and none is built, at any of them', async () => {
  await withSite(WATCHED, async (site) => {
    await tick(site, 0);
    for (const nth of [1, 2, 3]) {
      site.head = `${nth}`.repeat(40);
      await tick(site, nth * 20);
    }
    const since = (await gitOf(site))?.behindSince ?? 0;
    expect(Math.floor((since - START) / MINUTE)).toBe(20);
    expect(site.notices).toHaveLength(1);
    expect(site.notices[0]).toContain('main is at 3333333');
  });
});

it.each([
  ['watched', WATCHED],
  ['built if behind', IF_BEHIND],
] as const)(
  'of pushes that come each time after the deployments were read, and are all built, none is missed: %s',
  async (_, rules) => {
    await withSite(rules, async (site) => {
      const { world, project } = site;
      await tick(site, 0);
      const { source } = world;
      let [nth, pushed] = [0, 0];
      // A robot's push on the minute of the tick, and its build: between the reading of the deployments and the asking of Git.
      world.source = (request) => {
        if (pushed !== nth) {
          pushed = nth;
          site.head = `${nth}`.repeat(40);
          project.add({ createdAt: world.now() - 1_000, branch: 'main', hash: site.head });
        }
        return source(request);
      };
      for (nth = 1; nth <= 3; nth += 1) await tick(site, nth * 60);
      expect(pushed).toBe(3);
      expect([site.notices, posts(site)]).toEqual([[], []]);
    });
  },
);

it('where a build of production has no date nobody knows whether the push before was built', async () => {
  await withSite(WATCHED, async (site) => {
    site.world.simulator.fault = ({ path }) =>
      path.endsWith('/deployments')
        ? {
            kind: 'alter',
            change: (body) =>
              JSON.parse(JSON.stringify(body).replaceAll(/"created_on":"[^"]*"/g, '"created_on":null')),
          }
        : null;
    await tick(site, 0);
    for (const nth of [1, 2, 3]) {
      site.head = `${nth}`.repeat(40);
      await tick(site, nth * 20);
    }
    expect(await gitOf(site)).toMatchObject({ head: site.head, behindSince: null });
  });
});

it('where every push is built, only later, the next one has its own half hour', async () => {
  await withSite(WATCHED, async (site) => {
    await tick(site, 0);
    for (const nth of [1, 2, 3, 4]) {
      const before = site.head ?? '';
      site.head = `${nth}`.repeat(40);
      if (nth > 1) site.project.add({ createdAt: site.world.now(), branch: 'main', hash: before });
      await tick(site, nth * 20);
    }
    expect(await gitOf(site)).toMatchObject({ head: site.head, behindSince: null });
    expect(site.notices).toEqual([]);
  });
});

it.each([
  ['it is connected, and built from then on', 'github', ['Recovered: docs: production is up to date.']],
  ['it is connected to nothing any more', null, []],
] as const)('has not recovered by a project that was made anew: %s', async (_, source, recovered) => {
  await withSite(WATCHED, async (site) => {
    const { account } = site.world.simulator;
    await tick(site, 0);
    site.head = PUSHED;
    for (const at of [10, 50]) await tick(site, at);
    expect(site.notices).toHaveLength(1);
    account.deleteProject('docs');
    const anew = account.addProject({ name: 'docs', source });
    anew.add({ createdAt: START - 4 * HOUR, branch: 'main' });
    for (const at of [60, 70]) await tick(site, at);
    expect(site.notices).toHaveLength(1);
    if (source === null) {
      // Nor is it trouble for who hears of it from now on.
      const B_URL = 'https://other.test/here';
      Object.assign(site.world.settings, { NOTIFY: [{ to: 'B_URL' }], B_URL });
    }
    anew.add({ createdAt: site.world.now() - MINUTE, branch: 'main', hash: PUSHED });
    for (const at of [80, 90]) await tick(site, at);
    expect(site.notices.slice(1)).toEqual(recovered.map((text) => `Pages Keeper: ${text}`));
  });
});

it.each(['skipped', 'failure', 'canceled'] as const)(
  'a build of it that ended as %s is no alarm, though its record goes',
  async (outcome) => {
    await withSite(WATCHED, async (site) => {
      site.head = PUSHED;
      const { id } = site.project.add({ createdAt: START - HOUR, branch: 'main', hash: PUSHED, outcome });
      await tick(site, 0);
      site.project.add({ createdAt: START, branch: 'main' });
      site.project.remove(id);
      for (const at of [10, 50, 90]) await tick(site, at);
      expect(await gitOf(site)).toMatchObject({ head: PUSHED, behindSince: null });
    });
  },
);

it('with ifBehind it is built once, and not when the build is there', async () => {
  await withSite(IF_BEHIND, async (site) => {
    await tick(site, 0);
    expect(skips(site)).toEqual(['current']);
    site.head = PUSHED;
    await tick(site, 10);
    expect(skips(site)).toEqual(['current']);
    await tick(site, 50);
    expect(posts(site)).toEqual(['POST docs main']);
    // The build was of another commit, as where Pages lost the repository: it is not asked for again.
    for (const at of [120, 180, 240]) await tick(site, at);
    expect(posts(site)).toHaveLength(1);
    expect(skips(site)).toEqual(['requested']);
    // Another push, which is built as it should be.
    site.head = 'd'.repeat(40);
    await tick(site, 250);
    site.project.add({ createdAt: site.world.now() - MINUTE, branch: 'main', hash: site.head });
    for (const at of [290, 330]) await tick(site, at);
    expect(posts(site)).toHaveLength(1);
    expect(skips(site)).toEqual(['current']);
  });
});

it.each<['hook' | 'button', 'current' | 'git-unread']>([
  ['hook', 'current'],
  ['button', 'current'],
  ['hook', 'git-unread'],
  ['button', 'git-unread'],
])('a %s on such a rule is built, though a cron would say %s', async (by, reason) => {
  await withSite([{ projects: ['*'], rebuild: { ifBehind: true, hook: true } }], async (site) => {
    if (reason === 'git-unread') site.head = null;
    await tick(site, 0);
    expect([skips(site), posts(site)]).toEqual([[reason], []]);
    site.world.setNow(START + 20 * MINUTE);
    await site.world.keeper.ask({ project: 'docs', branch: null, by });
    await site.world.run(START + 30 * MINUTE);
    expect(posts(site)).toEqual(['POST docs main']);
  });
});

it('where Git could not be read nothing is built', async () => {
  await withSite(IF_BEHIND, async (site) => {
    site.head = PUSHED;
    await tick(site, 0);
    await tick(site, 10);
    site.head = null;
    await tick(site, 60);
    expect(skips(site)).toEqual(['git-unread']);
    expect(posts(site)).toEqual([]);
  });
});

it('builds that are switched off are no alarm, nor is a project that is connected to nothing', async () => {
  await withSite(WATCHED, async (site) => {
    site.world.simulator.fault = ({ method, path }) =>
      method === 'GET' && path.endsWith('/projects')
        ? {
            kind: 'alter',
            change: (body) =>
              JSON.parse(
                JSON.stringify(body).replaceAll(
                  '"production_deployments_enabled":true',
                  '"production_deployments_enabled":false',
                ),
              ),
          }
        : null;
    site.head = PUSHED;
    for (const at of [0, 40, 80]) await tick(site, at);
    expect(await gitOf(site)).toMatchObject({ head: PUSHED, behindSince: null });
    expect(site.notices).toEqual([]);
  });
  const rules = [{ ...WATCHED[0], repository: 'https://git.example/acme/docs' }];
  await withSite(rules, async (site) => {
    const { account } = site.world.simulator;
    account.deleteProject('docs');
    account.addProject({ name: 'docs', source: null }).add({ createdAt: START - HOUR, branch: 'main' });
    site.head = PUSHED;
    for (const at of [0, 40, 80]) await tick(site, at);
    expect(await gitOf(site)).toBeNull();
    expect(site.notices).toEqual([]);
  });
});
