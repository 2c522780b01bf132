// What ails the Keeper is told, with nobody looking, and its end only when that was seen.

import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const NOTIFY_URL = 'https://hooks.example.test/T000';
const PRUNE = { olderThanDays: 30 };
const refused: Fault = { kind: 'status', status: 403, code: 10_000, message: 'Authentication error' };
const readOnly =
  (...methods: string[]) =>
  ({ method }: { method: string }): Fault | null =>
    methods.includes(method) ? refused : null;

interface Told {
  readonly at: number;
  readonly text: string;
}

/** A world in which what is told is kept, with the time. */
async function listening(
  RULES: readonly object[],
  use: (world: World, told: Told[]) => Promise<void>,
  settings: Settings = {},
): Promise<void> {
  await inWorld({ settings: { NOTIFY_URL, RULES, ...settings } }, async (world) => {
    const told: Told[] = [];
    world.webhook = (body) => {
      told.push({ at: world.now(), text: (JSON.parse(body) as { text: string }).text });
      return new Response('ok');
    };
    await use(world, told);
  });
}

const tickAt = (world: World, hour: number, minutes = 50) =>
  world.tick(START + hour * HOUR, CRON, START + hour * HOUR + minutes * MINUTE);

const ALL = [{ projects: ['*'], prune: PRUNE }];

test('crons that tick no more are told with nobody looking, once, and that they tick again', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    await tickAt(world, 0);
    await world.run(START + 2 * HOUR);
    expect(told).toEqual([]);
    await world.run(START + 3 * DAY);
    expect(told).toHaveLength(1);
    expect(told[0]?.at).toBe(START + 2 * HOUR + 1);
    expect(told[0]?.text).toContain(
      'since that of 2026-11-24 20:00 UTC, and the next was due at 2026-11-24 21:00 UTC:',
    );
    expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'overdue' });
    await tickAt(world, 80);
    expect(told.slice(1).map(({ text }) => text)).toEqual(['Pages Keeper: Recovered: runs start again.']);
  });
});

test('while they tick nothing is told, and no alarm is added to theirs', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    for (let hour = 0; hour < 6; hour += 1) await tickAt(world, hour, 59);
    expect(told).toEqual([]);
    expect(world.alarmAt()).toBe(START + 7 * HOUR + 1);
  });
});

test.each<[string, object[], string | null]>([
  [
    'a rebuild waits for a cron that never ticks',
    [{ projects: ['*'], rebuild: { cron: '0 3 1 1 *' }, prune: PRUNE }],
    CRON,
  ],
  ['pruning does', [{ projects: ['*'], prune: { ...PRUNE, cron: '30 3 1 1 *' } }], CRON],
  ['there is no cron at all', ALL, null],
  ['there is no rule', [], CRON],
])('no false alarm: %s', async (_, rules, cron) => {
  await listening(rules, async (world, told) => {
    addSite(world);
    for (let hour = 0; hour < 5; hour += 1) {
      world.setNow(START + hour * HOUR);
      const seen = cron === null ? world.keeper.view(null, () => null) : tickAt(world, hour, 59);
      if (cron === null) await world.run(START + hour * HOUR + 59 * MINUTE);
      await seen;
      expect(world.keeper.health().ok).toBe(true);
    }
    if (cron === null || rules.length === 0) await world.run(START + 9 * DAY);
    expect([told, world.keeper.health().ok]).toEqual([[], true]);
  });
});

test('where nobody is to be told, no alarm waits for it', async () => {
  await listening(
    ALL,
    async (world) => {
      addSite(world);
      await tickAt(world, 0);
      expect(world.alarmAt()).toBeNull();
      world.setNow(START + 3 * HOUR);
      expect(world.keeper.health().reason).toBe('overdue');
    },
    { NOTIFY_URL: '' },
  );
});

test('a webhook that refuses it is tried twice more, a minute apart, and then left alone', async () => {
  await listening(ALL, async (world) => {
    addSite(world);
    await tickAt(world, 0);
    const tries: number[] = [];
    world.webhook = () => {
      tries.push(world.now());
      return new Response(null, { status: 500 });
    };
    await world.run(START + 9 * DAY);
    const first = START + 2 * HOUR + 1;
    expect(tries).toEqual([first, first + MINUTE, first + 2 * MINUTE]);
    expect(world.alarmAt()).toBeNull();
  });
});

