// What is answered where there is no such project or run.

import { NOT_FOUND } from '../html/message.ts';
import { frameData, respondMessage, respondStarting } from '../respond.ts';
import type { Ask } from '../site.ts';

/** Not found; but before the first look at the account nobody can say so. */
export async function missing(c: Ask): Promise<Response> {
  frameData(c, await c.env.keeper().overview());
  return c.var.frame.checkedAt === null ? respondStarting(c) : respondMessage(c, NOT_FOUND, 404);
}
