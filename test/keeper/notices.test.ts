// Notices of the real Keeper: once per change of state, and never in the way of a run.

import { expect, test } from 'vitest';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const HOOK = 'https://hooks.example.test/T000/CANARY-webhook';
const settings = {
  NOTIFY_URL: HOOK,
  RULES: [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }],
};

test('a refused token is told once, however often the cron ticks, and so is its end', async () => {
  await inWorld({ settings }, async (world) => {
    const told: string[] = [];
    world.webhook = (body) => {
      told.push(body);
      return new Response('ok');
    };
    world.simulator.account.addProject({ name: 'docs', source: null }).add({ createdAt: START - DAY });
    world.settings.CLOUDFLARE_API_TOKEN = 'refused-token';
    await world.tick(START, undefined, START + 10 * MINUTE);
    await world.tick(START + HOUR, undefined, START + HOUR + 10 * MINUTE);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('npx wrangler secret put CLOUDFLARE_API_TOKEN');
    world.settings.CLOUDFLARE_API_TOKEN = 'test-token';
    await world.tick(START + 2 * HOUR, undefined, START + 2 * HOUR + 10 * MINUTE);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('Recovered');
  });
});

test('a scheduled build that fails is told, and that production is behind', async () => {
  await inWorld({ settings }, async (world) => {
    const told: string[] = [];
    world.webhook = (body) => {
      told.push(body);
      return new Response('ok');
    };
    const project = world.simulator.account.addProject({ name: 'docs', buildOutcome: 'failure' });
    project.add({ createdAt: START - DAY });
    await world.tick(START, undefined, START + 10 * MINUTE);
    expect(told.join()).toContain('docs: the scheduled build of main failed.');
    await world.tick(START + HOUR, undefined, START + HOUR + 10 * MINUTE);
    expect(told.join()).toContain('docs: production is behind');
    expect(told).toHaveLength(2);
  });
});

test('a webhook that fails is tried three times a tick, never in the way of the run, and its URL is in no log', async () => {
  await inWorld({ settings }, async (world) => {
    let tries = 0;
    world.webhook = () => {
      tries += 1;
      throw new TypeError(`could not reach ${HOOK}`);
    };
    const project = world.simulator.account.addProject({
      name: 'docs',
      source: null,
      buildOutcome: 'failure',
    });
    for (let age = 60; age >= 0; age -= 1) project.add({ createdAt: START - age * DAY - HOUR });
    project.add({ createdAt: START - MINUTE, outcome: 'failure' });
    await world.tick(START, undefined, START + 10 * MINUTE);
    expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 31 } });
    for (let tick = 1; tick < 6; tick += 1)
      await world.tick(START + tick * HOUR, undefined, START + tick * HOUR + 10 * MINUTE);
    expect(tries).toBe(18);
    expect(JSON.stringify(world.log)).not.toContain('CANARY-webhook');
  });
});

test('what a webhook answered is in the log', async () => {
  await inWorld({ settings }, async (world) => {
    world.webhook = () => new Response('no such hook', { status: 404 });
    world.settings.CLOUDFLARE_API_TOKEN = 'refused-token';
    await world.tick(START, undefined, START + 10 * MINUTE);
    const failed = world.log.filter(({ event }) => event === 'notice-failed');
    expect(failed[0]).toMatchObject({ why: 'HTTP 404', tries: 1 });
  });
});

/** Ticks once an hour, each with what happens before it; gives what was told. */
async function toldOver(
  story: ((world: World) => void)[],
  start?: (world: World) => void,
): Promise<string[]> {
  const told: string[] = [];
  await inWorld({ settings }, async (world) => {
    world.webhook = (body) => {
      told.push((JSON.parse(body) as { text: string }).text);
      return new Response('ok');
    };
    start?.(world);
    for (const [hour, happens] of story.entries()) {
      happens(world);
      await world.tick(START + hour * HOUR, undefined, START + hour * HOUR + 50 * MINUTE);
    }
  });
  return told;
}

const addDocs = (world: World) =>
  world.simulator.account.addProject({ name: 'docs', source: null }).add({ createdAt: START - DAY });

