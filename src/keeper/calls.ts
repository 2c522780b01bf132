// What one alarm may send. Every call is taken from its budget first and answers with a value; what an answer says about the
// API's limit and about the credentials is noted here, in one place. Decides nothing else, and never calls twice.

import { createPagesApi, type PagesApi } from '../pages-api/client.ts';
import { isApiError, type PagesApiError } from '../pages-api/errors.ts';
import type { Deployment, Page } from '../pages-api/model.ts';
import { type About, addRefusal, addSuccess } from '../policy/credentials.ts';
import { addBlock, addHeaders, endBlock } from '../policy/pace.ts';
import { CALLS_AN_ALARM, IN_FLIGHT, LISTS_AN_ALARM } from './budget.ts';
import type { Context } from './context.ts';
import { shrinkPages } from './page-size.ts';
import type { Work } from './work.ts';

/** What became of a call. `spent`: none may be sent (any more) in this alarm. */
export type Outcome<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: PagesApiError }
  | { readonly kind: 'spent' };

/** The budget of one alarm, and the client that it is spent on. */
export class Calls {
  readonly #context: Pick<Context, 'work' | 'now' | 'save'>;
  readonly #fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly #allowed: number;
  readonly #api: PagesApi;
  readonly #sent = { calls: 0, lists: 0, elsewhere: 0, build: 0, delete: 0 };
  #lastAt: number;
  #isStopped = false;

  /** `allowed`: how many calls the pace allows. `fetch` must be bound. */
  constructor(
    context: Pick<Context, 'work' | 'config' | 'now' | 'save'>,
    fetch: (url: string, init: RequestInit) => Promise<Response>,
    allowed: number,
  ) {
    const { work, config, now } = context;
    this.#context = context;
    this.#fetch = fetch;
    this.#allowed = allowed;
    this.#lastAt = now();
    this.#api = createPagesApi({
      baseUrl: config.apiBaseUrl,
      accountId: config.accountId,
      credentials: config.credentials,
      now,
      fetch: async (url, init) => {
        this.#lastAt = now();
        const response = await fetch(url, init);
        work.api.pace = addHeaders(work.api.pace, response.headers, now());
        return response;
      },
    });
  }

  /** Reads a list. Anything but a `PagesApiError` that goes wrong is a fault of ours, and is thrown. */
  list<T>(about: About, call: (api: PagesApi) => Promise<T>): Promise<Outcome<T>> {
    return this.#ask(about, call, true);
  }

  /** Makes a call about one thing: a deployment, a project, a build. */
  single<T>(about: NonNullable<About>, call: (api: PagesApi) => Promise<T>): Promise<Outcome<T>> {
    return this.#ask(about, call, false);
  }

  /** Requests elsewhere, which count as well and go together; `null`: so many are not left. */
  elsewhere(requests = 1): ((url: string, init: RequestInit) => Promise<Response>) | null {
    if (this.#sent.calls + this.#sent.elsewhere + requests > CALLS_AN_ALARM) return null;
    this.#sent.elsewhere += requests;
    return this.#fetch;
  }

  /** Whether a call could be sent now. */
  isLeft(): boolean {
    const { calls, elsewhere } = this.#sent;
    const { blockedUntil, lowUntil } = this.#context.work.api.pace;
    const isWithin = calls + elsewhere < CALLS_AN_ALARM && calls < this.#allowed;
    return isWithin && !this.#isStopped && Math.max(blockedUntil, lowUntil) <= this.#context.now();
  }

  /** Whether one that lists could. */
  isListLeft(): boolean {
    return this.#sent.lists < LISTS_AN_ALARM && this.isLeft();
  }

  /** How many were made. */
  made(): number {
    return this.#sent.calls;
  }

  /** When the last one went. Epoch ms. */
  lastAt(): number {
    return this.#lastAt;
  }

  #take(about: About, isList: boolean): boolean {
    const sent = this.#sent;
    if (!(isList ? this.isListLeft() : this.isLeft())) return false;
    if (about !== null && about.kind !== 'read') {
      if (!mayWrite(this.#context.work, sent[about.kind])) return false;
      sent[about.kind] += 1;
    }
    sent.calls += 1;
    if (isList) sent.lists += 1;
    return true;
  }

  async #ask<T>(about: About, call: (api: PagesApi) => Promise<T>, isList: boolean): Promise<Outcome<T>> {
    const { work, now } = this.#context;
    if (!this.#take(about, isList)) return { kind: 'spent' };
    try {
      const value = await call(this.#api);
      work.api.standing = addSuccess(work.api.standing, about, now());
      return { kind: 'answer', value };
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.#note(about, error);
      return { kind: 'failed', error };
    }
  }

  /** Notes what a failure says about the credentials and the limit. */
  #note(about: About, error: PagesApiError): void {
    const { work, now, save } = this.#context;
    if (error.kind === 'unauthorized') {
      work.api.standing = addRefusal(work.api.standing, about, now());
      this.#isStopped = true;
    }
    if (error.kind === 'blocked') {
      noteBlock(work, error, now());
      // This must outlive the process, or the next one calls into the block.
      save();
    }
  }
}

/** Whether a build or a delete may go; `sent`: how many of its kind this alarm has sent. */
function mayWrite({ api }: Work, sent: number): boolean {
  return api.standing.writes === 'yes' || (api.standing.writes === 'one' && sent === 0);
}

function noteBlock(work: Work, { message, retryAt }: PagesApiError, now: number): void {
  work.api.pace = addBlock(work.api.pace, retryAt ?? now, now);
  work.api.trouble = { kind: 'blocked', since: now, until: work.api.pace.blockedUntil, message };
}

/** Sends the one call after a block that shows whether it has ended; `true` when it has. */
export async function probe({ work }: Pick<Context, 'work'>, calls: Calls): Promise<boolean> {
  const answer = await calls.list(null, (api) => api.listProjects({ page: 1, perPage: 1 }));
  // Any other failure is no block: what follows will meet it and say so.
  if (answer.kind === 'spent' || (answer.kind === 'failed' && answer.error.kind === 'blocked')) return false;
  work.api.pace = endBlock(work.api.pace);
  if (work.api.trouble?.kind === 'blocked') work.api.trouble = null;
  return true;
}

/**
 * Reads a page of a project's deployments, the newest where none is named, whoever wants it. Falls back to smaller pages
 * where the account takes no others; what it learns holds for everybody.
 */
export async function listPage(
  { work }: Pick<Context, 'work'>,
  calls: Calls,
  project: { readonly id: string; readonly name: string },
  page = 1,
): Promise<Outcome<Page<Deployment>>> {
  for (;;) {
    const { perPage } = work.api;
    const answer = await calls.list({ kind: 'read', project: project.id }, (api) =>
      api.listDeployments(project.name, perPage === null ? null : { page, perPage }),
    );
    const refused = answer.kind === 'failed' && answer.error.kind === 'page-refused';
    if (!refused || perPage === null) return answer;
    shrinkPages(work, perPage);
  }
}

/**
 * Runs `task` over the items, six at a time, in their order. Ends when all of them have ended, whatever became of any: what is
 * still at work must never meet the next alarm. Throws what the first one threw.
 */
export async function inFlight<T>(
  items: readonly T[],
  task: (item: T) => Promise<unknown>,
  atOnce = IN_FLIGHT,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await task(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
