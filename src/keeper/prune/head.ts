// The head of a project's list, read once more before anything is forced: a push to a stale branch must be seen. Sends GET only.

import { isApiError, type PagesApiError } from '../../pages-api/errors.ts';
import type { Deployment } from '../../pages-api/model.ts';
import { isEnded, strikesOf } from '../../policy/credentials.ts';
import { RETRIES, retryAfter } from '../budget.ts';
import { type Calls, listPage } from '../calls.ts';
import type { Context } from '../context.ts';
import { leaveOutPrune } from '../leave-out.ts';
import { noteOutcome } from '../runs.ts';
import { newestFirst, topBlocks } from '../store/blocks.ts';
import type { BlockRef } from '../store/inventory.ts';
import { recordUnread } from './record.ts';
import type { Reserved } from './reserved.ts';

/**
 * Before `force=true`: the newest known deployment must still be on page 1, which shows nothing newer of these branches, and nothing
 * that a list left out when it was read.
 */
export async function lookAtHead(
  context: Context,
  calls: Calls,
  reserved: Reserved,
): Promise<'unmoved' | 'moved' | 'unread'> {
  const { id, name, queue, items } = reserved;
  const inventory = context.store.read('projects', id)?.inventory;
  if (inventory?.unordered) {
    const why = 'its list is in no order, so nobody would see a push to a stale branch before force=true';
    noteOutcome(context.work, queue.run, { refusal: { project: name, what: 'prune', why } });
    recordUnread(context, reserved);
    return 'unread';
  }
  const answer = await listPage(context, calls, { id, name });
  if (answer.kind === 'spent') return 'unread';
  if (answer.kind === 'failed') {
    afterFailure(context, reserved, answer.error);
    return 'unread';
  }
  queue.unread = 0;
  const { rows } = answer.value;
  const known = rows.findIndex((one) => one.id === queue.listHead);
  if (known === -1) return 'moved';
  const branches = new Set(items.map(({ branch }) => branch));
  // One whose branch cannot be read may be of any.
  const isOurs = ({ branch }: Deployment) => branch === '' || branches.has(branch);
  const above = rows.slice(0, known).filter(isOurs);
  const isLeftOut = leftOut(context, inventory?.blocks ?? []);
  const isNews = (row: Deployment) => isLater(row, rows[known]) || isLeftOut(row);
  const below = rows.slice(known + 1).filter((row) => isOurs(row) && isNews(row));
  const nameless = namelessAbove(context, inventory?.blocks ?? [], queue.listHead);
  const isUnmoved = above.every(isNameless) && above.length <= nameless && below.every(isNameless);
  return isUnmoved ? 'unmoved' : 'moved';
}

/** In an answer out of order what is newer stands below. */
const isLater = ({ createdAt }: Deployment, known: Deployment | undefined) =>
  createdAt !== null && createdAt > (known?.createdAt ?? Number.POSITIVE_INFINITY);

/** Whether a deployment is not among the newest that are known, those that are deleted by now too, though it is newer than one of them. */
function leftOut({ store }: Context, blocks: readonly BlockRef[]): (row: Deployment) => boolean {
  const top = topBlocks(blocks).flatMap(({ id }) => store.readWholeBlock(id));
  const known = new Set(top.map(({ id }) => id));
  const oldest = Math.min(...top.map(({ createdAt }) => createdAt ?? Number.POSITIVE_INFINITY));
  return ({ id, createdAt }) => !known.has(id) && createdAt !== null && createdAt > oldest;
}

const isNameless = ({ id }: Pick<Deployment, 'id'>) => id === '';

/** Known rows without an id above the newest that has one: they are no news, and nothing else tells them from any. */
function namelessAbove({ store }: Context, blocks: readonly BlockRef[], listHead: string): number {
  let nameless = 0;
  for (const row of newestFirst(store, topBlocks(blocks))) {
    if (row.id === listHead) return nameless;
    if (isNameless(row)) nameless += 1;
  }
  return 0;
}

/** It could not be read: later. After some tries, or where the API does not let it be read, it is not waited for. */
function afterFailure(context: Context, reserved: Reserved, error: PagesApiError): void {
  const { id, name, queue } = reserved;
  const { standing } = context.work.api;
  const about = { kind: 'read', project: id } as const;
  if (error.kind === 'unauthorized' && isEnded(standing, about))
    leaveOutPrune(context, { id, name }, `the API does not let it be read (${error.message})`);
  const isOurs = isApiError(error, 'blocked', 'unauthorized');
  // Not counted in the row: nothing of it was sent.
  if (!isOurs) queue.unread = (queue.unread ?? 0) + 1;
  queue.due = context.now() + retryAfter(isOurs ? strikesOf(standing, about) : (queue.unread ?? 1));
  if ((queue.unread ?? 0) <= RETRIES) return;
  queue.unread = 0;
  recordUnread(context, reserved);
}
