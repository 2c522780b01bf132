// What the pictures rest on: how far the run under way is in each project, and the last builds of one.

import { expect, test } from 'vitest';
import { readOverviewPage, readProjectPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import { addSite, begin } from './accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const ALL = { page: 1, branch: null, environment: null, status: null, verdict: null } as const;
const prune = { olderThanDays: 30 };
const RULES = [
  { projects: ['hidden-*'], show: false, prune },
  { projects: ['*'], prune },
];

test('the run under way is told by project: most first, none that is hidden, one that is done in the sum alone', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    addSite(world, { name: 'small', old: 60 });
    addSite(world, { name: 'large', old: 150 });
    addSite(world, { name: 'hidden-one', old: 90 });
    const progress = () => world.keeper.view(null, (view) => readRunsPage(view).progress);
    await world.tick(START, undefined, START);
    const seen: NonNullable<Awaited<ReturnType<typeof progress>>>[] = [];
    while (await world.step()) {
      const now = await progress();
      if (now === null) break;
      if (now.phase === 'deleting') seen.push(now);
    }
    const names = seen.map(({ parts }) => parts.map(({ project }) => project).join(' '));
    expect([...new Set(names)]).toEqual(['large small', 'large']);
    const [first] = seen;
    const deletable = first?.parts.map(({ of }) => of) ?? [];
    expect(deletable[0]).toBeGreaterThan(deletable[1] ?? 0);
    for (const { parts, done, of } of seen) {
      expect(of).toBe(first?.of);
      for (const part of parts) expect(part.done).toBeLessThan(part.of);
      expect(parts.reduce((sum, part) => sum + part.done, 0)).toBeLessThanOrEqual(done);
    }
    // The hidden one's are in the sum.
    expect(first?.of).toBeGreaterThan(deletable.reduce((a, b) => a + b, 0));
  });
});

test('what was gone already, or is refused, is dealt with too: what there is to do stays as much as it was', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = addSite(world, { name: 'docs', old: 150 });
    const [gone, refused] = [new Set<string>(), new Set<string>()];
    for (const [index, { id }] of project.deployments.entries())
      if (index % 5 < 2) (index % 5 === 0 ? gone : refused).add(id);
    world.simulator.fault = ({ method, deploymentId }) => {
      if (method !== 'DELETE') return null;
      if (gone.has(deploymentId ?? '')) return { kind: 'status', status: 404, code: 8_000_009 };
      return refused.has(deploymentId ?? '') ? { kind: 'status', status: 400, code: 8_000_099 } : null;
    };
    await world.tick(START, undefined, START);
    const seen: [done: number, of: number | null][] = [];
    while (await world.step()) {
      const { progress, runs } = await world.keeper.view(null, (view) => readRunsPage(view));
      if (progress?.phase !== 'deleting') continue;
      const { deleted = 0, gone: were = 0, refused: not = 0, failed = 0 } = runs[0]?.counts ?? {};
      expect(progress.done).toBe(deleted + were + not + failed);
      seen.push([progress.done, progress.of]);
      // A project's own page has no parts: it is one. And a block that is over holds nothing up.
      const own = () => world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL)?.progress);
      expect(await own()).toMatchObject({ phase: 'deleting', parts: [], of: 150 });
      const { pace } = world.keeper.work().api;
      for (const [at, phase] of [
        [world.now(), 'deleting'],
        [world.now() + 1, 'waiting'],
      ] as const) {
        world.keeper.work().api.pace = { ...pace, blockedUntil: at };
        expect(await own()).toMatchObject({ phase });
      }
      world.keeper.work().api.pace = pace;
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen.map(([, of]) => of))).toEqual(new Set([150]));
    const counts = world.runs()[0]?.counts;
    expect(counts).toMatchObject({ deleted: 90, gone: 30 });
  });
});

/** At each alarm of a run: when it is expected to end, by project (`''` for the account), and when each really ended. */
async function endsOf(world: World, names: readonly string[]) {
  const expected: { readonly name: string; readonly at: number; readonly end: number }[] = [];
  const ended: Record<string, number> = {};
  await begin(world);
  while (await world.step()) {
    const { progress } = await world.keeper.view(null, (view) => readRunsPage(view));
    // While another project is being read, nobody knows what is to be deleted there.
    const isDeleting = progress?.phase === 'deleting';
    for (const name of isDeleting ? ['', ...names] : []) {
      const own = await world.keeper.view(name, (view) => readProjectPage(view, name, ALL)?.progress);
      const one = name === '' ? progress : own;
      if (one?.phase === 'deleting') expected.push({ name, at: world.now(), end: one.endsAt ?? Number.NaN });
    }
    for (const { method, project, at, effect } of world.simulator.calls)
      if (method === 'DELETE' && effect) for (const name of ['', project ?? '']) ended[name] = at;
    if (world.runs()[0]?.outcome !== 'running') break;
  }
  return { expected, ended };
}

/** Each was told to end when it did, but for a minute and a tenth of the time: what goes next is a batch of anybody's. */
function checkEnds({ expected, ended }: Awaited<ReturnType<typeof endsOf>>): void {
  for (const { name, at, end } of expected) {
    const left = (ended[name] ?? Number.NaN) - at;
    expect([name, left, Math.abs(end - at - left) <= MINUTE + left / 10, end - at]).toEqual([
      ...[name, left, true, end - at],
    ]);
  }
}

test('when it is expected to end is when it ends: of the account, and of each project, which take turns', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    for (const [name, old] of [
      ['small', 400],
      ['middle', 700],
      ['large', 1_500],
    ] as const)
      addSite(world, { name, old });
    const ends = await endsOf(world, ['small', 'middle', 'large']);
    checkEnds(ends);
    expect(ends.ended.small).toBeLessThan((ends.ended.large ?? 0) - 5 * MINUTE);
    expect(ends.expected.filter(({ name }) => name === 'small').length).toBeGreaterThan(1);
  });
});

