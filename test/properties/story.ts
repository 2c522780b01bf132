// A story: a random account, random rules, and a script of events and faults that happen while the real Keeper works on it.
// Plays it and watches every call as it arrives. A story is plain data, so that a failing one can be shrunk and printed.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { Fault } from '../../simulator/simulator.ts';
import { DAY, HOUR, inWorld, MINUTE, START, type World } from '../keeper/world.ts';
import { expiredIds, isStaleBranch, type Policy, type Row } from './oracle.ts';

/** What can happen before a call is answered. */
export type Happening =
  | { readonly do: 'push'; readonly branch: string; readonly ends: 'success' | 'failure' }
  | { readonly do: 'remove'; readonly nth: number }
  | { readonly do: 'rollback'; readonly nth: number }
  | { readonly do: 'rules'; readonly rules: number }
  | { readonly do: 'brake'; readonly on: boolean }
  | { readonly do: 'crash' }
  | { readonly do: 'again' }
  | { readonly do: 'block' }
  | { readonly do: 'rename'; readonly branch: string }
  | { readonly do: 'recreate' }
  | { readonly do: 'fault'; readonly fault: Fault };

/** `calls`: how many calls after the one before it an event happens, to which of the projects. */
export type Event = Happening & { readonly calls: number; readonly project: number };

export interface Story {
  readonly projects: readonly {
    readonly upload: boolean;
    readonly rows: readonly {
      readonly days: number;
      readonly branch: string;
      readonly outcome: 'success' | 'failure' | 'canceled' | 'skipped' | 'idle';
    }[];
  }[];
  readonly rules: readonly (readonly Policy[])[];
  readonly rebuild: boolean;
  /** CONCURRENT_REBUILDS. */
  readonly concurrent: number | null;
  /** What the rule's `ifChanged` answers, one after the other and again from the first; none: it is not asked. */
  readonly content: readonly ('one' | 'two' | 'fails')[];
  readonly events: readonly Event[];
  readonly ticks: number;
}

function rowsOf(project: SimulatedProject, now: number): Row[] {
  return project.deployments.map((deployment) => {
    const { status, name } = deployment.stages(now).latest;
    const ended =
      ['failure', 'canceled', 'skipped'].includes(status) || (name === 'deploy' && status === 'success');
    return {
      id: deployment.id,
      environment: deployment.environment,
      branch: deployment.branch,
      createdAt: deployment.createdAt,
      success: deployment.outcome !== 'skipped' && deployment.isSuccessful(now),
      finished: deployment.outcome === 'skipped' || ended,
      skipped: deployment.outcome === 'skipped',
    };
  });
}

interface Snapshot {
  readonly rows: readonly Row[];
  readonly at: number;
}

const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b)).join();
const idsOf = (snapshot: Snapshot) => sorted(snapshot.rows.map((row) => row.id));

/** Watches the calls of one world and fails on the first that breaks an invariant. */
class Watch {
  /** By project id: the account as it has been since the last list of its deployments was asked for; calls overlap. */
  readonly listed = new Map<string, Snapshot[]>();
  /** The account as the last valid walk found it. */
  readonly walked = new Map<string, Snapshot>();
  readonly canonicals = new Map<string, Set<string | null>>();
  readonly posts = new Map<string, number>();
  readonly removed = new Set<string>();
  readonly #validAt = new Map<string, number>();
  /** The rules, what they were before, and the invocation in which they changed: it may still act on those. */
  #rules = { now: 0, before: 0, changedIn: -1 };
  #braked = { on: false, changedIn: -1 };
  private readonly world: World;
  private readonly story: Story;

  constructor(world: World, story: Story) {
    this.world = world;
    this.story = story;
  }

  changeRules(index: number): void {
    this.#rules = { now: index, before: this.#rules.now, changedIn: this.world.slices.length };
  }

  brake(on: boolean): void {
    if (on !== this.#braked.on) this.#braked = { on, changedIn: this.world.slices.length };
  }

  #policies(): (readonly Policy[])[] {
    const { now, before, changedIn } = this.#rules;
    const indexes = changedIn === this.world.slices.length ? [now, before] : [now];
    return indexes.map((index) => this.story.rules[index] ?? []);
  }