test('runs succeed again when one has, not when the token is refused next', async () => {
  const listFails = (world: World) => {
    world.simulator.fault = () => ({ kind: 'status', status: 500 });
  };
  const tokenRefused = (world: World) => {
    world.simulator.fault = null;
    world.settings.CLOUDFLARE_API_TOKEN = 'refused-token';
  };
  const mended = (world: World) => {
    world.settings.CLOUDFLARE_API_TOKEN = 'test-token';
  };
  const told = await toldOver([listFails, tokenRefused], addDocs);
  expect(told.join('\n')).not.toContain('Recovered');
  const more = await toldOver([listFails, tokenRefused, mended], addDocs);
  expect(more.at(-1)).toContain('runs succeed again');
});

test('production that is behind has not recovered when its project, or its rule, goes', async () => {
  const fails = (world: World) => {
    const docs = world.simulator.account.addProject({ name: 'docs', source: null });
    docs.add({ createdAt: START - 2 * DAY });
    docs.add({ createdAt: START - DAY, outcome: 'failure' });
    world.simulator.account.addProject({ name: 'blog', source: null }).add({ createdAt: START - DAY });
  };
  const goes: ((world: World) => void)[] = [
    (world) => world.simulator.account.deleteProject('docs'),
    (world) =>
      Object.assign(world.settings, { RULES: [{ projects: ['blog'], prune: { olderThanDays: 30 } }] }),
  ];
  for (const go of goes) {
    const told = await toldOver([() => undefined, go, () => undefined], fails);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('docs: production is behind');
  }
});

test.each([true, false])(
  'a scheduled build that failed has not recovered because its project was made anew, be it answered at once: %s',
  async (isAnswered) => {
    const failing = (world: World) =>
      world.simulator.account
        .addProject({ name: 'docs', buildOutcome: 'failure' })
        .add({ createdAt: START - DAY });
    const rebuilt = (rebuild: object) => (world: World) =>
      Object.assign(world.settings, { RULES: [{ projects: ['*'], rebuild, prune: { olderThanDays: 30 } }] });
    const anew = (world: World) => {
      world.simulator.account.deleteProject('docs');
      failing(world);
      // What became of the old one.
      world.simulator.fault = ({ method, path }) =>
        !isAnswered && method === 'GET' && path.endsWith('/projects/docs')
          ? { kind: 'status', status: 500 }
          : null;
    };
    const answered = (world: World) => {
      world.simulator.fault = null;
    };
    const mended = (world: World) => {
      world.simulator.account.project('docs').buildOutcome = 'success';
      rebuilt({})(world);
    };
    const story = [() => undefined, anew, rebuilt({ ifOlderThanMinutes: 600 }), answered];
    const ofBuilds = async (...more: ((world: World) => void)[]) =>
      (await toldOver([...story, ...more], failing))
        .flatMap((text) => text.split('\n'))
        .filter((line) => line.includes('scheduled'));
    const failed = 'Pages Keeper: docs: the scheduled build of main failed.';
    expect(await ofBuilds()).toEqual([failed]);
    const recovered = 'Pages Keeper: Recovered: docs: the scheduled build succeeded.';
    expect(await ofBuilds(mended)).toEqual([failed, recovered]);
  },
);

test.each(['canceled', 'skipped'] as const)(
  'a scheduled build that failed has not recovered when the next one is %s',
  async (outcome) => {
    const told = await toldOver(
      [
        () => undefined,
        (world) => {
          const docs = world.simulator.account.project('docs');
          docs.buildOutcome = 'success';
          world.simulator.fault = (call) => {
            if (call.method === 'GET' && /deployments\/[^/]+$/.test(call.path))
              return {
                kind: 'alter',
                change: (body) => ({
                  ...body,
                  result: { ...(body.result as object), latest_stage: { name: 'build', status: outcome } },
                }),
              };
            return null;
          };
        },
      ],
      (world) =>
        world.simulator.account
          .addProject({ name: 'docs', buildOutcome: 'failure' })
          .add({ createdAt: START - DAY }),
    );
    expect(told[0]).toContain('docs: the scheduled build of main failed.');
    expect(told.join('\n')).not.toContain('the scheduled build succeeded');
  },
);