test('three runs that fail are told as that, and one that goes well ends it in one sentence', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    await tickAt(world, 0);
    world.simulator.fault = () => ({ kind: 'status', status: 500 });
    for (const hour of [1, 2, 3, 4]) await tickAt(world, hour);
    expect(told.map(({ text }) => text.replace(/ \(.*/s, ''))).toEqual([
      'Pages Keeper: The last run failed. The project list could not be read',
      'Pages Keeper: The last 3 runs failed; /healthz says so too. The project list could not be read',
    ]);
    world.simulator.fault = null;
    await tickAt(world, 5);
    expect(told.slice(2).map(({ text }) => text)).toEqual(['Pages Keeper: Recovered: runs succeed again.']);
  });
});

test('a first run that fails is told once', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    world.simulator.fault = () => ({ kind: 'status', status: 500 });
    for (const hour of [0, 1]) await tickAt(world, hour);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('The first run failed');
  });
});

test.each(['tick', 'view', 'alarm'] as const)(
  'work that stood still is told by the %s that wakes it, and has recovered with a run that went well',
  async (waker) => {
    await listening(ALL, async (world, told) => {
      addSite(world, { old: 400 });
      await tickAt(world, 0, 1);
      expect(world.runs()[0]?.outcome).toBe('running');
      const due = world.alarmAt() ?? 0;
      if (waker !== 'alarm') world.dropAlarm();
      world.setNow(START + 30 * MINUTE);
      expect(world.keeper.health()).toMatchObject({ ok: false, reason: 'stalled' });
      const woken =
        waker === 'view'
          ? world.keeper.view(null, () => null)
          : waker === 'tick' && world.keeper.tick({ cron: CRON, scheduledTime: START + 30 * MINUTE });
      await world.step();
      await woken;
      expect(told.map(({ text }) => text)).toEqual([
        expect.stringContaining(
          `Nothing was done from ${new Date(due).toISOString().slice(0, 10)} 20:01 UTC on`,
        ),
      ]);
      expect(world.keeper.health().ok).toBe(true);
      await world.run(START + 59 * MINUTE);
      expect(told.slice(1).map(({ text }) => text)).toEqual(['Pages Keeper: Recovered: runs succeed again.']);
    });
  },
);

test('an hour in which nothing was due is no standstill, while the next run begins', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    await tickAt(world, 0);
    world.setNow(START + HOUR);
    const ticking = world.keeper.tick({ cron: CRON, scheduledTime: START + HOUR });
    expect(world.keeper.health()).toMatchObject({ ok: true, reason: null });
    await world.run(START + HOUR + 50 * MINUTE);
    expect((await ticking).ok).toBe(true);
    expect(told).toEqual([]);
  });
});

test.each<[string, Fault]>([
  ['errors', { kind: 'status', status: 500 }],
  ['a block', { kind: 'block' }],
])('a refused token has not recovered by %s', async (_, fault) => {
  await listening(ALL, async (world, told) => {
    addSite(world);
    world.simulator.fault = () => refused;
    await tickAt(world, 0);
    world.simulator.fault = () => fault;
    await tickAt(world, 1);
    await tickAt(world, 2);
    expect(told[0]?.text).toContain('The API refused the credentials');
    expect(told.map(({ text }) => text).join()).not.toContain('accepts the credentials');
    world.simulator.fault = null;
    await tickAt(world, 4);
    expect(told.map(({ text }) => text).join()).toContain('the API accepts the credentials again');
  });
});

test('a token that may only read is told once, and recovers with a delete that was let in', async () => {
  await listening(ALL, async (world, told) => {
    for (const name of ['a', 'b', 'c']) addSite(world, { name });
    world.simulator.fault = readOnly('DELETE');
    for (const hour of [0, 1, 2]) await tickAt(world, hour);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('lets the token read and refuses its builds and deletes');
    world.simulator.fault = null;
    for (const hour of [3, 4]) await tickAt(world, hour);
    expect(told.slice(1).map(({ text }) => text)).toEqual([
      'Pages Keeper: Recovered: the API accepts the credentials again.',
    ]);
  });
});

test('a run that another one took over has not gone well', async () => {
  await listening(ALL, async (world, told) => {
    addSite(world, { old: 900 });
    world.simulator.fault = () => ({ kind: 'status', status: 500 });
    await tickAt(world, 0);
    world.simulator.fault = null;
    await tickAt(world, 1, 1);
    world.setNow(START + HOUR + MINUTE);
    await world.tick(world.now(), '*/5 * * * *', world.now() + 20_000);
    expect(world.runs().map(({ outcome }) => outcome)).toEqual(['running', 'superseded', 'failed']);
    expect([told.length, world.keeper.health().reason]).toEqual([1, 'failing']);
    await world.run(START + 2 * HOUR);
    expect(told.at(-1)?.text).toContain('runs succeed again');
  });
});

