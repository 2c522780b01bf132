// Looks at what is said in words and figures of all together: the sentence and the title of the overview, what a run did, on each
// page and in the feed, the feeds' times, and what /healthz says of the last runs. Fails by itself.

import { expect } from 'vitest';
import { MINUTE, type World } from '../keeper/world.ts';
import { took } from './drawn.ts';
import { ask, glance, json, number, plural, type Shown, type Truth } from './look.ts';
import type { Evidence } from './shown.ts';
import { CLOCK, clock, fromNow } from './words.ts';

interface Ran {
  readonly id: string;
  readonly outcome: string;
  readonly dryRun: boolean;
  readonly scheduledAt: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly error: string | null;
  readonly counts: Readonly<
    Record<'deleted' | 'gone' | 'refused' | 'failed' | 'remaining' | 'wouldDelete', number>
  >;
  readonly refusals: readonly { readonly project: string; readonly why: string }[];
}

/** How many projects are live, in a sentence and in the window's title; `behind`: of how many newer builds of production failed. */
async function checkSentence(world: World, { projects }: Truth, seen: readonly Evidence[]): Promise<void> {
  const now = world.now();
  const isLive = (name: string) => projects.find((one) => one.name === name)?.canonicalAt(now) !== null;
  const down = seen.filter(({ name }) => !isLive(name));
  const behind = seen.filter(({ name, failedSinceLive }) => isLive(name) && failedSinceLive > 0);
  const [all, live] = [seen.length, seen.length - down.length];
  const names = behind.map(({ name }) => name);
  const are = (many: number) => (many === 1 ? 'is' : 'are');
  const but =
    names.length === 0
      ? ''
      : `, but (${names.join(' and ')}|${names.toReversed().join(' and ')}) ${are(names.length)} outdated`;
  const [only] = seen;
  const one =
    live === 0
      ? `${only?.name} has nothing live`
      : `${only?.name} is live${names.length > 0 ? ', but outdated' : ''}`;
  const some =
    live === all ? `All ${live} projects are live` : `${live} of ${all} projects ${are(live)} live`;
  const many = live === 0 ? `None of the ${all} projects is live` : `${some}${but}`;
  const page = await glance(world, '/');
  const sentence = new RegExp(`^(.* )?${all === 1 ? one : many}( as of ${CLOCK})?[. ]`);
  expect(`${page.text} `).toMatch(sentence);
  const parts = [
    names.length > 0 ? `${names.length} outdated` : '',
    down.length > 0 ? `${down.length} not live` : '',
  ].filter((part) => part !== '');
  const title = parts.length === 0 ? 'All live' : parts.join(', ');
  // What ails the Keeper comes first, where that is worse.
  if (sentence.test(`${page.heading} `)) expect(page.title).toBe(`${title} - Pages status`);
}

/** What became of a run's deletions: `Deleted 12 deployments, 1 already gone, 2 failed`. */
export function deletionWords({
  deleted,
  gone,
  refused,
  failed,
  remaining,
}: Readonly<Record<'deleted' | 'gone' | 'refused' | 'failed' | 'remaining', number>>): string {
  const parts = [
    deleted > 0 ? `deleted ${plural(deleted, 'deployment')}` : '',
    gone > 0 ? `${number(gone)} already gone` : '',
    refused > 0 ? `${number(refused)} refused by the API` : '',
    failed > 0 ? `${number(failed)} failed` : '',
    remaining > 0 ? `${number(remaining)} in the queue` : '',
  ].filter((part) => part !== '');
  return parts.join(', ').replace(/^d/, 'D');
}

/** What a run did, in words. */
function didWords({ outcome, dryRun, counts }: Ran): string {
  if (counts.wouldDelete > 0) return `Would delete ${plural(counts.wouldDelete, 'deployment')}`;
  const said = deletionWords(counts);
  if (said !== '') return said;
  if (outcome === 'done') return dryRun ? 'Nothing would be deleted' : 'Nothing to delete';
  return outcome === 'running' ? 'Nothing yet' : 'Nothing deleted';
}

