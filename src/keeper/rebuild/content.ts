// What a rule's `ifChanged` answers now, against what it answered at the last build: so that a build is spent only on news.
// One GET elsewhere, never with our credentials; its URL is the owner's own, and is neither logged nor shown.

import { createBodyReader } from '../../pages-api/body.ts';
import type { Context } from '../context.ts';
import { monthOf } from '../quotas.ts';
import type { ContentMark } from '../store/documents.ts';

/** `changed` with no mark: it could not be asked, so it is built, and what is known stays as it is. */
export type Content =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly mark: ContentMark | null; readonly why?: string };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;
const PART = 65_536;
const MAX_HEADER = 500;

/** Asks `url` whether it has changed since `known`. Never throws: a source that fails is a reason to build. */
export async function askContent(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  { url, branch }: { readonly url: string; readonly branch: string },
  known: ContentMark | null,
): Promise<Content> {
  const source = await sha256(url);
  const before = known !== null && known.source === source && known.branch === branch ? known : null;
  try {
    const response = await fetch(url, {
      headers: conditions(before),
      redirect: 'manual', // a redirect would cost a request that nobody has counted
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 304 && before !== null) return { kind: 'unchanged' };
    if (response.status !== 200) {
      await response.body?.cancel();
      return { kind: 'changed', mark: null, why: `it answered HTTP ${response.status}` };
    }
    const hash = await sha256(await createBodyReader(MAX_BYTES, PART)(response));
    if (before?.hash === hash) return { kind: 'unchanged' };
    const header = (name: string) => response.headers.get(name)?.slice(0, MAX_HEADER) ?? '';
    const mark = { source, branch, etag: header('etag'), lastModified: header('last-modified'), hash };
    return { kind: 'changed', mark };
  } catch {
    // Never the error's own words: they may hold the URL.
    return { kind: 'changed', mark: null, why: 'it gave no answer of at most 1 MB within 10 s' };
  }
}

function conditions(before: ContentMark | null): Record<string, string> {
  return {
    ...(before?.etag ? { 'if-none-match': before.etag } : {}),
    ...(before?.lastModified ? { 'if-modified-since': before.lastModified } : {}),
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Stores the content of which a build has succeeded. */
export function keepMark({ store }: Pick<Context, 'store'>, projectId: string, mark: ContentMark): void {
  const row = store.read('content', projectId) ?? { month: '', saved: 0 };
  store.write('content', projectId, { ...row, mark });
}

/** Counts a build that was not needed. */
export function countSaved({ store }: Pick<Context, 'store'>, projectId: string, now: number): void {
  const row = store.read('content', projectId) ?? { mark: null, month: '', saved: 0 };
  const month = monthOf(now);
  store.write('content', projectId, { ...row, month, saved: row.month === month ? row.saved + 1 : 1 });
}
