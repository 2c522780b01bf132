// The account of the end-to-end tests, one project for each thing a rule may say, and what the rules want gone of it.
// The verdicts are test/properties/oracle.ts's: straight from the table of reasons, sharing no code with src.

import type { Account, SimulatedProject } from '../../simulator/account.ts';
import { expiredIds, isStaleBranch, type Policy, type Row } from '../properties/oracle.ts';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const HOURLY = '0 * * * *';
export const NIGHTLY = '30 3 * * *';

const POLICIES = {
  usual: [
    { environment: 'production', olderThanDays: 30, keepLatest: 3 },
    { environment: 'preview', branches: ['*', '!keep/*'], olderThanDays: 7, keepLatest: 2 },
  ],
  upload: [{ olderThanDays: 20 }],
  stale: [{ olderThanDays: 10, keepLatest: 2, staleBranchesAfterDays: 25 }],
} as const satisfies Record<string, readonly Policy[]>;

const nightly = (policies: readonly Policy[]) => policies.map((policy) => ({ ...policy, cron: NIGHTLY }));

/** RULES, as text for `--var`. Builds are due hourly, deletions nightly, each with its exceptions. */
export const RULES = JSON.stringify([
  { projects: ['held'], dryRun: true, rebuild: {}, prune: { olderThanDays: 1 } },
  { projects: ['nightly'], rebuild: { cron: NIGHTLY } },
  { projects: ['fresh'], rebuild: { cron: HOURLY, ifOlderThanMinutes: 55 } },
  { projects: ['releases'], rebuild: { cron: HOURLY, branch: 'release/2.x' } },
  { projects: ['upload'], rebuild: { cron: HOURLY }, prune: nightly(POLICIES.upload) },
  { projects: ['stale'], prune: nightly(POLICIES.stale) },
  { projects: ['site*', '!site-old'], rebuild: { cron: HOURLY }, prune: nightly(POLICIES.usual) },
]);

/** The policies of each project that is pruned. */
export const PRUNED: Readonly<Record<string, readonly Policy[]>> = {
  site: POLICIES.usual,
  'site-rolled-back': POLICIES.usual,
  upload: POLICIES.upload,
  stale: POLICIES.stale,
};
/** What an hourly run builds. */
export const BUILT = ['releases release/2.x', 'site main', 'site-rolled-back trunk'];
/** What no rule matches. */
export const UNMATCHED = ['site-old', 'other'];

/** A life of `count` deployments, one every `everyDays`, up to an hour ago: two branches, ends of every kind. */
export function live(project: SimulatedProject, now: number, count: number, everyDays: number): void {
  const outcomes = ['success', 'success', 'failure', 'success', 'canceled', 'success', 'skipped'] as const;
  const branches = [project.productionBranch, 'feature/a', project.productionBranch, 'keep/b'];
  for (let at = count; at > 0; at -= 1)
    project.add({
      createdAt: now - at * everyDays * DAY + 23 * 60 * MINUTE,
      branch: branches[at % branches.length] ?? 'main',
      outcome: outcomes[at % outcomes.length] ?? 'success',
    });
}

export function fill(account: Account): void {
  const now = Date.now();
  live(account.addProject({ name: 'site' }), now, 90, 1);
  const rolledBack = account.addProject({ name: 'site-rolled-back', productionBranch: 'trunk' });
  live(rolledBack, now, 60, 2);
  rolledBack.rollback(rolledBack.deployments.findLast((row) => isLive(row, now))?.id ?? '');
  live(account.addProject({ name: 'upload', source: null }), now, 40, 1);
  const stale = account.addProject({ name: 'stale' });
  live(stale, now, 12, 3);
  for (const [branch, days] of [
    ['old', 26],
    ['ancient', 300],
    ['young-head', 12],
  ] as const) {
    for (let at = 0; at < 4; at += 1) stale.add({ createdAt: now - days * DAY - at * DAY, branch });
  }
  live(account.addProject({ name: 'releases', source: 'gitlab' }), now, 5, 30);
  const fresh = account.addProject({ name: 'fresh' });
  fresh.add({ createdAt: now - 20 * MINUTE });
  for (const name of ['nightly', 'held', ...UNMATCHED]) live(account.addProject({ name }), now, 30, 4);
}

const isLive = (row: { environment: string; isSuccessful(now: number): boolean }, now: number) =>
  row.environment === 'production' && row.isSuccessful(now);

function rowsOf(project: SimulatedProject, now: number): Row[] {
  return project.deployments.map((deployment) => {
    const { status, name } = deployment.stages(now).latest;
    const ended = name === 'deploy' && status === 'success';
    return {
      id: deployment.id,
      environment: deployment.environment,
      branch: deployment.branch,
      createdAt: deployment.createdAt,
      success: deployment.outcome !== 'skipped' && deployment.isSuccessful(now),
      finished: ended || ['failure', 'canceled', 'skipped'].includes(status),
      skipped: deployment.outcome === 'skipped',
    };
  });
}

/** Ids that `policies` want gone of a project, and those of them that the API gives up for `force=true` only. */
export function wanted(project: SimulatedProject, policies: readonly Policy[], now: number) {
  const rows = rowsOf(project, now);
  const ids = expiredIds(rows, project.canonicalAt(now)?.id ?? null, policies, now);
  const forced = rows.filter(
    (row) =>
      ids.has(row.id) &&
      isStaleBranch(row, rows, policies, now) &&
      project.aliasHolder(row.branch, now)?.id === row.id,
  );
  return { ids: [...ids].sort(), forced: forced.map(({ id }) => id).sort() };
}
