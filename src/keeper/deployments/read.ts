// Observing a project: carrying its walk on page by page. Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import type { Deployment, Page } from '../../pages-api/model.ts';
import { type Context, inFlight } from '../calls.ts';
import { usableInventory } from '../store/inventory.ts';
import type { WalkWanted } from '../work.ts';
import { beginWalk, type Reading } from './attempt.ts';
import { closeWalk, isSinglePage } from './close.ts';
import { commit } from './finish.ts';
import { addPage } from './page.ts';
import { afterFailure, leave, walkAgain } from './retry.ts';
import { dropWalk, readKnownHead, stageWalk } from './stage.ts';
import { endWalk } from './want.ts';

/** A walk that has taken this long is of an account that is not there any more. */
const WALK_TOO_OLD_MS = 30 * 60_000;

/** Goes on reading the deployments of the projects that need it, several at a time. */
export async function advanceWalks(context: Context): Promise<void> {
  const due = context.work.walks.filter((walk) => walk.due <= context.now());
  await inFlight(due, (wanted) => advanceWalk(context, wanted));
  // Those that are not done take turns.
  const { work } = context;
  work.walks = [
    ...work.walks.filter((walk) => !due.includes(walk)),
    ...work.walks.filter((walk) => due.includes(walk)),
  ];
}

async function advanceWalk(context: Context, wanted: WalkWanted): Promise<void> {
  const { store } = context;
  const state = store.read('projects', wanted.project);
  if (state === null) {
    endWalk(context, wanted);
    return;
  }
  const stored = store.read('walks', wanted.project);
  const tooOld = stored !== null && context.now() - stored.startedAt > WALK_TOO_OLD_MS;
  if (tooOld) dropWalk(store, wanted.project);
  const walk = stored === null || tooOld ? beginWalk(context, state) : stored;
  const reading: Reading = { context, wanted, state, walk, known: null };
  while (context.work.walks.includes(wanted) && wanted.due <= context.now()) {
    if (!(await readPage(reading))) break;
  }
  if (!context.work.walks.includes(wanted)) return;
  const staged = stageWalk(store, reading.walk);
  store.write('walks', wanted.project, staged);
  Object.assign(wanted, { read: staged.rows, of: staged.firstTotal });
}

/** Reads one page; `false`: no more now. */
async function readPage(reading: Reading): Promise<boolean> {
  const { context, state, walk } = reading;
  if (!context.slice.take('list')) return false;
  const page = walk.phase === 'close' ? 1 : walk.page;
  try {
    const choice = walk.perPage === null ? null : { page, perPage: walk.perPage };
    takePage(reading, await context.slice.api.listDeployments(state.project.name, choice));
    return true;
  } catch (error) {
    if (!isApiError(error)) throw error;
    context.slice.note(error);
    return afterFailure(reading, error);
  }
}

function takePage(reading: Reading, page: Page<Deployment>): void {
  const { context, state, walk } = reading;
  if (page.projectId !== null && page.projectId !== state.project.id) {
    leave(reading, 'another project has its name now');
    return;
  }
  if (walk.phase === 'close') {
    close(reading, page);
    return;
  }
  const inventory = usableInventory(state);
  if (walk.kind === 'head' && inventory) reading.known ??= readKnownHead(context.store, inventory);
  const step = addPage(walk, page, reading.known);
  if (step.kind === 'again') {
    walkAgain(reading, step.why, step.unordered);
    return;
  }
  reading.walk = step.kind === 'more' ? step.walk : { ...step.walk, phase: 'close' };
  if (step.kind === 'complete' && isSinglePage(step.walk)) close(reading, null);
}

function close(reading: Reading, again: Page<Deployment> | null): void {
  const { context, wanted, walk } = reading;
  const inventory = usableInventory(reading.state);
  const gone = context.work.gone[wanted.project] ?? 0;
  const closed = closeWalk(walk, again, (inventory?.count ?? 0) - gone);
  if ('invalid' in closed) walkAgain(reading, closed.invalid, walk.unordered);
  else commit(reading, closed.newer, true);
}
