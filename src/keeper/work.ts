// What is under way: the one stored row from which every alarm starts. Types only; everything here is plain
// data that can be lost and found again by looking at the account. Decides nothing (when the next alarm is due: due.ts; how a
// task goes from one step to the next: tasks.ts).

import type { Basis } from '../policy/basis.ts';
import type { Standing } from '../policy/credentials.ts';
import type { Pace } from '../policy/pace.ts';
import type { PlanCounts } from '../policy/plan.ts';
import type { NextPrune } from '../policy/schedule.ts';
import type { DayRecord, RunRecord, Trouble } from '../report.ts';
import type { AskedLogs } from './asked-logs.ts';
import type { Looked } from './looked.ts';
import type { Listing } from './projects/listing.ts';
import type { Quota } from './quotas.ts';
import type { Rebuild } from './rebuild/rebuild.ts';
import type { Telling } from './telling.ts';

/** What the API takes from us, and how fast. */
export interface ApiState {
  pace: Pace;
  standing: Standing;
  /** The credentials were refused: only the project list is tried until the next tick. */
  halted: boolean;
  /** How often a view had refused credentials tried again since the last tick. */
  triedAgain: number;
  /** Rows that this account allows on a page of deployments; `null`: it takes no such parameter. */
  perPage: number | null;
  trouble: Trouble | null;
}

/** Reading a project's deployments. While it is wanted, none of them is deleted. */
export interface Reading {
  for: 'run' | 'view';
  due: number;
  /**
   * How many were read so far that were not known before, of how many: for the page; `null`: nobody knows yet, or it ends where it
   * meets what is known. And on how many pages, since when (epoch ms).
   */
  read: number;
  of: number | null;
  pages: number;
  begunAt: number;
}

/** For which run a project is pruned (`null`: for those who look, and nobody carries it out), and the crons whose policies act: its own, and those of runs that it took over. */
export interface Owed {
  readonly run: string | null;
  readonly crons: readonly string[];
}

/** A row of a queue. */
export interface RowPlace {
  readonly lane: number;
  readonly seq: number;
}

/** A queue: what a plan deletes. Its rows are in the store, under the plan's number. */
export interface Queue {
  readonly plan: number;
  readonly run: string;
  /** Of what is known since and stands not against it, its generation is taken over. */
  basis: Basis;
  /** The newest deployment that was known when it was planned. */
  readonly listHead: string;
  left: number;
  /** How many it held when it was planned. */
  readonly of: number;
  /** How many more its plan found than the run may delete: they go with the next one, and are counted for that. */
  beyond?: number;
  /** Epoch ms before which its first row is not tried. */
  due: number;
  /** The row whose first `count` deletes may have left; found at the start of an alarm, that alarm was cut off. */
  sending: (RowPlace & { readonly count: number }) | null;
  /** How often in a row the head of the list could not be read before `force=true`. */
  unread?: number;
  /** Its run has failed: it waits for the next tick. */
  stopped: boolean;
}

/** How far the rows of one lane of a queue are written. */
export interface WrittenRows {
  /** The last one that was an earlier queue's and stands; 0: none. */
  readonly kept: number;
  /** The last one that the earlier queue had. */
  readonly last: number;
  /** Deployments that this plan has put into rows. */
  readonly n: number;
}

/** Judging a project's deployments, some blocks an alarm. */
export interface Planning {
  /** Its number: the earlier queue's, where there is one whose rows may stand. */
  readonly plan: number;
  readonly basis: Basis;
  /** Whether rows are written: not under a dry run. */
  readonly write: boolean;
  /** The next block, counted from the oldest. */
  next: number;
  rows: Readonly<Record<'planned' | 'forced', WrittenRows>>;
  counts: PlanCounts;
  /** When it is pruned next, what goes then, and what stays. */
  readonly ahead: NextPrune | null;
  aheadCounts: PlanCounts;
}

/**
 * Where pruning a project stands. `lost`: an earlier queue, of which some deletes may have been carried out unseen. `waiting`: for its
 * turn to be read and planned again, not before `due` (epoch ms).
 */
export type Prune =
  | { readonly step: 'waiting'; for: Owed; due: number; lost: Queue }
  | { readonly step: 'reading'; for: Owed; lost: Queue | null }
  | { readonly step: 'compacting'; for: Owed; next: number; lost: Queue | null }
  | { readonly step: 'planning'; for: Owed; making: Planning }
  | { readonly step: 'deleting'; for: Owed; queue: Queue };

/** A project's reading and pruning, as far as they are under way; its rebuilds are in `Work.rebuilds`. */
export interface Task {
  /** The project's name in the API's paths. */
  name: string;
  reading: Reading | null;
  prune: Prune | null;
  /** Deployments deleted that are still in its blocks, marked. */
  gone: number;
  /** How often in a row its plan was made again before anything of it was sent. */
  renewed?: number;
  /** Which turn it had last: the one with the smallest is the next; absent: it had none. */
  turn?: number;
  /** Git is to be asked about it, for this run, before it is planned; not before `due` (epoch ms). */
  git: { readonly run: string; due: number } | null;
}

/** A run that has not ended. */
export interface OpenRun {
  record: RunRecord;
  listed: boolean;
  /** Deployments for which a DELETE was sent, each counted once: what MAX_DELETES_PER_RUN limits. */
  sent: number;
  /** Deployments that were read for it where the reading is over; absent: none. */
  read?: number;
}

/** The stored row. */
export interface Work {
  /** Whose this is, `account@host`; `null` before its first use. */
  account: string | null;
  /** When the alarm is to fire, or was to; `null`: nothing waits. Epoch ms. */
  alarmAt: number | null;
  api: ApiState;
  looked: Looked;
  listing: Listing | null;
  /** By project id, in the order of their turns: a new one comes last. */
  tasks: Map<string, Task>;
  /** Turns that were had. */
  turns: number;
  /** When the next build that was asked for by a hook is to be decided. Epoch ms; `null`: none waits. */
  hookAt: number | null;
  /** Open ones, in the order in which they were asked for. */
  rebuilds: Rebuild[];
  logs: AskedLogs;
  runs: OpenRun[];
  lastRunAt: number | null;
  lastSuccessAt: number | null;
  /** What the runs of the last 91 days came to, oldest first. */
  days: DayRecord[];
  /** Runs that failed, one after the other. */
  failedInARow: number;
  /** The number of the last plan made. */
  plans: number;
  quota: Quota;
  /** By host: requests to Git that got no answer since the last tick. */
  gitFailures: Record<string, number>;
  telling: Telling;
}
