// What a route of the simulated API is, and what its handler may use. Types only; the routes themselves are in *-api.ts.
import type { Account } from './account.ts';
import type { Call } from './calls.ts';
import type { Answer } from './envelope.ts';

/** All a handler may use. `params` are the named parts of the path. */
export interface Context {
  readonly account: Account;
  readonly accountId: string;
  readonly now: number;
  readonly call: Call;
  readonly query: URLSearchParams;
  readonly request: Request;
  readonly params: Readonly<Record<string, string | undefined>>;
}

/** A handler by method and path pattern (`:name` matches one part). */
export type Route = readonly [
  method: string,
  pattern: string,
  handle: (context: Context) => Answer | Promise<Answer>,
];
