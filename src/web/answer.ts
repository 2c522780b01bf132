// From a rendered body to a response: type, caching, weak ETag, 304. Knows nothing of what is in the body.

import type { Context } from 'hono';

const TYPES = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  text: 'text/plain; charset=utf-8',
} as const;

/** A body and what to say about it. */
export interface Answer {
  readonly type: keyof typeof TYPES;
  readonly body: string;
  readonly status?: 200 | 401 | 403 | 404 | 405 | 500 | 503;
  /** What the ETag is taken over, where the body holds the time of its making; the body when absent. */
  readonly tagOver?: string;
  /** Never stored and never 304: errors, and pages that reload themselves. */
  readonly fresh?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The response. A 200 may be kept by the browser, which has to ask again each time; nobody else may keep it. */
export async function answer(c: Context, { type, body, status = 200, ...rest }: Answer): Promise<Response> {
  const headers: Record<string, string> = { ...rest.headers, 'Content-Type': TYPES[type] };
  if (status !== 200 || rest.fresh === true)
    return c.body(body, status, { ...headers, 'Cache-Control': 'no-store' });
  headers['Cache-Control'] = 'private, no-cache';
  const tag = await weakTag(rest.tagOver ?? body);
  headers.ETag = tag;
  if (matches(c.req.header('If-None-Match'), tag)) return c.body(null, 304, headers);
  return c.body(body, status, headers);
}

async function weakTag(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = [...new Uint8Array(digest, 0, 10)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `W/"${hex}"`;
}

/** Weak comparison: Cloudflare turns a tag into its weak form when it compresses. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const bare = tag.slice(2);
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare);
}
