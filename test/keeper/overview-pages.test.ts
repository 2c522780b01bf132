// The overview of more projects than a page holds: every one of them is on one page, a filter looks at all of them, and what
// reads `/status.json` by its `next` has read all there is.

import { expect, test } from 'vitest';
import docs from '../../docs/for-programs.md?raw';
import { addSite } from './accounts.ts';
import { pagesOf } from './pages.ts';
import { CRON, DAY, inWorld, MINUTE, START, type World } from './world.ts';

interface Project {
  readonly name: string;
  readonly status: string;
  readonly live: object | null;
}

interface Answer {
  readonly projects: readonly Project[];
  readonly page: {
    readonly number: number;
    readonly of: number;
    readonly total: number;
    readonly next: string | null;
  };
}

const settings = { RULES: [{ projects: ['*'] }] };
const namesOf = (projects: readonly Project[]) => projects.map(({ name }) => name);

/** Adds projects of one live build each; of every second one a newer build of production has failed. */
async function addMany(world: World, many: number): Promise<string[]> {
  const names = Array.from({ length: many }, (_, index) => `site-${index}`);
  for (const [index, name] of names.entries()) {
    const project = addSite(world, { name, old: 0, young: 0 });
    project.add({ createdAt: START - 2 * DAY });
    if (index % 2 === 0) project.add({ createdAt: START - DAY + index * MINUTE, outcome: 'failure' });
  }
  await world.tick(START, CRON, START + MINUTE);
  return names;
}

/** Follows `next` from `path` on: the answers of all pages. */
async function readAll(world: World, path: string): Promise<Answer[]> {
  const { request } = pagesOf(world);
  const answers: Answer[] = [];
  for (let next: string | null = path; next !== null; next = answers.at(-1)?.page.next ?? null) {
    if (answers.length > 20) throw new Error('no end');
    answers.push(await (await request(next)).json());
  }
  return answers;
}

test('a page after the other, each project is on one of them, what failed on the first', async () => {
  await inWorld({ settings }, async (world) => {
    const names = await addMany(world, 205);
    const answers = await readAll(world, '/status.json');
    expect(answers.map(({ page }) => [page.number, page.of, page.total])).toEqual(
      [1, 2, 3].map((number) => [number, 3, 205]),
    );
    const read = answers.flatMap(({ projects }) => namesOf(projects));
    expect(read).toHaveLength(205);
    expect(read.toSorted()).toEqual(names.toSorted());
    const failed = answers.flatMap(({ projects }) => projects.map(({ status }) => status === 'failed'));
    expect(failed).toEqual(names.map((_, place) => place < 103));
    // The same order, fifty a page.
    const { request } = pagesOf(world);
    const shown: string[] = [];
    for (let page = 1; page <= 5; page += 1) {
      const text = await (await request(`/?page=${page}`)).text();
      shown.push(
        ...[...text.matchAll(/scope="row" class="nm"><a href="\/projects\/([\w-]+)"/g)].map(
          ([, name]) => name ?? '',
        ),
      );
    }
    expect(shown).toEqual(read);
    expect(await (await request('/?page=6')).text()).not.toContain('scope="row"');
  });
});

test('what failed is found among all of them, and counted', async () => {
  await inWorld({ settings }, async (world) => {
    const names = await addMany(world, 205);
    const failed = names.filter((_, index) => index % 2 === 0);
    const answers = await readAll(world, '/status.json?status=failed');
    expect(answers.map(({ page, projects }) => [page.number, page.of, page.total, projects.length])).toEqual([
      [1, 2, 103, 100],
      [2, 2, 103, 3],
    ]);
    expect(answers.flatMap(({ projects }) => namesOf(projects)).toSorted()).toEqual(failed.toSorted());
    const well = await readAll(world, '/status.json?status=ready');
    expect(well.flatMap(({ projects }) => namesOf(projects)).toSorted()).toEqual(
      names.filter((name) => !failed.includes(name)).toSorted(),
    );
    const named = await readAll(world, '/status.json?status=failed&q=TE-20');
    expect(named.flatMap(({ projects }) => namesOf(projects)).toSorted()).toEqual(
      ['site-20', 'site-200', 'site-202', 'site-204'].toSorted(),
    );
  });
});

test('“Is everything live?” of 101 projects says no for whichever of them is down', async () => {
  const recipe = /Is everything live\?[\s\S]*?```sh\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
  // What it does, as a program: from the first page to the last, these.
  expect(recipe).toContain('next=/status.json');
  expect(recipe).toContain('.page.next');
  expect(recipe).toContain('select(.live == null or .status == "failed" or .failedSinceLive > 0)');
  await inWorld({ settings }, async (world) => {
    for (let index = 0; index < 100; index += 1) addSite(world, { name: `site-${index}`, old: 0, young: 1 });
    // Cancelled before anything was live: no build failed, and nobody can look at it.
    const last = addSite(world, { name: 'quiet', old: 0, young: 0 });
    last.add({ createdAt: START - 9 * DAY, outcome: 'canceled' });
    await world.tick(START, CRON, START + MINUTE);
    const answers = await readAll(world, '/status.json');
    expect(answers).toHaveLength(2);
    const down = answers
      .flatMap(({ projects }) => projects)
      .filter(({ live, status }) => live === null || status === 'failed');
    expect(namesOf(down)).toEqual(['quiet']);
    expect(
      namesOf((await readAll(world, '/status.json?status=failed')).flatMap(({ projects }) => projects)),
    ).toEqual([]);
  });
});

test.each([
  [100, { json: 1, overview: 2, plan: 4 }],
  [101, { json: 2, overview: 3, plan: 5 }],
])('%s projects fill so many pages of the overview and of the plan, and take none more', async (many, of) => {
  const RULES = [{ projects: ['*'], prune: { olderThanDays: 30 } }];
  await inWorld({ settings: { RULES } }, async (world) => {
    await addMany(world, many);
    for (const path of ['/status.json', '/runs.json']) {
      const pages = await readAll(world, path);
      expect([path, pages.map(({ page }) => [page.of, page.total])]).toEqual([
        path,
        Array.from({ length: of.json }, () => [of.json, many]),
      ]);
    }
    const { request } = pagesOf(world);
    const rows = async (path: string, page: number) => {
      const html = await (await request(`${path}?page=${page}`)).text();
      const [, said] = /<span>(Page \d+ of \d+)<\/span>/.exec(html) ?? [];
      return [said, html.match(/<a href="\/projects\/site-\d+"/g)?.length ?? 0];
    };
    for (const [path, pages, size] of [
      ['/', of.overview, 50],
      ['/runs', of.plan, 25],
    ] as const) {
      expect(await rows(path, 1)).toEqual([`Page 1 of ${pages}`, size]);
      expect(await rows(path, pages)).toEqual([`Page ${pages} of ${pages}`, many - (pages - 1) * size]);
    }
  });
});
