// Looks at what the pages draw and count beside a project's counts: when what is here goes, how builds went, the days, what is found.
// Each is held to what shown.ts counts of the account, or to what was seen to happen. Fails by itself.

import { expect } from 'vitest';
import { DAY, type World } from '../keeper/world.ts';
import { ask, glance, goesOf, json, number, plural, projectsOf, type Shown, type Truth } from './look.ts';
import type { Row } from './oracle.ts';
import { type Build, foretold } from './shown.ts';
import { rowsOf } from './watch.ts';

/** What was seen to happen, for numbers that the account itself does not tell any more. */
export interface Seen {
  /** By project, its last builds before anything was deleted. */
  readonly builds: Readonly<Record<string, readonly Build[]>>;
  /** By id, what every deployment was that there ever was. */
  readonly ever: ReadonlyMap<
    string,
    { readonly project: string; readonly branch: string; readonly hash: string; readonly createdAt: number }
  >;
  /** When the last cron ticked, and every moment at which one did or somebody looked. */
  tickedAt: number | null;
  readonly moments: number[];
  /** By project, what there was when one of its runs began. */
  readonly before: Readonly<Record<string, readonly Row[]>>;
  /** By day, how many deployments there were when the last of its runs closed. */
  readonly stored: Readonly<Record<string, number>>;
  /** By run, how many calls it made, when it began and when it ended. */
  readonly calls: Readonly<Record<string, number>>;
  readonly times: Record<string, { readonly from: number; to?: number }>;
}

const plain = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `24 Nov`; of another year than it is `24 Nov 2025`. */
export function dateOf(at: number, now: number): string {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-').map(Number);
  const words = `${day} ${MONTHS[(month ?? 0) - 1]}`;
  return year === new Date(now).getUTCFullYear() ? words : `${words} ${year}`;
}

/** `47 s`, `1 min 47 s`, `2 h 5 min`: how long that many ms are, in words. */
export function took(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [big, small, units] =
    seconds < 3_600
      ? [Math.floor(seconds / 60), seconds % 60, ['min', 's']]
      : [Math.floor(Math.round(seconds / 60) / 60), Math.round(seconds / 60) % 60, ['h', 'min']];
  return [big > 0 ? `${big} ${units[0]}` : '', small > 0 || big === 0 ? `${small} ${units[1]}` : '']
    .filter((part) => part !== '')
    .join(' ');
}

/** How high the bars of a picture are, from the left. */
const heightsOf = (picture: string) =>
  [...(/<path d="M0 24((?:V\d+h5)+)V24z"/.exec(picture)?.[1] ?? '').matchAll(/V(\d+)/g)].map(
    ([, top]) => 24 - Number(top),
  );

/** What a page says and draws of when what is here goes. */
function forecastOf(days: readonly number[], now: number): { words: string; bars: number[] } {
  const most = Math.max(...days);
  if (most === 0) return { words: '', bars: [] };
  const all = days.reduce((sum, many) => sum + many, 0);
  const day = dateOf(now + days.indexOf(most) * DAY, now);
  return {
    words: `${plural(all, 'deployment')} in 30 days if nothing is built, most on ${day}: ${number(most)}.`,
    bars: days.map((many) => Math.ceil((many * 24) / most)),
  };
}

/** When what is here goes, in words and as bars. */
async function checkForecast(world: World, one: Shown, truth: Truth, seen: Seen): Promise<void> {
  const place = truth.projects.findIndex(({ name }) => name === one.name);
  const project = truth.projects[place];
  const { left, total } = one.counts;
  if (total === null || project === undefined) return;
  const now = world.now();
  const ids = new Set(project.deployments.map(({ id }) => id));
  const leftOf = (goes: ReadonlySet<string>) => [...goes].filter((id) => ids.has(id)).length;
  const runs = truth.goes.flatMap((run) => run[place] ?? []);
  const goes = goesOf(runs, left, leftOf);
  const nextAt = one.nextPruneAt === null ? null : Date.parse(one.nextPruneAt);
  const by = (rows: readonly Row[]) =>
    forecastOf(foretold(project, truth.policies, now, nextAt, { goes, left: left ?? 0 }, rows), now);
  const section =
    (await ask(world, `/projects/${one.name}`)).split('<h2>When what is here goes</h2>')[1] ?? '';
  const [words = '', picture = ''] = section.split('</p>');
  const said = { words: plain(words), bars: heightsOf(picture) };
  const [, axis] = /<span>today<\/span><span>([^<]*)</.exec(picture) ?? [];
  // Of thirty days, today the first.
  expect([one.name, axis]).toEqual([one.name, said.words === '' ? undefined : dateOf(now + 29 * DAY, now)]);
  const asItIs = by(rowsOf(project, now));
  // A branch does not get stale sooner because its newest deployment was deleted, one that was skipped, say: not before everything
  // is read anew.
  const before = seen.before[one.name] ?? [];
  const isBefore = JSON.stringify(said) !== JSON.stringify(asItIs) && before.some(({ id }) => !ids.has(id));
  expect([one.name, said]).toEqual([one.name, isBefore ? by(before) : asItIs]);
}

