// What a view is made from: a type, for everything in this folder. Reads nothing.

import type { Config } from '../../config/config.ts';
import type { Store } from '../store/store.ts';
import type { Work } from '../work.ts';

/** What is known at one moment, and the configuration by which it is shown. `now`: epoch ms. */
export interface View {
  readonly store: Store;
  readonly work: Work;
  readonly config: Config;
  readonly now: number;
}
