// A deployment as it stands in a block: its values in a fixed order, without their names, which would be two fifths of the text
// that is written, read and parsed for each. Must not drop a field; a new one comes last, and rows of before do not have it.

import type { Deployment } from '../../pages-api/model.ts';

/** The values of a deployment, its id first: it is looked for by that (deploymentPiece). */
export function valuesOf(row: Deployment) {
  return [
    row.id,
    row.environment,
    row.branch,
    row.createdAt,
    row.finishedAt,
    row.stage,
    row.stageStatus,
    row.skipped,
    row.skipReason,
    row.trigger,
    row.pushedTo,
    row.url,
    row.aliases,
    row.commitHash,
    row.commitMessage,
    row.commitDirty,
    row.recorded,
  ] as const;
}

/** As it is read. Rows that were stored before there were lists of values are deployments as they are. */
export type StoredRow = ReturnType<typeof valuesOf> | Deployment;

/** The deployment with these values. */
export function fromValues(values: StoredRow): Deployment {
  if ('id' in values) return values;
  return {
    id: values[0],
    environment: values[1],
    branch: values[2],
    createdAt: values[3],
    finishedAt: values[4],
    stage: values[5],
    stageStatus: values[6],
    skipped: values[7],
    skipReason: values[8],
    trigger: values[9],
    pushedTo: values[10],
    url: values[11],
    aliases: values[12],
    commitHash: values[13],
    commitMessage: values[14],
    commitDirty: values[15],
    recorded: values[16],
  };
}

/** What stands in a block that holds this deployment, and nowhere else: no text holds a quote that is not escaped, and no other list begins with an id. */
export const deploymentPiece = (id: string): string => `[${JSON.stringify(id)},`;
