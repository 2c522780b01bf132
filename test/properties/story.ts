// A story: a random account, random rules, and a script of events and faults that happen while the real Keeper works on it.
// Plays it, every call watched as it arrives.

import { expect } from 'vitest';

import type { Fault } from '../../simulator/simulator.ts';
import { runId, secondTryRunId } from '../../src/keeper/runs.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import type { Story } from './events.ts';
import { Repositories } from './git.ts';
import { BROKEN, happen, hide, rulesFor, type Seen } from './happen.ts';
import { expiredIds, type Gone, type Policy } from './oracle.ts';
import { rowsOf, sorted, Watch } from './watch.ts';

function fill(world: World, git: Repositories, story: Story): void {
  let asked = 0;
  world.source = (request) => {
    const name = /github\.com\/example-org\/([^/]+)\.git\//.exec(request.url)?.[1];
    if (name !== undefined) return git.respond(request, world.simulator.account.project(name));
    const pull = /api\.github\.com\/repos\/example-org\/([^/]+)\/pulls\/7$/.exec(request.url)?.[1];
    if (pull !== undefined) return git.respondPull(world.simulator.account.project(pull));
    const answer = story.content[asked % story.content.length];
    asked += 1;
    return answer === 'fails' ? new Response('down', { status: 503 }) : new Response(answer);
  };
  story.projects.forEach(({ upload, broken, removed, pull, rows }, index) => {
    git.of(`p${index}`).pull = pull;
    for (const branch of removed) git.of(`p${index}`).removed.add(branch);
    const project = world.simulator.account.addProject({
      name: `p${index}`,
      source: upload ? null : 'github',
      buildOutcome: broken ? 'failure' : 'success',
    });
    for (const row of rows) {
      project.add({
        createdAt: START - Math.round(row.days * DAY),
        branch: row.branch,
        outcome: row.outcome,
      });
    }
  });
}

function attend(world: World, watch: Watch, git: Repositories, story: Story): void {
  const events = [...story.events];
  const inQueue = [...story.inQueue];
  let until = events[0]?.calls ?? 0;
  let untilInQueue = inQueue[0]?.calls ?? 0;
  world.simulator.fault = (call) => {
    watch.call(call);
    let fault: Fault | null = null;
    let seen: Seen | null = null;
    const isCounted = () => inQueue[0]?.of === 'all' || call.method === 'DELETE';
    while (inQueue[0] && untilInQueue <= 0 && isCounted()) {
      happen(world, watch, git, story, inQueue[0]);
      watch.changed();
      inQueue.shift();
      untilInQueue = inQueue[0]?.calls ?? 0;
    }
    if (isCounted()) untilInQueue -= 1;
    while (fault === null && events.length > 0 && until <= 0) {
      const event = events.shift();
      if (event) {
        const hidden = event.do === 'hide' ? hide(world, call, event.nth) : null;
        if (event.do === 'word') watch.alters(call);
        if (event.do === 'word' && 'is_skipped' in event.row) watch.skips(call, event.nth);
        fault = hidden?.fault ?? happen(world, watch, git, story, event);
        seen = hidden?.seen ?? null;
        if (hidden !== null) watch.hidden.add(hidden.id);
        watch.changed();
      }
      until = events[0]?.calls ?? 0;
    }
    until -= 1;
    note(world, watch, call);
    if (seen !== null) watch.listed.get(seen.project)?.push(seen);
    return fault;
  };
}

function note(
  world: World,
  watch: Watch,
  call: { method: string; path: string; project: string | null },
): void {
  if (call.method !== 'GET') return;
  for (const project of world.simulator.account.projects) {
    if (call.project === project.name && call.path.endsWith('/deployments')) {
      watch.listed.set(project.id, [{ rows: rowsOf(project, world.now()), at: world.now() }]);
    }
  }
}

/** What came of a story: how much was deleted, how much of it by Git alone, and how many builds that failed were tried once more. */
export interface Played {
  readonly deleted: number;
  readonly byGit: number;
  /** Of these, how many by an answer about a pull request alone. */
  readonly byPull: number;
  readonly retried: number;
}

