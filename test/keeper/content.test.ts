// Rebuilds only on news: what the rule's `ifChanged` answers, against what it answered at the last build.

import { expect, test } from 'vitest';
import { addSite } from './accounts.ts';
import { acts, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const FEED = 'https://cms.example/feed.json?key=canary-key';
const settings = { RULES: [{ projects: ['*'], rebuild: { ifChanged: FEED } }] };

const posts = (world: World) => acts(world.simulator).filter((act) => act.startsWith('POST')).length;
const skips = (world: World) => world.runs()[0]?.skips.map(({ reason }) => reason);
const saved = async (world: World) => {
  const { readOverviewPage } = await import('../../src/keeper/views/reads.ts');
  const page = await world.keeper.view(null, readOverviewPage);
  return page.projects[0]?.savedBuilds;
};

/** A source that answers with these, the last one for ever, and keeps what it was asked. */
function answers(world: World, ...responses: (() => Response | Promise<Response>)[]): Request[] {
  const asked: Request[] = [];
  world.source = (request) => {
    asked.push(request);
    return (
      (responses.length > 1 ? responses.shift() : responses[0])?.() ?? new Response(null, { status: 404 })
    );
  };
  return asked;
}

const body =
  (text: string, headers: Record<string, string> = {}) =>
  () =>
    new Response(text, { headers });

test('the same content builds once, however often it ticks; the page counts what that saved', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    answers(world, body('one'));
    for (const hour of [0, 1, 2, 3])
      await world.tick(START + hour * HOUR, undefined, START + (hour + 1) * HOUR - 1);
    expect(posts(world)).toBe(1);
    expect(skips(world)).toEqual(['unchanged']);
    expect(await saved(world)).toBe(3);
    // Of this month; what was saved in the last one is no news.
    world.setNow(Date.UTC(2026, 11, 1, 0, 30));
    expect(await saved(world)).toBe(0);
  });
});

test('other content builds again', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    answers(world, body('one'), body('one'), body('two'));
    for (const hour of [0, 1, 2])
      await world.tick(START + hour * HOUR, undefined, START + (hour + 1) * HOUR - 1);
    expect(posts(world)).toBe(2);
    expect(skips(world)).toEqual([]);
  });
});

test('it is asked with what it sent at the last build, and a 304 is no news', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    const date = 'Tue, 24 Nov 2026 10:00:00 GMT';
    const asked = answers(
      world,
      body('one', { etag: '"v1"', 'last-modified': date }),
      () => new Response(null, { status: 304 }),
    );
    await world.tick(START, undefined, START + HOUR - 1);
    await world.tick(START + HOUR);
    expect(
      asked.map(({ headers }) => [headers.get('if-none-match'), headers.get('if-modified-since')]),
    ).toEqual([
      [null, null],
      ['"v1"', date],
    ]);
    expect(posts(world)).toBe(1);
    expect(skips(world)).toEqual(['unchanged']);
  });
});

test('it is asked without our credentials, and its URL is neither logged nor stored with a run', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    const asked = answers(world, () => new Response('down', { status: 500 }));
    await world.tick();
    expect([...(asked[0]?.headers.keys() ?? [])]).not.toContain('authorization');
    expect(JSON.stringify([world.log, world.runs()])).not.toContain('canary-key');
    expect(world.log.filter(({ event }) => event === 'content-unread')).toMatchObject([
      { level: 'warn', project: 'docs' },
    ]);
  });
});

test.each<[string, () => Response | Promise<Response>]>([
  ['500', () => new Response('one', { status: 500 })],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example' } }),
  ],
  ['no answer', () => Promise.reject(new TypeError('refused'))],
  ['more than 1 MB', () => new Response('x'.repeat(1_000_001))],
])('%s is a reason to build, and what was known of the content stays known', async (_, failure) => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    answers(world, body('one'), failure, body('one'));
    for (const hour of [0, 1, 2])
      await world.tick(START + hour * HOUR, undefined, START + (hour + 1) * HOUR - 1);
    expect(posts(world)).toBe(2);
    expect(skips(world)).toEqual(['unchanged']);
  });
});

test('content whose build was refused is news still', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    answers(world, body('one'));
    world.simulator.fault = ({ method }) =>
      method === 'POST' ? { kind: 'status', status: 400, code: 8_000_050 } : null;
    await world.tick(START, undefined, START + HOUR - 1);
    world.simulator.fault = null;
    await world.tick(START + HOUR);
    expect(skips(world)).toEqual([]);
    expect(posts(world)).toBe(2);
  });
});

