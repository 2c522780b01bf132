// Looks at what stands around the numbers of a page: which page it is of how many, how many branches there are, how long a build
// took, how far the run under way is. Each is held to the simulated account, or to what was seen to happen. Fails by itself.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { World } from '../keeper/world.ts';
import { took } from './drawn.ts';
import { ask, glance, json, number, type Shown, type Truth, withinLimit } from './look.ts';

/** Deployments on a page, and how many branches are links rather than a field. */
const ROWS = 25;
const LINKED = 6;

interface PageOf {
  readonly number: number;
  readonly of: number;
  readonly total: number | null;
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly createdAt: string | null;
  readonly finishedAt: string | null;
}

/** Which page of how many, on each page of a project, in JSON and in words. */
async function checkPages(world: World, { name, counts }: Shown, project: SimulatedProject): Promise<void> {
  if (counts.total === null) return;
  const many = project.deployments.length;
  const of = Math.max(1, Math.ceil(many / ROWS));
  for (let at = 1; at <= of; at += 1) {
    const query = at === 1 ? '' : `?page=${at}`;
    const { page, deployments } = await json<{ page: PageOf; deployments: Row[] }>(
      world,
      `/projects/${name}.json${query}`,
    );
    const next = at < of ? `/projects/${name}.json?page=${at + 1}` : null;
    expect([name, page, deployments.length]).toEqual([
      ...[name, { number: at, of, total: many, next }],
      at < of ? ROWS : many - (of - 1) * ROWS,
    ]);
    const { text } = await glance(world, `/projects/${name}${query}`);
    const [, said] = /(Page [\d,]+ of [\d,]+)/.exec(text) ?? [];
    expect([name, said]).toEqual([name, of === 1 ? undefined : `Page ${number(at)} of ${number(of)}`]);
    for (const { id, createdAt, finishedAt } of deployments) {
      const { createdAt: from, endsAt = null } = project.get(id) ?? { createdAt: 0 };
      const iso = (time: number | null) => time && new Date(time).toISOString();
      expect([id, createdAt, finishedAt]).toEqual([id, iso(from), iso(endsAt)]);
    }
  }
}

