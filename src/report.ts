// The report: what the Keeper knows and what it did, as plain data. The keeper fills it, the status page renders it.
// Types only. Times are epoch milliseconds; every text that came from the API is hostile until escaped.

import type { BuildStatus, Deployment, Project } from './pages-api/model.ts';
import type { HeadInGit } from './policy/behind.ts';
import type { Ailment, Missed } from './policy/health.ts';
import type { Place } from './policy/place.ts';
import type { FailingCommit, SkipCounts, SkipReason } from './policy/rebuild.ts';
import type { Standing } from './policy/standing.ts';
import type { Verdict } from './policy/verdict.ts';

/** A deployment and what a run at this moment would do with it. */
export interface JudgedDeployment {
  readonly deployment: Deployment;
  readonly verdict: Verdict;
  /** The policy it follows, its place under it, and when that is next carried out; `null` where none covers it. */
  readonly place: (Place & { readonly nextAt: number | null }) | null;
}

/** One finished build for the trend line: how long it took (ms), whether it succeeded. */
export interface BuildPoint {
  readonly took: number;
  readonly ok: boolean;
}

/** One project as the overview shows it. */
export interface ProjectSummary {
  readonly project: Project;
  readonly live: JudgedDeployment | null;
  readonly latest: JudgedDeployment | null;
  /** Whether an older deployment is live than the newest success of production: it was rolled back. */
  readonly rolledBack: boolean;
  /** How many production builds newer than the live one failed, if the newest did: production is behind. */
  readonly failedSinceLive: number;
  /** Whether nothing is live, and a build failed that was newer than `latest`: it was deleted since, and is told all the same. */
  readonly newestFailed: boolean;
  /** `null`: Git is not asked, or could not be read. */
  readonly git: HeadInGit | null;
  /** Deployments known; `null` until they were all read once. */
  readonly total: number | null;
  /** How many of them go at the next prune run, that under way left aside; `null` while not counted. `held`: why none may. */
  readonly next: number | null;
  readonly held: string | null;
  /** How many deletions are left of the run under way; `null`: none is carried out in this project. */
  readonly left: number | null;
  /** Deployments that would go in addition were `staleBranchesAfterDays` set to `olderThanDays`; `null` while not counted. */
  readonly moreIfStale: number | null;
  readonly nextRebuildAt: number | null;
  readonly nextPruneAt: number | null;
  /** Rebuilds of its branch wait, since one commit keeps failing; `nextRebuildAt` is the next try. */
  readonly paused: FailingCommit | null;
  /** Scheduled builds of this month (UTC) that were not needed, for the content had not changed. */
  readonly savedBuilds: number;
  /** Newest last, production and preview. */
  readonly builds: readonly BuildPoint[];
  /** While its deployments are being read for the first time: how many so far, of how many. */
  readonly reading: { readonly read: number; readonly of: number | null } | null;
  readonly dryRun: boolean;
  /** Whether a rule prunes it; rebuilds it: what is uploaded no rule does, for there is nothing to build it from. */
  readonly pruned: boolean;
  readonly rebuilt: boolean;
  /** Whether hooks and the button may ask for a build of it. */
  readonly hook: boolean;
}

/** How a project stands, for what is said of all of them: without what it takes to show it. */
export interface ProjectStanding
  extends Pick<
    ProjectSummary,
    | 'failedSinceLive'
    | 'newestFailed'
    | 'rolledBack'
    | 'total'
    | 'next'
    | 'left'
    | 'nextRebuildAt'
    | 'nextPruneAt'
    | 'dryRun'
    | 'pruned'
    | 'rebuilt'
  > {
  readonly name: string;
  readonly behindSince: HeadInGit['behindSince'];
  readonly status: BuildStatus;
  readonly live: { readonly createdAt: number | null } | null;
  readonly latest: Standing['latest'];
}

/** Trouble of the Keeper's own, for the notice over the last known data. `message` says what happened and what to do. */
export interface Trouble {
  readonly kind: 'token' | 'blocked' | 'unreachable' | 'rows';
  readonly since: number;
  /** When it will be tried again; `null`: not before somebody acts. */
  readonly until: number | null;
  /** For viewers who are logged in, and the log. */
  readonly message: string;
}

