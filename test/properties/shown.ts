// What the pages and the JSON must say of a project, counted from the simulated account itself: slowly, plainly, and without any
// code of src. The verdicts are oracle.ts's.

import type { SimulatedProject } from '../../simulator/account.ts';
import { expiredIds, isStaleBranch, type Policy, policyOf, type Row } from './oracle.ts';
import { rowsOf } from './watch.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Ids that a run at `at` deletes, of the deployments as they are now; of `rows`, where those are named. */
export function goesAt(
  project: SimulatedProject,
  policies: readonly Policy[],
  now: number,
  at: number,
  rows: readonly Row[] = rowsOf(project, now),
): Set<string> {
  return expiredIds(rows, project.canonicalAt(now)?.id ?? null, policies, at);
}

/** Ids that would go in addition at `at` were each policy that says nothing of stale branches to call them so as soon as it can. */
export function goesIfStale(
  project: SimulatedProject,
  policies: readonly Policy[],
  now: number,
  at: number,
  rows: readonly Row[] = rowsOf(project, now),
): Set<string> {
  const all = policies.map((policy) => ({ staleBranchesAfterDays: policy.olderThanDays, ...policy }));
  const goes = goesAt(project, policies, now, at, rows);
  return new Set([...goesAt(project, all, now, at, rows)].filter((id) => !goes.has(id)));
}

/** What the rules say of each deployment now, whether or not a plan of all of them would be refused. */
function ruledOut(
  rows: readonly Row[],
  live: string | null,
  policies: readonly Policy[],
  now: number,
): Set<string> {
  const other: Row = {
    ...(rows[0] as Row),
    id: 'other',
    environment: 'preview',
    branch: 'other',
    createdAt: now,
  };
  return expiredIds([...rows, other], live ?? 'none', policies, now);
}

/** Whether something of a project has expired at `at`, and yet nothing of it goes. */
export function isHeld(
  project: SimulatedProject,
  policies: readonly Policy[],
  now: number,
  at: number,
): boolean {
  const rows = rowsOf(project, now);
  const live = project.canonicalAt(now)?.id ?? null;
  return ruledOut(rows, live, policies, at).size > 0 && goesAt(project, policies, now, at).size === 0;
}

/** The word for a deployment that nothing is done to any more. */
function statusOf(project: SimulatedProject, { id, success }: Row): string {
  const outcome = project.get(id)?.outcome ?? '';
  if (success) return 'ready';
  // A build that has not ended within a day never will.
  return (
    { failure: 'failed', canceled: 'canceled', skipped: 'skipped', idle: 'not-built' }[outcome as string] ??
    outcome
  );
}

/** Among how many successes of its branch, counted from the newest, a deployment is one that is kept; `null`: it is none. */
function rankOf(row: Row, rows: readonly Row[], policy: Policy): string | null {
  if (!row.success) return null;
  const keep = policy.keepLatest ?? 1;
  const newer = rows.filter(
    (other) =>
      other.success &&
      other.branch === row.branch &&
      other.environment === row.environment &&
      other.createdAt > row.createdAt,
  );
  return newer.length < keep ? `${newer.length + 1} of ${keep}` : null;
}

/** What is to be seen of a project's deployments at one moment. */
export interface Listed {
  readonly ids: readonly string[];
  readonly goes: ReadonlySet<string>;
  /** By filter, how many match. */
  readonly matching: Readonly<Record<string, number>>;
  /** By id, the place as a rollback target, where that is why it is kept. */
  readonly targets: ReadonlyMap<string, string>;
  /** By id, when it expires, where that is told. */
  readonly expires: ReadonlyMap<string, number>;
}

/** All of them; `known`: by which it is known whether a branch is stale. */
export function listed(
  project: SimulatedProject,
  policies: readonly Policy[],
  now: number,
  known: readonly Row[] = rowsOf(project, now),
): Listed {
  const rows = rowsOf(project, now);
  const live = project.canonicalAt(now)?.id ?? null;
  const goes = ruledOut(known, live, policies, now);
  const successes = rows.filter(({ environment, success }) => environment === 'production' && success);
  const newest = Math.max(...successes.map(({ createdAt }) => createdAt));
  const targets = new Map<string, string>();
  const expires = new Map<string, number>();
  for (const row of rows) {
    const policy = policyOf(policies, row);
    if (policy === undefined) continue;
    const isLive =
      row.id === live || (row.success && row.environment === 'production' && row.createdAt === newest);
    const isUnderWay = !row.finished && now - row.createdAt < DAY;
    const later = rows.filter(
      (other) =>
        other.branch === row.branch &&
        other.environment === row.environment &&
        other.createdAt > row.createdAt,
    );
    const isStale = isStaleBranch(row, known, policies, now);
    const isNewest =
      !isStale &&
      (row.skipped
        ? row.environment === 'production' && !later.some((other) => other.skipped)
        : !later.some((other) => !other.skipped));
    if (isLive || isUnderWay || isNewest) continue;
    const rank = isStale ? null : rankOf(row, rows, policy);
    if (rank !== null) targets.set(row.id, rank);
    else expires.set(row.id, row.createdAt + policy.olderThanDays * DAY);
  }
  const count = (is: (row: Row) => boolean) => rows.filter(is).length;
  const matching = {
    '': rows.length,
    'env=production': count(({ environment }) => environment === 'production'),
    'env=preview': count(({ environment }) => environment === 'preview'),
    'branch=dev': count(({ branch }) => branch === 'dev'),
    'branch=feature%2Fa&env=preview': count(({ branch }) => branch === 'feature/a'),
    ...Object.fromEntries(
      ['ready', 'failed', 'canceled', 'skipped', 'not-built'].map((status) => [
        `status=${status}`,
        count((row) => statusOf(project, row) === status),
      ]),
    ),
    'verdict=latest': targets.size,
  };
  return { ids: rows.map(({ id }) => id), goes, matching, targets, expires };
}

