// How a build goes that the Keeper started: for the record of its run, for the notices, and for those that wait for a place.
// Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import type { BuildStatus } from '../../pages-api/model.ts';
import { buildStatus, isFinished } from '../../pages-api/model.ts';
import { MINUTE } from '../../time.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';
import { noteBuild } from '../runs.ts';
import { keepMark } from './content.ts';
import { forgetRebuild } from './open.ts';
import type { Rebuild } from './rebuild.ts';
import { trySecond } from './second-try.ts';

/** Builds end after 20 minutes; what has not ended by then is not waited for. */
const LOOKED_FOR_MS = 60 * MINUTE;

type Building = Extract<Rebuild['state'], { is: 'building' }>;

/** Looks how a build stands: after 1, 2, 4, 8 … minutes; every minute while another rebuild waits for its place. */
export async function follow(
  context: Context,
  calls: Calls,
  rebuild: Rebuild,
  state: Building,
): Promise<void> {
  const { work, store, now } = context;
  const answer = await calls.single({ kind: 'read', project: rebuild.project }, (api) =>
    api.getDeployment(rebuild.name, state.deploymentId),
  );
  if (answer.kind === 'spent') return;
  const age = now() - state.since;
  const isWaitedFor = work.rebuilds.some((other) => other.state.is === 'waiting' && other.due <= now());
  rebuild.due = now() + (isWaitedFor ? MINUTE : Math.max(MINUTE, age));
  if (age >= LOOKED_FOR_MS) forgetRebuild(context.work, rebuild);
  if (answer.kind === 'failed') {
    if (isApiError(answer.error, 'gone', 'project-gone')) forgetRebuild(context.work, rebuild);
    return;
  }
  const status = buildStatus(answer.value, now());
  noteBuild(store, work, rebuild.run, state.deploymentId, status);
  if (!isFinished(answer.value)) return;
  noteEnd(context, rebuild, status);
  trySecond(context, rebuild, answer.value);
  forgetRebuild(context.work, rebuild);
}

/** Records how a build ended: for the notices, and its content as built if it succeeded. */
function noteEnd(
  { work, store }: Context,
  { key, project, name, branch }: Rebuild,
  status: BuildStatus,
): void {
  const { failedBuilds } = work.telling;
  if (status === 'failed') failedBuilds[name] = branch;
  // Another branch may be built by now, or this build have been cancelled: neither makes the failed one well.
  else if (status === 'ready' && failedBuilds[name] === branch) delete failedBuilds[name];
  work.telling.due = true;
  const content = store.read('posted', key)?.content ?? null;
  if (status === 'ready' && content !== null) keepMark({ store }, project, content);
}
