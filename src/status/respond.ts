// One message in the form that the path asks for: a page, JSON, or plain text for badges and feeds.

import type { Context } from 'hono';
import { type Answer, answer } from './answer.ts';
import type { StatusDeps } from './app.ts';
import type { Frame } from './frame.ts';
import { type Message, messagePage } from './views/message.ts';

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
