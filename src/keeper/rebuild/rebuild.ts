// A rebuild: the one record of it, from the tick that asked to the end of its build. Data, and its key; pure.

/** Where a rebuild stands. Epoch ms. */
export type RebuildState =
  /** To be decided. `again`: it stood behind others for so long that its deployments must be read again first. */
  | { readonly is: 'waiting'; readonly again: boolean }
  /** Its POST is on its way; found so at the start of an alarm, the answer never came. */
  | { readonly is: 'posting'; readonly attempt: 1 | 2 }
  /** Nobody knows whether it was started. `looks`: how often it was looked for; `failures`: how often that failed. */
  | { readonly is: 'in-doubt'; readonly attempt: 1 | 2; readonly looks: number; readonly failures: number }
  /** It was started, and its outcome is looked for. */
  | { readonly is: 'building'; readonly deploymentId: string; readonly since: number };

/** A build that failed. `createdAt`: epoch ms. */
export interface FailedBuild {
  readonly id: string;
  readonly createdAt: number;
}

/** One rebuild. Stored before its POST leaves; what was seen before that is stored beside it, by its key. */
export interface Rebuild {
  key: string;
  readonly run: string;
  /** The project's id, and its name in the API's paths. */
  readonly project: string;
  readonly name: string;
  branch: string;
  /** The tick, or the first call, that asked for it. Epoch ms. */
  readonly scheduledAt: number;
  /** Who asked for it; a row that was stored earlier does not say: a cron. */
  readonly by?: 'cron' | 'hook' | 'button';
  /** Where this is the second try of a build that failed: that build. It asks as the first one did. */
  readonly failed?: FailedBuild;
  /** When it is looked at next. Epoch ms. */
  due: number;
  state: RebuildState;
}

/** A rebuild's key: the minute, not the cron, so that two crons at 03:00 build once. Sorts by time. */
export function rebuildKey(scheduledAt: number, projectId: string, branch: string): string {
  return `${new Date(scheduledAt).toISOString().slice(0, 16)} ${projectId} ${branch}`;
}

/** The key of one for a commit that was not built: by the commit, and since when it is known, so that it is built once. */
export function behindKey(unbuiltAt: number, projectId: string, branch: string, commit: string): string {
  return `${rebuildKey(unbuiltAt, projectId, branch)} commit ${commit}`;
}

/** The key of one that was asked for: by the time of its first call, so that it is never a cron's of the same minute. */
export function askedKey(firstAt: number, projectId: string, branch: string): string {
  return `${rebuildKey(firstAt, projectId, branch)} asked ${firstAt}`;
}

/** The key of a second try: by the build that failed and by nothing else, so that it is tried again once, whoever followed it. */
export function secondTryKey({ id, createdAt }: FailedBuild, projectId: string, branch: string): string {
  return `${rebuildKey(createdAt, projectId, branch)} retry ${id}`;
}