  /** Whether a walk was committed since the last call: what the Keeper knows must be what the account was. */
  look(): void {
    const { store } = this.world.keeper;
    for (const id of store.projectIds()) {
      const inventory = store.read('projects', id)?.inventory;
      const snapshots = this.listed.get(id) ?? [];
      if (!inventory || inventory.validAt === null || this.#validAt.get(id) === inventory.validAt) continue;
      this.#validAt.set(id, inventory.validAt);
      const known = inventory.blocks
        .flatMap((block) => store.readBlock(block.id))
        .flatMap((row) => row?.id ?? []);
      const found = snapshots.find((snapshot) => idsOf(snapshot) === sorted(known));
      expect(snapshots.map(idsOf), 'what a valid walk knows').toContain(sorted(known));
      if (found) this.walked.set(id, found);
    }
  }

  /** A DELETE is on its way: by the last valid walk, at some tick of the last hour, the rules must want it gone. */
  deleting(project: SimulatedProject, id: string, force: boolean): void {
    const snapshot = this.walked.get(project.id);
    const now = this.world.now();
    expect(snapshot, `DELETE ${id} without a valid walk`).toBeDefined();
    if (!snapshot) return;
    expect(now - snapshot.at, 'age of the walk').toBeLessThanOrEqual(HOUR);
    const canonicals = this.canonicals.get(project.id) ?? new Set();
    const braked = this.#braked.on && this.#braked.changedIn !== this.world.slices.length;
    expect(braked, `DELETE ${id} under DRY_RUN`).toBe(false);
    const allowed = this.#policies().some((policies) =>
      [...canonicals].some((canonical) =>
        this.tickTimes().some((at) => expiredIds(snapshot.rows, canonical, policies, at).has(id)),
      ),
    );
    expect(allowed, `DELETE ${id}: the rules keep it`).toBe(true);
    if (force) this.forcing(project, id);
  }

  forcing(project: SimulatedProject, id: string): void {
    const stale = (this.listed.get(project.id) ?? []).some(({ rows }) => {
      const row = rows.find((candidate) => candidate.id === id);
      return this.#policies().some((policies) =>
        this.tickTimes().some((at) => row && isStaleBranch(row, rows, policies, at)),
      );
    });
    expect(stale, `force=true ${id}: its branch is alive`).toBe(true);
  }

  /** The account has changed: a call under way may see it as it was or as it is. */
  changed(): void {
    for (const project of this.world.simulator.account.projects) {
      this.listed.get(project.id)?.push({ rows: rowsOf(project, this.world.now()), at: this.world.now() });
    }
  }

  tickTimes(): number[] {
    return this.world.runs().map((run) => run.scheduledAt);
  }
}

function rulesFor(story: Story, index: number): unknown {
  const asks = story.content.length > 0 ? { ifChanged: 'https://cms.example/feed.json' } : {};
  const rebuild = story.rebuild ? { rebuild: { ifOlderThanMinutes: 55, ...asks } } : {};
  return [{ projects: ['*'], ...rebuild, prune: story.rules[index] }];
}

function happen(world: World, watch: Watch, story: Story, event: Event): Fault | null {
  const { account } = world.simulator;
  const project = account.projects[event.project % account.projects.length];
  if (!project) return null;
  const rows = project.deployments;
  const now = world.now();
  switch (event.do) {
    case 'push':
      project.push(event.branch, now, { outcome: event.ends });
      return null;
    case 'remove': {
      const victim = rows[event.nth % Math.max(1, rows.length)];
      if (victim && victim !== project.canonical) {
        watch.removed.add(victim.id);
        project.remove(victim.id);
      }
      return null;
    }
    case 'rollback': {
      const targets = rows.filter((row) => row.environment === 'production' && row.isSuccessful(now));
      const target = targets[event.nth % Math.max(1, targets.length)];
      if (target) project.rollback(target.id);
      return null;
    }
    case 'rules':
      watch.changeRules(event.rules % story.rules.length);
      world.settings.RULES = rulesFor(story, event.rules % story.rules.length);
      return null;
    case 'brake':
      watch.brake(event.on);
      world.settings.DRY_RUN = event.on ? 'true' : 'false';
      return null;
    case 'crash':
      world.restart();
      return null;
    case 'again':
      void world.keeper.tick({ cron: '0 * * * *', scheduledTime: world.runs()[0]?.scheduledAt ?? START });
      return null;
    case 'block':
      return { kind: 'block' };
    case 'rename':
      project.renameProductionBranch(event.branch);
      return null;
    case 'recreate':
      for (const { id } of rows) watch.removed.add(id);
      account.deleteProject(project.name);
      account.addProject({ name: project.name, source: project.source }).add({ createdAt: now - DAY });
      return null;
    case 'fault':
      return event.fault;
  }
}

