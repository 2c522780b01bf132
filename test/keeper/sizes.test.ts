// Nothing stored grows with the account: a value over the bound is refused and ends one project's part by name, what is under
// way in hundreds of projects stands in rows of its own, and thousands of branches are counted in pieces.

import { expect, test } from 'vitest';
import { largestValue } from '../../bench/size.ts';
import { noWork } from '../../src/keeper/idle.ts';
import { rememberUndeletable } from '../../src/keeper/prune/undeletable.ts';
import { pagesOf, type RunLists } from '../../src/keeper/run-lists.ts';
import { closeRun, newRun, noteOutcome, type Outcome } from '../../src/keeper/runs.ts';
import { ValueTooLarge } from '../../src/keeper/store/sql.ts';
import type { Store } from '../../src/keeper/store/store.ts';
import { readOverviewPage, readRunPage, readRunsPage } from '../../src/keeper/views/reads.ts';
import { addToFacts, noFacts } from '../../src/policy/facts.ts';
import { addSite, begin, oldIds } from './accounts.ts';
import { contextOf, items } from './context.ts';
import { CRON, DAY, HOUR, inWorld, MINUTE, START, type World } from './world.ts';

const BOUND = 512 * 1_024;

/** All that a closed run lists, from every page. */
function listed(store: Store, id: string): RunLists {
  const run = store.read('runs', id);
  if (run === null || run.listed === undefined) throw new Error('its record holds everything');
  const pages = Array.from({ length: pagesOf(run) }, (_, at) => store.readListed(id, at + 1));
  return {
    refusals: pages.flatMap((page) => page?.refusals ?? []),
    warnings: pages.flatMap((page) => page?.warnings ?? []),
    rebuilds: pages.flatMap((page) => page?.rebuilds ?? []),
    skips: pages.flatMap((page) => page?.skips ?? []),
  };
}

test('a value over the bound is refused by the storage, whatever writes it', async () => {
  await inWorld({}, async (world) => {
    const { store } = world.keeper;
    store.writeState('as much as fits', 'x'.repeat(BOUND - 2));
    for (const text of ['x'.repeat(BOUND), 'ä'.repeat(BOUND / 2), '語'.repeat(BOUND / 3 + 1)])
      expect(() => store.writeState('too much', text)).toThrow(ValueTooLarge);
    expect(() =>
      store.writeRow('id', 1, {
        lane: 0,
        seq: 1,
        attempt: 0,
        due: 0,
        items: Array(9_000).fill({ id: 'x'.repeat(60) }),
      }),
    ).toThrow(/^queue: /);
    expect(store.readStateText('too much')).toBeNull();
  });
});

test('a value over the bound fails its project by name, and the others go on', async () => {
  const RULES = [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    const [alpha, bad, gamma] = ['alpha', 'bad', 'gamma'].map((name) => addSite(world, { name, old: 60 }));
    const { store } = world.keeper;
    const { write } = store;
    Object.assign(store, {
      write: (table: never, id: string, value: object) =>
        write(table, id, (id === bad?.id ? { ...value, padding: 'x'.repeat(BOUND) } : value) as never),
    });
    await world.tick(START, CRON, START + 50 * MINUTE);
    for (const project of [alpha, gamma]) expect(oldIds(project as NonNullable<typeof bad>)).toEqual([]);
    expect(oldIds(bad as NonNullable<typeof bad>)).toHaveLength(60);
    const failed = world.log.filter(({ event }) => event === 'project-failed');
    expect(new Set(failed.map(({ project }) => project))).toEqual(new Set(['bad']));
    expect(String(failed[0]?.message)).toContain('bytes are more than one value may hold');
    expect(world.log.filter(({ event }) => event === 'alarm')).toEqual([]);
    Object.assign(store, { write });
    await world.tick(START + HOUR, CRON, START + 2 * HOUR);
    expect(oldIds(bad as NonNullable<typeof bad>)).toEqual([]);
  });
});

test('of what the API refuses to delete the last are remembered, as many as fit', async () => {
  const policy = { olderThanDays: 30, branches: ['*', `!${'x'.repeat(200)}`] };
  await inWorld({ settings: { RULES: [{ projects: ['*'], prune: policy }] } }, async (world, sql) => {
    const project = addSite(world, { old: 0 });
    await world.tick(START, CRON, START + MINUTE);
    const context = contextOf(world);
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 40 }, (_each, at) => `${String(batch * 40 + at).padStart(8, '0')}-refused`),
    );
    for (const ids of batches) {
      const done = new Map(items(...ids).map((item) => [item, 'refused' as const]));
      rememberUndeletable(context, { id: project.id, name: 'docs', done, live: new Set() } as never);
    }
    const known = Object.keys(world.keeper.store.read('refusals', project.id) ?? {});
    expect(known.length).toBeGreaterThan(200);
    expect(known).toEqual(batches.flat().slice(-known.length));
    expect(largestValue(sql)).toBeLessThanOrEqual(BOUND / 2);
  });
});

