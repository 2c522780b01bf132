// Nothing under way: what a new Keeper starts from, and what a row that was stored earlier lacks. Data only.

import { isRecord } from '../object.ts';
import { GOOD_STANDING } from '../policy/credentials.ts';
import { NO_PACE } from '../policy/pace.ts';
import type { Work } from './work.ts';

/** Nothing under way. */
export function noWork(): Work {
  return {
    account: null,
    alarmAt: null,
    api: { pace: NO_PACE, standing: GOOD_STANDING, halted: false, triedAgain: 0, perPage: 25, trouble: null },
    looked: {
      checkedAt: null,
      askedAt: 0,
      ticks: {},
      rowsAskedAt: {},
      readAt: {},
      countedFor: {},
      undone: {},
      viewed: [],
      behind: {},
      accountProjects: null,
      newest: { askedAt: 0, version: null },
    },
    listing: null,
    tasks: new Map(),
    turns: 0,
    hookAt: null,
    rebuilds: [],
    logs: { asked: [], sentAt: [] },
    runs: [],
    lastRunAt: null,
    lastSuccessAt: null,
    days: [],
    failedInARow: 0,
    plans: 0,
    quota: { day: '', rows: 0, month: '', rebuilds: 0 },
    gitFailures: {},
    telling: {
      to: {},
      due: false,
      news: [],
      newsSeq: 0,
      refused: null,
      stalledAt: null,
      failedRun: null,
      failedBuilds: {},
    },
  };
}

/**
 * What was stored, with what is missing in it as if nothing were under way: a field may be younger than the row. One that this version
 * does not know goes.
 */
export function workFrom(stored: Partial<Work> | null): Work {
  const fields = Object.entries(noWork()).map(([key, none]) => {
    const value: unknown = stored?.[key as keyof Work] ?? none;
    const isGroup = key !== 'tasks' && isRecord(none) && isRecord(value);
    return [key, isGroup ? { ...none, ...value } : value] as const;
  });
  return Object.fromEntries(fields) as unknown as Work;
}