test.each(['failure', 'canceled', 'skipped'] as const)(
  'content whose build ended as %s is news still, and no more once one of it has succeeded',
  async (status) => {
    await inWorld({ settings }, async (world) => {
      addSite(world);
      answers(world, body('one'));
      world.simulator.fault = ({ method, path }) =>
        method === 'GET' && /deployments\/[^/]+$/.test(path)
          ? {
              kind: 'alter',
              change: (given) => ({
                ...given,
                result: { ...(given.result as object), latest_stage: { name: 'build', status } },
              }),
            }
          : null;
      await world.tick(START, undefined, START + HOUR - 1);
      world.simulator.fault = null;
      await world.tick(START + HOUR, undefined, START + 2 * HOUR - 1);
      expect([posts(world), skips(world)]).toEqual([2, []]);
      await world.tick(START + 2 * HOUR, undefined, START + 3 * HOUR - 1);
      expect([posts(world), skips(world)]).toEqual([2, ['unchanged']]);
    });
  },
);

test('nor is that of a build that has not ended yet', async () => {
  await inWorld({ settings }, async (world) => {
    const site = addSite(world);
    site.buildMs = 70 * MINUTE;
    answers(world, body('one'));
    await world.tick(START, undefined, START + 62 * MINUTE);
    await world.tick(START + 65 * MINUTE, undefined, START + 69 * MINUTE);
    expect(skips(world)).not.toContain('unchanged');
  });
});

test('content whose build is found after a lost answer is no news any more', async () => {
  await inWorld({ settings }, async (world) => {
    addSite(world);
    answers(world, body('one'));
    world.simulator.fault = ({ method }) => (method === 'POST' ? { kind: 'drop-after' } : null);
    await world.tick(START, undefined, START + HOUR - 1);
    await world.tick(START + HOUR);
    expect(posts(world)).toBe(1);
    expect(skips(world)).toEqual(['unchanged']);
  });
});

test('a young build is not asked about; another URL or branch starts afresh', async () => {
  const rebuild = { ifChanged: FEED, ifOlderThanMinutes: 30 };
  await inWorld({ settings: { RULES: [{ projects: ['*'], rebuild }] } }, async (world) => {
    addSite(world);
    const asked = answers(world, body('one'));
    await world.tick(START, undefined, START + 10 * MINUTE);
    await world.tick(START + 20 * MINUTE, undefined, START + HOUR - 1);
    expect([asked.length, skips(world)]).toEqual([1, ['fresh']]);
    world.settings.RULES = [{ projects: ['*'], rebuild: { ifChanged: 'https://cms.example/other.json' } }];
    await world.tick(START + HOUR);
    expect(posts(world)).toBe(2);
  });
});

test('a dry run asks and builds nothing; thirty projects stay within what one invocation may send', async () => {
  await inWorld({ settings: { ...settings, DRY_RUN: 'true' } }, async (world) => {
    for (let n = 0; n < 30; n += 1)
      world.simulator.account.addProject({ name: `p${n}`, createdAt: START - HOUR });
    const asked = answers(world, body('one'));
    await world.tick();
    expect([asked.length, posts(world)]).toEqual([30, 0]);
    expect(new Set(skips(world))).toEqual(new Set(['dry-run']));
  });
});

test('a key in the URL is stored nowhere', async () => {
  const url = 'https://cms.example/feed.json?key=CANARY-content-key';
  const RULES = [{ projects: ['*'], rebuild: { ifChanged: url } }];
  await inWorld({ settings: { RULES } }, async (world, sql) => {
    world.source = () => new Response('content');
    world.simulator.account.addProject({ name: 'docs' }).add({ createdAt: START - DAY });
    await world.tick(START, undefined, START + 50 * MINUTE);
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray();
    const names = tables.map(({ name }) => name).filter((name) => !/^(_cf_|sqlite_)/.test(name));
    const stored = names.map((name) => JSON.stringify(sql.exec(`SELECT * FROM ${name}`).toArray()));
    expect(
      world.keeper.store.read('content', world.simulator.account.project('docs').id)?.mark,
    ).not.toBeNull();
    expect(stored.join()).not.toContain('CANARY-content-key');
  });
});