function fill(world: World, story: Story): void {
  let asked = 0;
  world.source = () => {
    const answer = story.content[asked % story.content.length];
    asked += 1;
    return answer === 'fails' ? new Response('down', { status: 503 }) : new Response(answer);
  };
  story.projects.forEach(({ upload, rows }, index) => {
    const project = world.simulator.account.addProject({
      name: `p${index}`,
      source: upload ? null : 'github',
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

function attend(world: World, watch: Watch, story: Story): void {
  const events = [...story.events];
  let until = events[0]?.calls ?? 0;
  world.simulator.fault = (call) => {
    watch.look();
    const project = call.project === null ? null : world.simulator.account.find(call.project);
    if (call.method === 'DELETE' && project && call.deploymentId) {
      watch.deleting(project, call.deploymentId, call.query.force === 'true');
    }
    let fault: Fault | null = null;
    while (fault === null && events.length > 0 && until <= 0) {
      const event = events.shift();
      if (event) {
        fault = happen(world, watch, story, event);
        watch.changed();
      }
      until = events[0]?.calls ?? 0;
    }
    until -= 1;
    note(world, watch, call);
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
    if (call.project === null || call.project === project.name) {
      const known = watch.canonicals.get(project.id) ?? new Set();
      watch.canonicals.set(project.id, known.add(project.canonical?.id ?? null));
    }
  }
}

/** Plays a story to its end and checks that the account then is what the rules say; gives how much was deleted. */
export async function play(story: Story): Promise<number> {
  let deleted = 0;
  const settings = { RULES: rulesFor(story, 0), CONCURRENT_REBUILDS: story.concurrent ?? '' };
  const limit = { calls: 1_200, windowMs: 300_000, blockMs: 300_000 };
  await inWorld({ settings, simulator: { limit } }, async (world) => {
    fill(world, story);
    const watch = new Watch(world, story);
    attend(world, watch, story);
    let at = START;
    for (let tick = 0; tick < story.ticks; tick += 1) {
      await world.tick(at, undefined, at + 50 * MINUTE);
      at += HOUR;
    }
    watch.look();
    // The faults stop, the rules stay.
    world.simulator.fault = (call) => {
      watch.look();
      const project = call.project === null ? null : world.simulator.account.find(call.project);
      if (call.method === 'DELETE' && project && call.deploymentId) {
        watch.deleting(project, call.deploymentId, call.query.force === 'true');
      }
      note(world, watch, call);
      return null;
    };
    watch.brake(false);
    world.settings.DRY_RUN = 'false';
    // A build of the last run itself would end after its plan, and expire another.
    const [{ prune }] = world.settings.RULES as [{ prune: unknown }];
    world.settings.RULES = [{ projects: ['*'], prune }];
    await converge(world, at);
    checkBuilds(world, story);
    checkRecord(world, watch);
    deleted = world.simulator.calls.filter(({ method, effect }) => method === 'DELETE' && effect).length;
  });
  return deleted;
}

/** One tick to catch up, and one more: what it leaves is what the rules say of what it found. */
async function converge(world: World, from: number): Promise<void> {
  await world.tick(from, undefined, from + 55 * MINUTE);
  const at = from + HOUR;
  const policies = (world.settings.RULES as { prune: Policy[] }[])[0]?.prune ?? [];
  const expected = world.simulator.account.projects.map((project) => {
    const rows = rowsOf(project, at);
    const expired = expiredIds(rows, project.canonicalAt(at)?.id ?? null, policies, at);
    return sorted(rows.map(({ id }) => id).filter((id) => !expired.has(id)));
  });
  await world.tick(at, undefined, at + 55 * MINUTE);
  const left = world.simulator.account.projects.map((project) => idsOf({ rows: rowsOf(project, at), at }));
  expect(left, `what is left after ${JSON.stringify(world.runs()[0])}`).toEqual(expected);
}

/** Each intent builds at most once: effects of POST by project, branch and minute of the run that asked. */
function checkBuilds(world: World, story: Story): void {
  const posts = world.simulator.calls.filter(({ method }) => method === 'POST');
  if (!story.rebuild) expect(posts).toEqual([]);
  const ticks = [...new Set(world.runs().map((run) => run.scheduledAt))].sort((a, b) => a - b);
  const built = new Map<string, number>();
  for (const call of posts.filter(({ effect }) => effect)) {
    const tick = ticks.findLast((at) => at <= call.at) ?? 0;
    const key = `${call.project} ${call.branch} ${tick}`;
    built.set(key, (built.get(key) ?? 0) + 1);
  }
  for (const [key, count] of built) expect(count, key).toBe(1);
}

/** What the records say went is what the API was asked to delete, or was gone already; each deployment at most once. */
function checkRecord(world: World, watch: Watch): void {
  const recorded = world
    .runs()
    .flatMap((run) => world.deletions(run.id))
    .filter(({ outcome }) => outcome === 'deleted' || outcome === 'gone')
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
