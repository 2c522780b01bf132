// What a run has to do with each project that is listed: its rebuild to decide, its deployments to read, its plan to make.
// No calls.

import type { Project } from '../../pages-api/model.ts';
import { asksGit } from '../../policy/repository.ts';
import { isDue, type RebuildRule, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import { readRepository } from '../git/known.ts';
import { giveUp } from '../prune/queue.ts';
import { addRebuild } from '../rebuild/open.ts';
import { rebuildKey } from '../rebuild/rebuild.ts';
import { noteOutcome } from '../runs.ts';
import { mustRead } from '../store/inventory.ts';
import { owedOf, queueOf, wantGit, wantPrune, wantReading } from '../tasks.ts';
import type { OpenRun } from '../work.ts';
import type { Listing } from './listing.ts';

/** Gives a run its work: which projects it rebuilds, which it prunes, and which must be read for that. */
export function assign(
  context: Context,
  run: OpenRun,
  { ids, unread }: Pick<Listing, 'ids' | 'unread'>,
): void {
  const { store, config, work } = context;
  const { record } = run;
  run.listed = true;
  work.gitFailures = {};
  if (unread > 0) noteGaps(context, run, unread);
  for (const id of ids) {
    const state = store.read('projects', id);
    const rule = state === null ? null : ruleFor(state.project.name, config.rules);
    if (state === null || rule === null) continue;
    const { project } = state;
    if (rule.rebuild !== null && isDue(rule.rebuild.cron, record.cron)) {
      askRebuild(context, run, project, rule.rebuild);
      if (project.source !== null && mustRead(state, record.scheduledAt)) wantReading(work, project, 'run');
    }
    if (rule.prune.some((policy) => isDue(policy.cron, record.cron))) {
      supersede(context, id);
      wantPrune(work, project, { run: record.id, crons: [record.cron] });
    }
    if (asksGit(rule)) {
      // That nothing was built is known by a reading of these days only.
      const isUnbuilt = (readRepository(store, id)?.head?.unbuiltAt ?? null) !== null;
      if (project.source !== null && (isUnbuilt || mustRead(state, record.scheduledAt)))
        wantReading(work, project, 'run');
      wantGit(work, project, record.id);
    } else delete work.looked.behind[id];
  }
}

/** The list is not whole: only the projects that were seen are dealt with, and the run says so. */
function noteGaps({ work, log }: Context, { record }: OpenRun, unread: number): void {
  const why = `${unread} of the project list's rows came twice or could not be read, so projects may be missing from this run`;
  log({ level: 'warn', event: 'list-not-whole', run: record.id, why });
  noteOutcome(work, record.id, { warning: { project: null, text: why } });
}

/** Has a rebuild decided, unless one of that project still waits its turn: the two would build the same. */
function askRebuild({ work, now }: Context, { record }: OpenRun, project: Project, rule: RebuildRule): void {
  const { id, name } = project;
  const branch = rule.branch ?? project.productionBranch;
  const key = rebuildKey(record.scheduledAt, id, branch);
  // A second try comes later, and only while nothing newer was built.
  const others = work.rebuilds.filter(({ failed }) => failed === undefined);
  const isSame = others.some(
    (other) =>
      other.key === key ||
      (other.project === id && other.branch === branch && other.state.is === 'waiting') ||
      (other.project === id && (other.by ?? 'cron') === 'cron' && other.state.is === 'waiting'),
  );
  if (isSame) noteOutcome(work, record.id, { skip: { project: name, reason: 'requested' } });
  else
    addRebuild(work, {
      ...{ key, run: record.id, project: id, name, branch, scheduledAt: record.scheduledAt },
      ...{ due: now(), state: { is: 'waiting', again: false } },
    });
}

/** A newer prune run takes over: the older one goes no further in this project. */
function supersede({ work }: Context, project: string): void {
  const task = work.tasks.get(project);
  const run = owedOf(task)?.run;
  const queue = queueOf(task);
  if (queue !== null) giveUp(work, queue);
  if (run !== undefined && run !== null) noteOutcome(work, run, { superseded: true });
}
