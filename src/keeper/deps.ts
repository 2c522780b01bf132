// What the Keeper needs from outside, and what it answers a tick. Types only.

import type { Config } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import type { Storage } from './store/store.ts';

/** What a tick's first look came to; `ok: false` must fail the cron event. */
export type TickResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Everything the Keeper needs from outside. */
export interface KeeperDeps {
  readonly storage: Storage;
  /** The object's only alarm. Times are epoch ms. */
  readonly alarms: { set(at: number): Promise<void>; clear(): Promise<void> };
  /**
   * Read anew before every batch: the brake. Never kept, for an isolate may outlive a change of its settings (Cloudflare,
   * "Making changes to bindings"). Throws ConfigError.
   */
  readonly readConfig: () => Config;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly sleep: (ms: number) => Promise<void>;
}
