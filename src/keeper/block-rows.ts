// A block's rows as they are stored: the fields of a deployment in order, without their names. A name is as long as most
// values, and a large account's blocks are read and written by the megabyte. No SQL here.

import type { Deployment } from '../pages-api/model.ts';

/** A deployment's fields, in this order for good: a new field comes last, and may be missing in what is stored. */
function fieldsOf(row: Deployment) {
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
    row.url,
    row.aliases,
    row.commitHash,
    row.commitMessage,
    row.commitDirty,
  ] as const;
}

function deploymentOf(fields: ReturnType<typeof fieldsOf>): Deployment {
  return {
    id: fields[0],
    environment: fields[1],
    branch: fields[2],
    createdAt: fields[3],
    finishedAt: fields[4],
    stage: fields[5],
    stageStatus: fields[6],
    skipped: fields[7],
    skipReason: fields[8],
    trigger: fields[9],
    url: fields[10],
    aliases: fields[11],
    commitHash: fields[12],
    commitMessage: fields[13],
    commitDirty: fields[14],
  };
}

/** What is stored of these rows; `null`: the place of one that was deleted. */
export function rowsToText(rows: readonly (Deployment | null)[]): string {
  return JSON.stringify(rows.map((row) => row && fieldsOf(row)));
}

/** The rows of what was stored. */
export function rowsFromText(text: string): (Deployment | null)[] {
  const stored = JSON.parse(text) as (ReturnType<typeof fieldsOf> | Deployment | null)[];
  // Rows were stored with names at first.
  return stored.map((row) => (Array.isArray(row) ? deploymentOf(row as never) : (row as Deployment | null)));
}
