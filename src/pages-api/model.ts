// Projects and deployments as we think of them, and the mapping from the wire.
// Picks field by field: `env_vars` and analytics tokens in an API answer must never get past this file.

import { record } from '../object.ts';
import { HOUR } from '../time.ts';

/** Where a deployment went: decided by the API when the deployment was created. */
export type Environment = 'production' | 'preview';

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
  readonly skipped: boolean;
  readonly skipReason: string | null;
  /** `github:push`, `ad_hoc`, `deploy_hook`, … as sent. */
  readonly trigger: string;
  /** https only, else `''`. */
  readonly url: string;
  readonly aliases: readonly string[];
  readonly commitHash: string;
  /** First line, cut. */
  readonly commitMessage: string;
  readonly commitDirty: boolean;
}

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

// What may stand in a path: anything else would address something other than the one deployment or project meant.
const ID = /^[0-9a-zA-Z-]{8,64}$/;
const PROJECT_NAME = /^[0-9a-zA-Z][0-9a-zA-Z_-]{0,99}$/;
const MAX_BRANCH = 1_000;
const MAX_TEXT = 200;

const text = (value: unknown, max = MAX_TEXT): string =>
  typeof value === 'string' ? value.slice(0, max) : '';

// Without white space and control characters; whether it is a URL is for whoever makes a link of it to ask (status/links).
const HTTPS = /^https:\/\/[\x21-\x7e]{1,1990}$/;
const https = (value: unknown): string => (typeof value === 'string' && HTTPS.test(value) ? value : '');

function firstLine(value: string): string {
  const end = value.indexOf('\n');
  return end === -1 ? value : value.slice(0, end);
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '').slice(0, 600) : [];

/** RFC 3339 to epoch milliseconds, `null` for anything else. The API's fractions vary in length: never compare as text. */
function time(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isFinite(at) && at > 0 ? at : null;
}

function branch(value: unknown): string {
  return typeof value === 'string' && value.length <= MAX_BRANCH ? value : '';
}

/** Reads a deployment from the wire. Never throws: what cannot be read is left empty, and planning then keeps it. */
export function readDeployment(wire: unknown): Deployment {
  const row = record(wire);
  const stage = record(row.latest_stage);
  const trigger = record(row.deployment_trigger);
  const commit = record(trigger.metadata);
  return {
    id: typeof row.id === 'string' && ID.test(row.id) ? row.id : '',
    environment: row.environment === 'preview' ? 'preview' : 'production',
    branch: branch(commit.branch),
    createdAt: time(row.created_on),
    finishedAt: time(stage.ended_on),
    stage: text(stage.name, 40),
    stageStatus: text(stage.status, 40),
    skipped: row.is_skipped === true,
    skipReason: text(row.skip_reason, 60) || null,
    trigger: text(trigger.type, 40),
    url: https(row.url),
    aliases: texts(row.aliases).map(https).filter(Boolean).slice(0, 20),
    commitHash: text(commit.commit_hash, 64),
    commitMessage: firstLine(text(commit.commit_message, 2_000)).slice(0, MAX_TEXT),
    commitDirty: commit.commit_dirty === true,
  };
}

function readSource(wire: unknown): Source | null {
  const source = record(wire);
  const config = record(source.config);
  if (typeof source.type !== 'string') return null;
  return { type: text(source.type, 40), owner: text(config.owner), repo: text(config.repo_name) };
}

/** Reads a project from the wire; `null` when it has no usable id or name, for then nothing can be done with it. */
export function readProject(wire: unknown): Project | null {
  const row = record(wire);
  if (typeof row.id !== 'string' || !ID.test(row.id)) return null;
  if (typeof row.name !== 'string' || !PROJECT_NAME.test(row.name)) return null;
  const embedded = (value: unknown) => (value === null || value === undefined ? null : readDeployment(value));
  return {
    id: row.id,
    name: row.name,
    subdomain: text(row.subdomain),
    domains: texts(row.domains).map((domain) => domain.slice(0, MAX_TEXT)),
    productionBranch: branch(row.production_branch),
    source: readSource(row.source),
    latest: embedded(row.latest_deployment),
    canonical: embedded(row.canonical_deployment),
  };
}

/**
 * Whether a build has come to its end. By `latest_stage` alone: a finished Direct Upload still shows `queued` as active
 * in `stages[]`, and `build`/`success` is not the end, `deploy`/`success` is (reference: the API's behaviour).
 */
export function isFinished(deployment: Deployment): boolean {
  if (deployment.skipped) return true;
  if (deployment.stageStatus === 'success') return deployment.stage === 'deploy';
  return ['failure', 'canceled', 'skipped'].includes(deployment.stageStatus);
}

/** Whether a deployment was built and deployed: it can be rolled back to, and holds its branch's alias when newest. */
export function isSuccessful(deployment: Deployment): boolean {
  return !deployment.skipped && deployment.stage === 'deploy' && deployment.stageStatus === 'success';
}

/** The status word of a deployment at `now` (epoch ms). `idle` for more than an hour means that builds were off. */
export function buildStatus(deployment: Deployment, now: number): BuildStatus {
  if (deployment.skipped || deployment.stageStatus === 'skipped') return 'skipped';
  if (isSuccessful(deployment)) return 'ready';
  switch (deployment.stageStatus) {
    case 'failure':
      return 'failed';
    case 'canceled':
      return 'canceled';
    case 'idle':
      return now - (deployment.createdAt ?? now) > HOUR ? 'not-built' : 'queued';
    case 'active':
      return deployment.stage === 'queued' ? 'queued' : 'building';
    case 'success':
      return 'building';
    default:
      return 'unknown';
  }
}
