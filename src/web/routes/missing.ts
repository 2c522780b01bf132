// What is answered where there is no such project or run.

import type { OverviewQuery } from '../../reads.ts';
import { NOT_FOUND } from '../html/message.ts';
import { frameData, respondMessage, respondStarting } from '../respond.ts';
import type { Ask } from '../site.ts';

/** When the account was looked at, and nothing of it. */
export const NOTHING: OverviewQuery = {
  ...{ page: 1, size: 1, find: null, status: null, order: 'need', runs: 0 },
};

/** Not found; but before the first look at the account nobody can say so. */
export async function missing(c: Ask): Promise<Response> {
  frameData(c, await c.env.keeper().overview(NOTHING));
  return c.var.frame.checkedAt === null ? respondStarting(c) : respondMessage(c, NOT_FOUND, 404);
}