/** How the last builds went, in words. */
function trend(builds: readonly Build[]): string {
  const ok = builds.filter((build) => build.ok).map((build) => build.took);
  // In the middle: as many took no longer as took no less.
  const middle = ok.sort((a, b) => a - b).find((_, index) => index + 1 >= ok.length / 2);
  const typical = middle === undefined ? '' : `, typically in ${took(middle)}`;
  return `${number(ok.length)} of ${number(builds.length)} succeeded${typical}`;
}

/** The bars of builds: as high as they took, the failed ones marked. */
function checkBars(picture: string, builds: readonly Build[]): void {
  if (builds.length < 2) {
    expect(picture).toBe('');
    return;
  }
  const longest = Math.max(...builds.map((build) => build.took));
  const marks = /<path class="e" d="([^"]*)"/.exec(picture)?.[1] ?? '';
  const failed = [...marks.matchAll(/M(\d+) 0/g)].map(([, x]) => Number(x) / 5);
  expect([heightsOf(picture), failed]).toEqual([
    builds.map((build) => Math.max(2, Math.round((20 * build.took) / longest))),
    builds.flatMap(({ ok }, place) => (ok ? [] : [place])),
  ]);
}

/** The last builds of a project, on its own page and in its row of the overview. */
async function checkBuilds(world: World, { name, counts }: Shown, builds: readonly Build[]): Promise<void> {
  if (counts.total === null) return;
  const [, fact = ''] =
    /<dt>Last builds<\/dt><dd>(.*?)<\/dd>/s.exec(await ask(world, `/projects/${name}`)) ?? [];
  for (const [word, isIt] of [
    ['Production', true],
    ['Previews', false],
  ] as const) {
    const own = builds.filter(({ production }) => production === isIt);
    const [, words, picture = ''] = new RegExp(`<p>${word}: ([^<]*)</p>(<svg.*?</svg>)?`).exec(fact) ?? [];
    expect([name, word, words]).toEqual([name, word, own.length === 0 ? undefined : trend(own)]);
    checkBars(picture, own);
  }
  const row = (await ask(world, '/'))
    .split('<tr role="row">')
    .find((one) => one.includes(`href="/projects/${name}"`));
  const [picture = '', label] =
    /<svg class="sp" role="img" aria-label="([^"]*)".*?<\/svg>/.exec(row ?? '') ?? [];
  const last = builds.slice(-24);
  if (last.length > 1) expect([name, label]).toEqual([name, trend(last)]);
  checkBars(picture, last);
}

/** The builds of this month against those that the plan includes: of connected projects, and of all that were read. */
async function checkMonth(world: World, { projects }: Truth, { builds }: Seen, known: readonly Shown[]) {
  const now = new Date(world.now());
  const [from, end] = [0, 1].map((month) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month));
  const many = projects
    .filter(({ source, name }) => source !== null && known.some((one) => one.name === name))
    .flatMap(({ name }) => builds[name] ?? [])
    .filter(({ at }) => at >= (from ?? 0)).length;
  const html = await ask(world, '/');
  const [, fact = ''] = /<dt>Builds this month, at least<\/dt><dd>(.*?)<\/dd>/s.exec(html) ?? [];
  const part = (world.now() - (from ?? 0)) / ((end ?? 0) - (from ?? 0));
  const isEarly = world.now() - (from ?? 0) < 3 * DAY;
  const rate = isEarly ? '' : ` About ${number(Math.round(many / part))} by its end, at this rate`;
  expect(plain(fact)).toBe(many === 0 ? '' : `${number(many)} of 500${rate}`);
  if (many > 0)
    expect(fact).toContain(`class="on" d="M0 0h${Math.round(Math.min(1, many / 500) * 1_000)}v20H0z"`);
}

interface Ran {
  readonly id: string;
  readonly outcome: string;
  readonly calls: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** The days, in words and as pictures. */
async function checkDays(world: World, { deleted }: Truth, { stored }: Seen, runs: readonly Ran[]) {
  const days = [...new Set(runs.map(({ id }) => id.slice(0, 10)))].sort();
  const deletedOn = (day: string) =>
    Object.entries(deleted).reduce((sum, [id, ids]) => sum + (id.startsWith(day) ? ids.length : 0), 0);
  const most = Math.max(...days.map(deletedOn));
  const html = await ask(world, '/runs');
  for (const day of days) {
    const closed = runs.filter(
      ({ id, outcome }) => id.startsWith(day) && outcome !== 'running' && outcome !== 'superseded',
    );
    const [failed, done] = ['failed', 'done'].map(
      (word) => closed.filter(({ outcome }) => outcome === word).length,
    );
    const at = Date.parse(`${day}T00:00:00Z`);
    const week = new Date(at).toUTCString().slice(0, 3);
    const open = world.now() - at < DAY ? 'Running' : 'Continued';
    const went = closed.length === 0 ? open : `${done} of ${closed.length}`;
    const left = stored[day] === undefined ? '' : ` ${number(stored[day])}`;
    const row = html
      .split('<tr role="row">')
      .find((one) => one.includes(`class="nm"><a href="/runs?day=${day}"`));
    expect(plain(row?.split('</tr>')[0] ?? '')).toBe(
      `${week} ${dateOf(at, world.now())} ${went} ${number(deletedOn(day))} deleted${left}`,
    );
    const square = html.split(`<a href="/runs?day=${day}" tabindex="-1">`)[1]?.split('</a>')[0] ?? '';
    expect(square).toContain(`<title>${dateOf(at, world.now())}: ${number(deletedOn(day))} deleted</title>`);
    const shade = most === 0 ? 0 : Math.ceil((4 * deletedOn(day)) / most);
    expect([day, /<path class="(\w+)"/.exec(square)?.[1]]).toEqual([day, failed === 0 ? `l${shade}` : 'e']);
  }
  const [, label] = /aria-label="(Stored: [^"]*)"/.exec(await ask(world, '/')) ?? [];
  const known = days.flatMap((day) => stored[day] ?? []);
  expect(label).toBe(
    known.length < 2
      ? undefined
      : `Stored: from ${number(known[0] ?? 0)} to ${number(known.at(-1) ?? 0)} in ${plural(known.length, 'day')}`,
  );
}

