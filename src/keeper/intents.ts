// Rebuilds that happen once: an intent is stored before its POST, and what is in doubt is settled by ids, never by clocks.
// An intent found without an answer when an invocation starts was cut off by a crash, and is in doubt.

import { isApiError } from '../pages-api/errors.ts';
import type { Deployment } from '../pages-api/model.ts';
import { ruleFor } from '../plan/rules.ts';
import { type ContentMark, keepMark } from './content.ts';
import { noteOutcome } from './runs.ts';
import type { Context } from './slice.ts';
import { countRebuild, type OpenIntent } from './work.ts';

/** A requested rebuild, as stored before it is sent. */
export interface Intent {
  readonly projectId: string;
  readonly branch: string;
  readonly scheduledAt: number;
  /** Ids at the head of the list before it was sent. */
  readonly seen: readonly string[];
  /** What the rule's `ifChanged` answered; absent or `null` where it was not asked, or did not answer. */
  readonly content?: ContentMark | null;
  readonly result: 'open' | 'built' | 'refused' | 'lost';
  readonly deploymentId: string | null;
}

const MINUTE = 60_000;
const LOOK_AFTER_MS = MINUTE;
const LOOKS = 2;

/** An intent's key: the minute, not the cron, so that two crons at 03:00 build once. Sorts by time. */
export function intentKey(scheduledAt: number, projectId: string, branch: string): string {
  return `${new Date(scheduledAt).toISOString().slice(0, 16)} ${projectId} ${branch}`;
}

/** Puts intents whose answer never came in doubt: an invocation was cut off between POST and answer. */
export function findCutOff({ work, now, log }: Pick<Context, 'work' | 'now' | 'log'>): void {
  for (const open of work.intents.filter(({ state }) => state === 'posting')) {
    Object.assign(open, { state: 'doubt', due: now() + LOOK_AFTER_MS });
    log({ level: 'warn', event: 'rebuild-cut-off', project: open.name, branch: open.branch });
  }
}

/** Sends the POST of an intent that is stored as `posting`, and notes what came of it. */
export async function post(context: Context, open: OpenIntent): Promise<void> {
  const { slice, work } = context;
  try {
    const deployment = await slice.api.createDeployment(open.name, open.branch);
    settle(context, open, 'built', deployment.id || null);
  } catch (error) {
    if (!isApiError(error)) throw error;
    slice.note(error);
    if (error.kind === 'in-doubt') {
      Object.assign(open, { state: 'doubt', looks: 0, due: context.now() + LOOK_AFTER_MS });
      noteRebuild(context, open, 'in-doubt', null);
      context.log({
        level: 'warn',
        event: 'rebuild-in-doubt',
        project: open.name,
        branch: open.branch,
        why: error.message,
      });
    } else if (error.kind === 'blocked') {
      postLater(context, open);
    } else {
      if (open.attempt === 1) countRebuild(work, -1, context.now());
      settle(context, open, 'refused', null);
      noteOutcome(work, open.run, {
        refusal: { project: open.name, why: `the rebuild was refused (${error.message})` },
      });
    }
  }
}

/** The limit turned the POST away, so it started nothing. */
function postLater(context: Context, open: OpenIntent): void {
  const { work } = context;
  if (open.attempt > 1) {
    // The first one is as much in doubt as before: looked for once more after the block, then sent.
    Object.assign(open, { state: 'doubt', attempt: 1, looks: LOOKS - 1, due: context.now() + LOOK_AFTER_MS });
    return;
  }
  work.intents = work.intents.filter((other) => other !== open);
  settleStored(context, open, 'lost', null);
  countRebuild(work, -1, context.now());
  work.decisions.push({ run: open.run, project: open.project });
}

