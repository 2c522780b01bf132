// The words for statuses, stages, skips and triggers: one switch each, so that every output says the same.
// Pure. What the API sent and we have no word for comes in already cleaned.

import type { BuildStatus } from '../pages-api/model.ts';
import { duration, span } from './time.ts';

const MINUTE = 60_000;
/** Pages stops a build after this time. */
const BUILD_LIMIT = 20 * MINUTE;

/** A build status in a word. */
export function statusWord(status: BuildStatus): string {
  switch (status) {
    case 'queued':
      return 'Queued';
    case 'building':
      return 'Building';
    case 'ready':
      return 'Ready';
    case 'failed':
      return 'Failed';
    case 'canceled':
      return 'Canceled';
    case 'skipped':
      return 'Skipped';
    case 'not-built':
      return 'Not built';
    case 'unknown':
      return 'Unknown';
  }
  return status satisfies never;
}

function stageWords(stage: string): string {
  switch (stage) {
    case 'queued':
      return 'waiting for a build machine';
    case 'initialize':
      return 'starting the build machine';
    case 'clone_repo':
      return 'cloning the repository';
    case 'build':
      return 'running the build command';
    case 'deploy':
      return 'uploading';
    default:
      return stage === '' ? 'at an unnamed stage' : `at stage “${stage}”`;
  }
}

function skipWords(reason: string | null): string {
  switch (reason) {
    case 'commit_message':
      return 'the commit message asked for it';
    case 'path_config':
      return 'no watched path changed';
    case 'branch_config':
      return 'this branch is not built';
    case 'preview_deployments_disabled':
      return 'preview builds are turned off';
    case 'production_deployments_disabled':
      return 'production builds are turned off';
    case 'superseded_queued_build':
      return 'a newer commit replaced it';
    case 'pages_to_workers_conversion':
      return 'the project moved to Workers';
    default:
      return reason ?? 'no reason given';
  }
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
      return 'builds were off';
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

/** How a deployment came to be. */
export function triggerWords(trigger: string): string {
  if (trigger.endsWith(':push')) return 'push';
  switch (trigger) {
    case 'deploy_hook':
      return 'deploy hook';
    case 'ad_hoc':
      return 'direct upload or API';
    default:
      return trigger;
  }
}
