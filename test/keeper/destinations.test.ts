// Several destinations of the real Keeper: each is told by itself, nothing is lost and nothing told twice.

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { warningsOf } from '../../src/keeper/views/warnings.ts';
import { DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const A = 'https://a.example.test/hook';
const B = 'https://b.example.test/hook';
const rules = [{ projects: ['*'], prune: { olderThanDays: 30 } }];

interface Heard {
  readonly at: number;
  readonly url: string;
  readonly texts: string[];
}

/** A world with these destinations, and what each was told. `answers`: what a destination says. */
async function listening(
  settings: Settings,
  use: (world: World, heard: Heard[], answers: Map<string, () => Response>) => Promise<void>,
): Promise<void> {
  await inWorld({ settings: { RULES: rules, A_URL: A, B_URL: B, ...settings } }, async (world) => {
    const heard: Heard[] = [];
    const answers = new Map<string, () => Response>();
    world.webhook = (body, { url }) => {
      const answer = answers.get(url)?.() ?? new Response('ok');
      const { notices } = JSON.parse(body) as { notices: { text: string }[] };
      if (answer.ok) heard.push({ at: world.now(), url, texts: notices.map(({ text }) => text) });
      return answer;
    };
    await use(world, heard, answers);
  });
}

const addBehind = (world: World, name: string) => {
  const site = world.simulator.account.addProject({ name, source: null });
  site.add({ createdAt: START - 2 * DAY });
  site.add({ createdAt: START - DAY, outcome: 'failure' });
  return site;
};
const hour = (world: World, n: number) =>
  world.tick(START + n * HOUR, undefined, START + n * HOUR + 50 * MINUTE);
const both = [{ to: 'A_URL' }, { to: 'B_URL' }];

test('each hears of its projects and of what it wants, with a link', async () => {
  const NOTIFY = [
    { to: 'A_URL', projects: ['docs*'] },
    { to: 'B_URL', about: ['trouble'] },
  ];
  await listening({ NOTIFY, PUBLIC_URL: 'https://keeper.example.com' }, async (world, heard) => {
    let links = '';
    const { webhook } = world;
    world.webhook = (body, request) => {
      links += body;
      return webhook(body, request);
    };
    addBehind(world, 'docs');
    addBehind(world, 'blog');
    await hour(world, 0);
    expect(heard.map(({ url, texts }) => [url, texts])).toEqual([
      [A, ['docs: production is behind, the last production build failed.']],
    ]);
    expect(links).toContain('"link":"https://keeper.example.com/projects/docs"');
    world.settings.CLOUDFLARE_API_TOKEN = 'refused-token';
    await hour(world, 1);
    expect(heard.slice(1).map(({ url }) => url)).toEqual([A, B]);
  });
});

test('one that refuses is tried three times a tick, seen on the page and in the log of the run; the other is told at once', async () => {
  await listening({ NOTIFY: both }, async (world, heard, answers) => {
    let tries = 0;
    answers.set(A, () => {
      tries += 1;
      return new Response(null, { status: 404 });
    });
    addBehind(world, 'docs');
    await hour(world, 0);
    expect([tries, heard.map(({ url }) => url)]).toEqual([3, [B]]);
    const { work, store } = { work: world.keeper.work(), store: world.keeper.store };
    const warnings = warningsOf({ config: readConfig(world.settings), work, store });
    expect(warnings.join()).toContain('A_URL did not take the last notice (HTTP 404)');
    expect(JSON.stringify([warnings, world.log])).not.toContain('a.example.test');
    await hour(world, 1);
    expect(world.log.filter(({ event }) => event === 'run').at(-1)).toMatchObject({
      untold: ['A_URL: HTTP 404'],
    });
    answers.delete(A);
    await hour(world, 2);
    expect(heard.map(({ url }) => url)).toEqual([B, A]);
    await hour(world, 3);
    expect(heard).toHaveLength(2);
    expect(world.log.filter(({ event }) => event === 'run').at(-1)).not.toHaveProperty('untold');
  });
});

test('a connector of Teams that answers 200 and could not post is tried again, and then it is told', async () => {
  await listening({ NOTIFY: [{ to: 'A_URL', format: 'teams' }] }, async (world) => {
    const bodies: string[] = [];
    world.webhook = (body) => {
      bodies.push(body);
      return new Response(
        bodies.length < 3 ? 'Webhook message delivery failed with error: Microsoft Teams endpoint …' : '1',
      );
    };
    addBehind(world, 'docs');
    await hour(world, 0);
    await hour(world, 1);
    expect([bodies.length, new Set(bodies).size]).toEqual([3, 1]);
    expect(world.log.filter(({ event }) => event === 'notice-failed')).toMatchObject([
      { to: 'A_URL', why: 'it says that it could not pass the message on', tries: 1 },
      { tries: 2 },
    ]);
  });
});

test('sixty at once: none is lost, none told twice, also to one that takes little', async () => {
  const NOTIFY = [{ to: 'A_URL' }, { to: 'B_URL', format: 'ntfy' }];
  await listening({ NOTIFY }, async (world) => {
    const bodies: Record<string, string[]> = { [A]: [], [B]: [] };
    world.webhook = (body, { url }) => {
      bodies[url]?.push(body);
      return new Response('ok');
    };
    for (let at = 0; at < 60; at += 1) addBehind(world, `site-${String(at).padStart(2, '0')}`);
    // What does not fit goes at once, not with the next tick; and then it is not told again.
    for (const at of [0, 1]) {
      await hour(world, at);
      for (const url of [A, B]) {
        const names = (bodies[url]?.join('\n') ?? '').match(/Pages Keeper: site-\d\d/g) ?? [];
        expect([names.length, new Set(names).size]).toEqual([60, 60]);
      }
    }
    expect(bodies[B]?.length).toBeGreaterThan(1);
  });
});

test('ten destinations are all told, though an alarm may write to five', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `URL_${at}`);
  const urls = Object.fromEntries(names.map((name) => [name, `https://${name.slice(4)}.example.test/`]));
  await listening({ NOTIFY: names.map((to) => ({ to })), ...urls }, async (world, heard) => {
    addBehind(world, 'docs');
    await hour(world, 0);
    expect(new Set(heard.map(({ url }) => url)).size).toBe(10);
    expect(heard).toHaveLength(10);
  });
});

