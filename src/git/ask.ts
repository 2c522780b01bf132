// Asking a Git server for its branches: two requests, by Git's own protocol over https (git-scm.com/docs/http-protocol). No redirect is
// followed, for it would carry the token away; what an error says is never told, for it may hold an address with a token.

import { MOST_BYTES, readBytes } from './body.ts';
import { packet } from './pkt-line.ts';
import { type Heads, readGreeting, readRefs } from './refs.ts';
import type { Wanted } from './wanted.ts';

/** What sends a request. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * What came of asking. `final`: asking again would say the same. `why` is a sentence's end; what the server said in it is hostile
 * until escaped.
 */
export type GitAnswer =
  | { readonly kind: 'heads'; readonly heads: Heads; readonly bytes: number }
  | { readonly kind: 'unread'; readonly why: string; readonly final: boolean };

const TIMEOUT_MS = 10_000;
const AGENT = 'pages-keeper';
const LOCATION = 300;

type Got = { readonly bytes: Uint8Array } | Extract<GitAnswer, { kind: 'unread' }>;

/** Asks for the branches that begin with one of these prefixes (`''`: all); `wanted`: those that are looked for. */
export async function askHeads(
  fetch: Fetch,
  at: { readonly address: string; readonly authorization: string | null },
  wanted: Wanted,
  prefixes: readonly string[] = [''],
): Promise<GitAnswer> {
  const headers = {
    'user-agent': AGENT,
    'git-protocol': 'version=2',
    ...(at.authorization === null ? {} : { authorization: at.authorization }),
  };
  const url = `${at.address}/info/refs?service=git-upload-pack`;
  const first = await get(fetch, url, { headers }, 'application/x-git-upload-pack-advertisement');
  if (!('bytes' in first)) return first;
  const greeting = readGreeting(first.bytes, wanted);
  if (greeting.kind === 'unread') return { ...greeting, final: true };
  if (greeting.kind === 'old') return { kind: 'heads', heads: greeting.heads, bytes: first.bytes.length };
  const request = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-git-upload-pack-request' },
    body: lsRefs(greeting.objectFormat, prefixes),
  };
  const second = await get(
    fetch,
    `${at.address}/git-upload-pack`,
    request,
    'application/x-git-upload-pack-result',
  );
  if (!('bytes' in second)) return second;
  return { kind: 'heads', heads: readRefs(second.bytes, wanted), bytes: second.bytes.length };
}

function lsRefs(objectFormat: string | null, prefixes: readonly string[]): string {
  const format = objectFormat === null ? '' : packet(`object-format=${objectFormat}\n`);
  const wanted = prefixes.map((prefix) => packet(`ref-prefix refs/heads/${prefix}\n`));
  return `${packet('command=ls-refs\n')}${format}0001${wanted.join('')}0000`;
}

const unread = (why: string, final: boolean): Got => ({ kind: 'unread', why, final });

async function get(fetch: Fetch, url: string, init: RequestInit, type: string): Promise<Got> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const refused = refusalIn(response, type);
    if (refused !== null) {
      await response.body?.cancel();
      return refused;
    }
    const bytes = await readBytes(response);
    return bytes === null
      ? unread(`its answer is longer than ${MOST_BYTES / 1_000_000} MB`, true)
      : { bytes };
  } catch {
    return unread(`it gave no answer within ${TIMEOUT_MS / 1_000} s`, false);
  }
}

function refusalIn(response: Response, type: string): Got | null {
  const { status, headers } = response;
  if (status >= 300 && status < 400) return unread(`it leads to ${leadsTo(headers.get('location'))}`, true);
  if ([401, 403, 404].includes(status))
    return unread(`it is not there, or GIT_TOKEN does not open it (HTTP ${status})`, true);
  if (status !== 200) return unread(`it answered HTTP ${status}`, false);
  const is = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return is === type ? null : unread('its answer is none of Git’s', true);
}

/** Where a redirect leads, without what may be a secret: user, password and query. */
function leadsTo(location: string | null): string {
  const url = location === null ? null : URL.parse(location);
  if (url === null) return 'another address';
  return `${url.origin}${url.pathname}`.slice(0, LOCATION);
}
