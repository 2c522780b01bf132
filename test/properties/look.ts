// Looks at every page and JSON of a world and holds each number on it to what shown.ts counts of the account. Fails by itself.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import { pagesOf } from '../keeper/pages.ts';
import type { World } from '../keeper/world.ts';
import type { Row as OracleRow, Policy } from './oracle.ts';
import { type Evidence, goesAt, goesIfStale, listed } from './shown.ts';

/** Colours of the picture in a window's title. */
const MOODS: Readonly<Record<string, string>> = {
  '0b7a43': 'ok',
  a86400: 'busy',
  c21a28: 'bad',
  '56616e': 'quiet',
};

interface Counts {
  readonly total: number | null;
  readonly next: number | null;
  readonly left: number | null;
}

/** A project in JSON. */
export interface Shown {
  readonly name: string;
  readonly status: string;
  readonly failedSinceLive: number;
  readonly rolledBack: boolean;
  readonly nextPruneAt: string | null;
  readonly counts: Counts;
}

interface Row {
  readonly id: string;
  readonly verdict: { readonly action: string; readonly reason: string; readonly expiresAt: string | null };
}

interface RunShown {
  readonly id: string;
  readonly outcome: string;
  readonly dryRun: boolean;
  readonly counts: Readonly<
    Record<'deleted' | 'gone' | 'refused' | 'failed' | 'remaining' | 'wouldDelete', number>
  >;
}

/**
 * What is true at a moment: the account, the rules, and what the run under way deletes of each project. Where an earlier run was cut
 * off, what that deletes stands beside it: its queue goes on until the newer run has planned anew.
 */
export interface Truth {
  readonly projects: readonly SimulatedProject[];
  readonly policies: readonly Policy[];
  readonly goes: readonly (readonly ReadonlySet<string>[])[];
  /** By run, ids that it has deleted so far. */
  readonly deleted: Readonly<Record<string, readonly string[]>>;
  /** By project, what there was when one of its runs began. */
  readonly before: Readonly<Record<string, readonly OracleRow[]>>;
}

/** What was answered at this moment, so that nothing is asked twice; and the same at a glance. */
let answers = new Map<string, Promise<string>>();
let glances = new Map<string, Promise<Glance>>();

/** A new moment: everything is asked anew. */
export function freshen(): void {
  answers = new Map();
  glances = new Map();
}

/** The body of a page's answer. */
export async function ask(world: World, path: string): Promise<string> {
  const known = answers.get(path);
  if (known !== undefined) return known;
  const answer = Promise.resolve(pagesOf(world).request(path)).then((response) => response.text());
  answers.set(path, answer);
  return answer;
}

export const json = async <T>(world: World, path: string): Promise<T> => JSON.parse(await ask(world, path));
/** `1,200`, and `1 deployment`, `2 deployments`. */
export const number = (many: number) => many.toLocaleString('en-US');
export const plural = (many: number, one: string) => `${number(many)} ${one}${many === 1 ? '' : 's'}`;

/** A page at a glance and in words. */
interface Glance {
  readonly mood: string;
  readonly title: string;
  readonly heading: string;
  readonly text: string;
}

/** The same of the page at this path. */
export function glance(world: World, path: string): Promise<Glance> {
  const known = glances.get(path) ?? ask(world, path).then(glanceOf);
  glances.set(path, known);
  return known;
}

function glanceOf(html: string): Glance {
  const plain = (text = '') =>
    text
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
  const [, colour = ''] = /fill=&#39;%23(\w{6})/.exec(html) ?? [];
  return {
    mood: MOODS[colour] ?? colour,
    title: plain(/<title>(.*?)<\/title>/.exec(html)?.[1]),
    heading: plain(/<h1>(.*?)<\/h1>/s.exec(html)?.[1]),
    text: plain(html.split('<main')[1]),
  };
}

export const projectsOf = async (world: World) =>
  (await json<{ projects: Shown[] }>(world, '/status.json')).projects;

