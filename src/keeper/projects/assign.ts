// What a run has to do with each project that is listed: its rebuild to decide, its deployments to read, its plan to make.
// No calls.

import type { Project } from '../../pages-api/model.ts';
import { isDue, ruleFor } from '../../policy/rules.ts';
import type { Context } from '../calls.ts';
import { wantWalk } from '../deployments/want.ts';
import { queueOf } from '../prune/queue.ts';
import { noteOutcome } from '../runs.ts';
import { mustRead } from '../store/inventory.ts';
import type { OpenRun } from '../work.ts';

/** Gives a run its work: which projects it rebuilds, which it prunes, and which must be read for that. */
export function distribute(context: Context, run: OpenRun, ids: readonly string[]): void {
  const { store, config } = context;
  const { record } = run;
  run.listed = true;
  for (const id of ids) {
    const state = store.read('projects', id);
    const rule = state === null ? null : ruleFor(state.project.name, config.rules);
    if (state === null || rule === null) continue;
    const rebuilds = rule.rebuild !== null && isDue(rule.rebuild.cron, record.cron);
    const prunes = rule.prune.some((policy) => isDue(policy.cron, record.cron));
    if (rebuilds) decideLater(context, record.id, state.project);
    if (prunes) {
      supersede(context, id);
      run.prune.push(id);
    }
    if (prunes || (rebuilds && state.project.source !== null && mustRead(state, record.scheduledAt)))
      wantWalk(context, id, true);
  }
}

/** Has a rebuild decided, unless one of that project still waits its turn: the two would build the same. */
function decideLater({ work }: Context, run: string, { id, name }: Project): void {
  if (work.decisions.some(({ project }) => project === id))
    noteOutcome(work, run, { skip: { project: name, reason: 'requested' } });
  else work.decisions.push({ run, project: id });
}

/** A newer prune run takes over: the older one's queue goes no further. */
function supersede(context: Context, project: string): void {
  const queue = queueOf(context, project);
  for (const run of context.work.runs) {
    const had = run.prune.includes(project) || queue?.run === run.record.id;
    run.prune = run.prune.filter((id) => id !== project);
    if (had) noteOutcome(context.work, run.record.id, { superseded: true });
  }
  context.work.plans = context.work.plans.filter((job) => job.project !== project || job.run === null);
  if (queue) queue.suspended = true;
}
