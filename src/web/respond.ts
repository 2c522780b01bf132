// Rendered bodies and messages as responses, in the form that the path asks for. No data is read here.

import { isNewer } from '../policy/version.ts';
import type { Overview } from '../reads.ts';
import type { Health } from '../report.ts';
import { iso } from '../words/time.ts';
import { zoneOf } from '../words/zone.ts';
import type { Envelope } from './formats/json.ts';
import { isOutdated } from './frame.ts';
import { weakTag } from './headers.ts';
import { type Message, messagePage, notConfiguredMessage, startingMessage } from './html/message.ts';
import { type Html, json } from './markup.ts';
import { viewTrouble } from './model/runs.ts';
import type { Ask } from './site.ts';

const TYPES = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  text: 'text/plain; charset=utf-8',
} as const;

/** The statuses that we answer with, besides Hono's own 304. */
export type Status = 200 | 202 | 429 | 401 | 403 | 404 | 405 | 409 | 410 | 503;

type Headers = Readonly<Record<string, string>>;

const LONGEST_QUERY = 4_000;

/** Whether the visitor has shown who he is, and may see the details of errors. */
export const isKnown = (c: Ask) => c.var.visitor === 'known';

/** Path and query of a page, without `watch`. */
function pathWithoutWatch(c: Ask): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.delete('watch');
  const query = searchParams.toString();
  // It is written into the page. No link of ours is that long, so what is, is left out.
  return query === '' || query.length > LONGEST_QUERY ? pathname : `${pathname}?${query}`;
}

/** Starts the frame of a page, without data. */
export function beginFrame(c: Ask): void {
  const { now, version, simulated, timeZone } = c.env;
  c.set('frame', {
    now: now(),
    // Without Cloudflare in between, the runtime of `npm start` says that everybody is in Chicago.
    zone: simulated ? null : zoneOf(timeZone),
    version,
    newer: null,
    simulated,
    checkedAt: null,
    trouble: null,
    health: null,
    stale: false,
    origin: new URL(c.req.url).origin,
    isPublic: c.env.door.mode === 'public',
    path: pathWithoutWatch(c),
    watching: c.req.query('watch') === '1',
    guest: false,
  });
}

/** The newer version that there is, for a visitor who has shown who he is. */
function newerFor(c: Ask, { newest }: Health): string | null {
  return isKnown(c) && newest !== null && isNewer(newest, c.env.version) ? newest : null;
}

/** Fills the frame of a page whose data does not age. */
export function frameHealth(c: Ask, { health }: Pick<Overview, 'health'>): void {
  c.set('frame', { ...c.var.frame, now: c.env.now(), health, newer: newerFor(c, health) });
}

/** Fills the frame: how old the data is that the Keeper gave, and what troubles it. A guest is not told of the trouble. */
export function frameData(c: Ask, data: Pick<Overview, 'checkedAt' | 'trouble' | 'health'>): void {
  const now = c.env.now();
  const { checkedAt, health } = data;
  const guest = c.var.visitor === 'guest';
  const trouble = guest ? null : viewTrouble(data.trouble, isKnown(c));
  c.set('frame', {
    ...c.var.frame,
    now,
    checkedAt,
    health,
    newer: newerFor(c, health),
    trouble,
    guest,
    stale: isOutdated(checkedAt, trouble, now),
  });
}

/**
 * A body as a response. A 200 may be kept by the browser, which has to ask again each time; nobody else may keep it. Its
 * tag is taken here: Hono's etag, which compares it, would copy the body through a stream, for 0.9 ms of CPU a view.
 */
export async function respond(
  c: Ask,
  type: keyof typeof TYPES,
  body: string,
  status: Status = 200,
  headers: Headers = {},
): Promise<Response> {
  const all: Record<string, string> = { 'Content-Type': TYPES[type], ...headers };
  if (status === 200 && all['Cache-Control'] === undefined) {
    all['Cache-Control'] = 'private, no-cache';
    all.ETag ??= await weakTag(body);
  }
  return c.body(body, status, all);
}

/** Answers with a message. */
export function respondMessage(
  c: Ask,
  message: Message,
  status: Status,
  headers: Headers = {},
): Promise<Response> {
  const { path } = c.req;
  if (path.endsWith('.json')) return respond(c, 'json', json({ error: message.word }), status, headers);
  if (path.endsWith('.svg') || path.endsWith('.atom'))
    return respond(c, 'text', `${message.title}\n`, status, headers);
  const isLetIn = c.var.visitor === 'public' || c.var.visitor === 'known';
  return respond(c, 'html', String(messagePage(c.var.frame, message, isLetIn)), status, headers);
}

/**
 * The configuration is broken. The log says how as well, since it may be a while until the next tick, which would; visitors
 * who are known read it here.
 */
export function respondNotConfigured(c: Ask): Promise<Response> {
  const { problems, log } = c.env;
  log({ level: 'error', event: 'config', problems });
  return respondMessage(c, notConfiguredMessage(isKnown(c) ? problems : []), 503);
}

/** Before the first look at the account. */
export function respondStarting(c: Ask): Promise<Response> {
  return respondMessage(c, startingMessage(c.var.frame), 503, { 'Retry-After': '10' });
}

/** JSON in its envelope. The tag is taken without the time of making, or no two answers would ever be equal. */
export async function respondJson(c: Ask, fields: object): Promise<Response> {
  const { now, version, stale } = c.var.frame;
  const envelope: Envelope = {
    schemaVersion: 2,
    keeperVersion: version,
    generatedAt: iso(now) ?? '',
    stale,
  };
  const tag = await weakTag(JSON.stringify({ ...envelope, generatedAt: '', ...fields }));
  return respond(c, 'json', json({ ...envelope, ...fields }), 200, { ETag: tag });
}

/** A page, which reloads itself while it is watched and something is under way. */
export function respondPage(c: Ask, page: Html, underWay: boolean): Promise<Response> {
  if (!c.var.frame.watching) return respond(c, 'html', String(page));
  const again: Headers = underWay ? { Refresh: '15' } : {};
  return respond(c, 'html', String(page), 200, { 'Cache-Control': 'no-store', ...again });
}