/** How a run ended, or that it has not. */
export type RunOutcome = 'running' | 'done' | 'partial' | 'failed' | 'superseded';

/** One rebuild that the Keeper started. */
export interface RebuildRecord {
  readonly project: string;
  readonly branch: string;
  /** `null` until the API named it. */
  readonly deploymentId: string | null;
  readonly status: BuildStatus | 'requested' | 'in-doubt' | 'refused';
}

/** One run: what a tick did. */
export interface RunRecord {
  readonly id: string;
  readonly cron: string;
  readonly scheduledAt: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly outcome: RunOutcome;
  readonly dryRun: boolean;
  /** API calls made. */
  readonly calls: number;
  readonly counts: {
    readonly deleted: number;
    /** Already gone when the call came. */
    readonly gone: number;
    /** Refused by the API. */
    readonly refused: number;
    readonly failed: number;
    /** Planned and not yet dealt with; under a dry run: what would have been deleted. */
    readonly remaining: number;
  };
  readonly rebuilds: readonly RebuildRecord[];
  readonly skips: readonly { readonly project: string; readonly reason: SkipReason }[];
  /** What was left out in a project. `why` is a sentence's end; in brackets what the API said, for those who may see details. */
  readonly refusals: readonly {
    readonly project: string;
    readonly what: 'prune' | 'rebuild';
    readonly why: string;
  }[];
  /** What is to be looked at though nothing was stopped by it; `project`: whom it is about, `null` for the account. */
  readonly warnings: readonly { readonly project: string | null; readonly text: string }[];
  /** Of these lists, how many entries more there were than a run lists. */
  readonly unlisted?: number;
  /** How many entries each has in all, skips by reason, rebuilds that were `started`; absent: all of them stand here. */
  readonly listed?: Record<'rebuilds' | 'started' | 'refusals' | 'warnings', number> & { skips: SkipCounts };
  /** One of the words of `/healthz`, else `api`; `null` when nothing was wrong. */
  readonly error: 'config' | 'token' | 'blocked' | 'stalled' | 'api' | null;
  /** The same for people who may see details: what happened, where, what to do. */
  readonly errorDetail: string | null;
}

/** What the runs of one day came to. */
export interface DayRecord {
  /** `2026-11-25` (UTC). */
  readonly day: string;
  /** Runs that closed and that no newer one took over, how many of them failed, and how many did all that they were to do. */
  readonly runs: number;
  readonly failed: number;
  readonly well: number;
  readonly deleted: number;
  readonly rebuilds: number;
  /** Deployments that were stored when the last of them closed; `null`: not known. */
  readonly stored: number | null;
}

/** One deployment that a run dealt with. */
export interface Deletion {
  readonly project: string;
  readonly id: string;
  readonly environment: Deployment['environment'];
  readonly branch: string;
  readonly commit: string;
  readonly createdAt: number;
  readonly deletedAt: number;
  readonly reason: 'expired' | 'stale-branch' | 'gone-branch';
  readonly outcome: 'deleted' | 'gone' | 'refused' | 'failed';
}

/** What is under way: for progress and the expected end. */
export interface Progress {
  readonly runId: string;
  /** `reading` deployments, `planning`, `deleting`, `building`: a rebuild waits for its turn or its answer, `waiting` for the API. */
  readonly phase: 'reading' | 'planning' | 'deleting' | 'building' | 'waiting';
  readonly done: number;
  readonly of: number | null;
  /** Where it deletes, most first, at most eight; projects that are done, hidden, or more than that are in the sum alone. */
  readonly parts: readonly { readonly project: string; readonly done: number; readonly of: number }[];
  /** Estimated from the API's limit; `null` when it cannot be told. */
  readonly endsAt: number | null;
}

/** `/healthz`. `missed`: while runs are overdue; `newest`: the newest version that UPDATE_URL named, for those who are let in. */
export interface Health {
  readonly ok: boolean;
  readonly reason: Ailment | 'starting' | 'config' | null;
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly missed: Missed | null;
  readonly newest: string | null;
}
