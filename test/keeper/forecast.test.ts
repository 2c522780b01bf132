// What goes next: when it is counted, and what it is counted by.

import { describe, expect, test } from 'vitest';
import type { Fault } from '../../simulator/simulator.ts';
import type { Json } from '../../simulator/wire.ts';
import { addSite, begin, drainOneBatch } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, type Settings, START, type World } from './world.ts';

const NIGHTLY = '0 2 * * *';

interface Shown {
  readonly nextPruneAt: string | null;
  readonly counts: {
    readonly total: number | null;
    readonly next: number | null;
    readonly left: number | null;
  };
}

async function shown(world: World, name = 'docs'): Promise<Shown> {
  const answer = await pagesOf(world).request(`/projects/${name}.json`);
  return answer.json<Shown>();
}

/** The page of the account, as the first to look at it sees it. */
async function firstLook(world: World): Promise<void> {
  const view = pagesOf(world).request('/');
  while (world.alarmAt() === null) await new Promise((resolve) => setTimeout(resolve, 0));
  await world.run(world.now() + 5 * MINUTE);
  await view;
}

test.each([
  ['nothing of it would be left', { branches: ['stale'], isDown: false }, 0],
  ['nobody knows what is live', { branches: ['stale', 'alive'], isDown: true }, 0],
  ['some of it stays', { branches: ['stale', 'alive'], isDown: false }, 1],
])('what goes if stale branches do is what a plan of all of it would do: %s', async (_, given, more) => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { DRY_RUN: 'true', RULES } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (const branch of given.branches)
      for (const days of branch === 'stale' ? [50, 40] : [50, 1])
        project.add({ createdAt: START - days * DAY, branch });
    if (given.isDown) project.add({ createdAt: START - DAY, outcome: 'failure' });
    await world.tick(START, CRON, START + HOUR / 2);
    const { plan } = await (await pagesOf(world).request('/runs.json')).json<{ plan: Json[] }>();
    expect(plan).toMatchObject([{ moreIfStale: more }]);
  });
});

test('it is there at the first look, though no cron has ever ticked, and nothing was deleted for it', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    addSite(world, { old: 12 });
    await firstLook(world);
    expect(await shown(world)).toMatchObject({
      nextPruneAt: null,
      counts: { total: 15, next: 12, left: null },
    });
    const text = await (await pagesOf(world).request('/runs')).text();
    expect(text).toContain('No run yet');
    expect(text).toContain('The plan below says what it would do.');
    expect(world.runs()).toEqual([]);
    expect(new Set(world.simulator.calls.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});

test('it is counted for the time of the next run, by the policies that act then and no others', async () => {
  const prune = [
    { environment: 'production', olderThanDays: 30, cron: NIGHTLY },
    { environment: 'preview', olderThanDays: 30 },
  ];
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune }] } }, async (world) => {
    const project = addSite(world, { old: 20 });
    // Two previews: one goes before the next hour, one does not.
    for (const at of [START + 30 * MINUTE, START + 3 * HOUR])
      project.add({ createdAt: at - 30 * DAY, branch: 'a' });
    project.add({ createdAt: START - DAY, branch: 'a' });
    await world.tick(START, CRON, START + 10 * MINUTE);
    expect(await shown(world)).toMatchObject({
      nextPruneAt: '2026-11-24T21:00:00.000Z',
      counts: { next: 1 },
    });
    // At two o'clock both crons tick, so that both policies act.
    const late = START + 5 * HOUR;
    await world.tick(late, CRON, late + 10 * MINUTE);
    await world.run(late + 20 * MINUTE);
    expect(await shown(world)).toMatchObject({
      nextPruneAt: '2026-11-25T02:00:00.000Z',
      counts: { next: 20 },
    });
  });
});

