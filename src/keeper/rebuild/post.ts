// Rebuilds that happen once: a rebuild is stored before its POST leaves, and settled when it is known what came of it.
// One found without an answer when an alarm starts was cut off by a crash, and is in doubt.

import type { PagesApiError } from '../../pages-api/errors.ts';
import type { Deployment } from '../../pages-api/model.ts';
import { addEnded, isEnded, strikesOf } from '../../policy/credentials.ts';
import type { RebuildRecord } from '../../report.ts';
import { MINUTE } from '../../time.ts';
import { retryAfter } from '../budget.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import { countRebuild } from '../quotas.ts';
import { noteOutcome } from '../runs.ts';
import type { Posted } from '../store/documents.ts';
import { noteProject } from '../store/overview.ts';
import { takeBackAsked } from './asked.ts';
import { forgetRebuild } from './open.ts';
import type { Rebuild } from './rebuild.ts';

/** What is in doubt is looked for this long after its POST, or after the last look. */
export const LOOK_AFTER_MS = MINUTE;
/** How often it is looked for before it is sent again. */
export const LOOKS = 2;

/** Puts rebuilds whose answer never came in doubt: an alarm was cut off between POST and answer. */
export function findCutOff({ work, now, log }: Pick<Context, 'work' | 'now' | 'log'>): void {
  for (const rebuild of work.rebuilds) {
    const { state, name, branch } = rebuild;
    if (state.is !== 'posting') continue;
    doubt(rebuild, state.attempt, 0, now());
    log({ level: 'warn', event: 'rebuild-cut-off', project: name, branch });
  }
}

function doubt(rebuild: Rebuild, attempt: 1 | 2, looks: number, now: number): void {
  rebuild.state = { is: 'in-doubt', attempt, looks, failures: 0 };
  rebuild.due = now + LOOK_AFTER_MS;
}

/** Stores a first POST and sends it. The runtime holds a fetch back until earlier writes are durable. */
export async function postFirst(
  context: Context,
  calls: Calls,
  rebuild: Rebuild,
  posted: Posted,
): Promise<void> {
  const { store, work, now } = context;
  store.write('posted', rebuild.key, posted);
  countRebuild(work.quota, 1, now());
  await post(context, calls, rebuild, 1);
}

/** Stores that a POST leaves, sends it, and notes what came of it. */
export async function post(context: Context, calls: Calls, rebuild: Rebuild, attempt: 1 | 2): Promise<void> {
  rebuild.state = { is: 'posting', attempt };
  rebuild.due = context.now() + MINUTE;
  // Stored before it leaves: after a crash it must not be met as one that was never sent.
  context.save();
  const answer = await calls.single({ kind: 'build', project: rebuild.project }, (api) =>
    api.createDeployment(rebuild.name, rebuild.branch),
  );
  if (answer.kind === 'answer') started(context, rebuild, answer.value);
  else if (answer.kind === 'spent') putOff(context, rebuild, attempt, context.now());
  else afterFailure(context, rebuild, attempt, answer.error);
}

function afterFailure(context: Context, rebuild: Rebuild, attempt: 1 | 2, error: PagesApiError): void {
  const { work, now, log } = context;
  const { name, branch, project } = rebuild;
  const about = { kind: 'build', project } as const;
  if (!error.startedNothing) {
    doubt(rebuild, attempt, 0, now());
    noteRebuild(context, rebuild, 'in-doubt', null);
    log({ level: 'warn', event: 'rebuild-in-doubt', project: name, branch, why: error.message });
    return;
  }
  switch (error.kind) {
    case 'blocked':
      putOff(context, rebuild, attempt, now());
      return;
    case 'unauthorized':
      if (!isEnded(work.api.standing, about)) {
        putOff(context, rebuild, attempt, now() + retryAfter(strikesOf(work.api.standing, about)));
        return;
      }
      work.api.standing = addEnded(work.api.standing, project, othersOf(context, project));
  }
  if (attempt === 1) countRebuild(work.quota, -1, now());
  end(context, rebuild, 'refused', `the rebuild was refused (${error.message})`);
}

/** Other projects that have builds to do. */
function othersOf({ work }: Context, project: string): number {
  const others = work.rebuilds.filter((one) => one.project !== project && one.state.is === 'waiting');
  return new Set(others.map((one) => one.project)).size;
}

/** The limit or the door turned the POST away, so it started nothing: decided again at `due`. */
function putOff(context: Context, rebuild: Rebuild, attempt: 1 | 2, due: number): void {
  const { work, store, now } = context;
  if (attempt > 1) {
    // The first one is as much in doubt as before: looked for once more, then sent.
    doubt(rebuild, 1, LOOKS - 1, now());
    return;
  }
  store.remove('posted', rebuild.key);
  countRebuild(work.quota, -1, now());
  takeBackAsked(context, rebuild);
  rebuild.state = { is: 'waiting', again: false };
  rebuild.due = due;
}

/** It was started: its build is followed, if the API named it. */
export function started(context: Context, rebuild: Rebuild, row: Deployment): void {
  const { now, log } = context;
  const { name, branch } = rebuild;
  const id = row.id || null;
  noteRebuild(context, rebuild, 'queued', id);
  log({ level: 'info', event: 'rebuild', project: name, branch, deploymentId: id });
  if (id === null) {
    forgetRebuild(context.work, rebuild);
    return;
  }
  noteNewest(context, rebuild, row);
  rebuild.state = { is: 'building', deploymentId: id, since: now() };
  rebuild.due = now() + MINUTE;
}

/** No page says that nothing is built until the account is looked at again: its project's newest deployment is known now. */
function noteNewest(context: Context, { project: id }: Rebuild, row: Deployment): void {
  const state = context.store.read('projects', id);
  if (state === null || (row.createdAt ?? 0) <= (state.project.latest?.createdAt ?? 0)) return;
  const known = { ...state, project: { ...state.project, latest: row } };
  context.store.write('projects', id, known);
  noteProject(context, known);
}

/** Nothing more is done about it. `why`: a sentence's end, for the run's record. */
export function end(context: Context, rebuild: Rebuild, how: 'refused' | 'in-doubt', why: string): void {
  noteRebuild(context, rebuild, how, null);
  noteOutcome(context.work, rebuild.run, { refusal: { project: rebuild.name, what: 'rebuild', why } });
  forgetRebuild(context.work, rebuild);
}

function noteRebuild(
  { work }: Pick<Context, 'work'>,
  { run, name, branch }: Rebuild,
  status: RebuildRecord['status'],
  deploymentId: string | null,
): void {
  noteOutcome(work, run, { rebuild: { project: name, branch, deploymentId, status } });
}
