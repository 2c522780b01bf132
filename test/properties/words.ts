// Looks at the rows of the tables, at what a run's own page says, at the squares of the calendar and at what is said of trouble:
// until when, since when, as of when. Each is held to the account, to the calls that were answered, or to what was seen. Fails by itself.

import { expect } from 'vitest';
import { DAY, MINUTE, type World } from '../keeper/world.ts';
import { dateOf, type Seen, took } from './drawn.ts';
import { ask, glance, json, number, plural, type Shown, type Truth, withinLimit } from './look.ts';

/** A time in words, as a pattern; the same of a time. */
export const CLOCK = '((?:\\d+ [A-Z][a-z]{2}(?: \\d{4})?, )?\\d\\d:\\d\\d UTC)';
export const clock = (at: number, now: number) =>
  `${Math.floor(at / DAY) === Math.floor(now / DAY) ? '' : `${dateOf(at, now)}, `}${new Date(at).toISOString().slice(11, 16)} UTC`;

/** A time in a table: `20:00` today, `Tue 20:00` within six days, else `15 Nov`. */
export function brief(at: number, now: number): string {
  const [hours, day] = [new Date(at).toISOString().slice(11, 16), new Date(at).toUTCString().slice(0, 3)];
  if (Math.floor(at / DAY) === Math.floor(now / DAY)) return hours;
  return now - at < 6 * DAY ? `${day} ${hours}` : dateOf(at, now);
}

/** How far away a time is: `in under a minute`, `5 min ago`, `in 3 h`, `12 days ago`. */
export function fromNow(at: number, now: number): string {
  const minutes = Math.floor(Math.abs(at - now) / MINUTE);
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1_440)];
  const far = minutes < 60 ? `${minutes} min` : days < 2 ? `${hours} h` : `${days} days`;
  if (minutes === 0) return at > now ? 'in under a minute' : 'just now';
  return at > now ? `in ${far}` : `${far} ago`;
}

const rowOf = (html: string, link: string) =>
  html.split('<tr role="row">').find((row) => row.includes(link)) ?? '';
const cells = (row: string) =>
  [...row.matchAll(/<td [^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '').trim());

/** The rows of the overview and of the plan. */
async function checkRows(world: World, shown: readonly Shown[], { projects }: Truth): Promise<void> {
  for (const { name, counts } of shown) {
    const { total, next, left } = counts;
    const row = rowOf(await ask(world, '/'), `<a href="/projects/${name}"`);
    const stored = total === null ? expect.stringMatching(/^$|^Reading/) : number(total);
    expect([name, ...cells(row).slice(-2)]).toEqual([name, (next ?? 0) > 0 ? number(next ?? 0) : '', stored]);
    const live = projects.find((one) => one.name === name)?.canonicalAt(world.now()) ?? null;
    expect([name, cells(row)[2]]).toEqual([name, live === null ? '' : brief(live.createdAt, world.now())]);
    const [goes = '', of = '', , now] = cells(
      rowOf(await ask(world, '/runs'), `<a href="/projects/${name}"`),
    );
    expect([name, goes.replace(/ [\d,]+ more with .*/, ''), now]).toEqual([
      ...[name, next === null ? 'Not planned yet' : number(next)],
      left === null ? '' : number(left),
    ]);
    if (total !== null) expect([name, of]).toEqual([name, `of ${number(total)}`]);
  }
}

/** What a run took and when it began, on its own page: of the last two. */
async function checkRunPages(world: World, { calls, times }: Seen): Promise<void> {
  for (const { id, scheduledAt } of world.runs().slice(0, 2)) {
    const { from, to } = times[id] ?? {};
    if (from === undefined) continue;
    const { text } = await glance(world, `/runs/${id}`);
    expect(text).toContain(` ${plural(calls[id] ?? 0, 'API call')} `);
    const [, lasted] = / took ((?:\d+ (?:s|min|h) ?)+)/.exec(text) ?? [];
    expect([id, lasted?.trim()]).toEqual([id, to === undefined ? undefined : took(to - from)]);
    const [, began] = new RegExp(`Started at ${CLOCK}`).exec(text) ?? [];
    expect([id, began]).toEqual([id, from - scheduledAt < MINUTE ? undefined : clock(from, world.now())]);
  }
}

const WEEKS = 13;

/** Where a day's square is, whether it has a cross; and how high the line of what was stored is. */
async function checkSquares(world: World, { stored }: Seen): Promise<void> {
  const { runs } = await json<{ runs: { id: string; outcome: string }[] }>(world, '/runs.json');
  const html = await ask(world, '/runs');
  const days = [...new Set(runs.map(({ id }) => id.slice(0, 10)))].sort();
  const weekday = (at: number) => (new Date(at).getUTCDay() + 6) % 7;
  const monday = (at: number) => Math.floor(at / DAY) - weekday(at);
  for (const day of days) {
    const at = Date.parse(`${day}T00:00:00Z`);
    const ago = (monday(world.now()) - monday(at)) / 7;
    const [, square = ''] =
      new RegExp(`<a href="/runs\\?day=${day}" tabindex="-1">(.*?)</a>`).exec(html) ?? [];
    const [, x, y] = /<path class="(?:l\d|e)" d="M(\d+) (\d+)h/.exec(square) ?? [];
    const hasFailed = runs.some(({ id, outcome }) => id.startsWith(day) && outcome === 'failed');
    expect([day, Number(x), Number(y), square.includes('class="y"')]).toEqual([
      ...[day, (WEEKS - 1 - ago) * 23, weekday(at) * 15],
      hasFailed,
    ]);
  }
  const known = days.flatMap((day) => stored[day] ?? []);
  const [, line] =
    /aria-label="Stored: [^"]*"[^>]*><path d="M0 20((?:V\d+h1)+)V20z"/.exec(await ask(world, '/')) ?? [];
  const tops = known.map((many) => `V${20 - Math.round((18 * many) / Math.max(1, ...known))}h1`);
  expect(line).toBe(known.length < 2 ? undefined : tops.join(''));
}