/** Runs to the end, a new process each time, and looks at the largest value after each alarm. */
async function runWatched(world: World, sql: SqlStorage, until: number): Promise<number> {
  let largest = 0;
  for (let step = 0; world.alarmAt() !== null && (world.alarmAt() ?? until) < until; step += 1) {
    await world.step();
    if (step % 5 === 0) world.restart();
    if (step % 3 === 0) largest = Math.max(largest, largestValue(sql));
  }
  return largest;
}

test('more than a hundred projects at once: each alarm starts from what is stored, and all are pruned', async () => {
  await inWorld(
    { settings: { RULES: [{ projects: ['*'], rebuild: {}, prune: { olderThanDays: 30 } }] } },
    async (world, sql) => {
      const projects = Array.from({ length: 130 }, (_, index) =>
        addSite(world, { name: `site-${index}`, old: 3 }),
      );
      void world.keeper.tick({ cron: CRON, scheduledTime: START });
      await new Promise((resolve) => setTimeout(resolve));
      const largest = await runWatched(world, sql, START + 50 * MINUTE);
      for (const project of projects) expect(oldIds(project)).toEqual([]);
      expect(world.runs()[0]).toMatchObject({ outcome: 'done', counts: { deleted: 390 } });
      expect(largest).toBeLessThan(200_000);
      // Nothing of it stays once it is over.
      const left = sql.exec<{ key: string }>("SELECT key FROM state WHERE key LIKE 'work %'").toArray();
      expect(left.map(({ key }) => key).filter((key) => !key.includes('runs'))).toEqual([]);
      const first = await world.keeper.view(null, readOverviewPage);
      expect(first).toMatchObject({ page: { number: 1, of: 3, total: 130 } });
      expect([first.projects.length, first.all.length]).toEqual([50, 130]);
      const query = { page: 1, size: 50, find: 'ITE-12', status: null, order: 'need', runs: 1 } as const;
      const found = await world.keeper.view(null, (view) => readOverviewPage(view, query));
      expect(found.projects.map(({ project }) => project.name).sort()).toEqual(
        ['site-12', ...Array.from({ length: 10 }, (_, digit) => `site-12${digit}`)].sort(),
      );
      // A run's deletions, by project, a hundred a page, each once.
      const id = world.runs()[0]?.id ?? '';
      const names: string[] = [];
      for (let page = 1; page <= 4; page += 1) {
        const one = await world.keeper.view(null, (view) => readRunPage(view, id, page));
        names.push(...(one?.deletions ?? []).map(({ project }) => project));
        expect(one).toMatchObject({ page, pages: 4 });
      }
      expect(names).toEqual([...names].sort());
      expect(names).toHaveLength(390);
    },
  );
});

test('what a run that has ended lists fits into stored values, in names of three bytes a character too', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const long = '語'.repeat(1_000);
    const outcomes: ((project: string) => Outcome)[] = [
      (project) => ({ refusal: { project, what: 'prune', why: long } }),
      (project) => ({ refusal: { project: `${project} ${long}`, what: 'prune', why: long } }),
      (project) => ({ rebuild: { project, branch: long, deploymentId: null, status: 'in-doubt' } }),
      (project) => ({ warning: { project, text: long } }),
      (project) => ({ skip: { project: `${project} ${long}`, reason: 'building' } }),
    ];
    for (const outcome of outcomes) {
      const work = noWork();
      const record = newRun({ cron: CRON, scheduledTime: START }, START, false);
      work.runs.push({ record, listed: true, sent: 0 });
      for (let index = 0; index < 600; index += 1) noteOutcome(work, record.id, outcome(`site-${index}`));
      for (const run of work.runs) closeRun(store, work, run, START + MINUTE);
      expect(largestValue(sql)).toBeLessThanOrEqual(BOUND);
      const closed = store.read('runs', record.id);
      const lists = Object.values(listed(store, record.id)).flat();
      // All that there is room for stands in it, the first of all, and what does not is counted.
      expect(lists.length).toBeGreaterThan(90);
      expect(lists.length + (closed?.unlisted ?? 0)).toBe(600);
      expect(lists[0]).toMatchObject({ project: expect.stringMatching(/^site-0/) });
    }
  });
});