test.each<[string, (world: World) => void]>([
  [
    'a live deployment that is not named',
    (world) => {
      world.simulator.fault = ({ path }) =>
        path.endsWith('/projects')
          ? {
              kind: 'alter',
              change: (body) => ({
                ...body,
                result: (body.result as object[]).map((one) => ({ ...one, canonical_deployment: null })),
              }),
            }
          : null;
    },
  ],
  [
    'another production branch, of which nothing is read yet',
    (world) => {
      world.simulator.account.project('docs').productionBranch = 'next';
      world.simulator.fault = ({ path }) =>
        path.endsWith('/deployments') ? { kind: 'status', status: 500 } : null;
    },
  ],
])('production that is behind has not recovered by %s', async (_, befall) => {
  await listening(ALL, async (world, told) => {
    const docs = addSite(world, { upload: true });
    docs.add({ createdAt: START - MINUTE, environment: 'production', branch: 'main', outcome: 'failure' });
    await tickAt(world, 0);
    expect(told[0]?.text).toContain('docs: production is behind');
    befall(world);
    await tickAt(world, 1);
    expect(told.map(({ text }) => text).join()).not.toContain('Recovered');
  });
});

test('a build that failed has not recovered by one of another branch that succeeds', async () => {
  const building = (branch: string) => [{ projects: ['*'], rebuild: { branch, ifOlderThanMinutes: 600 } }];
  await listening(building('main'), async (world, told) => {
    const docs = addSite(world, { young: 0 });
    docs.buildOutcome = 'failure';
    await tickAt(world, 0);
    docs.buildOutcome = 'success';
    world.settings.RULES = building('next');
    await tickAt(world, 1);
    expect(world.runs()[0]?.rebuilds).toMatchObject([{ branch: 'next', status: 'ready' }]);
    world.settings.RULES = building('main');
    await tickAt(world, 2);
    expect(world.runs()[0]?.skips).toMatchObject([{ reason: 'fresh' }]);
    const ofBuilds = told
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.includes('scheduled build'));
    // Nobody rebuilds it, so nothing is said of it; then it is watched again, and stands as it stood.
    expect(ofBuilds).toEqual(Array(2).fill('Pages Keeper: docs: the scheduled build of main failed.'));
  });
});

test('with the settings of another account what could not be told is not tried for ever', async () => {
  await listening(ALL, async (world) => {
    addSite(world);
    world.webhook = () => new Response(null, { status: 500 });
    world.simulator.fault = () => refused;
    await world.tick(START, CRON, START + MINUTE);
    expect(world.keeper.work().telling.to.NOTIFY_URL?.tries).toBeGreaterThan(0);
    world.settings.CLOUDFLARE_ACCOUNT_ID = 'another-account';
    await world.step();
    expect(world.log.at(-1)).toMatchObject({ event: 'not-ours' });
    expect(world.alarmAt() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(world.now());
  });
});

test('the page names the last run that started by the time that it names elsewhere, and when the next was due', async () => {
  const simulator = { limit: { calls: 60, windowMs: 300_000, blockMs: 300_000 } };
  await inWorld({ settings: { RULES: ALL }, simulator }, async (world) => {
    addSite(world, { old: 1_200 });
    // It starts late, and takes more than an hour.
    world.setNow(START + 7 * MINUTE);
    await world.tick(START, CRON, START + 2 * DAY);
    const [run] = world.runs();
    expect(run?.finishedAt).toBeGreaterThan(START + HOUR);
    world.setNow(START + 5 * HOUR);
    for (const path of ['/', '/runs', '/projects/docs']) {
      const html = await (await pagesOf(world).request(path)).text();
      const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
      expect([path, text]).toEqual([
        path,
        expect.stringContaining('No run has started since that of 24 Nov, 20:00 UTC'),
      ]);
      expect(text).toContain('The next was due at 24 Nov, 21:00 UTC.');
      if (path === '/') expect(text).toContain('Last run 24 Nov, 20:00 UTC Started at 24 Nov, 20:07 UTC');
      if (path === '/runs')
        expect(text).toMatch(/20:00 Done Deleted 1,200 deployments Started at 24 Nov, 20:07 UTC/);
    }
    const own = await (await pagesOf(world).request(`/runs/${run?.id}`)).text();
    expect(own).toContain('<p>Started at 24 Nov, 20:07 UTC</p>');
    // One that started in time does not say so.
    world.setNow(START + 6 * HOUR);
    await world.tick(START + 6 * HOUR, CRON, START + 6 * HOUR + 30 * MINUTE);
    expect(await (await pagesOf(world).request('/')).text()).not.toContain('Started at');
  });
});