/** What is said of refused credentials, of a block, and of how old everything is. */
async function checkTrouble(world: World, shown: readonly Shown[]): Promise<void> {
  const now = world.now();
  const { calls } = world.simulator;
  const { reason } = await json<{ reason: string | null }>(world, '/healthz');
  const { text } = await glance(world, '/');
  const runs = (await glance(world, '/runs')).text;
  const isToken = reason === 'token';
  const isKnown = shown.some(({ nextPruneAt }) => nextPruneAt !== null);
  if (isKnown)
    expect([reason, /: waits for a valid token/.test(text), /it waits for a valid token/.test(runs)]).toEqual(
      [...[reason, isToken, isToken]],
    );
  for (const { name } of shown) {
    const own = (await glance(world, `/projects/${name}`)).text;
    expect([name, reason, own.includes('Waits for a valid token')]).toEqual([name, reason, isToken]);
  }
  const [, refusedAt] = new RegExp(`The API token was refused at ${CLOCK}`).exec(text) ?? [];
  const refusals = calls
    .filter(({ status }) => status === 401 || status === 403)
    .map(({ at }) => clock(at, now));
  expect(refusals).toEqual(refusedAt === undefined ? refusals : expect.arrayContaining([refusedAt]));
  const about = (at: number) => Array.from({ length: 6 }, (_, minutes) => clock(at + minutes * MINUTE, now));
  const [, until] = new RegExp(`limit is used up until ${CLOCK}`).exec(text) ?? [];
  const blocked = calls.findLast(({ status }) => status === 429)?.at ?? 0;
  // The API says how long a block lasts: here five minutes.
  if (until !== undefined) expect(about(blocked + 5 * MINUTE)).toContain(until);
  const [, asOf] = new RegExp(`What you see is as of ${CLOCK}`).exec(text) ?? [];
  const listed = calls.findLast(
    ({ method, path, status, query }) =>
      method === 'GET' && path.endsWith('/projects') && status === 200 && query.per_page !== '1',
  );
  // As of when the list was asked for, which may be some minutes before it was answered.
  if (asOf !== undefined) expect(about((listed?.at ?? 0) - 5 * MINUTE)).toContain(asOf);
}

