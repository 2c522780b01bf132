// How the builds went that the Keeper started: for the record of their run, for the notices, and for those that wait for a
// place. Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import { buildStatus, isFinished } from '../../pages-api/model.ts';
import type { Context } from '../calls.ts';
import { noteBuild } from '../runs.ts';
import type { Follow, Work } from '../work.ts';

const MINUTE = 60_000;
/** Builds end after 20 minutes; what has not ended by then is not waited for. */
const LOOKED_FOR_MS = 60 * MINUTE;

function noteScheduledBuild(work: Work, { name, branch }: Follow, failed: boolean): void {
  if (failed) work.failedBuilds[name] = branch;
  else delete work.failedBuilds[name];
  work.noticeDue = true;
}

/** Looks how the builds stand: after 1, 2, 4, 8 … minutes; every minute while another rebuild waits for its place. */
export async function followBuilds(context: Context): Promise<void> {
  const { work, slice, now } = context;
  for (const follow of work.follows.filter(({ due }) => due <= now())) {
    if (!slice.take('call')) return;
    const ended = await hasEnded(context, follow);
    follow.startedAt ??= now() - MINUTE;
    const age = now() - follow.startedAt;
    if (ended || age >= LOOKED_FOR_MS) work.follows = work.follows.filter((other) => other !== follow);
    else follow.due = now() + (work.decisions.length > 0 ? MINUTE : Math.max(MINUTE, age));
  }
}

async function hasEnded(context: Context, follow: Follow): Promise<boolean> {
  const { work, slice, store, now } = context;
  try {
    const deployment = await slice.api.getDeployment(follow.name, follow.deploymentId);
    const status = buildStatus(deployment, now());
    noteBuild(store, work, follow.run, follow.deploymentId, status);
    if (!isFinished(deployment)) return false;
    noteScheduledBuild(work, follow, status === 'failed');
    return true;
  } catch (error) {
    if (!isApiError(error)) throw error;
    slice.note(error);
    return isApiError(error, 'gone', 'project-gone');
  }
}