/** How a project's builds stand, on every page that says it. */
export async function seenEvidence(world: World, { name }: Evidence): Promise<Evidence> {
  const one = (await projectsOf(world)).find((shown) => shown.name === name);
  const own = await json<Shown>(world, `/projects/${name}.json`);
  const { text, title } = await glance(world, `/projects/${name}`);
  const { status = '', failedSinceLive = -1, rolledBack = false } = one ?? {};
  expect([own.status, own.failedSinceLive, own.rolledBack]).toEqual([status, failedSinceLive, rolledBack]);
  if (failedSinceLive > 1) expect(text).toContain(`the newest ${failedSinceLive} production builds failed`);
  const badge = await ask(world, `/projects/${name}/badge.svg`);
  expect(badge).toContain(`${name}: ${status === 'not-built' ? 'not built' : status}`);
  expect(title.toLowerCase()).toContain(status.replace('-', ' '));
  const rates = text.match(/\d+ of \d+ succeeded/g) ?? [];
  return { name, status, failedSinceLive, rolledBack, rates };
}

/** Everything a project's own pages count. `all`: its filters and each of its deployments too. */
async function checkProject(
  world: World,
  { name, counts }: Shown,
  project: SimulatedProject,
  { policies, before }: Truth,
  all: boolean,
): Promise<void> {
  const path = `/projects/${name}`;
  const own = await json<Shown>(world, `${path}.json`);
  expect(own.counts).toEqual(counts);
  const { text } = await glance(world, path);
  const { next, left, total } = counts;
  const words =
    next === null ? 'Not planned yet' : next === 0 ? 'Nothing to delete' : `${number(next)} to delete`;
  expect(text).toContain(words);
  if (left === null) expect(text).not.toContain('left to delete');
  else expect(text).toContain(`Now: ${number(left)} left to delete`);
  if (total !== null) expect(text).toContain(`${plural(total, 'deployment')} stored`);
  if (!all || total === null) return;
  const rows: Row[] = [];
  for (let to: string | null = `${path}.json`; to !== null; ) {
    const page: { deployments: Row[]; page: { next: string | null } } = await json(world, to);
    rows.push(...page.deployments);
    to = page.page.next;
  }
  const asItIs = listed(project, policies, world.now());
  // A branch does not get stale sooner because its newest deployment was deleted.
  const isAsItIs = rows.every(({ id, verdict }) => asItIs.goes.has(id) === (verdict.action === 'delete'));
  const truth = isAsItIs ? asItIs : listed(project, policies, world.now(), before[name]);
  const matching = { ...truth.matching, ...(next === null ? {} : { 'verdict=next': next + (left ?? 0) }) };
  for (const [filter, many] of Object.entries(matching)) {
    const found = await json<{ page: { total: number } }>(world, `${path}.json?${filter}`);
    expect([name, filter, found.page.total]).toEqual([name, filter, many]);
    const seen = await glance(world, `${path}?${filter}`);
    expect(seen.text).toContain(many === 0 ? 'No deployments match' : plural(many, 'deployment'));
  }
  expect(rows.map(({ id }) => id).sort()).toEqual([...truth.ids].sort());
  for (const { id, verdict } of rows) {
    const expiresAt = truth.expires.get(id);
    expect([id, verdict.action, verdict.reason === 'latest', verdict.expiresAt]).toEqual([
      ...[id, truth.goes.has(id) ? 'delete' : 'keep', truth.targets.has(id)],
      expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    ]);
  }
  const ranks = text.match(/rollback target \d+ of \d+/g) ?? [];
  const first = rows.slice(0, 25).flatMap(({ id }) => truth.targets.get(id) ?? []);
  expect(ranks).toEqual(first.map((rank) => `rollback target ${rank}`));
}

/** What the run under way deletes of a project, of what it may be: that of which as many are left, else more. */
export function goesOf(
  runs: readonly ReadonlySet<string>[],
  left: number | null,
  leftOf: (goes: ReadonlySet<string>) => number,
): ReadonlySet<string> {
  const exact = runs.find((run) => left === leftOf(run));
  return exact ?? runs.find((run) => left !== null && left <= leftOf(run)) ?? new Set<string>();
}

/** How many of those that are left a run deletes that has dealt with `done`: at its limit it ends. */
export const withinLimit = (world: World, done: number, left: number): number =>
  Math.min(left, Math.max(0, Number(world.settings.MAX_DELETES_PER_RUN ?? Infinity) - done));

