// What a request is answered from, and what is known of its visitor: Hono's bindings and variables. Types only.

import type { Context } from 'hono';
import type { KeeperAsks } from '../asks.ts';
import type { Door, Problem } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import type { KeeperReads } from '../reads.ts';
import type { KeysOf } from './auth/access.ts';
import type { Frame } from './frame.ts';

/** What the status page needs from outside, read once for each request. */
export interface Site {
  /** Asked only once a request has been let in, and only where the configuration is valid. */
  readonly keeper: () => KeeperReads & KeeperAsks;
  readonly door: Door;
  /** For share links; `null`: there are none. */
  readonly shareKey: string | null;
  /** For hooks; `null`: there are none. */
  readonly hookKey: string | null;
  /** Whether those who are known may ask for a build by a button. */
  readonly rebuildButton: boolean;
  /** Whether those who are known may read the end of a failed build's log. */
  readonly buildLogs: boolean;
  /** What is wrong with the configuration. Where anything is, nothing is asked of the Keeper. */
  readonly problems: readonly Problem[];
  /** Every page says that the account is a simulated one. */
  readonly simulated: boolean;
  /** Epoch ms. */
  readonly now: () => number;
  /** `ctx.access`: set by the runtime where Cloudflare Access protects the Worker itself. */
  readonly access?: { readonly aud: string } | undefined;
  /** The keys of Access teams. One for all requests, since it remembers them. */
  readonly keysOf: KeysOf;
  readonly version: string;
  /** The reader's time zone as Cloudflare takes it to be, such as `Europe/Berlin`; `null`: not known. */
  readonly timeZone: string | null;
  readonly log: (entry: LogEntry) => void;
}

/**
 * Who is looking: `outside` has not passed the door, `guest` has a link to one project, `public` came through an open
 * door, `known` gave the password or came by Access and may see details. Set by the door, and nowhere guessed.
 */
export type Visitor = 'outside' | 'guest' | 'public' | 'known';

/** What a request gathers on its way. */
export interface Variables {
  visitor: Visitor;
  /** What every page says besides its own data. */
  frame: Frame;
}

/** The app's environment. */
export interface SiteEnv {
  Bindings: Site;
  Variables: Variables;
}

/** One request. */
export type Ask = Context<SiteEnv>;
