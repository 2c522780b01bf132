// Rendered bodies and messages as responses, in the form that the path asks for. No data is read here.

import type { Context } from 'hono';
import { type Answer, answer } from './answer.ts';
import type { StatusDeps } from './app.ts';
import type { Envelope } from './formats/json.ts';
import type { Frame } from './frame.ts';
import { type Message, messagePage } from './html/message.ts';
import type { Html } from './html/parts.ts';

const LONGEST_QUERY = 4_000;

/** The frame of a page that holds no data. */
export function emptyFrame(c: Context, deps: StatusDeps): Frame {
  return {
    now: deps.now(),
    version: deps.version,
    simulated: deps.simulated,
    checkedAt: null,
    trouble: null,
    stale: false,
    path: c.req.path,
    watching: false,
  };
}

/** Answers with a message. */
export async function respondMessage(
  c: Context,
  deps: StatusDeps,
  message: Message,
  status: NonNullable<Answer['status']>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { path } = c.req;
  if (path.endsWith('.json'))
    return answer(c, { type: 'json', body: JSON.stringify({ error: message.word }), status, headers });
  if (path.endsWith('.svg') || path.endsWith('.atom'))
    return answer(c, { type: 'text', body: `${message.title}\n`, status, headers });
  const open = status === 404 || status === 503;
  const body = await messagePage(emptyFrame(c, deps), message, open);
  return answer(c, { type: 'html', body: String(body), status, headers });
}

/** `docs.json` is `docs` for programs: no project name and no run id holds a dot. */
export function split(param: string): { name: string; asJson: boolean } {
  return param.endsWith('.json')
    ? { name: param.slice(0, -'.json'.length), asJson: true }
    : { name: param, asJson: false };
}

/** Path and query of a page, without `watch`. */
export function pathWithoutWatch(c: Context): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.delete('watch');
  const query = searchParams.toString();
  // It is written into the page: what no link of ours is as long as, is left out.
  return query === '' || query.length > LONGEST_QUERY ? pathname : `${pathname}?${query}`;
}

/** JSON. The tag is taken without the time of making, or no two answers would ever be equal. */
export function json(c: Context, body: Envelope): Promise<Response> {
  const tagOver = JSON.stringify({ ...body, generatedAt: null });
  return answer(c, { type: 'json', body: JSON.stringify(body), tagOver });
}

/** A page, which reloads itself while it is watched and something is under way. */
export async function page(c: Context, frame: Frame, body: Html, underWay: boolean): Promise<Response> {
  const watched: Pick<Answer, 'fresh' | 'headers'> = frame.watching
    ? { fresh: true, headers: underWay ? { Refresh: '15' } : {} }
    : {};
  return answer(c, { type: 'html', body: String(await body), ...watched });
}
