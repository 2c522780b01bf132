// Rebuilds that happen once: an intent is stored before its POST, and settled when it is known what came of it.
// An intent found without an answer when an invocation starts was cut off by a crash, and is in doubt.

import { isApiError } from '../../pages-api/errors.ts';
import type { Context } from '../calls.ts';
import { countRebuild } from '../quotas.ts';
import { noteOutcome } from '../runs.ts';
import type { Decision, OpenIntent } from '../work.ts';
import { type ContentMark, keepMark } from './content.ts';

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
/** What is in doubt is looked for this long after its POST, or after the last look. */
export const LOOK_AFTER_MS = MINUTE;
/** How often it is looked for before it is sent again. */
export const LOOKS = 2;

/** An intent's key: the minute, not the cron, so that two crons at 03:00 build once. Sorts by time. */
export function intentKey(scheduledAt: number, projectId: string, branch: string): string {
  return `${new Date(scheduledAt).toISOString().slice(0, 16)} ${projectId} ${branch}`;
}

/** Stores a rebuild before its POST leaves: the runtime holds a fetch back until earlier writes are durable. */
export function storeIntent(
  { store, work, now }: Context,
  decision: Decision,
  { key, name, intent }: { key: string; name: string; intent: Intent },
): OpenIntent {
  store.write('intents', key, intent);
  countRebuild(work, 1, now());
  const open: OpenIntent = {
    ...{ key, run: decision.run, project: intent.projectId, name, branch: intent.branch },
    ...{ attempt: 1, state: 'posting', looks: 0, due: now() + MINUTE },
  };
  work.intents.push(open);
  // Decided: after a crash it must not be met again, and recorded as skipped too.
  work.decisions = work.decisions.filter((other) => other !== decision);
  store.writeState('work', work);
  return open;
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
    settleIntent(context, open, 'built', deployment.id || null);
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
      settleIntent(context, open, 'refused', null);
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

/** Settles a rebuild: notes what came of it, and has the build followed that was started. `id`: its deployment's. */
export function settleIntent(
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
  const intent = context.store.read('intents', open.key);
  if (intent === null) return;
  context.store.write('intents', open.key, { ...intent, result, deploymentId });
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
