// The projects to be planned: asking for it, and having it over. No calls.

import { NO_COUNTS } from '../../policy/plan.ts';
import type { Context } from '../calls.ts';
import type { PlanJob } from '../work.ts';
import { FORCE_SEQ } from './rows.ts';

/**
 * Has a project planned for a run; `null`: only its blocks written without what was deleted, and its facts anew. That comes
 * first in any case where something was deleted.
 */
export function addPlan({ work }: Context, project: string, run: string | null): void {
  const jobs = work.plans.filter((job) => job.project === project);
  if (jobs.some((job) => job.run === run) || (run === null && jobs.length > 0)) return;
  work.plans = work.plans.filter((job) => job.project !== project || job.run !== null);
  const phase = work.gone[project] === undefined ? 'verdicts' : 'index';
  work.plans.push({ project, run, phase, next: 0, seq: 1, forceSeq: FORCE_SEQ, ...NO_COUNTS });
}

/** Has a job over, however it went. */
export function endJob({ work }: Context, job: PlanJob): void {
  work.plans = work.plans.filter((other) => other !== job);
}
