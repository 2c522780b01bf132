// The words for statuses, stages, triggers, verdicts and skips: one switch each, so that every output says the same.
// Pure. What the API sent and we have no word for comes in already cleaned.

import type { BuildStatus } from '../pages-api/model.ts';
import { describeReason } from '../plan/reasons.ts';
import type { Progress, RunOutcome, SkipReason, Verdict } from '../plan/report.ts';
import { duration, relative, span, utc } from './time.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
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

/** A verdict in words. */
export interface VerdictWords {
  readonly text: string;
  /** The date that belongs to it; `''` when there is none. */
  readonly when: string;
  /** Asks for emphasis: it goes at the next run, or within a day. */
  readonly soon: boolean;
}

/** What will become of a deployment, and when. Under a dry run in the conditional. */
export function verdictWords(verdict: Verdict, now: number, dryRun: boolean): VerdictWords {
  const { action, expiresAt, reason } = verdict;
  if (action === 'delete') {
    const text = dryRun ? 'Dry run: would go at the next run' : 'Deleted at the next run';
    return { text, when: expiresAt === null ? '' : `expired ${utc(expiresAt)}`, soon: true };
  }
  if (expiresAt === null) return { text: `Kept: ${describeReason(reason)}`, when: '', soon: false };
  const will = dryRun ? 'Dry run: would be deleted after' : 'Deleted after';
  return {
    text: `${will} ${utc(expiresAt)}`,
    when: expiresAt > now ? relative(expiresAt, now) : '',
    soon: expiresAt - now < DAY,
  };
}

/** A run's outcome in words. */
export function outcomeWord(outcome: RunOutcome): string {
  switch (outcome) {
    case 'running':
      return 'Running';
    case 'done':
      return 'Done';
    case 'partial':
      return 'Partly done';
    case 'failed':
      return 'Failed';
    case 'superseded':
      return 'Replaced by a newer run';
  }
  return outcome satisfies never;
}

/** Why a rebuild was not started. */
export function skipReasonWords(reason: SkipReason): string {
  switch (reason) {
    case 'direct-upload':
      return 'direct upload, nothing to build from';
    case 'requested':
      return 'already requested';
    case 'building':
      return 'a build is under way';
    case 'fresh':
      return 'the newest build is young enough';
    case 'limit':
      return 'REBUILDS_PER_MONTH is reached';
    case 'dry-run':
      return 'dry run';
  }
  return reason satisfies never;
}

/** What a run is doing. */
export function phaseWord(phase: Progress['phase']): string {
  switch (phase) {
    case 'reading':
      return 'Reading deployments';
    case 'planning':
      return 'Planning';
    case 'deleting':
      return 'Deleting deployments';
    case 'waiting':
      return 'Waiting for the API';
  }
  return phase satisfies never;
}
