// The gate between a plan and its execution: refuses a project's whole plan, in plain words.
// Pure. It looks at the plan again from the outside and shares no code with the verdicts it checks.

import type { Deployment } from '../pages-api/model.ts';
import { MINUTE } from '../time.ts';
import type { Lost } from './reread.ts';

/** How old the reading may be on which a plan rests: an older one is not this account any more. */
export const MAX_WALK_AGE_MS = 60 * MINUTE;

type Said = Pick<Deployment, 'stage' | 'stageStatus' | 'skipped'>;

/** What a project's plan comes to. */
export interface PlanSummary {
  /** When the complete, valid reading began on which the plan rests; `null`: there is none. Epoch ms. */
  readonly walkedAt: number | null;
  readonly canonicalId: string | null;
  /** Whether any deployment of the project may be one of production. */
  readonly hasProduction: boolean;
  /** Deployments planned to be deleted, and those kept. */
  readonly expired: number;
  readonly kept: number;
  /** Whether one of those to be deleted is live. */
  readonly holdsLive: boolean;
  /** Those to be deleted whose branch Git has no more, and when it was asked; `null`: nothing was learned from it. */
  readonly gone: number;
  readonly gitReadAt: number | null;
}

/** Whether it is certain, by words that we know, that this never went live. */
function wasNeverDeployed({ stage, stageStatus, skipped }: Said): boolean {
  if (stage === 'deploy' && stageStatus === 'success') return false;
  if (skipped === true || ['failure', 'canceled', 'skipped'].includes(stageStatus)) return true;
  const isStage = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'].includes(stage);
  return skipped === false && isStage && ['idle', 'active', 'success'].includes(stageStatus);
}

/** Whether deleting this deployment would take the live site down: judged by the project, not by a verdict. */
export function wouldTakeDown(
  deployment: Said & Pick<Deployment, 'id' | 'environment' | 'createdAt' | 'recorded'>,
  project: { readonly canonicalId: string | null; readonly newestProductionAt: number | null },
): boolean {
  if (deployment.id === project.canonicalId) return true;
  if (deployment.environment === 'preview') return false;
  if (wasNeverDeployed(deployment) && !deployment.recorded?.success) return false;
  const newest = project.newestProductionAt;
  const { createdAt } = deployment;
  // Written with a negation so that NaN counts as the newest.
  return createdAt === null || newest === null || !(createdAt < newest);
}

/** Why a plan must not be carried out, in words for the page and the log; `null` when it may. */
export function checkPlan(plan: PlanSummary, now: number): string | null {
  if (plan.expired === 0) return null;
  if (plan.walkedAt === null || now - plan.walkedAt > MAX_WALK_AGE_MS) {
    return 'its deployments could not be read whole, so nobody knows what is newest';
  }
  // `''`: the API named one, but by no id that could be read. Where there are only previews it names none.
  if (plan.canonicalId === '' || (plan.canonicalId === null && plan.hasProduction)) {
    return 'the API names no live production deployment for it, so nobody knows what must stay';
  }
  if (plan.gone > 0 && !(plan.gitReadAt !== null && now - plan.gitReadAt <= MAX_WALK_AGE_MS))
    return 'its repository was asked too long ago, so nobody knows which branches are gone';
  if (plan.holdsLive) return 'the plan would delete the live deployment';
  if (plan.kept === 0) return 'the plan would leave no deployment at all';
  return null;
}

/**
 * Why nothing may be deleted by this reading, in words; `null`: it is plausible. A finished deployment does not change, so
 * where at least half of the successes that were read again are none any more, it is the answers that are wrong.
 */
export function checkReading({ successes, lost }: Lost): string | null {
  if (lost === 0 || lost * 2 < successes) return null;
  return `the API contradicts what it said before: of ${successes} deployments that were ready, ${lost} are called something else`;
}
