// What is under way: the one stored row from which every invocation starts. Types, and nothing under way; everything here is
// plain data that can be lost and found again by looking at the account. Decides nothing (when the next one is due: due.ts).

import type { Troubles } from '../policy/notices.ts';
import { NO_PACE, type Pace } from '../policy/pace.ts';
import type { RunRecord, Trouble } from '../report.ts';

/** Reading the project list. */
export interface Listing {
  startedAt: number;
  page: number;
  /** 10, 5, or `null` for no parameters. */
  perPage: number | null;
  ids: string[];
  tries: number;
  due: number;
}

/** A project whose deployments are to be read: for a run (true) or for a viewer. */
export interface WalkWanted {
  project: string;
  forRun: boolean;
  due: number;
  /** How many were read so far, of how many: for the page. */
  read: number;
  of: number | null;
}

/** Deployments planned to go in one project. The rows themselves are in the store. */
export interface Queue {
  project: string;
  name: string;
  run: string;
  rulesHash: string;
  /** When the walk began on which it rests. */
  walkedAt: number;
  /** The newest deployment that was known when it was planned. */
  listHead: string;
  remaining: number;
  /** Epoch ms before which its first row is not tried. */
  due: number;
  /** Not served while it is read and planned again. */
  suspended: boolean;
}

/** Planning one project, some blocks at a time. */
export interface PlanJob {
  project: string;
  /** `null`: only put the blocks in order after deletions. */
  run: string | null;
  phase: 'index' | 'verdicts';
  /** The next block, counted from the oldest. */
  next: number;
  seq: number;
  forceSeq: number;
  /** Expired in all, and those of them whose policy acts on this run's cron. */
  expired: number;
  queued: number;
  kept: number;
  ifStale: number;
  holdsLive: boolean;
}

/** A rebuild to be decided. */
export interface Decision {
  run: string;
  project: string;
  /** It stood behind others for so long that its deployments must be read again. */
  waited?: boolean;
}

/** A rebuild that was sent and is not settled. */
export interface OpenIntent {
  key: string;
  run: string;
  project: string;
  name: string;
  branch: string;
  attempt: number;
  /** `posting`: the answer is awaited; found at the start of an invocation, it never came. */
  state: 'posting' | 'doubt';
  looks: number;
  due: number;
}

/** A build that the Keeper started and whose outcome it looks for. */
export interface Follow {
  run: string;
  name: string;
  branch: string;
  deploymentId: string;
  /** Absent in what 1.0 stored. */
  startedAt?: number;
  due: number;
}

/** A run that has not ended. */
export interface OpenRun {
  record: RunRecord;
  listed: boolean;
  /** Projects still to be planned for it. */
  prune: string[];
  /** Deployments for which a DELETE was sent, each counted once: what MAX_DELETES_PER_RUN limits. */
  sent: number;
}

/** The stored row. */
export interface Work {
  pace: Pace;
  day: string;
  rowsToday: number;
  month: string;
  rebuildsThisMonth: number;
  /** CONCURRENT_REBUILDS as this invocation found it. */
  concurrentRebuilds: number | null;
  /** When an invocation last ended. */
  actedAt: number;
  /** When each cron last ticked. */
  ticks: Record<string, number>;
  checkedAt: number | null;
  /** When the project list was last asked for, whatever came of it. */
  askedAt: number;
  /** Projects viewed since: their deployments are read if the list shows that their head has moved. */
  viewed: string[];
  /** By project: when a view last had its deployments read, whatever came of it. */
  rowsAskedAt: Record<string, number>;
  accountProjects: number | null;
  trouble: Trouble | null;
  lastRunAt: number | null;
  lastSuccessAt: number | null;
  /** Why the last run failed, when it did, and the projects whose last scheduled build did, with its branch. */
  failedRun: string | null;
  failedBuilds: Record<string, string>;
  /** What the operator was told, and whether something has happened since that may be worth a notice. */
  told: Troubles;
  noticeDue: boolean;
  noticeTries: number;
  /** The credentials were refused: only the project list is tried until the next tick. */
  halted: boolean;
  listing: Listing | null;
  walks: WalkWanted[];
  decisions: Decision[];
  plans: PlanJob[];
  queues: Queue[];
  /** By project: deployments deleted whose places in the blocks are not written anew yet. */
  gone: Record<string, number>;
  intents: OpenIntent[];
  follows: Follow[];
  runs: OpenRun[];
}

/** Nothing under way. */
export function noWork(): Work {
  return {
    pace: NO_PACE,
    day: '',
    rowsToday: 0,
    month: '',
    rebuildsThisMonth: 0,
    concurrentRebuilds: null,
    actedAt: 0,
    ticks: {},
    checkedAt: null,
    askedAt: 0,
    viewed: [],
    rowsAskedAt: {},
    accountProjects: null,
    trouble: null,
    lastRunAt: null,
    lastSuccessAt: null,
    failedRun: null,
    failedBuilds: {},
    told: {},
    noticeDue: false,
    noticeTries: 0,
    halted: false,
    listing: null,
    walks: [],
    decisions: [],
    plans: [],
    queues: [],
    gone: {},
    intents: [],
    follows: [],
    runs: [],
  };
}