/** Plays a story to its end and checks that the account then is what the rules say. */
export async function play(story: Story): Promise<Played> {
  let played = { deleted: 0, byGit: 0, byPull: 0, retried: 0 };
  const settings = {
    RULES: rulesFor(story, 0),
    GIT_TOKEN: 'secret',
    CONCURRENT_REBUILDS: story.concurrent ?? '',
    MAX_DELETES_PER_RUN: story.most ?? '',
  };
  const limit = { calls: story.calls, windowMs: 300_000, blockMs: 300_000 };
  await inWorld({ settings, simulator: { limit } }, async (world) => {
    const git = new Repositories(() => ({ at: world.now(), alarm: world.slices.length }));
    fill(world, git, story);
    const watch = new Watch(world, story, git);
    attend(world, watch, git, story);
    const { step } = world;
    let at = START;
    for (let tick = 0; tick < story.ticks; tick += 1) {
      // A broken configuration fails the event of the cron, and nothing else comes of it.
      if (world.settings.DRY_RUN === BROKEN) {
        watch.brake(false);
        world.settings.DRY_RUN = 'false';
      }
      await world.tick(at, undefined, at + 50 * MINUTE);
      // After an alarm that was late the next cron is another hour's.
      at = Math.max(at + HOUR, Math.ceil(world.now() / HOUR) * HOUR);
    }
    world.step = step;
    watch.look();
    // The faults stop, the rules stay.
    world.simulator.fault = (call) => {
      watch.call(call);
      note(world, watch, call);
      return null;
    };
    world.onPoint = null;
    checkMost(world, story);
    watch.brake(false);
    git.answerAll('plain');
    Object.assign(world.settings, { DRY_RUN: 'false', MAX_DELETES_PER_RUN: '' });
    // A build of the last run itself would end after its plan, and expire another.
    const [{ prune }] = world.settings.RULES as [{ prune: unknown }];
    world.settings.RULES = [{ projects: ['*'], prune }];
    watch.end();
    await converge({ world, watch, git }, at, story);
    watch.end();
    checkBuilds(world, story, watch);
    checkRecord(world, watch);
    const deletes = world.simulator.calls.filter(({ method, effect }) => method === 'DELETE' && effect);
    played = {
      ...{ deleted: deletes.length, byGit: watch.byGit, byPull: watch.byPull },
      retried: checkSecondTries(world, watch),
    };
  });
  return played;
}

/** No run has recorded more deletions than it may send. */
function checkMost(world: World, { most }: Story): void {
  for (const { id, counts } of world.runs())
    expect(counts.deleted + counts.gone, `run ${id}`).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
}

/** One tick to catch up, and one more: what it leaves is what the rules say of what it found. */
async function converge(
  { world, watch, git }: { readonly world: World; readonly watch: Watch; readonly git: Repositories },
  from: number,
  story: Story,
): Promise<void> {
  await world.tick(from, undefined, from + 55 * MINUTE);
  const at = from + HOUR;
  const policies = (world.settings.RULES as { prune: Policy[] }[])[0]?.prune ?? [];
  watch.look();
  const before = world.simulator.account.projects.map((project) => {
    const there = rowsOf(project, at);
    return { project, there, rows: watch.withNewest(project.id, there) };
  });
  const keptBy = ({ project, there, rows }: (typeof before)[number], gone: Gone) => {
    const expired = expiredIds(rows, project.canonicalAt(at)?.id ?? null, policies, at, gone);
    return there.map(({ id }) => id).filter((id) => !expired.has(id));
  };
  await world.tick(at, undefined, at + 55 * MINUTE);
  // What was once read as something unknown is kept until it is read again, which may be in a week.
  const isUnknown = story.events.some((event) => event.do === 'word');
  for (const one of before) {
    const left = rowsOf(one.project, at).map(({ id }) => id);
    const said = `what is left of ${one.project.name} after ${JSON.stringify(world.runs()[0])}`;
    const gone = git.goneOf(one.project, one.rows);
    const byAge = keptBy(one, new Map());
    if (gone.size === 0 && !isUnknown) expect(sorted(left), said).toEqual(sorted(byAge));
    // What Git says may be in doubt: then its branches stay, and nothing else does; or nothing would be left, and nothing goes.
    for (const id of keptBy(one, gone)) if (byAge.includes(id)) expect(left, said).toContain(id);
    const may = new Set([...byAge, ...keptBy(one, gone)]);
    if (!isUnknown) for (const id of left) expect(may.has(id), said).toBe(true);
  }
}

