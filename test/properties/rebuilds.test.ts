// Every number about rebuilds, counted a second time from what the source of the content answered and from what was built: how many
// builds were saved, by month; which are started, which are not and why; when the next one is. Across the end of a month.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { begin } from '../keeper/accounts.ts';
import { DAY, HOUR, inWorld, MINUTE, type World } from '../keeper/world.ts';
import { cases } from '../long.ts';
import { dateOf } from './drawn.ts';
import { ask, freshen, glance, json, number, plural } from './look.ts';
import { brief, clock, fromNow } from './words.ts';

const CASES = cases({ usually: 5, long: 150 });
const SEED = Number(import.meta.env.VITE_SEED ?? 20_261_127);

/** So many ticks, one an hour, of which some are of the next month. */
const TICKS = 9;
const FIRST = Date.UTC(2026, 10, 30, 20);

const tick = fc.record({
  /** What the source says, and how what is built then ends. */
  content: fc.constantFrom('one', 'one', 'one', 'two', 'fails' as const),
  ends: fc.constantFrom('success' as const, 'success' as const, 'failure' as const),
});
const one = fc.record({
  kind: fc.constantFrom('content', 'content', 'content', 'always', 'uploaded' as const),
  ticks: fc.array(tick, { minLength: TICKS, maxLength: TICKS }),
  /** One that fails for hours. */
  broken: fc.constantFrom(false, false, true),
});
const drawn = fc.array(one, { minLength: 1, maxLength: 5 });

type Drawn = typeof one extends fc.Arbitrary<infer T> ? T : never;

const REASONS = {
  'direct-upload': 'direct upload, nothing to build from',
  failing: 'its commit keeps failing',
  unchanged: 'the content has not changed since the last build',
} as const;
type Reason = keyof typeof REASONS;

const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7);

/** A project, and what must have become of it. */
class Expected {
  readonly builds: { readonly at: number; readonly ok: boolean }[] = [];
  readonly saved: number[] = [];
  readonly project: SimulatedProject;
  private readonly given: Drawn;
  /** What the last build that succeeded was made of. */
  private known: string | null = null;

  constructor(world: World, given: Drawn, index: number) {
    this.given = given;
    this.project = world.simulator.account.addProject({
      name: `p${index}`,
      source: given.kind === 'uploaded' ? null : 'github',
    });
    // Of the month before, and of this one.
    for (const at of [FIRST - 40 * DAY, FIRST - 2 * DAY]) this.push(at);
  }

  /** Somebody pushes a commit, of which a build succeeds. */
  push(at: number): void {
    this.builds.push({ at, ok: true });
    this.project.add({ createdAt: at });
  }

  get name(): string {
    return this.project.name;
  }

  rule = () => ({
    projects: [this.name],
    rebuild: this.given.kind === 'always' ? {} : { ifChanged: `https://cms.example/${this.name}` },
  });

  at = (nth: number) => {
    const { content = 'one', ends = 'success' } = this.given.ticks[nth] ?? {};
    return { content, ends: this.given.broken && nth > 0 && nth < 7 ? 'failure' : ends } as const;
  };

  /** The builds that failed, one after the other, up to now. */
  failures(): { readonly many: number; readonly lastAt: number } {
    const many = this.builds.length - 1 - this.builds.findLastIndex(({ ok }) => ok);
    return { many, lastAt: this.builds.at(-1)?.at ?? 0 };
  }

  /** When it is built again though its commit keeps failing; 0: it does not. */
  pausedUntil(): number {
    const { many, lastAt } = this.failures();
    return many < 3 ? 0 : lastAt + Math.min(24, 2 ** (many - 2)) * HOUR;
  }

  /** What a tick does: why nothing, or `null`: a build. */
  tick(nth: number, at: number): Reason | null {
    const { content } = this.at(nth);
    if (this.given.kind === 'uploaded') return 'direct-upload';
    if (at < this.pausedUntil()) return 'failing';
    if (this.given.kind === 'content' && content === this.known) {
      this.saved.push(at);
      return 'unchanged';
    }
    return null;
  }

  /** It was built, at that moment. */
  built(nth: number, at: number): void {
    const { content, ends } = this.at(nth);
    this.builds.push({ at, ok: ends === 'success' });
    if (ends === 'success' && content !== 'fails') this.known = content;
  }

  /** The next tick that builds it, or asks whether to. */
  nextAt(now: number): number | null {
    if (this.given.kind === 'uploaded') return null;
    return Math.ceil(Math.max(now + 1, this.pausedUntil()) / HOUR) * HOUR;
  }
}

