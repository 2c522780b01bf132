// How far a run has read, counted a second time by the answers that it got: after each alarm, on every page that says it, for the
// account and for each project; of projects that are read for the first time and again, and beside what is read for those who look.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin } from '../keeper/accounts.ts';
import { pagesOf } from '../keeper/pages.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import { cases } from '../long.ts';
import { number } from './look.ts';
import { type Far, Readings, readingWords, sumOf } from './readings.ts';

const CASES = cases({ usually: 5, long: 150 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_127);

const many = (max: number) => fc.integer({ min: 0, max });
const drawn = fc.record({
  /** Deployments of each project that is pruned, and how many more there are when it is read again. */
  projects: fc.array(fc.record({ first: many(700), more: many(400) }), {
    minLength: 1,
    maxLength: 4,
    size: 'max',
  }),
  /** Of one that no rule prunes, which is read for whoever looks at it. */
  watched: many(500),
  /** After how many alarms of the first look a cron ticks. */
  after: many(6),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const RULES = [{ projects: ['watched'] }, { projects: ['*'], prune: [{ olderThanDays: 60 }] }];

const noticeOf = (html: string) => /<section class="n \w+" aria-label="(Reading [^"]*)"/.exec(html)?.[1];
const barOf = (html: string) =>
  /<progress max="(\d+)" value="(\d+)"/.exec(html)?.slice(1).map(Number).reverse();
/** What a cell or a fact says of a first reading. */
const cellOf = (html: string) => /(?:<p>|<td [^>]*>)(Reading deployments: [^<]*)</.exec(html)?.[1];
const rowOf = (html: string, name: string) =>
  html.split('<tr role="row">').find((row) => row.includes(`<a href="/projects/${name}"`)) ?? '';
const cellWords = ({ read, of }: Far) =>
  `Reading deployments: ${number(read)}${of === null ? '' : ` of ${number(of)}`}`;

class Play {
  readonly seen = { sums: 0, halves: 0, cells: 0, again: 0 };
  private readonly world: World;
  private readonly pruned: readonly string[];
  private readonly readings: Readings;
  /** By project that a run has still to read, how often it was read before; and how many were new where that is done. */
  private owed: Record<string, number> = {};
  private ended = 0;
  private isListed = false;

  constructor(world: World, pruned: readonly string[]) {
    this.world = world;
    this.pruned = pruned;
    this.readings = new Readings(world);
  }

  /** Cron events come every hour: what was to be read for the last one is read by then. */
  async tick(at: number): Promise<void> {
    await begin(this.world, at);
    this.readings.look();
    Object.assign(this, { isListed: false, ended: 0 });
  }

  /** An alarm, and what is said after it; `false`: there is none. */
  async step(isRun: boolean): Promise<boolean> {
    const { world, readings } = this;
    const names = [...this.pruned, 'watched'];
    // The first view of a project waits for the end of an alarm.
    const paths = names.map((name) => [name, `/projects/${name}`] as const);
    const early = paths.filter(([name]) => readings.ends(name) === 0);
    const waiting = new Map(early.map(([name, path]) => [name, this.ask(path)]));
    const before = Object.fromEntries(this.pruned.map((name) => [name, readings.ends(name)]));
    const from = world.simulator.calls.length;
    if (!(await world.step())) return false;
    const calls = world.simulator.calls.slice(from);
    if (isRun && !this.isListed && calls.some(({ path }) => path.endsWith('/projects'))) {
      this.isListed = true;
      this.owed = before;
    }
    const ended = readings.note();
    for (const name of this.pruned) {
      if (this.isListed) this.ended += ended[name] ?? 0;
      if (readings.ends(name) > (this.owed[name] ?? 0)) delete this.owed[name];
    }
    const own = paths.map(
      async ([name, path]) => [name, await (waiting.get(name) ?? this.ask(path))] as const,
    );
    await this.check(Object.fromEntries(await Promise.all(own)));
    return true;
  }

  private ask = async (path: string) => (await pagesOf(this.world).request(path)).text();

  /** How many are stored, of the projects that were read, and in how many of how many that is. */
  private checkStored(html: string): void {
    const names = [...this.pruned, 'watched'];
    const known = names.filter((name) => this.readings.ends(name) > 0);
    const [, fact] = /<dt>Stored deployments<\/dt><dd>(.*?)<\/dd>/s.exec(html) ?? [];
    const said = fact
      ?.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    const many = known.reduce((sum, name) => sum + this.readings.known(name), 0);
    const where = known.length < names.length ? `in ${known.length} of ${names.length} projects` : '';
    if (known.length === 0) expect(said).toBeUndefined();
    else expect(said).toMatch(new RegExp(`^${number(many)} ?${where}( |$)`));
  }

  /** `own`: each project's page. */
  private async check(own: Readonly<Record<string, string>>): Promise<void> {
    const { readings, pruned, seen } = this;
    const owing = Object.keys(this.owed);
    const far =
      owing.length === 0
        ? null
        : sumOf(
            owing.map((name) => readings.of(name)),
            this.ended,
          );
    const { progress } = JSON.parse(await this.ask('/runs.json'));
    if (far === null) expect(progress?.phase).not.toBe('reading');
    else expect(progress).toMatchObject({ phase: 'reading', done: far.read, of: far.of, endsAt: null });
    const pages = { '/': await this.ask('/'), '/runs': await this.ask('/runs') };
    for (const [path, html] of Object.entries(pages)) {
      expect([path, noticeOf(html)]).toEqual([path, far === null ? undefined : readingWords(far)]);
      if (far !== null) expect([path, barOf(html)]).toEqual([path, barFor(far)]);
    }
    this.checkStored(pages['/']);
    if (far !== null && far.read > 0) seen.sums += 1;
    if (owing.filter((name) => readings.isOn(name)).length > 1) seen.halves += 1;
    for (const [name, html] of Object.entries(own)) {
      const its = readings.of(name);
      const isOwed = name in this.owed;
      expect([name, noticeOf(html)]).toEqual([name, isOwed ? readingWords(its) : undefined]);
      if (isOwed) expect([name, barOf(html)]).toEqual([name, barFor(its)]);
      if (isOwed && its.read > 0 && readings.ends(name) > 0) seen.again += 1;
      const isFirst = readings.ends(name) === 0 && (pruned.includes(name) || readings.isOn(name));
      const cells = [
        rowOf(pages['/'], name),
        ...(pruned.includes(name) ? [rowOf(pages['/runs'], name)] : []),
        html,
      ];
      // Nobody has looked at it yet, or its turn has not come.
      if (!isFirst && readings.ends(name) === 0) continue;
      for (const cell of cells)
        expect([name, cellOf(cell)]).toEqual([name, isFirst ? cellWords(its) : undefined]);
      if (isFirst && its.read > 0) seen.cells += 1;
    }
  }
}

const barFor = ({ read, of }: Far) => (of === null || of === 0 ? undefined : [read, of]);

const totals = { sums: 0, halves: 0, cells: 0, again: 0 };

async function play(world: World, { projects, watched, after }: Drawn): Promise<void> {
  const { account } = world.simulator;
  const all = [
    ...projects.map(({ first }, index) => [`p${index}`, first] as const),
    ['watched', watched] as const,
  ];
  for (const [name, first] of all) {
    const project = account.addProject({ name });
    for (let nth = 0; nth < first; nth += 1) project.add({ createdAt: START - DAY - nth * 1_000 });
  }
  const one = new Play(
    world,
    projects.map((_, index) => `p${index}`),
  );
  // Somebody looks; before everything is read a cron ticks.
  void pagesOf(world).request('/');
  while (world.alarmAt() === null) await new Promise((resolve) => setTimeout(resolve, 0));
  for (let alarm = 0; alarm < after; alarm += 1) await one.step(false);
  await one.tick(Math.max(START, world.now()));
  const until = (at: number) => (world.alarmAt() ?? Number.POSITIVE_INFINITY) < at;
  while (until(START + 50 * MINUTE)) await one.step(true);
  for (const [name, more] of [
    ...projects.map((given, index) => [`p${index}`, given.more] as const),
    ['watched', watched] as const,
  ])
    for (let nth = 0; nth < more; nth += 1)
      account.project(name).add({ createdAt: START + 30 * MINUTE + nth * 1_000 });
  await one.tick(START + HOUR);
  while (until(START + 2 * HOUR - 10 * MINUTE)) await one.step(true);
  // All is read anew after a week.
  await one.tick(START + 8 * DAY);
  while (until(START + 8 * DAY + 50 * MINUTE)) await one.step(true);
  for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += one.seen[key];
}

test(`how far a run has read is what it was answered, on ${CASES} random accounts (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (given) => {
      await inWorld({ settings: { RULES }, start: START - 20 * MINUTE }, (world) => play(world, given));
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: true },
  );
  console.info(`looks in the middle of reading: ${JSON.stringify(totals)}`);
  for (const looks of Object.values(totals)) expect(looks).toBeGreaterThan(CASES / 2);
});
