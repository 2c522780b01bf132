// What the routes share: the answers of the Keeper as view models, in the frame of a page; and what to say when there is none.

import type { Context } from 'hono';
import type { Overview } from '../report.ts';
import { iso } from '../words/time.ts';
import type { StatusDeps } from './app.ts';
import type { Envelope } from './formats/json.ts';
import { type Frame, isStale } from './frame.ts';
import { NOT_FOUND, startingMessage } from './html/message.ts';
import { type ViewOverview, viewOverview, viewTrouble } from './model/runs.ts';
import { emptyFrame, pathWithoutWatch, respondMessage } from './respond.ts';

/** Whether viewers are logged in, and may see the details of errors. */
export function isDetailed({ door }: Pick<StatusDeps, 'door'>): boolean {
  return door.mode === 'password' || door.mode === 'access';
}

/** The frame of a page with data of this age. */
export function frameOf(
  c: Context,
  deps: StatusDeps,
  { checkedAt, trouble: told }: Pick<Overview, 'checkedAt' | 'trouble'>,
): Frame {
  const frame = emptyFrame(c, deps);
  const trouble = viewTrouble(told, isDetailed(deps));
  return {
    ...frame,
    checkedAt,
    trouble,
    stale: isStale(checkedAt, trouble, frame.now),
    path: pathWithoutWatch(c),
    watching: c.req.query('watch') === '1',
  };
}

/** What every JSON answer starts with. */
export function envelopeOf(deps: StatusDeps, frame: Frame): Envelope {
  return {
    schemaVersion: 1,
    keeperVersion: deps.version,
    generatedAt: iso(frame.now) ?? '',
    stale: frame.stale,
  };
}

/** The overview. */
export async function askOverview(
  c: Context,
  deps: StatusDeps,
): Promise<{ readonly frame: Frame; readonly view: ViewOverview }> {
  const data = await deps.keeper().overview();
  const frame = frameOf(c, deps, data);
  return { frame, view: viewOverview(data, frame.now, isDetailed(deps)) };
}

/** Before the first look at the account. */
export function starting(c: Context, deps: StatusDeps, frame: Frame): Promise<Response> {
  return respondMessage(c, deps, startingMessage(frame), 503, { 'Retry-After': '10' });
}

/** No such project or run; before the first look at the account nobody can say so. */
export async function missing(c: Context, deps: StatusDeps): Promise<Response> {
  const { frame } = await askOverview(c, deps);
  return frame.checkedAt === null ? starting(c, deps, frame) : respondMessage(c, deps, NOT_FOUND, 404);
}
