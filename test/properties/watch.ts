// The watch over one story: every call is held against the account as it is, and the first that breaks an invariant fails.

import { expect } from 'vitest';
import type { SimulatedProject } from '../../simulator/account.ts';
import type { FaultyCall } from '../../simulator/simulator.ts';
import { validSince } from '../../src/keeper/store/inventory.ts';
import type { Deployment } from '../../src/pages-api/model.ts';
import { HOUR, type World } from '../keeper/world.ts';
import type { Story } from './events.ts';
import type { Repositories } from './git.ts';
import { expiredIds, type Gone, isGoneBranch, isStaleBranch, type Policy, type Row } from './oracle.ts';

/** The deployments of a project as they are, for the oracle. */
export function rowsOf(project: SimulatedProject, now: number): Row[] {
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

/** The account at one moment. */
export interface Snapshot {
  readonly rows: readonly Row[];
  readonly at: number;
}

export const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b)).join();
export const idsOf = (snapshot: Snapshot) => sorted(snapshot.rows.map((row) => row.id));

/** The rows, and the newest deployment by the list of projects where they lack it: a sign of life that pushes nothing out. */
function withLatest(rows: readonly Row[], latest: Deployment | null): readonly Row[] {
  if (latest === null || latest.createdAt === null || rows.some(({ id }) => id === latest.id)) return rows;
  const { id, environment, branch, createdAt } = latest;
  if (environment === 'unknown' || branch === '') return rows;
  return [...rows, { id, environment, branch, createdAt, success: false, finished: true, skipped: true }];
}

/**
 * The rows without the first builds of production, while they have not ended, or where they came after the last tick and none of
 * them succeeded: nothing is live, and they make nobody doubt that. A plan from before them, which names previews only, may be
 * carried out. `isTaken`: a stranger has deleted it, and the reading after that has shown so.
 */
function withoutFirst(
  rows: readonly Row[],
  latest: Deployment | null,
  tickedAt: number,
  isTaken: (id: string) => boolean,
): readonly Row[] {
  const production = rows.filter(({ environment }) => environment === 'production');
  const isUnderWay = ({ id, finished }: Row) =>
    !finished || (id === latest?.id && latest.finishedAt === null);
  const hasFailedSince = ({ success, createdAt }: Row) => !success && createdAt >= tickedAt;
  const isFirst = (row: Row) => isUnderWay(row) || hasFailedSince(row) || isTaken(row.id);
  return production.every(isFirst) ? rows.filter((row) => !production.includes(row)) : rows;
}

/** The rows, and one that could not be read: whoever believes it of one of them keeps that. */
function withUnread(rows: readonly Row[]): readonly Row[] {
  const state = { success: false, finished: false, skipped: false };
  return [
    ...rows,
    { id: '', environment: 'preview', branch: '', createdAt: Number.POSITIVE_INFINITY, ...state },
  ];
}

const isPreview = ({ environment }: Row) => environment === 'preview';

/** The newest deployment of each preview branch among these rows, or that was known before of a branch that is there. */
function newestOf(rows: readonly Row[], before: ReadonlyMap<string, Row> = new Map()): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of rows.filter(isPreview)) {
    const known = newest.get(row.branch) ?? before.get(row.branch);
    newest.set(row.branch, known === undefined || known.createdAt < row.createdAt ? row : known);
  }
  return newest;
}

/** Watches the calls of one world and fails on the first that breaks an invariant. */
export class Watch {
  /** By project id: the account as it has been since the last list of its deployments was asked for; calls overlap. */
  readonly listed = new Map<string, Snapshot[]>();
  /** The account as the last valid walk found it. */
  readonly walked = new Map<string, Snapshot>();
  readonly posts = new Map<string, number>();
  readonly removed = new Set<string>();
  /** Builds that were asked for by hooks or the button. */
  asked = 0;
  /** Deployments that an answer once lacked. */
  readonly hidden = new Set<string>();
  /** Deployments of which an answer once said that they were skipped. */
  readonly skipped = new Set<string>();
  /** Projects of which an answer once had a row in other words. */
  readonly #altered = new Set<string>();
  /** What a stranger deleted, and when it had been created. */
  readonly taken: { readonly project: string; readonly branch: string; readonly at: number }[] = [];
  readonly #valid = new Map<string, { readonly generation: number; readonly readAt: number }>();
  /** By project id: the newest deployment of each preview branch that any valid walk has found, while the branch is there. */
  readonly #newest = new Map<string, Map<string, Row>>();
  /** The rules, what they were before, and the invocation in which they changed: it may still act on those. */
  #rules = { now: 0, before: 0, changedIn: -1 };
  #braked = { on: false, changedIn: -1 };
  private readonly world: World;
  private readonly story: Story;
  private readonly git: Repositories;
  /** Deployments whose branch was gone by what Git had said, sent or not: a DELETE is looked at by itself. */
  readonly supported = new Set<string>();
  /** How many DELETEs only Git wanted. */
  byGit = 0;
  /** How many of these only a pull request wanted. */
  byPull = 0;
  /** The first invariant that was broken. */
  #broken: unknown = null;

