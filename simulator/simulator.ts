// The simulated Pages API in one object: the account, the log of calls, and `fetch`, which answers like the real one.
// Runs in workerd and in Node, so Web APIs only. Must not reach the network or choose faults by itself.
import { Account } from './account.ts';
import { answer, isOpen } from './api.ts';
import { type Credentials, refuse } from './auth.ts';
import { type Call, readCall } from './calls.ts';
import type { Answer } from './envelope.ts';
import { type Fault, faultResponse, hasEffect, neverAnswer } from './faults.ts';
import { type Limit, RateLimit, REAL_LIMIT } from './limits.ts';

export type { Call } from './calls.ts';
export type { Fault } from './faults.ts';

/** All have defaults: the real clock, the real limits, no latency, `test-token` for the account `account`. */
export interface SimulatorOptions {
  now?: () => number;
  sleep?: (ms: number) => Promise<void>;
  /** Milliseconds until a call is answered. */
  latency?: (call: { method: string; path: string }) => number;
  /** `null`: no limit, and no headers about one. */
  limit?: Limit | null;
  /** Whether answers carry the Ratelimit headers. */
  headers?: boolean;
  token?: string;
  readToken?: string;
  email?: string;
  key?: string;
  accountId?: string;
  seed?: number;
}

/** What a fault is chosen by. Whoever chooses may also change the account: a foreign push between two pages, say. */
export interface FaultyCall {
  method: string;
  path: string;
  query: Record<string, string>;
  /** Place in `calls`. */
  index: number;
  project: string | null;
  deploymentId: string | null;
}

/** Thrown where a network error would be. */
export class DroppedConnection extends Error {
  override name = 'DroppedConnection';
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The API, in process: hand `fetch` to a client, or put it behind a server. */
export class Simulator {
  readonly account: Account;
  readonly calls: Call[] = [];
  /** Chooses what goes wrong with a call; `null`: nothing ever does. */
  fault: ((call: FaultyCall) => Fault | null) | null = null;
  readonly #options: SimulatorOptions;
  readonly #now: () => number;
  readonly #credentials: Credentials;
  readonly #limit: RateLimit | null;

  constructor(options: SimulatorOptions = {}) {
    const { token = 'test-token', readToken = 'read-token' } = options;
    const { email = 'test@example.com', key = 'test-key' } = options;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#credentials = { token, readToken, email, key };
    this.#limit = options.limit === null ? null : new RateLimit(options.limit ?? REAL_LIMIT);
    this.account = new Account({ seed: options.seed ?? 1, now: this.#now });
  }

  /** Answers a request, or rejects as `fetch` does when the connection is lost or the caller gives up. */
  async fetch(request: Request): Promise<Response> {
    const { call, query } = readCall(request, this.#now());
    const index = this.calls.push(call) - 1;
    const fault = this.fault?.({ ...call, query: { ...call.query }, index }) ?? null;
    call.fault = fault?.kind ?? null;
    const refused = isOpen(call.path) ? null : refuse(call.method, request.headers, this.#credentials);
    const limited = refused ? null : (this.#limit?.take(call.at) ?? null);
    await this.#wait(call, request.signal);
    if (fault?.kind === 'drop-before') throw new DroppedConnection('Network connection lost.');
    if (limited) return this.#respond(call, limited);
    if (fault?.kind === 'block') return this.#respond(call, this.#block());
    if (refused) return this.#respond(call, refused);
    const carriedOut = fault === null || hasEffect(fault);
    const reply = carriedOut ? await this.#carryOut(call, query, request) : null;
    if (reply) call.effect = reply.effect;
    if (fault?.kind === 'timeout') return neverAnswer(request.signal);
    if (fault?.kind === 'drop-after') throw new DroppedConnection('Network connection lost.');
    if (fault === null && reply) return this.#respond(call, reply);
    if (fault === null) throw new Error('a call without a fault has a reply');
    const response = faultResponse(fault, reply, this.#headers());
    call.status = response.status;
    return response;
  }

  #carryOut(call: Call, query: URLSearchParams, request: Request): Promise<Answer> {
    const { accountId = 'account' } = this.#options;
    return answer({ account: this.account, accountId, now: this.#now(), call, query, request });
  }

  async #wait(call: Call, signal: AbortSignal): Promise<void> {
    const ms = this.#options.latency?.(call) ?? 0;
    if (signal.aborted) await neverAnswer(signal);
    if (ms > 0) await Promise.race([(this.#options.sleep ?? pause)(ms), neverAnswer(signal)]);
  }

  #block(): Answer {
    const limit = this.#limit ?? new RateLimit(REAL_LIMIT);
    return limit.block(this.#now());
  }

  #headers(): Record<string, string> {
    if (this.#options.headers === false) return {};
    return this.#limit?.headers(this.#now()) ?? {};
  }

  #respond(call: Call, { status, body }: Answer): Response {
    call.status = status;
    const headers: Record<string, string> = { ...this.#headers(), 'content-type': 'application/json' };
    if (status === 429) headers['retry-after'] = String(this.#limit?.retryAfter(this.#now()) ?? 300);
    return new Response(JSON.stringify(body), { status, headers });
  }
}
