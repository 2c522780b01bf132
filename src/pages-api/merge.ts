// What is stored of a deployment or a project, and a newer answer about it, made one. What never changes is not forgotten
// because one answer left it out, nor believed in two ways. Pure.

import { type Deployment, type Environment, isSuccessful, type Project, type Recorded } from './model.ts';

/** What of a deployment never changes, as far as it is known. */
function recordOf(deployment: Deployment): Recorded {
  const { environment, branch, createdAt, recorded } = deployment;
  return recorded ?? { environment, branch, createdAt, success: isSuccessful(deployment) };
}

/** What is known of a field from before and from now; `lost` stands for "not known", and for two that contradict. */
function settled<T>(before: T, after: T, lost: T): { readonly value: T; readonly known: T } {
  if (before === lost || before === after) return { value: after, known: after };
  return { value: after === lost ? before : lost, known: before };
}

/**
 * A deployment as it is now, of which an earlier answer is stored. What never changes is taken from either where the other
 * is silent; where they contradict each other nobody knows, so it reads as "not known" until an answer agrees with what was
 * recorded first, and `recorded` holds that. A row whose `recorded` is new is to be told as a warning.
 */
export function deploymentNow(before: Deployment, after: Deployment): Deployment {
  const record = recordOf(before);
  const environment = settled<Environment>(record.environment, after.environment, 'unknown');
  const branch = settled(record.branch, after.branch, '');
  const createdAt = settled(record.createdAt, after.createdAt, null);
  const isContradicted =
    [environment, branch, createdAt].some(({ value, known }) => value !== known) ||
    (record.success && !isSuccessful(after));
  const recorded = {
    environment: environment.known,
    branch: branch.known,
    createdAt: createdAt.known,
    success: record.success || isSuccessful(after),
  };
  return {
    ...after,
    environment: environment.value,
    branch: branch.value,
    createdAt: createdAt.value,
    recorded: isContradicted ? recorded : null,
  };
}

/** A project as it is now, of which an earlier answer is stored: a production branch that was left out is the one that was known. */
export function projectNow(before: Project | null, after: Project): Project {
  if (after.productionBranch !== '' || before === null || before.id !== after.id) return after;
  return { ...after, productionBranch: before.productionBranch };
}