/** Looks for the builds in doubt that are due: after 60 s and 120 s; only then is the POST sent once more, never again. */
export async function settleDoubts(context: Context): Promise<void> {
  const { work, slice, store } = context;
  for (const open of work.intents.filter(({ state, due }) => state === 'doubt' && due <= context.now())) {
    if (!slice.take('list')) return;
    const intent = store.readIntent(open.key);
    try {
      const { rows } = await slice.api.listDeployments(open.name, { page: 1, perPage: 25 });
      const found = newBuild(rows, intent?.seen ?? [], open.branch);
      if (found) settle(context, open, 'built', found.id || null);
      else await lookAgain(context, open);
    } catch (error) {
      if (!isApiError(error)) throw error;
      slice.note(error);
      if (error.kind === 'project-gone') settle(context, open, 'lost', null);
      else open.due = context.now() + LOOK_AFTER_MS;
    }
  }
}

async function lookAgain(context: Context, open: OpenIntent): Promise<void> {
  open.looks += 1;
  open.due = context.now() + LOOK_AFTER_MS;
  if (open.looks < LOOKS) return;
  if (open.attempt >= 2) {
    lose(context, open, 'two requests went unanswered and no build was found');
  } else if (!isWanted(context, open)) {
    lose(context, open, 'the request went unanswered, and by now the configuration wants no other');
  } else if (context.slice.take('call')) {
    Object.assign(open, { state: 'posting', attempt: 2, looks: 0 });
    // Stored before it leaves, like the first one: after a crash it must not be sent a third time.
    context.store.writeState('work', context.work);
    await post(context, open);
  } else {
    open.looks = LOOKS - 1;
  }
}

function isWanted({ config }: Context, open: OpenIntent): boolean {
  const rule = ruleFor(open.name, config.rules);
  return !config.dryRun && rule !== null && !rule.dryRun && rule.rebuild !== null;
}

function lose(context: Context, open: OpenIntent, why: string): void {
  settle(context, open, 'lost', null);
  const refusal = {
    project: open.name,
    why: `nobody knows whether its rebuild was started: ${why}`,
  };
  noteOutcome(context.work, open.run, { refusal });
}

/** A deployment of the branch that was not there before: it settles the doubt, whoever started it. */
export function newBuild(
  rows: readonly Deployment[],
  seen: readonly string[],
  branch: string,
): Deployment | null {
  const known = new Set(seen);
  const until = rows.findIndex(({ id }) => known.has(id));
  const unseen = until === -1 ? rows : rows.slice(0, until);
  return unseen.find((row) => row.branch === branch && !row.skipped) ?? null;
}

function settle(
  context: Context,
  open: OpenIntent,
  result: 'built' | 'refused' | 'lost',
  id: string | null,
): void {
  const { work } = context;
  work.intents = work.intents.filter((other) => other !== open);
  settleStored(context, open, result, id);
  noteRebuild(context, open, result === 'built' ? 'queued' : result === 'lost' ? 'in-doubt' : 'refused', id);
  if (result !== 'built') return;
  context.log({ level: 'info', event: 'rebuild', project: open.name, branch: open.branch, deploymentId: id });
  if (id !== null) {
    work.follows.push({
      run: open.run,
      name: open.name,
      branch: open.branch,
      deploymentId: id,
      startedAt: context.now(),
      due: context.now() + MINUTE,
    });
  }
}

function settleStored(
  context: Context,
  open: OpenIntent,
  result: Intent['result'],
  deploymentId: string | null,
): void {
  const intent = context.store.readIntent(open.key);
  if (intent === null) return;
  context.store.writeIntent(open.key, { ...intent, result, deploymentId });
  if (result === 'built' && intent.content) keepMark(context, intent.projectId, intent.content);
}

function noteRebuild(
  { work }: Context,
  open: OpenIntent,
  status: 'queued' | 'in-doubt' | 'refused',
  id: string | null,
): void {
  noteOutcome(work, open.run, {
    rebuild: { project: open.name, branch: open.branch, deploymentId: id, status },
  });
}