test('a run that has a limit is told to end there, and no more is there to do than that', async () => {
  await inWorld({ settings: { RULES, MAX_DELETES_PER_RUN: 300 } }, async (world) => {
    addSite(world, { name: 'docs', old: 900 });
    addSite(world, { name: 'blog', old: 700 });
    const ends = await endsOf(world, ['docs', 'blog']);
    expect(ends.expected.length).toBeGreaterThan(9);
    checkEnds({ expected: ends.expected.filter(({ name }) => name === ''), ended: ends.ended });
  });
  await inWorld({ settings: { RULES, MAX_DELETES_PER_RUN: 300 } }, async (world) => {
    addSite(world, { name: 'docs', old: 900 });
    await begin(world);
    const seen = new Set<number | null | undefined>();
    while (await world.step()) {
      const { progress } = await world.keeper.view(null, (view) => readRunsPage(view));
      if (progress === null) break;
      if (progress.phase !== 'deleting') continue;
      const own = (await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL)))?.progress;
      expect(progress.parts).toEqual([{ project: 'docs', done: own?.done, of: 300 }]);
      seen.add(progress.of).add(own?.of);
    }
    expect(seen).toEqual(new Set([300]));
    expect(world.runs()[0]?.counts.deleted).toBe(300);
  });
});

test('a project that is being read for the first time says how far that is, and never again', async () => {
  await inWorld({}, async (world) => {
    const project = addSite(world, { old: 0, young: 700 });
    const summary = async () => (await world.keeper.view(null, readOverviewPage)).projects[0];
    await begin(world);
    const seen: unknown[] = [];
    while (await world.step()) {
      const found = await summary();
      if (found?.total === null) seen.push(found.reading);
      else expect(found?.reading).toBeNull();
    }
    const far = seen.filter((one) => one !== null);
    expect(far.length).toBeGreaterThan(0);
    for (const one of far) expect(one).toMatchObject({ read: expect.any(Number), of: expect.any(Number) });
    expect(far.at(-1)).toMatchObject({ of: 700 });
    for (let index = 0; index < 700; index += 1) project.add({ createdAt: START + 10 * MINUTE + index });
    await begin(world, START + HOUR);
    let again = 0;
    while (await world.step()) {
      again += (world.keeper.work().tasks.get(project.id)?.reading ?? null) === null ? 0 : 1;
      expect((await summary())?.reading).toBeNull();
    }
    expect(again).toBeGreaterThan(0);
  });
});

test('the last builds are of each environment, newest last, and stay when their deployments are gone', async () => {
  await inWorld({ settings: { RULES } }, async (world) => {
    const project = world.simulator.account.addProject({ name: 'docs' });
    for (let days = 60; days > 0; days -= 1)
      project.add({
        createdAt: START - days * DAY,
        branch: days % 3 === 0 ? 'main' : 'feature',
        outcome: days % 10 === 0 ? 'failure' : 'success',
      });
    const before = project.deployments
      .toReversed()
      .map(({ outcome, environment }) => ({ outcome, environment }));
    await world.tick(START, undefined, START + HOUR);
    expect(project.deployments.length).toBeLessThan(40);
    // Read again, without those that went.
    project.add({ createdAt: START + HOUR, branch: 'feature', outcome: 'canceled' });
    await world.tick(START + 2 * HOUR, undefined, START + 3 * HOUR);
    const builds = (await world.keeper.view('docs', (view) => readProjectPage(view, 'docs', ALL)))?.builds;
    for (const environment of ['production', 'preview'] as const) {
      const wanted = before.filter((one) => one.environment === environment);
      const known = builds?.[environment].map(({ ok }) => (ok ? 'success' : 'failure'));
      expect(known).toEqual(wanted.map(({ outcome }) => outcome).slice(-40));
      expect(new Set(known).size).toBe(2);
    }
  });
});

test('builds of the month are counted once each, stay when their deployments are gone, and begin anew with the month', async () => {
  await inWorld(
    { settings: { RULES: [{ projects: ['*'], prune: { olderThanDays: 1 } }] } },
    async (world) => {
      const { account } = world.simulator;
      const docs = account.addProject({ name: 'docs' });
      // START is in the evening of the 24th: 20 of these are of this month, 3 of the last.
      for (let days = 23; days > 0; days -= 1)
        docs.add({ createdAt: START - (days < 4 ? 30 + days : days) * DAY, branch: `feature-${days % 2}` });
      const upload = account.addProject({ name: 'upload', source: null });
      upload.add({ createdAt: START - HOUR });
      const seen = async () => (await world.keeper.view(null, (view) => readOverviewPage(view))).month;
      await world.tick(START, undefined, START + HOUR);
      expect(await seen()).toEqual({ builds: 20, included: 500 });
      expect(docs.deployments.length).toBeLessThan(10);
      for (let hour = 1; hour <= 3; hour += 1) {
        docs.add({
          createdAt: START + hour * HOUR - 30 * MINUTE,
          branch: 'main',
          outcome: hour === 2 ? 'failure' : 'success',
        });
        await world.tick(START + hour * HOUR, undefined, START + (hour + 1) * HOUR);
      }
      expect((await seen()).builds).toBe(23);
      world.setNow(Date.UTC(2026, 11, 1, 1));
      expect((await seen()).builds).toBe(0);
      docs.add({ createdAt: Date.UTC(2026, 11, 1, 0, 30), branch: 'main' });
      await world.tick(Date.UTC(2026, 11, 1, 1), undefined, Date.UTC(2026, 11, 1, 2));
      expect((await seen()).builds).toBe(1);
    },
  );
});
