// The one place through which the doctor's requests go: GET and nothing else, but for the question to Git for its branches. Whatever asks for more is stopped here, whatever
// the rest of this folder, or the client it shares with the Worker, may do.

/** What a request is sent with. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Thrown instead of sending a request that is no GET. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
}

/** The same `fetch`, for GET without a body only: everything else throws, and nothing is sent. */
export function readOnly(fetch: Fetch): Fetch {
  return async (url, init) => {
    const method = init.method ?? 'GET';
    if (method !== 'GET' || (init.body !== undefined && init.body !== null)) {
      throw new WriteRefused(`npm run doctor only reads: ${method} was not sent`);
    }
    return plain(await fetch(url, { ...init, method: 'GET', redirect: 'manual' }));
  };
}

const BRANCHES = '0014command=ls-refs\n';

/** The same for Git servers, which are asked by POST what branches they have: that question, and no other. */
export function readOnlyOfGit(fetch: Fetch): Fetch {
  const reading = readOnly(fetch);
  return async (url, init) => {
    const isQuestion = url.endsWith('/git-upload-pack') && String(init.body).startsWith(BRANCHES);
    if (init.method !== 'POST' || !isQuestion) return reading(url, init);
    return plain(await fetch(url, { ...init, redirect: 'manual' }));
  };
}

/**
 * The answer with its body as an ordinary stream. Node's own is a byte stream, of which the client would use what only the
 * Workers runtime has (`readAtLeast`).
 */
function plain({ body, status, headers }: Response): Response {
  if (body === null || status < 200 || status > 599) return new Response(null, { status: 599, headers });
  return new Response(body.pipeThrough(new TransformStream()), { status, headers });
}
