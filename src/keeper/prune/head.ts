// The head of a project's list, read once more before anything is forced: a push to a stale branch must be seen. Sends GET only.

import { isApiError } from '../../pages-api/errors.ts';
import { retryAfter } from '../budget.ts';
import { type Calls, listPage } from '../calls.ts';
import type { Context } from '../context.ts';
import { recordUnread } from './record.ts';
import type { Reserved } from './reserved.ts';

/** Before `force=true`: the newest known deployment must still be on page 1, with nothing new of these branches above it. */
export async function lookAtHead(
  context: Context,
  calls: Calls,
  { id, name, queue, row, items }: Reserved,
): Promise<'unmoved' | 'moved' | 'unread'> {
  const answer = await listPage(context, calls, { id, name });
  if (answer.kind === 'spent') return 'unread';
  if (answer.kind === 'failed') {
    queue.due = context.now() + retryAfter(row.attempt + 1);
    if (!isApiError(answer.error, 'blocked', 'unauthorized')) recordUnread(context, { id, name, queue, row });
    return 'unread';
  }
  const { rows } = answer.value;
  const known = rows.findIndex((one) => one.id === queue.listHead);
  const branches = new Set(items.map(({ branch }) => branch));
  const isUnmoved = known !== -1 && !rows.slice(0, known).some(({ branch }) => branches.has(branch));
  return isUnmoved ? 'unmoved' : 'moved';
}