interface Ran {
  readonly id: string;
  readonly rebuilds: readonly { readonly project: string; readonly status: string }[];
  readonly skips: readonly { readonly project: string; readonly reason: string }[];
  readonly listed: { readonly rebuilds: number; readonly skips: number; readonly refusals: number };
}

/** What a tick came to. */
interface Ticked {
  readonly at: number;
  readonly skips: ReadonlyMap<string, Reason>;
  readonly built: ReadonlyMap<string, 'success' | 'failure'>;
}

/** `a, b and 3 more`: four are named where there are more. */
function named(names: readonly string[], most: number): string {
  const rest = names.length > most ? names.length - most + 1 : 0;
  const parts = [...names.slice(0, names.length - rest), ...(rest > 0 ? [`${rest} more`] : [])];
  return parts.length === 1 ? `${parts}` : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What the last run says of its rebuilds, in JSON, in its row and on its page. */
async function checkRun(world: World, { skips, built }: Ticked): Promise<void> {
  const { runs } = await json<{ runs: Ran[] }>(world, '/runs.json');
  const [run] = runs;
  const own = await json<Ran>(world, `/runs/${run?.id}.json`);
  for (const one of [run, own]) {
    const seen = one?.rebuilds.map(({ project, status }) => [project, status]).sort();
    expect(seen).toEqual(
      [...built].map(([name, ends]) => [name, ends === 'success' ? 'ready' : 'failed']).sort(),
    );
    expect(one?.skips.map(({ project, reason }) => [project, reason]).sort()).toEqual([...skips].sort());
    expect(one?.listed).toEqual({ rebuilds: built.size, skips: skips.size, refusals: 0 });
  }
  const html = await ask(world, '/runs');
  const row = html.split('<tr role="row">').find((one) => one.includes(`href="/runs/${run?.id}"`)) ?? '';
  const [, started] = /Rebuilds started: ([^<]*)/.exec(row) ?? [];
  expect(started).toBe(
    built.size === 0 ? undefined : named(run?.rebuilds.map(({ project }) => project) ?? [], 4),
  );
  const page = (await glance(world, `/runs/${run?.id}`)).text;
  for (const [name, ends] of built)
    expect(page).toContain(`${name} , main : ${ends === 'success' ? 'ready' : 'failed'}`);
  expect(page.includes('Rebuilds None')).toBe(built.size === 0);
  for (const reason of new Set(skips.values())) {
    const names = [...skips].flatMap(([name, why]) => (why === reason ? [name] : [])).sort();
    expect(row).toContain(`Not rebuilt: ${named(names, 4)} (${REASONS[reason]})`);
    expect(page).toContain(`Not rebuilt: ${names.length > 1 ? named(names, 9) : names} (${REASONS[reason]})`);
  }
}

/** What a project's page and its row say of its rebuilds. */
async function checkProject(world: World, one: Expected): Promise<void> {
  const now = world.now();
  const { text } = await glance(world, `/projects/${one.name}`);
  const saved = one.saved.filter((at) => monthOf(at) === monthOf(now)).length;
  const [said] = /[\d,]+ builds? saved this month: the content had not changed/.exec(text) ?? [];
  expect([one.name, said]).toEqual([
    one.name,
    saved === 0 ? undefined : `${plural(saved, 'build')} saved this month: the content had not changed`,
  ]);
  const next = one.nextAt(now);
  const shown = await json<{ nextRebuildAt: string | null }>(world, `/projects/${one.name}.json`);
  expect([one.name, shown.nextRebuildAt]).toEqual([one.name, next && new Date(next).toISOString()]);
  const isPaused = one.pausedUntil() > now;
  if (next !== null) expect(text).toContain(`Next rebuild ${clock(next, now)} ${fromNow(next, now)}`);
  const commit = one.project.deployments[0]?.hash.slice(0, 7);
  const paused = `Paused after ${plural(one.failures().many, 'failure')} of main @${commit}. Next try ${clock(next ?? 0, now)}, or at the next push.`;
  expect([one.name, text.includes('Paused after'), !isPaused || text.includes(paused)]).toEqual([
    ...[one.name, isPaused, true],
  ]);
  const row = (await ask(world, '/'))
    .split('<tr role="row">')
    .find((html) => html.includes(`<a href="/projects/${one.name}"`));
  const [, cell] = /<td role="cell" class="d nw">([^<]*)</.exec(row ?? '') ?? [];
  expect([one.name, cell]).toEqual([one.name, isPaused ? 'paused' : next === null ? '' : brief(next, now)]);
}

/** What the overview and the days say of all rebuilds together. */
async function checkSums(world: World, all: readonly Expected[], ticked: readonly Ticked[]): Promise<void> {
  const now = world.now();
  const nexts = all.flatMap((one) => one.nextAt(now) ?? []);
  const { text } = await glance(world, '/');
  const [, said] = /Next run .*?: (.*?) Last run/.exec(text) ?? [];
  const at = Math.min(...nexts);
  const many = nexts.filter((next) => next === at).length;
  expect(said).toBe(many === 0 ? undefined : plural(many, 'rebuild'));
  const day = new Date(now).toISOString().slice(0, 10);
  const built = ticked.filter((one) => new Date(one.at).toISOString().startsWith(day));
  const today = built.reduce((sum, one) => sum + one.built.size, 0);
  const [row] = (await ask(world, '/runs'))
    .split('<tr role="row">')
    .filter((html) => html.includes(`class="nm"><a href="/runs?day=${day}"`));
  const [, did] = /<td role="cell" class="wide">([^<]*)</.exec(row ?? '') ?? [];
  expect([day, did]).toEqual([day, `0 deleted${today === 0 ? '' : `, ${plural(today, 'rebuild')}`}`]);
  expect(row).toContain(`>${new Date(now).toUTCString().slice(0, 3)} ${dateOf(now, now)}<`);
  // Builds of what is connected, of which each is known once its project was read since.
  const month = all
    .flatMap(({ builds, project }) => (project.source === null ? [] : builds))
    .filter((build) => monthOf(build.at) === monthOf(now)).length;
  const [, fact] = /<dt>Builds this month, at least<\/dt><dd>([\d,]+)/.exec(await ask(world, '/')) ?? [];
  expect(fact).toBe(month === 0 ? undefined : number(month));
}

const totals = { saved: 0, built: 0, paused: 0, after: 0 };

async function play(world: World, given: readonly Drawn[]): Promise<void> {
  const all = given.map((one, index) => new Expected(world, one, index));
  world.settings.RULES = all.map((one) => one.rule());
  let nth = 0;
  world.source = ({ url }) => {
    const { content } = all.find(({ name }) => url.endsWith(`/${name}`))?.at(nth) ?? { content: 'fails' };
    return content === 'fails' ? new Response('down', { status: 503 }) : new Response(content);
  };
  const ticked: Ticked[] = [];
  for (; nth < TICKS; nth += 1) {
    const at = FIRST + nth * HOUR;
    const skips = new Map<string, Reason>();
    for (const one of all) {
      one.project.buildOutcome = one.at(nth).ends;
      const why = one.tick(nth, at);
      if (why !== null) skips.set(one.name, why);
    }
    await begin(world, at);
    await world.run(at + 20 * MINUTE);
    const built = new Map<string, 'success' | 'failure'>();
    for (const { method, effect, project, at: when } of world.simulator.calls) {
      const one = all.find(({ name }) => name === project);
      if (method !== 'POST' || !effect || when < at || one === undefined) continue;
      one.built(nth, when);
      built.set(one.name, one.at(nth).ends);
    }
    expect([nth, [...built.keys()].sort()]).toEqual([
      ...[nth, all.map(({ name }) => name).filter((name) => !skips.has(name))],
    ]);
    ticked.push({ at, skips, built });
    // Somebody looks, so that what was built is read.
    world.setNow(at + 25 * MINUTE);
    freshen();
    for (const { name } of all) void ask(world, `/projects/${name}`);
    while (world.alarmAt() === null) await new Promise((resolve) => setTimeout(resolve, 0));
    await world.run(at + 28 * MINUTE);
    world.setNow(at + 30 * MINUTE);
    freshen();
    await checkRun(world, ticked.at(-1) as Ticked);
    for (const one of all) await checkProject(world, one);
    await checkSums(world, all, ticked);
    // The last of the month, which is read in the next one.
    if (nth === 3) for (const one of all) one.push(at + 45 * MINUTE);
    totals.paused += all.filter((one) => one.pausedUntil() > world.now()).length;
    totals.built += built.size;
  }
  totals.saved += all.reduce((sum, { saved }) => sum + saved.length, 0);
  totals.after += all.filter(({ saved }) => new Set(saved.map(monthOf)).size > 1).length;
}

test(`every number about rebuilds holds, on ${CASES} random accounts (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (given) => {
      await inWorld({ start: FIRST - MINUTE }, (world) => play(world, given));
    }),
    { numRuns: CASES, seed: SEED, endOnFailure: true },
  );
  console.info(`rebuilds: ${JSON.stringify(totals)}`);
  for (const many of Object.values(totals)) expect(many).toBeGreaterThan(CASES / 4);
});