/** What is left of a run: of one under way what its projects have left; of one that is over, and went its way, nothing. */
function checkRemaining(runs: readonly Ran[], shown: readonly Shown[], isDeleting: boolean): void {
  const open = runs.filter(({ outcome }) => outcome === 'running');
  const left = shown.reduce((sum, { counts }) => sum + (counts.left ?? 0), 0);
  if (open.length === 1 && isDeleting)
    expect([open[0]?.id, open[0]?.counts.remaining]).toEqual([open[0]?.id, left]);
  for (const { id, outcome, counts } of runs)
    if (outcome === 'done' || outcome === 'partial') expect([id, counts.remaining]).toEqual([id, 0]);
}

/** What the last two runs did, on each page and in the feed; and what they have left for the next one at their limit. */
async function checkRuns(world: World, shown: readonly Shown[], truth: Truth): Promise<void> {
  const { runs, progress } = await json<{
    runs: Ran[];
    progress: { phase: string; of: number | null } | null;
  }>(world, '/runs.json');
  checkRemaining(runs, shown, progress?.phase === 'deleting' && progress.of !== null);
  const html = await ask(world, '/runs');
  const feed = await ask(world, '/feed.atom');
  for (const run of runs.slice(0, 2)) {
    const own = await json<Ran & { deletions: { outcome: string }[] }>(world, `/runs/${run.id}.json`);
    for (const outcome of ['gone', 'refused', 'failed'] as const)
      expect([run.id, outcome, own.deletions.filter((one) => one.outcome === outcome).length]).toEqual([
        ...[run.id, outcome, run.counts[outcome]],
      ]);
    const words = didWords(run);
    const row = html.split('<tr role="row">').find((one) => one.includes(`href="/runs/${run.id}"`));
    if (row !== undefined) expect(row).toContain(`<td role="cell" class="wide">${words}<`);
    const { text } = await glance(world, `/runs/${run.id}`);
    expect(text).toContain(` Deletions ${words} `);
    const entry = feed.split('<entry>').find((one) => one.includes(`run:${run.id}<`));
    if (entry === undefined) continue;
    expect(entry).toContain(`<summary>${words}</summary>`);
    expect(entry).toContain(`<updated>${run.finishedAt}</updated>`);
  }
  const [newest] = runs;
  if (newest === undefined) return;
  const { text } = await glance(world, '/');
  const [began, now] = [Date.parse(newest.startedAt), world.now()];
  const isLate = began - Date.parse(newest.scheduledAt) >= MINUTE;
  expect(new RegExp(`Last run ${CLOCK} (Started at ${CLOCK})?`).exec(text)?.[3]).toBe(
    isLate ? clock(began, now) : undefined,
  );
  expect(text).toMatch(new RegExp(`Last run .* ${didWords(newest)} `));
  checkLimit(world, newest, truth);
}

/** What a run leaves for the next one at its limit: what it was to delete and did not. */
function checkLimit(
  world: World,
  { id, startedAt, refusals, counts }: Ran,
  { projects, goes, deleted }: Truth,
): void {
  // What was sent is seen to its end, whatever was answered.
  const sent = world.simulator.calls.filter(
    ({ method, at }) => method === 'DELETE' && at >= Date.parse(startedAt),
  );
  const gone = new Set([...Object.values(deleted).flat(), ...sent.map(({ deploymentId }) => deploymentId)]);
  for (const { project, why } of refusals) {
    const [, said] = /MAX_DELETES_PER_RUN = \d+; ([\d,]+) more/.exec(why) ?? [];
    const planned = goes[0]?.[projects.findIndex(({ name }) => name === project)];
    if (said === undefined || planned === undefined || counts.failed + counts.gone > 0) continue;
    expect([id, said]).toEqual([id, number([...planned].filter((one) => !gone.has(one)).length)]);
    expect(why).toContain(`= ${world.settings.MAX_DELETES_PER_RUN};`);
  }
}

/** When an answer was made. */
async function checkMade(world: World, shown: readonly Shown[]): Promise<void> {
  for (const path of ['/status.json', '/runs.json', ...shown.map(({ name }) => `/projects/${name}.json`)]) {
    const { generatedAt } = await json<{ generatedAt: string }>(world, path);
    expect([path, generatedAt]).toEqual([path, new Date(world.now()).toISOString()]);
  }
}