/** The branches that its page offers: those of which there is a deployment. */
async function checkBranches(
  world: World,
  { name, counts }: Shown,
  project: SimulatedProject,
): Promise<void> {
  if (counts.total === null) return;
  const branches = new Set(project.deployments.map(({ branch }) => branch));
  const html = await ask(world, `/projects/${name}`);
  const [, filters = ''] = /<nav class="fl" aria-label="Filters">(.*?)<\/nav>/s.exec(html) ?? [];
  const linked = [...filters.matchAll(/[?;]branch=([^"&]*)/g)].map(([, branch]) =>
    decodeURIComponent(branch ?? ''),
  );
  const offered = [...filters.matchAll(/<option value="([^"]*)"/g)].map(([, branch]) => branch);
  const [, said] = /placeholder="One of ([\d,]+) branches"/.exec(filters) ?? [];
  const isMany = branches.size > LINKED;
  expect([name, said]).toEqual([name, isMany ? number(branches.size) : undefined]);
  expect([name, [...(isMany ? offered : linked)].sort()]).toEqual([
    name,
    branches.size < 2 ? [] : [...branches].sort(),
  ]);
}

const WORDS = { success: 'built in ', failure: ', after ', canceled: ', after ' } as const;

/** How long a build took, on its own page: one of each outcome. */
async function checkBuildTimes(
  world: World,
  { name, counts }: Shown,
  project: SimulatedProject,
): Promise<void> {
  if (counts.total === null) return;
  for (const [outcome, words] of Object.entries(WORDS)) {
    const build = project.deployments.find(
      (one) => one.outcome === outcome && (one.endsAt ?? Infinity) <= world.now(),
    );
    if (build === undefined) continue;
    const { text } = await glance(world, `/projects/${name}/deployments/${build.id}`);
    const [, said] = new RegExp(`${words}((?:\\d+ (?:s|min|h) ?)+)`).exec(text) ?? [];
    expect([name, outcome, said?.trim()]).toEqual([
      name,
      outcome,
      took((build.endsAt ?? 0) - build.createdAt),
    ]);
  }
}

interface Progress {
  readonly runId: string;
  readonly phase: string;
  readonly done: number;
  readonly of: number | null;
}

/** How far the run under way is: of all, of each project in words, on a project's own page. */
async function checkProgress(world: World, shown: readonly Shown[], truth: Truth): Promise<void> {
  const { progress } = await json<{ progress: Progress | null }>(world, '/runs.json');
  if (progress?.phase !== 'deleting') return;
  const went = (truth.deleted[progress.runId] ?? []).length;
  const { counts } = world.runs().find(({ id }) => id === progress.runId) ?? {};
  const { gone = 0, refused = 0, failed = 0 } = counts ?? {};
  expect(progress.done).toBe(went + gone + refused + failed);
  const byOthers = new Set(
    Object.entries(truth.deleted).flatMap(([run, ids]) => (run === progress.runId ? [] : ids)),
  );
  const parts: string[] = [];
  for (const { name, counts: own } of shown) {
    const place = truth.projects.findIndex((project) => project.name === name);
    // What the run before had sent and got no answer of may have gone before this one's plan was made.
    const planned = truth.goes.flatMap((run) => {
      const ids = [...(run[place] ?? [])];
      return [ids.length, ids.filter((id) => !byOthers.has(id)).length];
    });
    const { text } = await glance(world, `/projects/${name}`);
    const [, done, of] = /Deleting deployments: ([\d,]+) of ([\d,]+)/.exec(text) ?? [];
    if (own.left === null || own.left === 0) {
      expect([name, done]).toEqual([name, undefined]);
      continue;
    }
    const left = withinLimit(world, progress.done, own.left);
    expect([name, Number(of) - Number(done)]).toEqual([name, left]);
    // Of more than the limit lets go the rest is not of this run.
    const isPart = withinLimit(world, 0, Math.max(...planned)) < Math.max(...planned);
    if (isPart) expect(Number(done) + own.left).toBeLessThanOrEqual(Math.max(...planned));
    else expect([name, planned]).toEqual([name, expect.arrayContaining([Number(done) + own.left])]);
    parts.push(`${name}: ${done} of ${of}`);
  }
  // Where the limit ends the run first, nobody knows which of them go with it.
  const owed = shown.reduce((sum, one) => sum + (one.counts.left ?? 0), 0);
  if (progress.of === null || withinLimit(world, progress.done, owed) < owed) parts.length = 0;
  for (const path of ['/', '/runs']) {
    const { text } = await glance(world, path);
    if (parts.length < 2) expect(text).not.toMatch(/p\d: [\d,]+ of/);
    else for (const part of parts) expect(text).toContain(part);
  }
}

/** Which page of how many, of the overview, of the plan and of each run. */
async function checkLists(world: World, shown: readonly Shown[]): Promise<void> {
  const one = (total: number) => ({ number: 1, of: 1, total, next: null });
  for (const [path, total] of [
    ['/status.json', shown.length],
    ['/status.json?q=p0', shown.filter(({ name }) => name.includes('p0')).length],
    ['/runs.json', shown.length],
  ] as const)
    expect([path, (await json<{ page: PageOf }>(world, path)).page]).toEqual([path, one(total)]);
  const { text } = await glance(world, '/');
  expect(text).toContain(`${number(shown.length)} project${shown.length === 1 ? '' : 's'}`);
}

/** Holds all of it to what is true; `all`: every page, and how long builds took. */
export async function checkAround(world: World, truth: Truth, all: boolean): Promise<void> {
  const { projects: shown } = await json<{ projects: Shown[] }>(world, '/status.json');
  if (shown.length < truth.projects.length) return;
  await checkLists(world, shown);
  await checkProgress(world, shown, truth);
  for (const one of shown) {
    const project = truth.projects.find(({ name }) => name === one.name);
    if (project === undefined) throw new Error(`no project ${one.name}`);
    await checkBranches(world, one, project);
    if (!all) continue;
    await checkPages(world, one, project);
    await checkBuildTimes(world, one, project);
  }
}
