// The gate between a plan and its execution: refuses a project's whole plan, in plain words.
// Pure. It looks at the plan again from the outside and shares no code with the verdicts it checks.

import type { Deployment } from '../pages-api/model.ts';
import { MINUTE } from '../time.ts';

/** How old the reading may be on which a plan rests: an older one is not this account any more. */
export const MAX_WALK_AGE_MS = 60 * MINUTE;

/** What a project's plan comes to. */
export interface PlanSummary {
  /** When the complete, valid reading began on which the plan rests; `null`: there is none. Epoch ms. */
  readonly walkedAt: number | null;
  readonly canonicalId: string | null;
  /** Deployments planned to be deleted, and those kept. */
  readonly expired: number;
  readonly kept: number;
  /** Whether one of those to be deleted is live. */
  readonly holdsLive: boolean;
}

/** Whether deleting this deployment would take the live site down: judged by the project, not by a verdict. */
export function wouldTakeDown(
  deployment: Pick<Deployment, 'id' | 'environment' | 'createdAt' | 'stage' | 'stageStatus' | 'skipped'>,
  project: { readonly canonicalId: string | null; readonly newestProductionAt: number | null },
): boolean {
  if (deployment.id === project.canonicalId) return true;
  const built = deployment.stage === 'deploy' && deployment.stageStatus === 'success' && !deployment.skipped;
  if (deployment.environment !== 'production' || !built) return false;
  const newest = project.newestProductionAt;
  const { createdAt } = deployment;
  // Turned round, so that a date that is none counts for the worst.
  return createdAt === null || newest === null || !(createdAt < newest);
}

/** Why a plan must not be carried out, in words for the page and the log; `null` when it may. */
export function checkPlan(plan: PlanSummary, now: number): string | null {
  if (plan.expired === 0) return null;
  if (plan.walkedAt === null || now - plan.walkedAt > MAX_WALK_AGE_MS) {
    return 'its deployments could not be read whole, so nobody knows what is newest';
  }
  // `''`: the API named one, but by no id that could be read.
  if (plan.canonicalId === null || plan.canonicalId === '') {
    return 'the API names no live production deployment for it, so nobody knows what must stay';
  }
  if (plan.holdsLive) return 'the plan would delete the live deployment';
  if (plan.kept === 0) return 'the plan would leave no deployment at all';
  return null;
}
