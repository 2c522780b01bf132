// What the Keeper's parts share within one alarm. What is handed no `Calls` beside it cannot call the API.

import type { Config } from '../config/config.ts';
import type { LogEntry } from '../log.ts';
import type { ProjectState } from './store/inventory.ts';
import type { Store } from './store/store.ts';
import type { Work } from './work.ts';

/** One alarm's surroundings, handed to every part of it. */
export interface Context {
  readonly store: Store;
  /** Changed in place, between awaits only: a tick or a view may have changed it during one. */
  readonly work: Work;
  readonly config: Config;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
  /** Stores `work`. */
  readonly save: () => void;
  /** Projects changed in this alarm: their part of the overview is written once, at its end. */
  readonly touched: Map<string, ProjectState>;
}