  constructor(world: World, story: Story, git: Repositories) {
    this.git = git;
    this.world = world;
    this.story = story;
  }

  /** A stranger deletes a deployment, or its whole project. */
  taking(
    project: string,
    { id, branch, createdAt }: { id: string; branch: string; createdAt: number },
  ): void {
    this.removed.add(id);
    this.taken.push({ project, branch, at: createdAt });
  }

  /** The answer to this call has one row in other words: that may read as nothing known, and what is not known is kept. */
  alters({ project }: FaultyCall): void {
    if (project !== null) this.#altered.add(project);
  }

  /** The answer to this call says of one of its rows that it was skipped. */
  skips({ project: name, path, query }: FaultyCall, nth: number): void {
    const project = name === null ? null : this.world.simulator.account.find(name);
    if (!project || !path.endsWith('/deployments')) return;
    const from = (Number(query.page ?? 1) - 1) * 25;
    const page = project.deployments.slice(from, from + 25);
    const { id } = page[nth % Math.max(1, page.length)] ?? {};
    if (id !== undefined) this.skipped.add(id);
  }

  changeRules(index: number): void {
    const changedIn = this.world.slices.length;
    // Of several changes within one invocation the rules before the first hold.
    const before = this.#rules.changedIn === changedIn ? this.#rules.before : this.#rules.now;
    this.#rules = { now: index, before, changedIn };
  }

  brake(on: boolean): void {
    if (on !== this.#braked.on) this.#braked = { on, changedIn: this.world.slices.length };
  }

  #policies(): (readonly Policy[])[] {
    const { now, before, changedIn } = this.#rules;
    const indexes = changedIn === this.world.slices.length ? [now, before] : [now];
    return indexes.map((index) => this.story.rules[index] ?? []);
  }

  /**
   * A call is on its way. What it breaks is kept for the end of the story: thrown here alone, it would be a call without an answer
   * to the Keeper, and nothing would fail.
   */
  call({ method, project: name, deploymentId, query }: FaultyCall): void {
    try {
      this.look();
      this.#noteGone();
      const project = name === null ? null : this.world.simulator.account.find(name);
      if (method === 'DELETE' && project && deploymentId)
        this.deleting(project, deploymentId, query.force === 'true');
    } catch (error) {
      this.#broken ??= error;
    }
  }

