// Two Workers to compare with, written as a user would: Cloudflare's documented example (it looks at the first page only), and
// one that lists everything and then deletes all at once. Their `fetch` is the platform's: six at a time, and so many in all.
import type { VirtualClock } from './clock.ts';
import { DAY, KEEP_DAYS } from './scenario.ts';

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** A Worker's cron handler. */
export type Peer = (fetch: Fetch, now: number) => Promise<void>;

interface Row {
  readonly id: string;
  readonly created_on: string;
}

const ENDPOINT = 'https://api.test/client/v4/accounts/account/pages/projects/docs/deployments';
const HEADERS = { 'Content-Type': 'application/json;charset=UTF-8', Authorization: 'Bearer test-token' };

const isOld = (row: Row, now: number) => (now - Date.parse(row.created_on)) / DAY > KEEP_DAYS;

/** Cloudflare's example (pages/configuration/api): the first page, and of it what is old. */
export const documented: Peer = async (fetch, now) => {
  const response = await fetch(ENDPOINT, { headers: HEADERS });
  const deployments = (await response.json()) as { result: Row[] };
  for (const deployment of deployments.result)
    if (isOld(deployment, now))
      await fetch(`${ENDPOINT}/${deployment.id}`, { method: 'DELETE', headers: HEADERS });
};

/** What comes to mind next: every page, then all deletes at once. */
export const naive: Peer = async (fetch, now) => {
  const all: Row[] = [];
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${ENDPOINT}?page=${page}&per_page=25`, { headers: HEADERS });
    const { result } = (await response.json()) as { result: Row[] };
    all.push(...result);
    if (result.length < 25) break;
  }
  const old = all.filter((row) => isOld(row, now));
  await Promise.all(old.map(({ id }) => fetch(`${ENDPOINT}/${id}`, { method: 'DELETE', headers: HEADERS })));
};

const IN_FLIGHT = 6;

/** The `fetch` of one invocation that may make `cap` calls. */
export function platformFetch(
  send: (url: string, init: RequestInit) => Promise<Response>,
  cap: number,
): Fetch {
  let made = 0;
  let open = 0;
  const waiting: (() => void)[] = [];
  return async (url, init = {}) => {
    made += 1;
    if (made > cap) throw new Error('Too many subrequests by single Worker invocation.');
    if (open >= IN_FLIGHT) await new Promise<void>((resolve) => waiting.push(resolve));
    open += 1;
    try {
      return await send(url, init);
    } finally {
      open -= 1;
      waiting.shift()?.();
    }
  };
}

/** Runs a peer's invocation to its end; `false`: it threw. What it left running runs on. */
export async function invokePeer(clock: VirtualClock, peer: Peer, fetch: Fetch): Promise<boolean> {
  const open: Promise<unknown>[] = [];
  const watched: Fetch = (url, init) => {
    const call = fetch(url, init);
    open.push(call);
    return call;
  };
  const outcome = peer(watched, clock.now).then(
    () => true,
    () => false,
  );
  const settled = async () => {
    const ok = await outcome;
    await Promise.allSettled(open);
    return ok;
  };
  return clock.settle(settled());
}
