// Second tries of builds that failed: made rebuilds when that is seen, each in a run of its own once its time has come. What is
// decided then is decided like any other. Calls nothing.

import { buildStatus, type Deployment } from '../../pages-api/model.ts';
import { secondTryAt } from '../../policy/retry.ts';
import { ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { newRun, runOf, secondTryRunId } from '../runs.ts';
import { addRebuild } from './open.ts';
import { type Rebuild, secondTryKey } from './rebuild.ts';

/** Has a build that failed tried once more, where its rule wants that and it is not wanted already. */
export function trySecond(
  { work, store, config, now }: Context,
  { project, name, branch, by = 'cron', failed }: Rebuild,
  build: Deployment,
): void {
  const rule = ruleFor(name, config.rules)?.rebuild ?? null;
  const { id, createdAt } = build;
  const ended = { status: buildStatus(build, now()), createdAt, isSecond: failed !== undefined };
  const at = secondTryAt(rule, ended, now());
  if (at === null || createdAt === null) return;
  const key = secondTryKey({ id, createdAt }, project, branch);
  // Two rebuilds in doubt may have been settled by one build.
  if (store.read('posted', key) !== null || work.rebuilds.some((other) => other.key === key)) return;
  addRebuild(work, {
    ...{ key, run: secondTryRunId(at, project, id), project, name, branch, by, failed: { id, createdAt } },
    ...{ scheduledAt: at, due: at, state: { is: 'waiting', again: true } },
  });
}

/** Opens the run of a second try whose time has come: the first one's is long closed, or would be held open for it. */
export function openItsRun({ work, config, now }: Context, { run, failed, scheduledAt }: Rebuild): void {
  if (failed === undefined || runOf(work, run) !== undefined) return;
  const record = newRun({ cron: 'retry', scheduledTime: scheduledAt }, now(), config.dryRun);
  work.runs.unshift({ record: { ...record, id: run }, listed: true, sent: 0 });
}