/** What the overview and the runs say of all projects together. */
async function checkSums(world: World, shown: readonly Shown[], dryRun: boolean): Promise<void> {
  const { text } = await glance(world, '/');
  const counted = shown.map(({ counts }) => counts);
  const sum = (key: keyof Counts) => counted.reduce((all, counts) => all + (counts[key] ?? 0), 0);
  const isPlanned = counted.every(({ next }) => next !== null);
  const going = sum('next') + sum('left');
  if (counted.some(({ total }) => total !== null))
    expect(text).toContain(`Stored deployments ${number(sum('total'))}`);
  if (isPlanned) expect(text).toContain(`${going === 0 ? 'none' : number(going)} of them to delete`);
  else expect(text).toMatch(/not all is planned yet/);
  const at = Math.min(
    ...shown.map(({ nextPruneAt }) => (nextPruneAt === null ? Infinity : Date.parse(nextPruneAt))),
  );
  const nextRun = /Next run .*?: (.*?) (Last run|Stored)/.exec(text)?.[1];
  if (Number.isFinite(at) && isPlanned && nextRun !== 'waits for a valid token')
    expect(nextRun).toBe(sum('next') === 0 ? 'nothing to delete' : plural(sum('next'), 'deletion'));
  const runs = await json<{
    plan: { project: string; next: number }[];
    progress: null | { phase: string; of: number | null; done: number };
  }>(world, '/runs.json');
  expect(runs.plan.map(({ project }) => project).sort()).toEqual(shown.map(({ name }) => name).sort());
  for (const one of shown)
    expect(runs.plan.find(({ project }) => project === one.name)).toMatchObject(one.counts);
  const page = await glance(world, '/runs');
  expect(page.text).toContain(`${plural(sum('next'), 'deployment')} to delete at the next prune run`);
  expect(dryRun).toBe(page.text.includes('DRY_RUN is on'));
  if (runs.progress?.phase === 'deleting') {
    const { of, done } = runs.progress;
    if (of !== null) expect(of - done).toBe(withinLimit(world, done, sum('left')));
    // Where one waits to be planned nobody knows how much there is to do.
    else expect(counted.some(({ next, left }) => next === null && left === null)).toBe(true);
    const far =
      of === null ? (done > 0 ? `: ${number(done)} so far` : '') : `: ${number(done)} of ${number(of)}`;
    for (const path of ['/', '/runs'])
      expect((await glance(world, path)).text).toContain(`Deleting deployments${far}`);
  }
}

/** What each run says that it did, against what was seen to go. */
async function checkRuns(world: World, { deleted }: Truth): Promise<void> {
  const { runs } = await json<{ runs: RunShown[] }>(world, '/runs.json');
  const words = (await glance(world, '/runs')).text;
  const day = new Date(world.now()).toISOString().slice(0, 10);
  let today = 0;
  for (const [place, { id, counts }] of runs.entries()) {
    const ids = deleted[id] ?? [];
    expect([id, counts.deleted]).toEqual([id, ids.length]);
    if (id.startsWith(day)) today += ids.length;
    // Those before it have not changed since.
    if (place > 1) continue;
    const own = await json<
      RunShown & { page: { total: number }; deletions: { id: string; outcome: string }[] }
    >(world, `/runs/${id}.json`);
    const total = counts.deleted + counts.gone + counts.refused + counts.failed;
    expect([own.counts, own.page.total]).toEqual([counts, total]);
    const went = own.deletions.filter(({ outcome }) => outcome === 'deleted').map((one) => one.id);
    expect(ids).toEqual(expect.arrayContaining(went));
    const { text } = await glance(world, `/runs/${id}`);
    if (ids.length > 0) expect(text).toContain(`Deleted ${plural(ids.length, 'deployment')}`);
    const feed = await ask(world, '/feed.atom');
    const closed = feed.includes(`run:${id}<`);
    if (closed && ids.length > 0) expect(feed).toContain(`Pruned: ${plural(ids.length, 'deployment')}`);
  }
  if (runs.some(({ id }) => id.startsWith(day)))
    expect(words).toMatch(
      new RegExp(`${Number(day.slice(8))} [A-Z][a-z]{2} [^]*?[ >]${number(today)} deleted`),
    );
}