/** What is to be seen of its builds; taken before anything is deleted, it is what must be seen for ever after. */
export interface Evidence {
  readonly name: string;
  readonly status: string;
  readonly failedSinceLive: number;
  readonly rolledBack: boolean;
  /** How many of the last builds succeeded, of how many: of production, of previews. */
  readonly rates: readonly string[];
}

/** Builds that are remembered of each environment. */
const KEPT = 40;

/** Of a project whose builds have all ended. */
export function evidence(project: SimulatedProject, now: number): Evidence {
  const rows = rowsOf(project, now).sort((a, b) => b.createdAt - a.createdAt);
  const live = project.canonicalAt(now);
  const production = rows.filter(({ environment }) => environment === 'production');
  const isBuild = (row: Row) => ['ready', 'failed'].includes(statusOf(project, row));
  const builds = (environment: string) =>
    rows.filter((row) => row.environment === environment && isBuild(row)).slice(0, KEPT);
  const since = builds('production').filter(({ createdAt }) => createdAt > (live?.createdAt ?? Infinity));
  const failed = since[0]?.success === false ? since.filter(({ success }) => !success).length : 0;
  const [latest] = rows;
  const said = latest === undefined ? 'not-built' : statusOf(project, latest);
  return {
    name: project.name,
    status: failed > 0 ? 'failed' : latest?.environment === 'preview' && live !== null ? 'ready' : said,
    failedSinceLive: failed,
    rolledBack: production.some((row) => row.success && row.createdAt > (live?.createdAt ?? Infinity)),
    rates: (['production', 'preview'] as const).flatMap((environment) => {
      const of = builds(environment);
      const ok = of.filter(({ success }) => success).length;
      return of.length === 0 ? [] : [`${ok} of ${of.length} succeeded`];
    }),
  };
}

/** Days that a page foretells. */
const FORETOLD = 30;

/**
 * How many go on each of the next days, today the first: on the day of the first run after which they are gone. Runs are hourly from
 * `nextAt` on; `null`: of none it is known when, and they go when they expire. Of what the run under way deletes, `left` go today.
 * `rows`: by which it is known how each branch stands.
 */
export function foretold(
  project: SimulatedProject,
  policies: readonly Policy[],
  now: number,
  nextAt: number | null,
  { goes, left }: { readonly goes: ReadonlySet<string>; readonly left: number },
  rows: readonly Row[],
): number[] {
  const here = new Set(project.deployments.map(({ id }) => id));
  const midnight = Math.floor(now / DAY) * DAY;
  const seen = new Set<string>();
  const ofRun = Math.min(left, [...goes].filter((id) => here.has(id)).length);
  let gone = ofRun;
  const days = Array.from({ length: FORETOLD }, (_, day) => {
    const end = midnight + (day + 1) * DAY - 1;
    if (nextAt !== null && nextAt > end) return 0;
    const last = nextAt === null ? end : nextAt + Math.floor((end - nextAt) / HOUR) * HOUR;
    const fresh = [...goesAt(project, policies, now, last, rows)].filter(
      (id) => here.has(id) && !seen.has(id),
    );
    for (const id of fresh) seen.add(id);
    // They go with the run under way, not with a later one. Of a later one they may be no part at all: it would leave nothing.
    const ofThese = Math.min(gone, fresh.filter((id) => goes.has(id)).length);
    gone -= ofThese;
    return fresh.length - ofThese;
  });
  days[0] = (days[0] ?? 0) + ofRun;
  return days;
}

/** A build that has ended. Times in ms. */
export interface Build {
  readonly at: number;
  readonly took: number;
  readonly ok: boolean;
  readonly production: boolean;
}

/** The last builds of a project, oldest first, forty of each environment; taken before anything is deleted, they are told for ever. */
export function buildsOf(project: SimulatedProject): Build[] {
  const ended = project.deployments
    .filter(({ outcome }) => outcome === 'success' || outcome === 'failure')
    .map(({ createdAt, endsAt, outcome, environment }) => ({
      ...{ at: createdAt, took: (endsAt ?? createdAt) - createdAt, ok: outcome === 'success' },
      production: environment === 'production',
    }))
    .sort((a, b) => a.at - b.at);
  const last = (wanted: boolean) => ended.filter(({ production }) => production === wanted).slice(-KEPT);
  return [...last(true), ...last(false)].sort((a, b) => a.at - b.at);
}