test('a build is told once, by id, and only where it ended after the destination was there', async () => {
  const NOTIFY = [
    { to: 'A_URL', about: ['success', 'previews'] },
    { to: 'B_URL', about: ['success'] },
  ];
  await listening({ NOTIFY }, async (world, heard) => {
    const docs = world.simulator.account.addProject({ name: 'docs', source: null });
    docs.add({ createdAt: START - DAY });
    await hour(world, 0);
    expect(heard).toEqual([]);
    docs.add({ createdAt: START + 51 * MINUTE });
    docs.add({ createdAt: START + 52 * MINUTE, branch: 'feat', environment: 'preview', outcome: 'failure' });
    docs.add({ createdAt: START + 53 * MINUTE, branch: 'fix', environment: 'preview' });
    await hour(world, 1);
    await hour(world, 2);
    const texts = (url: string) => heard.filter((one) => one.url === url).flatMap((one) => one.texts);
    expect(texts(A)).toEqual([
      'docs: the production build of main succeeded.',
      'docs: the preview build of feat failed.',
      'docs: the preview build of fix succeeded.',
    ]);
    expect(texts(B)).toEqual(['docs: the production build of main succeeded.']);
    expect(world.keeper.work().telling.news).toEqual([]);
    world.settings.NOTIFY = [...NOTIFY, { to: 'C_URL', about: ['success'] }];
    world.settings.C_URL = 'https://c.example.test/';
    await hour(world, 3);
    expect(texts('https://c.example.test/')).toEqual([]);
  });
});

test('a process that dies while one is told tells the others, and nothing twice to who has answered', async () => {
  await listening({ NOTIFY: both }, async (world, heard, answers) => {
    let deaths = 0;
    answers.set(B, () => {
      deaths += 1;
      if (deaths === 1) world.restart();
      return new Response('ok');
    });
    addBehind(world, 'docs');
    await hour(world, 0);
    await hour(world, 1);
    expect(heard.filter(({ url }) => url === A).length).toBeLessThanOrEqual(2);
    expect(heard.filter(({ url }) => url === B).length).toBeGreaterThan(0);
    expect(world.keeper.work().telling.to.A_URL).toMatchObject({ tries: 0, againAt: null });
  });
});

test('what one has been told of builds is not told again while another still waits to be', async () => {
  const NOTIFY = [
    { to: 'A_URL', about: ['success'] },
    { to: 'B_URL', about: ['success'] },
  ];
  await listening({ NOTIFY }, async (world, heard, answers) => {
    answers.set(B, () => new Response(null, { status: 500 }));
    const docs = world.simulator.account.addProject({ name: 'docs', source: null });
    docs.add({ createdAt: START - DAY });
    await hour(world, 0);
    docs.add({ createdAt: START + 51 * MINUTE });
    await hour(world, 1);
    await hour(world, 2);
    answers.delete(B);
    await hour(world, 3);
    expect(heard.map(({ url, texts }) => [url, texts])).toEqual([
      [A, ['docs: the production build of main succeeded.']],
      [B, ['docs: the production build of main succeeded.']],
    ]);
  });
});

test('a name and password in an address are sent to that one alone, in a header', async () => {
  const A_URL = 'https://me:pa%3Ass@a.example.test/hook';
  await listening({ NOTIFY: both, A_URL }, async (world) => {
    const sent: Record<string, string | null> = {};
    world.webhook = (_, { url, headers }) => {
      sent[url] = headers.get('authorization');
      return new Response('ok');
    };
    addBehind(world, 'docs');
    await hour(world, 0);
    expect(sent).toEqual({ [A]: `Basic ${btoa('me:pa:ss')}`, [B]: null });
  });
});

test('of builds that nobody could be told of the last hundred are kept; how many more there were is told', async () => {
  const NOTIFY = [{ to: 'A_URL', about: ['success'] }];
  await listening({ NOTIFY }, async (world, heard, answers) => {
    const docs = world.simulator.account.addProject({ name: 'docs', source: null });
    docs.add({ createdAt: START - DAY });
    await hour(world, 0);
    answers.set(A, () => new Response(null, { status: 500 }));
    for (let n = 1; n <= 4; n += 1) {
      for (let at = 0; at < 30; at += 1)
        docs.add({ createdAt: START + (n - 1) * HOUR + 51 * MINUTE + at * 1_000, branch: 'main' });
      await hour(world, n);
    }
    expect(world.keeper.work().telling.news).toHaveLength(100);
    answers.delete(A);
    await hour(world, 5);
    const texts = heard.flatMap((one) => one.texts);
    expect(texts[0]).toBe('20 more builds have ended than could be kept to be told.');
    expect(texts.slice(1)).toEqual(Array(100).fill('docs: the production build of main succeeded.'));
    await hour(world, 6);
    expect(heard.flatMap((one) => one.texts)).toHaveLength(101);
  });
});
