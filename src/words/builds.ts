// The words for statuses, stages, skips and triggers: one table each, so that every output says the same.
// Pure. What the API sent and we have no word for comes in already cleaned.

import type { BuildStatus, Environment } from '../pages-api/model.ts';
import { MINUTE } from '../time.ts';
import { duration, span } from './time.ts';

/** Pages stops a build after this time. */
const BUILD_LIMIT = 20 * MINUTE;

const STATUS_WORD: Readonly<Record<BuildStatus, string>> = {
  queued: 'Queued',
  building: 'Building',
  ready: 'Ready',
  failed: 'Failed',
  canceled: 'Canceled',
  skipped: 'Skipped',
  'not-built': 'Not built',
  unknown: 'Unknown',
};

/** A build status in a word. */
export function statusWord(status: BuildStatus): string {
  return STATUS_WORD[status];
}

// A map: a word of the API's must not meet what every object inherits.
const STAGES = new Map([
  ['queued', 'waiting for a build machine'],
  ['initialize', 'starting the build machine'],
  ['clone_repo', 'cloning the repository'],
  ['build', 'running the build command'],
  ['deploy', 'uploading'],
]);

function stageWords(stage: string): string {
  return STAGES.get(stage) ?? (stage === '' ? 'at an unnamed stage' : `at stage “${stage}”`);
}

const SKIPS = new Map([
  ['commit_message', 'the commit message asked for it'],
  ['path_config', 'no watched path changed'],
  ['branch_config', 'this branch is not built'],
  ['preview_deployments_disabled', 'preview builds are turned off'],
  ['production_deployments_disabled', 'production builds are turned off'],
  ['superseded_queued_build', 'a newer commit replaced it'],
  ['pages_to_workers_conversion', 'the project moved to Workers'],
]);

function skipWords(reason: string | null): string {
  return SKIPS.get(reason ?? '') ?? reason ?? 'no reason given';
}

/** What a status line needs to know of a build. */
export interface Build {
  readonly status: BuildStatus;
  readonly stage: string;
  readonly stageStatus: string;
  readonly skipReason: string | null;
  readonly createdAt: number | null;
  readonly finishedAt: number | null;
}

/** The grey line under a status word: how long, at which stage, why; `''` when there is nothing to say. */
export function statusLine(build: Build, now: number): string {
  const age = build.createdAt === null ? null : Math.max(0, now - build.createdAt);
  const took =
    build.createdAt === null || build.finishedAt === null || build.finishedAt < build.createdAt
      ? null
      : duration(build.finishedAt - build.createdAt);
  switch (build.status) {
    case 'ready':
      return took === null ? '' : `built in ${took}`;
    case 'failed':
      return `while ${stageWords(build.stage)}${took === null ? '' : `, after ${took}`}`;
    case 'queued':
    case 'building':
      return runningLine(build, age);
    case 'canceled':
      return `by hand or by a newer build${took === null ? '' : `, after ${took}`}`;
    case 'skipped':
      return skipWords(build.skipReason);
    case 'not-built':
      return build.stageStatus === 'idle' ? 'builds were off' : 'it did not end within a day';
    case 'unknown':
      return `the API says “${build.stageStatus}”, ${stageWords(build.stage)}`;
  }
  return build.status satisfies never;
}

function runningLine(build: Build, age: number | null): string {
  const where = build.status === 'queued' ? stageWords('queued') : stageWords(build.stage);
  if (age === null) return where;
  if (age > BUILD_LIMIT)
    return `${span(age)} so far; builds stop at 20 min, so this one is probably stuck (${where})`;
  return `${where}, ${span(age)} so far`;
}

const ENVIRONMENT_WORD: Readonly<Record<Environment, string>> = {
  production: 'Production',
  preview: 'Preview',
  unknown: 'Environment unknown',
};

/** An environment in a word or two. */
export function environmentWord(environment: Environment): string {
  return ENVIRONMENT_WORD[environment];
}

const TRIGGERS = new Map([
  ['deploy_hook', 'deploy hook'],
  ['ad_hoc', 'direct upload or API'],
]);

/** How a deployment came to be. */
export function triggerWords(trigger: string): string {
  if (trigger.endsWith(':push')) return 'push';
  return TRIGGERS.get(trigger) ?? trigger;
}