test('other rules are counted anew at the next look, and until then nothing is said', async () => {
  await inWorld({ settings: { DRY_RUN: 'true' } }, async (world) => {
    addSite(world, { old: 12, young: 6 });
    await world.tick(START, CRON, START + 10 * MINUTE);
    expect((await shown(world)).counts.next).toBe(12);
    world.settings.RULES = [{ projects: ['*'], prune: { olderThanDays: 90 } }];
    expect((await shown(world)).counts.next).toBeNull();
    await world.run(START + 20 * MINUTE);
    expect((await shown(world)).counts.next).toBe(0);
  });
});

test('a push is counted too', async () => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 1, keepLatest: 3 } }];
  await inWorld({ settings: { DRY_RUN: 'true', RULES } }, async (world) => {
    const project = addSite(world, { old: 9, young: 0, upload: true });
    await world.tick(START, CRON, START + 5 * MINUTE);
    expect((await shown(world)).counts.next).toBe(6);
    project.add({ createdAt: START + 5 * MINUTE });
    world.setNow(START + 15 * MINUTE);
    await shown(world);
    await world.run(START + 20 * MINUTE);
    expect((await shown(world)).counts).toMatchObject({ total: 10, next: 7 });
  });
});

test('what a run that failed has left behind goes with the next one', async () => {
  await inWorld({}, async (world) => {
    addSite(world, { old: 120 });
    await drainOneBatch(world);
    const before = (await shown(world)).counts;
    expect(before).toMatchObject({ next: 0 });
    world.settings.CLOUDFLARE_API_TOKEN = 'refused';
    await world.run(START + 20 * MINUTE);
    expect(world.runs()[0]).toMatchObject({ outcome: 'failed' });
    expect((await shown(world)).counts).toMatchObject({ next: before.left, left: null });
  });
});

test('before a run is planned it is not said what the next one does', async () => {
  await inWorld({ start: START - HOUR }, async (world) => {
    addSite(world, { old: 120 });
    await world.tick(START - HOUR, CRON, START - HOUR + MINUTE);
    await world.run(START - MINUTE);
    expect((await shown(world)).counts).toEqual({ total: 3, next: 0, left: null });
    world.simulator.account.find('docs')?.add({ createdAt: START - 2 * MINUTE });
    // It was counted for this run: what the next one does, nobody knows before this one is planned.
    await begin(world, START);
    expect((await shown(world)).counts).toEqual({ total: 3, next: null, left: null });
    await world.run(START + 20 * MINUTE);
    expect((await shown(world)).counts).toEqual({ total: 4, next: 0, left: null });
  });
});

test('what a run is deleting goes now, by its row and on its own page; what expires later goes with the next', async () => {
  const RULES = [
    {
      projects: ['*'],
      prune: [
        { olderThanDays: 30, branches: ['main'] },
        { cron: NIGHTLY, olderThanDays: 30 },
      ],
    },
  ];
  await inWorld({ settings: { RULES } }, async (world) => {
    const docs = addSite(world, { old: 60, upload: true });
    // Of a policy that this cron does not carry out, and one that had not expired when it was planned.
    const nightly = docs.add({ createdAt: START - 61 * DAY, branch: 'dev' });
    docs.add({ createdAt: START - DAY, branch: 'dev' });
    const soon = docs.add({ createdAt: START - 30 * DAY + MINUTE });
    await drainOneBatch(world);
    world.setNow(START + 2 * MINUTE);
    const words = async (id: string) => {
      const html = await (await pagesOf(world).request(`/projects/docs/deployments/${id}`)).text();
      return /Is being deleted|Will be deleted at [^<]*/.exec(html)?.[0];
    };
    const left = docs.deployments.filter(
      ({ createdAt }) => createdAt < START - 59 * DAY && createdAt > START - 61 * DAY,
    );
    expect(left.length).toBeGreaterThan(0);
    for (const { id } of left) expect(await words(id)).toBe('Is being deleted');
    expect(await words(soon.id)).toBe('Will be deleted at 21:00 UTC');
    expect(await words(nightly.id)).toBe('Will be deleted at 25 Nov, 02:00 UTC');
    const rows = await (await pagesOf(world).request('/projects/docs?verdict=next')).text();
    expect(rows.match(/goes now/g)).toHaveLength(left.length);
    // Where a limit may end the run, nobody knows with which they go.
    world.settings.MAX_DELETES_PER_RUN = 1_000;
    expect(await words(left[0]?.id ?? '')).toBe('Will be deleted at 21:00 UTC');
  });
});