  /** Which of the known deployments are of a branch that is gone by now. */
  #noteGone(): void {
    for (const [id, { rows }] of this.walked) {
      const project = this.world.keeper.store.read('projects', id)?.project;
      const gone = project === undefined ? new Map() : this.git.goneOf(project, rows);
      for (const row of gone.size === 0 ? [] : rows) if (gone.has(row.branch)) this.supported.add(row.id);
    }
  }

  /** Fails by the first invariant that was broken. */
  end(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  /** Whether a walk was committed since the last call: what the Keeper knows must be what the account was. */
  look(): void {
    const { store } = this.world.keeper;
    for (const id of store.projectIds()) {
      const inventory = store.read('projects', id)?.inventory;
      const snapshots = this.listed.get(id) ?? [];
      // A reading that found everything as it was is noted beside what is under way.
      const readAt = validSince(inventory ?? null, this.world.keeper.work().looked.readAt[id]);
      if (!inventory || readAt === null) continue;
      const before = this.#valid.get(id);
      const { generation } = inventory;
      if (before?.generation === generation && before.readAt === readAt) continue;
      this.#valid.set(id, { generation, readAt });
      const known = inventory.blocks
        .flatMap((block) => store.readBlock(block.id))
        .flatMap((row) => row?.id ?? []);
      const found = snapshots.find((snapshot) => idsOf(snapshot) === sorted(known));
      // Two may be of the same moment.
      if (before?.readAt !== readAt)
        expect(snapshots.map(idsOf), 'what a valid walk knows').toContain(sorted(known));
      if (found) {
        this.walked.set(id, found);
        this.#newest.set(id, newestOf(found.rows, this.#newest.get(id)));
      }
    }
  }

  /** A DELETE is on its way: by the last valid walk, at some tick of the last hour, the rules must want it gone. */
  deleting(project: SimulatedProject, id: string, force: boolean): void {
    const snapshot = this.walked.get(project.id);
    const now = this.world.now();
    // By what the Keeper was told last of its production branch, of what is live and of what is newest, which is not older either.
    const known = this.world.keeper.store.read('projects', project.id)?.project;
    const told = {
      name: project.name,
      productionBranch: known?.productionBranch ?? project.productionBranch,
    };
    // One of a project that was made anew since is of the walk of the one before.
    const of = [...this.walked.values()].find(({ rows }) => rows.some((row) => row.id === id));
    const { branch = '' } = of?.rows.find((row) => row.id === id) ?? {};
    const gone = this.git.goneOf(told, of?.rows ?? []);
    // What a stranger has deleted is not there, nor is anything of a project that was made anew under its name: nothing goes.
    if (!project.deployments.some((one) => one.id === id)) return;
    expect(snapshot, `DELETE ${id} without a valid walk`).toBeDefined();
    if (!snapshot) return;
    expect(now - snapshot.at, 'age of the walk').toBeLessThanOrEqual(HOUR);
    const latest = known?.latest ?? null;
    const seen = this.withNewest(project.id, snapshot.rows);
    const isTaken = (taken: string) =>
      this.removed.has(taken) && !snapshot.rows.some((row) => row.id === taken);
    const tickedAt = Math.max(...this.tickTimes());
    const rows = withoutFirst(withLatest(seen, latest), latest, tickedAt, isTaken);
    const own = this.#startedByUs(project);
    const withOwn = [...own, ...rows.filter((row) => !own.some((one) => one.id === row.id))];
    const listedAt = this.world.keeper.work().looked.checkedAt ?? 0;
    expect(now - listedAt, 'age of the project list').toBeLessThanOrEqual(HOUR);
    const braked = this.#braked.on && this.#braked.changedIn !== this.world.slices.length;
    expect(braked, `DELETE ${id} under DRY_RUN`).toBe(false);
    const canonical = known?.canonical?.id ?? null;
    // What once was called skipped is so to whoever believed it, until it is read again.
    const asSaid = (all: readonly Row[]) =>
      all.map((row) =>
        this.skipped.has(row.id) ? { ...row, success: false, finished: true, skipped: true } : row,
      );
    const said = [rows, withOwn, asSaid(rows), asSaid(withOwn)];
    // A row that could not be read is kept: where all others go, the plan leaves one.
    const believed = this.#altered.has(project.name) ? [...said, ...said.map(withUnread)] : said;
    const isWanted = (gone: Gone) =>
      this.#policies().some((policies) =>
        this.tickTimes().some((at) =>
          believed.some((all) => expiredIds(all, canonical, policies, at, gone).has(id)),
        ),
      );
    const byAge = isWanted(new Map());
    expect(byAge || isWanted(gone), `DELETE ${id}: the rules keep it`).toBe(true);
    if (!byAge) {
      this.byGit += 1;
      if (!isWanted(this.git.goneOf(told, snapshot.rows, { withPulls: false }))) this.byPull += 1;
      expect(this.git.isLookedFor(project.name, branch), `DELETE ${id}: ${branch} not looked for`).toBe(true);
    }
    if (force) this.forcing(project, id, gone);
  }

  /** These rows and the newest of each branch that was ever found, be it deleted by now: a branch gets no older by that. */
  withNewest(projectId: string, rows: readonly Row[]): readonly Row[] {
    const there = newestOf(rows);
    const lost = [...(this.#newest.get(projectId)?.values() ?? [])].filter(
      ({ branch, createdAt }) => createdAt > (there.get(branch)?.createdAt ?? Number.POSITIVE_INFINITY),
    );
    return [...rows, ...lost.map((row) => ({ ...row, success: false, finished: true, skipped: true }))];
  }

  /** The builds that the Keeper started and knows by the answers to its POSTs, before any list shows them. */
  #startedByUs(project: SimulatedProject): Row[] {
    const posts = this.world.simulator.calls.filter(
      ({ method, effect, project: name }) => method === 'POST' && effect && name === project.name,
    );
    return rowsOf(project, this.world.now()).filter(({ createdAt }) =>
      posts.some(({ at }) => at === createdAt),
    );
  }

  forcing(project: SimulatedProject, id: string, gone: Gone): void {
    const over = (this.listed.get(project.id) ?? []).some(({ rows }) => {
      const row = rows.find((candidate) => candidate.id === id);
      return this.#policies().some((policies) =>
        this.tickTimes().some(
          (at) => row && (isStaleBranch(row, rows, policies, at) || isGoneBranch(row, policies, at, gone)),
        ),
      );
    });
    expect(over, `force=true ${id}: its branch is alive`).toBe(true);
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