test('of a record that is too large what is to be mended stands first: what was left out, then warnings', async () => {
  await inWorld({}, async (world, sql) => {
    const { store } = world.keeper;
    const long = '語'.repeat(1_000);
    const work = noWork();
    const record = newRun({ cron: CRON, scheduledTime: START }, START, false);
    work.runs.push({ record, listed: true, sent: 0 });
    for (let index = 0; index < 300; index += 1) {
      const project = `site-${index}`;
      noteOutcome(work, record.id, { skip: { project, reason: 'building' } });
      noteOutcome(work, record.id, { rebuild: { project, branch: '', deploymentId: null, status: 'ready' } });
      noteOutcome(work, record.id, { refusal: { project, what: 'prune', why: long } });
      if (index < 90) noteOutcome(work, record.id, { warning: { project, text: long } });
    }
    for (const run of work.runs) closeRun(store, work, run, START + MINUTE);
    expect(largestValue(sql)).toBeLessThanOrEqual(BOUND);
    const closed = store.read('runs', record.id);
    const { refusals, warnings, rebuilds, skips } = listed(store, record.id);
    expect(refusals).toHaveLength(300);
    const warned = warnings.length;
    expect([warned > 50, warned < 90]).toEqual([true, true]);
    expect([rebuilds, skips, closed?.unlisted]).toEqual([[], [], 600 + 90 - warned]);
  });
});

test('thousands of branches are counted in pieces, and the pieces say what one would count', async () => {
  const settings = { RULES: [{ projects: ['*'], prune: { olderThanDays: 30, staleBranchesAfterDays: 60 } }] };
  await inWorld({ settings }, async (world, sql) => {
    const project = world.simulator.account.addProject({ name: 'docs', productionBranch: 'main' });
    for (let index = 0; index < 1_800; index += 1)
      project.add({
        createdAt: START - (100 - index / 24) * DAY,
        branch: `renovate/package-${index % 900}`,
      });
    project.add({ createdAt: START - 20 * DAY, branch: 'main' });
    void world.keeper.tick({ cron: CRON, scheduledTime: START });
    await new Promise((resolve) => setTimeout(resolve));
    const largest = await runWatched(world, sql, START + 55 * MINUTE);
    expect(largest).toBeLessThan(250_000);
    const { store } = world.keeper;
    const rows =
      store.read('projects', project.id)?.inventory?.blocks.flatMap(({ id }) => store.readBlock(id)) ?? [];
    const facts = store.readFacts(project.id, 'all');
    expect(facts).toEqual(addToFacts(noFacts(facts?.keep ?? 0), rows));
    expect(store.factPieces(project.id)).toBeGreaterThan(5);
    // And each branch is found in its own.
    for (const [key, known] of Object.entries(facts?.branches ?? {}))
      expect(store.readFacts(project.id, [key])?.branches).toEqual({ [key]: known });
    expect(sql.exec('SELECT id FROM gathered').toArray()).toEqual([]);
    // A branch goes once its newest is 60 days old: those of the first 900, as far as none came after.
    expect(project.deployments.every(({ createdAt }) => createdAt > START - 63 * DAY)).toBe(true);
    expect(world.runs()[0]?.counts.deleted).toBe(1_801 - project.deployments.length);
  });
});

test('runs of ninety days are found by day, and by what came before one', async () => {
  await inWorld({ settings: { RULES: [{ projects: ['*'] }] } }, async (world) => {
    addSite(world);
    for (let hour = 0; hour < 75; hour += 1)
      await world.tick(START + hour * HOUR, CRON, START + hour * HOUR + MINUTE);
    const see = (query: Partial<Parameters<typeof readRunsPage>[1]> = {}) =>
      world.keeper.view(null, (view) =>
        readRunsPage(view, { day: null, before: null, page: 1, size: 50, ...query }),
      );
    const first = await see();
    expect(first.runs).toHaveLength(50);
    expect(first.days.map(({ day }) => day)).toEqual([
      '2026-11-27',
      '2026-11-26',
      '2026-11-25',
      '2026-11-24',
    ]);
    const rest = await see({ before: first.next });
    expect(rest.next).toBeNull();
    const ids = [...first.runs, ...rest.runs].map(({ id }) => id);
    expect(ids).toEqual(world.runs().map(({ id }) => id));
    expect(new Set(ids).size).toBe(75);
    const day = await see({ day: '2026-11-25' });
    expect(day.runs).toHaveLength(24);
    expect(new Set(day.runs.map(({ id }) => id.slice(0, 10)))).toEqual(new Set(['2026-11-25']));
    expect((await see({ day: '2026-01-01' })).runs).toEqual([]);
    // What is under way is on the page of its own day, and on the first.
    await begin(world, START + 75 * HOUR);
    const open = world.keeper.work().runs[0]?.record.id ?? '';
    const on = async (query: Parameters<typeof see>[0] = {}) =>
      (await see(query)).runs.some(({ id }) => id === open);
    expect([await on(), await on({ day: open.slice(0, 10) })]).toEqual([true, true]);
    expect([await on({ before: first.next }), await on({ day: '2026-11-25' })]).toEqual([false, false]);
    expect(await on({ day: '2026-11-29' })).toBe(false);
  });
});