/** When a run last ended, and when one last went well. */
async function checkHealth(world: World): Promise<void> {
  const { lastRunAt, lastSuccessAt } = await json<Record<'lastRunAt' | 'lastSuccessAt', string | null>>(
    world,
    '/healthz',
  );
  const { runs } = await json<{ runs: Ran[] }>(world, '/runs.json');
  const last = (some: readonly Ran[]) =>
    some
      .flatMap(({ finishedAt }) => finishedAt ?? [])
      .sort()
      .at(-1) ?? null;
  const went = runs.filter(({ outcome }) => outcome === 'done' || outcome === 'partial');
  expect([lastRunAt, lastSuccessAt]).toEqual([last(runs), last(went)]);
}

/** The builds in a feed: each with the time at which it ended, and how long it took; the feed's own time is that of the newest. */
async function checkFeed(world: World, path: string, { projects }: Truth): Promise<number> {
  const [head = '', ...entries] = (await ask(world, path)).split('<entry>');
  const times = entries.map((entry) => /<updated>([^<]*)</.exec(entry)?.[1] ?? '');
  expect([path, times]).toEqual([path, times.toSorted().toReversed()]);
  expect(/<updated>([^<]*)</.exec(head)?.[1]).toBe(times[0] ?? new Date(0).toISOString());
  let builds = 0;
  for (const entry of entries) {
    const [, id = ''] = /urn:uuid:([^<]*)/.exec(entry) ?? [];
    const build = projects.flatMap((project) => project.get(id) ?? [])[0];
    if (build === undefined) continue;
    builds += 1;
    const { createdAt, endsAt, outcome } = build;
    const at = endsAt ?? createdAt;
    expect(entry).toContain(`<updated>${new Date(at).toISOString()}</updated>`);
    const words = { success: 'built in', failure: 'after', canceled: 'after' }[outcome as 'success'];
    if (words !== undefined && endsAt !== null)
      expect(entry).toContain(`${words} ${took(endsAt - createdAt)} · `);
  }
  return builds;
}

/** The feeds: of a project its newest builds, of the account the newest and the live one of each. */
async function checkFeeds(world: World, shown: readonly Shown[], truth: Truth): Promise<void> {
  const now = world.now();
  let many = 0;
  for (const { name, counts } of shown) {
    const project = truth.projects.find((one) => one.name === name);
    const builds = await checkFeed(world, `/projects/${name}/feed.atom`, truth);
    if (counts.total !== null) expect([name, builds]).toEqual([name, Math.min(25, counts.total)]);
    const live = project?.canonicalAt(now)?.id;
    many += live === undefined || live === project?.deployments[0]?.id ? 1 : 2;
  }
  const of = await checkFeed(world, '/feed.atom', truth);
  // The newest one may have gone since the projects were listed last.
  expect(of).toBeLessThanOrEqual(many);
  expect(of).toBeGreaterThanOrEqual(
    shown.filter(({ name }) =>
      truth.projects.some((one) => one.name === name && one.canonicalAt(now) !== null),
    ).length,
  );
}

/** When the newest build was begun. */
async function checkNewest(world: World, { name }: Shown, { projects }: Truth): Promise<void> {
  const now = world.now();
  const own = await json<{ latest: { id: string; createdAt: string } | null }>(
    world,
    `/projects/${name}.json`,
  );
  const newest = projects.find((one) => one.name === name)?.get(own.latest?.id ?? '');
  const { text } = await glance(world, `/projects/${name}`);
  const at = Date.parse(own.latest?.createdAt ?? '');
  const [, fact = ''] = /Newest build (.*?) (?:Last builds|Next pruning)/.exec(text) ?? [];
  if (own.latest !== null)
    expect([name, fact]).toEqual([name, expect.stringContaining(`${clock(at, now)}, ${fromNow(at, now)}`)]);
  if (newest) expect([name, at]).toEqual([name, newest.createdAt]);
}

/** Holds all of it to what is true; `evidence`: how each project's builds stand. */
export async function checkSaid(world: World, truth: Truth, evidence: readonly Evidence[]): Promise<void> {
  const { projects: shown } = await json<{ projects: Shown[] }>(world, '/status.json');
  if (shown.length < truth.projects.length) return;
  await checkSentence(world, truth, evidence);
  await checkRuns(world, shown, truth);
  await checkHealth(world);
  await checkMade(world, shown);
  await checkFeeds(world, shown, truth);
  for (const one of shown) await checkNewest(world, one, truth);
}