/** How many more would go were stale branches called so; `either`: by what is there now, and by what was there when a run began. */
async function checkIfStale(world: World, name: string, either: readonly number[]): Promise<void> {
  const { plan } = await json<{ plan: { project: string; moreIfStale: number | null }[] }>(
    world,
    '/runs.json',
  );
  const more = plan.find(({ project }) => project === name)?.moreIfStale ?? null;
  expect([name, either]).toEqual([name, expect.arrayContaining([more])]);
  const row = (await ask(world, '/runs'))
    .split('<tr role="row">')
    .find((one) => one.includes(`href="/projects/${name}"`));
  const [, said] = /<small>([\d,]+) more with <code>staleBranchesAfterDays/.exec(row ?? '') ?? [];
  expect([name, said]).toEqual([name, more === 0 ? undefined : number(more ?? 0)]);
}

/** Holds every number that is shown to the account; gives of how many projects what goes next was known. */
export async function checkNumbers(world: World, truth: Truth, all = false): Promise<number> {
  let known = 0;
  const shown = await projectsOf(world);
  const gaveUp = Math.max(0, ...world.runs().map(({ counts }) => counts.failed));
  // What the limit keeps out of a run is not left of it: it goes with the next one.
  const isLimited = Number(world.settings.MAX_DELETES_PER_RUN ?? Infinity) < Infinity;
  let [owed, queued, isPlanned] = [0, 0, true];
  for (const one of shown) {
    const place = truth.projects.findIndex(({ name }) => name === one.name);
    const [project, runs] = [truth.projects[place], truth.goes.flatMap((run) => run[place] ?? [])];
    if (project === undefined) throw new Error(`no project ${one.name}`);
    const { total, next, left } = one.counts;
    const ids = project.deployments.map(({ id }) => id);
    if (total !== null) expect([one.name, 'total', total]).toEqual([one.name, 'total', ids.length]);
    const leftOf = (goes: ReadonlySet<string>) => ids.filter((id) => goes.has(id)).length;
    // What has failed too often is not left of the run any more: it goes with the next one.
    const goes = goesOf(runs, left, leftOf);
    const failed = left === null ? 0 : leftOf(goes) - left;
    if (left !== null)
      expect([one.name, 'left', left, isLimited || failed <= gaveUp]).toEqual([
        one.name,
        'left',
        leftOf(goes) - failed,
        true,
      ]);
    owed += leftOf(goes);
    queued += left ?? 0;
    isPlanned &&= left !== null;
    if (next !== null) {
      known += 1;
      const at = one.nextPruneAt === null ? world.now() : Date.parse(one.nextPruneAt);
      const laterBy = (known?: readonly OracleRow[]) => {
        const then = [...goesAt(project, truth.policies, world.now(), at, known)];
        return then.filter((id) => ids.includes(id) && !goes.has(id)).length + failed;
      };
      // A branch does not get stale sooner because its newest deployment was deleted: not before everything is read anew.
      const before = truth.before[one.name];
      const later = next === laterBy() ? next : laterBy(before);
      expect([one.name, 'next', next]).toEqual([one.name, 'next', later]);
      const ifStale = [undefined, before].map(
        (known) =>
          [...goesIfStale(project, truth.policies, world.now(), at, known)].filter(
            (id) => ids.includes(id) && !goes.has(id),
          ).length,
      );
      await checkIfStale(world, one.name, ifStale);
    }
    await checkProject(world, one, project, truth, all);
  }
  // But as much as the run may still delete is left of it, if there is so much.
  const counts = world.runs()[0]?.counts;
  const done = counts === undefined ? 0 : counts.deleted + counts.gone + counts.refused + counts.failed;
  if (isPlanned) expect(queued).toBeGreaterThanOrEqual(withinLimit(world, done, owed - gaveUp));
  await checkSums(world, shown, world.settings.DRY_RUN === 'true');
  await checkRuns(world, truth);
  return known;
}