/** What each run took and cost. */
async function checkCosts(world: World, { calls, times }: Seen, runs: readonly Ran[]): Promise<void> {
  for (const { id, ...run } of runs) {
    if (calls[id] === undefined) continue;
    expect([id, run.calls]).toEqual([id, calls[id]]);
    const { from = 0, to } = times[id] ?? {};
    expect([id, run.startedAt, run.finishedAt]).toEqual([
      ...[id, new Date(from).toISOString()],
      to === undefined ? null : new Date(to).toISOString(),
    ]);
    const row = (await ask(world, '/runs'))
      .split('<tr role="row">')
      .find((one) => one.includes(`href="/runs/${id}"`));
    if (row === undefined) continue;
    const [, time, many] =
      /<td role="cell" class="d nw">([^<]*)<\/td>\s*<td role="cell" class="d num">([^<]*)</.exec(row) ?? [];
    expect([id, time, many]).toEqual([id, to === undefined ? '' : took(to - from), number(calls[id] ?? 0)]);
  }
}

/** How many of a kind a page of what was found says that there are. */
const saidOf = (text: string, kind: RegExp) =>
  Number(new RegExp(`([\\d,]+) ${kind.source}`).exec(text)?.[1]?.replace(',', '') ?? 0);

/** What is found for a word or the beginning of an id or commit. */
async function checkFound(
  world: World,
  { projects, deleted }: Truth,
  { ever }: Seen,
  asked: string,
): Promise<void> {
  const { text } = await glance(world, `/find?q=${encodeURIComponent(asked)}`);
  const isHash = /^[0-9a-f-]{7,}$/.test(asked);
  const here = projects.flatMap(({ name, deployments }) => deployments.map((row) => ({ name, ...row, row })));
  const branches = here.filter(({ row }) => row.branch.includes(asked));
  const begins = (id: string, hash: string) => isHash && (id.startsWith(asked) || hash.startsWith(asked));
  const gone = Object.values(deleted)
    .flat()
    .filter((id) => ever.get(id)?.branch.includes(asked) || begins(id, ever.get(id)?.hash ?? ''));
  const found = text.replace(/Commits and ids were looked for.*/, '');
  expect([
    asked,
    saidOf(found, /projects?\b/),
    saidOf(found, /branch(es)?\b/),
    saidOf(found, /deployments?\b/),
    saidOf(found, /deleted deployments?\b/),
  ]).toEqual([
    asked,
    projects.filter(({ name }) => name.includes(asked)).length,
    new Set(branches.map(({ name, row }) => `${name} ${row.environment} ${row.branch}`)).size,
    here.filter(({ row }) => begins(row.id, row.hash)).length,
    gone.length,
  ]);
  if (isHash) expect(text).toContain(`looked for in ${number(here.length)} newest deployments`);
}

/** Holds what is drawn and counted beside the counts to what is true; `find`: what is found as well. */
export async function checkDrawn(world: World, truth: Truth, seen: Seen, find: boolean): Promise<void> {
  const shown = await projectsOf(world);
  for (const one of shown) {
    await checkForecast(world, one, truth, seen);
    await checkBuilds(world, one, seen.builds[one.name] ?? []);
  }
  const known = shown.filter(({ counts }) => counts.total !== null);
  await checkMonth(world, truth, seen, known);
  const { runs } = await json<{ runs: Ran[] }>(world, '/runs.json');
  await checkDays(world, truth, seen, runs);
  await checkCosts(world, seen, runs);
  if (!find || known.length < truth.projects.length) return;
  const [[id = ''] = []] = Object.values(truth.deleted);
  const hash = truth.projects[0]?.deployments[0]?.hash ?? '';
  for (const asked of ['dev', 'p0', hash.slice(0, 8), id.slice(0, 13)])
    if (asked !== '') await checkFound(world, truth, seen, asked);
}
