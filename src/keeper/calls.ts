// A slice: what one invocation may send. Every call is taken from its budget first, and what the answers say about the
// API's limit and about the credentials is noted here, in one place. Decides nothing else.

import type { Config } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import { createPagesApi, type PagesApi } from '../pages-api/client.ts';
import { isApiError, type PagesApiError } from '../pages-api/errors.ts';
import { addBlock, addHeaders, endBlock } from '../policy/pace.ts';
import type { ProjectState } from './store/inventory.ts';
import type { Store } from './store/store.ts';
import type { Work } from './work.ts';

/** What the Keeper's parts share within one invocation. */
export interface Context {
  readonly store: Store;
  /** Changed in place, between awaits only: a tick or a view may have changed it during one. */
  readonly work: Work;
  readonly config: Config;
  readonly slice: Slice;
  readonly now: () => number;
  /** Projects changed in this invocation: their part of the overview is written once, at its end. */
  readonly touched: Map<string, ProjectState>;
  readonly log: (entry: LogEntry) => void;
}

/** The budget of one invocation, and the client that it is spent on. */
export interface Slice {
  readonly api: PagesApi;
  /** Takes a call from the budget; `false`: none may be sent (any more). A `source` is a request elsewhere. */
  take(kind: 'list' | 'call' | 'source'): boolean;
  /** Sends a request elsewhere, once it is taken. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Notes what a failed call says about the limit and the credentials. */
  note(error: unknown): void;
  readonly calls: () => number;
  /** When the last call went. */
  readonly lastCallAt: () => number;
}

/** Calls that one invocation may make: Workers Free has 50 subrequests, of which redirects and notices keep five. */
export const CALLS_A_SLICE = 45;
/** Lists that one invocation may read: 10 ms of CPU on Free. */
export const LISTS_A_SLICE = 12;

// At most six at once: a seventh would wait for headers in the runtime, its time-out running.
const IN_FLIGHT = 6;
// Waits after a first, second, … failure (ms); after the last one it counts as failed.
const RETRY_AFTER_MS = [2_000, 8_000, 32_000, 120_000] as const;
/** How often something that failed is tried again. */
export const RETRIES = RETRY_AFTER_MS.length;

/** How long to wait (ms) after the `failures`-th failure. */
export function retryAfter(failures: number): number {
  return RETRY_AFTER_MS[Math.min(failures, RETRIES) - 1] ?? 0;
}

/** What to do about refused credentials, for the log, the tick's error and the page. */
export const TOKEN_ADVICE =
  'Set a token with the permission "Account · Cloudflare Pages · Edit": npx wrangler secret put CLOUDFLARE_API_TOKEN';

/** Opens the budget of `allowed` calls. */
export function openSlice(options: {
  work: Work;
  config: Config;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  allowed: number;
  /** Called when the API has blocked us: this must outlive the process, or the next one calls into the block. */
  blocked: () => void;
}): Slice {
  const { work, config, now } = options;
  let calls = 0;
  let lists = 0;
  let sources = 0;
  let refused = false;
  let lastCallAt = now();
  const api = createPagesApi({
    baseUrl: config.apiBaseUrl,
    accountId: config.accountId,
    credentials: config.credentials,
    now,
    async fetch(url, init) {
      lastCallAt = now();
      const response = await options.fetch(url, init);
      work.pace = addHeaders(work.pace, response.headers, now());
      return response;
    },
  });
  return {
    api,
    fetch: options.fetch,
    take(kind) {
      if (calls + sources >= CALLS_A_SLICE) return false;
      if (kind === 'source') {
        sources += 1;
        return true;
      }
      const { blockedUntil, lowUntil } = work.pace;
      if (refused || calls >= options.allowed || Math.max(blockedUntil, lowUntil) > now()) return false;
      if (kind === 'list' && lists >= LISTS_A_SLICE) return false;
      calls += 1;
      if (kind === 'list') lists += 1;
      return true;
    },
    note(error) {
      if (isApiError(error, 'blocked')) {
        noteBlock(work, error, now());
        options.blocked();
      }
      if (isApiError(error, 'not-allowed')) {
        noteRefusal(work, error, now());
        refused = true;
      }
    },
    calls: () => calls,
    lastCallAt: () => lastCallAt,
  };
}

function noteBlock(work: Work, { message, retryAt }: PagesApiError, now: number): void {
  const until = retryAt ?? now;
  work.pace = addBlock(work.pace, until);
  work.trouble = { kind: 'blocked', since: now, until, message };
}

function noteRefusal(work: Work, error: PagesApiError, now: number): void {
  work.halted = true;
  work.noticeDue = true;
  const message = `The API refused the credentials (${error.message}). ${TOKEN_ADVICE}`;
  work.trouble = { kind: 'token', since: now, until: null, message };
}

/** Sends the one call after a block that shows whether it has ended; `true` when it has. */
export async function probe({ work, slice }: Context): Promise<boolean> {
  if (!slice.take('list')) return false;
  try {
    await slice.api.listProjects({ page: 1, perPage: 1 });
  } catch (error) {
    slice.note(error);
    // Any other failure is no block: what follows will meet it and say so.
    if (isApiError(error, 'blocked')) return false;
  }
  work.pace = endBlock(work.pace);
  if (work.trouble?.kind === 'blocked') work.trouble = null;
  return true;
}

/** Runs `task` over the items, six at a time, in their order. */
export async function inFlight<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, items.length) }, worker));
}