describe('what a run gives up goes with the next one, and is no moment without either', () => {
  test.each<[string, Fault, Settings]>([
    ['it failed too often', { kind: 'status', status: 500 }, {}],
    ['its project’s deletes ended', { kind: 'status', status: 403, code: 8_000_119 }, {}],
    ['the limit put it off', { kind: 'drop-before' }, { MAX_DELETES_PER_RUN: 2 }],
  ])('%s', async (_, fault, settings) => {
    const limit = { calls: 1_200, windowMs: 300_000, blockMs: 300_000 };
    await inWorld({ settings, simulator: { limit } }, async (world) => {
      // More than one batch, and another project for which the run goes on.
      addSite(world, { old: 50 });
      addSite(world, { name: 'other', old: 400 });
      world.simulator.fault = ({ method, project }) =>
        method === 'DELETE' && project === 'docs' ? fault : null;
      await begin(world);
      let [looks, waiting] = [0, 0];
      while (world.runs()[0]?.outcome === 'running') {
        await world.step();
        const { next, left, total } = (await shown(world)).counts;
        if (next === null) continue;
        expect([total, next + (left ?? 0)]).toEqual([53, 50]);
        looks += 1;
        waiting = Math.max(waiting, next);
      }
      expect([looks > 3, waiting > 0]).toEqual([true, true]);
    });
  });
});

test('of a project that nobody prunes nothing is counted, though its deployments are read', async () => {
  const RULES = [
    { projects: ['docs'], rebuild: {} },
    { projects: ['*'], prune: { olderThanDays: 30 } },
  ];
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addSite(world, { old: 12 });
    addSite(world, { name: 'blog', old: 12 });
    await world.tick(START, CRON, START + 10 * MINUTE);
    expect(await shown(world)).toMatchObject({ nextPruneAt: null, counts: { next: null } });
    expect(world.keeper.store.read('projects', project.id)?.plan).toBeNull();
    expect(await shown(world, 'blog')).toMatchObject({ counts: { next: 0 } });
  });
});

test('where a plan would be refused, the page says why and foretells nothing, whoever made the plan', async () => {
  await inWorld({}, async (world) => {
    // Production never came to anything, so nothing is live.
    const project = world.simulator.account.addProject({ name: 'docs' });
    project.add({ createdAt: START - 50 * DAY, outcome: 'failure' });
    for (const age of [60, 50, 40, 2]) project.add({ createdAt: START - age * DAY, branch: 'dev' });
    const look = async (path: string) => {
      const html = await (await pagesOf(world).request(path)).text();
      return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    };
    for (const DRY_RUN of ['true', 'false']) {
      world.settings.DRY_RUN = DRY_RUN;
      const at = START + (DRY_RUN === 'true' ? 0 : HOUR);
      await world.tick(at, undefined, at + MINUTE);
      const text = await look('/projects/docs');
      expect(text).toContain(
        'docs: nothing of it is deleted The API names no live production deployment for it',
      );
      expect(text).toContain('Nothing to delete');
      expect(text).toContain('would go at');
      expect(text).not.toMatch(/ goes at|When what is here goes/);
      expect(await look('/projects/docs?verdict=next')).toContain('No deployments match: goes next');
    }
    // It is no trouble any more once something is live.
    project.add({ createdAt: START + HOUR });
    await world.tick(START + 2 * HOUR, undefined, START + 2 * HOUR + 10 * MINUTE);
    expect(project.deployments.filter(({ branch }) => branch === 'dev')).toHaveLength(1);
    expect(await look('/projects/docs')).not.toContain('nothing of it is deleted');
  });
});