/** The bar of a run under way, and when it is expected to end. */
async function checkBar(world: World): Promise<void> {
  const { progress } = await json<{
    progress: { phase: string; done: number; of: number | null; endsAt: string | null } | null;
  }>(world, '/runs.json');
  const html = await ask(world, '/runs');
  const [, of, done] = /<progress max="(\d+)" value="(\d+)"/.exec(html) ?? [];
  if (of !== undefined) expect([Number(done), Number(of)]).toEqual([progress?.done, progress?.of]);
  const { text } = await glance(world, '/runs');
  const parts = [...text.matchAll(/(p\d): (\d+) of (\d+)/g)].map(([, , some, all]) => [
    Number(some),
    Number(all),
  ]);
  const [, filled] = /<path class="on" d="([^"]*)"/.exec(html) ?? [];
  if (parts.length > 1 && progress?.of) {
    const all = progress.of;
    const scale = (many: number) => Math.round((many * 1_000) / all);
    const ofParts = parts.reduce((sum, [some = 0]) => sum + some, 0);
    let from = scale(progress.done - ofParts);
    const pieces = [`M0 0h${from}v20H0z`];
    for (const [some = 0, whole = 0] of parts) {
      pieces.push(`M${from} 0h${scale(some)}v20H${from}z`);
      from += scale(whole);
    }
    expect(filled).toBe(pieces.join(''));
  }
}

/** Calls that may go in a millisecond: nine tenths of what the API allows here. */
const PACE = (0.9 * 40) / 300_000;

/** When the run under way is expected to end: what is left, at the pace that the API allows. */
async function checkEnd(world: World, shown: readonly Shown[]): Promise<void> {
  const { progress } = await json<{
    progress: { runId: string; phase: string; of: number | null; endsAt: string | null } | null;
  }>(world, '/runs.json');
  const { ok } = await json<{ ok: boolean }>(world, '/healthz');
  const { counts } = world.runs().find(({ id }) => id === progress?.runId) ?? {};
  const { deleted = 0, gone = 0, refused = 0, failed = 0 } = counts ?? {};
  const lefts = shown.map((one) => one.counts.left ?? 0);
  // The projects take turns: of the others as many go before.
  const endOf = (left: number) => {
    const all = lefts.reduce((sum, one) => sum + Math.min(one, left), 0);
    return world.now() + withinLimit(world, deleted + gone + refused + failed, all) / PACE;
  };
  // Where some wait to be planned.
  const isUnknown = progress?.phase === 'deleting' && progress.of === null;
  const isDeleting = progress?.phase === 'deleting' && !isUnknown;
  const expected = endOf(Infinity);
  if (progress !== null)
    expect(progress.endsAt).toBe(isDeleting ? new Date(Math.round(expected)).toISOString() : null);
  const saidOn = async (path: string) =>
    new RegExp(`Expected to end at ${CLOCK} , ([^.]*?) ?\\.`)
      .exec((await glance(world, path)).text)
      ?.slice(1) ?? [];
  const words = (at: number) => [clock(at, world.now()), fromNow(at, world.now())];
  for (const path of ['/', '/runs'])
    expect([path, await saidOn(path)]).toEqual([path, isDeleting && ok ? words(expected) : []]);
  for (const { name, counts } of shown) {
    const said = await saidOn(`/projects/${name}`);
    const isOwn = !isUnknown && (isDeleting ? ok && (counts.left ?? 0) > 0 : said.length > 0);
    expect([name, said]).toEqual([name, isOwn ? words(endOf(counts.left ?? 0)) : []]);
  }
}

/** Holds all of it to what is true. */
export async function checkWords(world: World, truth: Truth, seen: Seen): Promise<void> {
  const { projects: shown } = await json<{ projects: Shown[] }>(world, '/status.json');
  if (shown.length < truth.projects.length) return;
  await checkRows(world, shown, truth);
  await checkRunPages(world, seen);
  await checkSquares(world, seen);
  await checkTrouble(world, shown);
  await checkBar(world);
  await checkEnd(world, shown);
}
