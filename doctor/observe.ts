// Looking at each answer as it comes, before the client reads it: for what the API does (behaviour.ts) and for its shapes
// (record.ts). Changes nothing of what is sent, nor of what the client gets.

import type { Fetch } from './read-only.ts';

/** One answer. `body`: what its JSON says; `undefined` where it is none. */
export interface Exchange {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A `fetch` that shows each answer to `see`. No answer, nothing to see. */
export function observed(fetch: Fetch, see: (exchange: Exchange) => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const text = await response.text();
    const { status, headers } = response;
    see({ url: new URL(url), status, headers, body: parsed(text) });
    // These have no body, and `Response` takes none for them.
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers });
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