/**
 * Each intent builds at most once: effects of POST by project, branch and minute of the run that asked. Where the answer was
 * lost and a stranger deleted the build before it was looked for, nobody can tell that it was ever started: once more for each. So
 * too in a project that was made anew under its name. What was asked for may come on top, once for each call; so may a second try
 * of each of these builds, where they fail and the rule says so.
 */
function checkBuilds(world: World, story: Story, watch: Watch): void {
  const posts = world.simulator.calls.filter(({ method }) => method === 'POST');
  if (!story.rebuild) expect(posts).toEqual([]);
  const ticks = [...new Set(world.runs().map((run) => run.scheduledAt))].sort((a, b) => a - b);
  const keyOf = (project: string | null, branch: string | null, at: number) =>
    `${project} ${branch} ${ticks.findLast((tick) => tick <= at) ?? 0}`;
  const built = posts.filter(({ effect }) => effect).map((call) => keyOf(call.project, call.branch, call.at));
  const counts = Map.groupBy(built, (key) => key);
  const taken = Map.groupBy(watch.taken, (one) => keyOf(one.project, one.branch, one.at));
  const mayFail = (key: string) =>
    story.retryFailed && story.projects.some(({ broken }, index) => broken && key.startsWith(`p${index} `))
      ? 2
      : 1;
  for (const [key, { length }] of counts)
    expect(length, key).toBeLessThanOrEqual(mayFail(key) * (1 + watch.asked + (taken.get(key)?.length ?? 0)));
}

/**
 * Each build that failed is tried once more, and what came of that never again: no run of a second try is about a build that a
 * second try started, and no two are about the same one. Gives how many there were.
 */
function checkSecondTries(world: World, watch: Watch): number {
  const retries = world.runs().filter(({ cron }) => cron === 'retry');
  const made = new Set(retries.flatMap(({ rebuilds }) => rebuilds.map(({ deploymentId }) => deploymentId)));
  const all = world.simulator.account.projects.flatMap(({ deployments }) => deployments.map(({ id }) => id));
  const failed = retries.flatMap(({ id, scheduledAt }) => {
    // A run's id ends with its project's.
    const project = id.slice(runId({ cron: '', scheduledTime: scheduledAt }).length + 1);
    return [...all, ...watch.removed].filter((one) => id === secondTryRunId(scheduledAt, project, one));
  });
  expect(
    failed.filter((id) => made.has(id)),
    'third tries',
  ).toEqual([]);
  expect(new Set(failed).size, 'second tries of one build').toBe(failed.length);
  return retries.filter(({ rebuilds }) => rebuilds.length > 0).length;
}

/** What the records say went is what the API was asked to delete, or was gone already; each deployment at most once. */
function checkRecord(world: World, watch: Watch): void {
  // Sent or not: what was to go because of Git was so by what Git had said.
  const byGit = world
    .runs()
    .flatMap(({ id }) => world.deletions(id))
    .filter(({ reason }) => reason === 'gone-branch');
  for (const { id } of byGit) expect(watch.supported.has(id), `${id} is gone by Git`).toBe(true);
  const recorded = world
    .runs()
    .flatMap((run) => world.deletions(run.id))
    .filter(({ outcome }) => outcome === 'deleted' || outcome === 'gone')
    // One that an answer lacked was gone by that answer; it may be there again, and be deleted.
    .filter(({ id, outcome }) => outcome === 'deleted' || !watch.hidden.has(id))
    .map(({ id }) => id);
  expect(new Set(recorded).size, 'recorded once').toBe(recorded.length);
  const effects = new Set(
    world.simulator.calls
      .filter(({ method, effect }) => method === 'DELETE' && effect)
      .map((c) => c.deploymentId),
  );
  for (const id of recorded)
    expect(effects.has(id) || watch.removed.has(id), `${id} is recorded as gone`).toBe(true);
}
