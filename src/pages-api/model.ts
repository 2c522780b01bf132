// Projects and deployments as we think of them, and what became of a deployment by the words that the API has for it. Pure.
// A deployment is unsuccessful only by a word that is known to say so.

import { DAY, HOUR } from '../time.ts';

/** Where a deployment went: decided by the API when the deployment was created. `unknown`: the API did not say, or named neither. */
export type Environment = 'production' | 'preview' | 'unknown';

/**
 * What became of a deployment, by the words that we know. `unfinished`: not yet at its end, and maybe never. `unknown`: its
 * words are not ours, are missing, or contradict each other; nobody may take it for a failure, nor for a success that
 * replaces another one.
 */
export type Outcome = 'success' | 'failure' | 'canceled' | 'skipped' | 'unfinished' | 'unknown';

/** What of a deployment never changes once it is known; each is "not known" as in `Deployment`. */
export interface Recorded {
  readonly environment: Environment;
  readonly branch: string;
  readonly createdAt: number | null;
  /** Whether it was known to have succeeded. */
  readonly success: boolean;
}

/** What a deployment's latest stage says about it; `unknown` is any status we have no word for. */
export type BuildStatus =
  | 'queued'
  | 'building'
  | 'ready'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'not-built'
  | 'unknown';

/** One deployment: our own fields only, safe to store and to show once escaped. Times are epoch milliseconds. */
export interface Deployment {
  /** UUID; `''` when the API sent none. */
  readonly id: string;
  readonly environment: Environment;
  /** `''` when the API sent none, or one too long to be a branch. */
  readonly branch: string;
  /** `null` when the API sent no valid date. */
  readonly createdAt: number | null;
  /** When the latest stage ended; `null` while it runs. */
  readonly finishedAt: number | null;
  /** Name and status of `latest_stage`, as sent: the only field that tells how a build stands (never `stages[]`). */
  readonly stage: string;
  readonly stageStatus: string;
  /** `null`: the API said neither yes nor no. */
  readonly skipped: boolean | null;
  readonly skipReason: string | null;
  /** `github:push`, `ad_hoc`, `deploy_hook`, … as sent. */
  readonly trigger: string;
  /** The repository that it was pushed to, by its own words: `github:acme/docs`; `''` where it was made in another way, or says none. */
  readonly pushedTo: string;
  /** https only, else `''`. */
  readonly url: string;
  readonly aliases: readonly string[];
  readonly commitHash: string;
  /** First line, cut. */
  readonly commitMessage: string;
  readonly commitDirty: boolean;
  /** What it was recorded as, while the newest answer contradicts that: neither is believed. `null`: nothing does. */
  readonly recorded: Recorded | null;
}

/** The end of a build's log, as the API has it: hostile text, which may hold secrets. `too-long`: more than is read. */
export type LogEnd =
  | { readonly kind: 'read' /** At most 100, each cut. */; readonly lines: readonly string[] }
  | { readonly kind: 'too-long' };

/** The Git repository behind a project; Direct Upload projects have none, and the API cannot build them. */
export interface Source {
  readonly type: string;
  readonly owner: string;
  readonly repo: string;
}

/** One project. `latest` is its newest deployment of any kind, `canonical` the one that is live in production. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly domains: readonly string[];
  readonly productionBranch: string;
  readonly source: Source | null;
  /** Whether pushes to its production branch are built, for all that is known. */
  readonly builtOnPush: boolean;
  readonly latest: Deployment | null;
  readonly canonical: Deployment | null;
}

/** One page of a list: its rows in the API's order, and what `result_info` said (each `null` where it was silent). */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Rows that were sent and could not be read. */
  readonly unread: number;
  readonly totalCount: number | null;
  readonly totalPages: number | null;
  /** Of deployments: the project that they say they belong to; under one name there may be another one by now. */
  readonly projectId: string | null;
}

/** The stages that there are, in their order. Only the end of the last one is the end of a build. */
const STAGES: readonly string[] = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'];

const hasDeployed = ({ stage, stageStatus }: Pick<Deployment, 'stage' | 'stageStatus'>) =>
  stage === 'deploy' && stageStatus === 'success';

/**
 * By `latest_stage` and `is_skipped` alone: a finished Direct Upload still shows `queued` as active in `stages[]`, and
 * `build`/`success` is not the end, `deploy`/`success` is.
 */
function outcomeSaid(deployment: Deployment): Outcome {
  const { stage, stageStatus, skipped } = deployment;
  if (skipped === null) return 'unknown';
  if (skipped) return hasDeployed(deployment) ? 'unknown' : 'skipped';
  switch (stageStatus) {
    case 'failure':
    case 'canceled':
    case 'skipped':
      return stageStatus;
    case 'idle':
    case 'active':
    case 'success':
      if (hasDeployed(deployment)) return 'success';
      return STAGES.includes(stage) ? 'unfinished' : 'unknown';
    default:
      return 'unknown';
  }
}

const NO_WORDS: readonly string[] = [];

/** Words of the API in a deployment's row that nobody knows: `stage/status`, for a warning. Hostile until escaped. */
export function strangeWords(deployment: Deployment): readonly string[] {
  const { stage, stageStatus, skipped, environment } = deployment;
  // Nearly every row of every list: no list of nothing is made for it.
  if (environment !== 'unknown' && outcomeSaid(deployment) !== 'unknown') return NO_WORDS;
  const words = `${stage || 'no stage'}/${stageStatus || 'no status'}`;
  const odd =
    skipped === null ? 'is_skipped, neither true nor false' : skipped ? `is_skipped, ${words}` : words;
  return [
    ...(outcomeSaid(deployment) === 'unknown' ? [odd] : []),
    ...(environment === 'unknown' ? ['no environment that is known'] : []),
  ];
}

/** What became of a deployment. One that was recorded as a success and is called something else since is `unknown`. */
export function outcomeOf(deployment: Deployment): Outcome {
  const said = outcomeSaid(deployment);
  return deployment.recorded?.success && said !== 'success' ? 'unknown' : said;
}

/** Whether a deployment was built and deployed: it can be rolled back to, and holds its branch's alias when newest. */
export function isSuccessful(deployment: Deployment): boolean {
  return outcomeOf(deployment) === 'success';
}

/** Whether it may be a success, for all that is known: what counts where it keeps, and never where it pushes another out. */
export function maySucceed(deployment: Deployment): boolean {
  return ['success', 'unknown'].includes(outcomeOf(deployment));
}

/** Whether a build has come to its end. One of which the words are not known has not: it is read again. */
export function isFinished(deployment: Deployment): boolean {
  if (deployment.skipped || deployment.recorded?.success || hasDeployed(deployment)) return true;
  return ['failure', 'canceled', 'skipped'].includes(outcomeOf(deployment));
}

/**
 * The status word of a deployment at `now` (epoch ms). `idle` for more than an hour means that builds were off, and what has
 * not ended within a day never will: Pages ends a build after 20 minutes.
 */
export function buildStatus(deployment: Deployment, now: number): BuildStatus {
  const outcome = outcomeOf(deployment);
  switch (outcome) {
    case 'success':
      return 'ready';
    case 'failure':
      return 'failed';
    case 'unfinished':
      if (now - (deployment.createdAt ?? now) > (deployment.stageStatus === 'idle' ? HOUR : DAY))
        return 'not-built';
      if (deployment.stageStatus === 'idle') return 'queued';
      return deployment.stageStatus === 'active' && deployment.stage === 'queued' ? 'queued' : 'building';
    default:
      return outcome;
  }
}
