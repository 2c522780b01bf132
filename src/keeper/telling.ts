// What there is to tell, and to whom: a part of what is under way (work.ts). Types only.

import type { BuildNews } from '../policy/build-news.ts';

/** Somebody who is told. What was told is stored by itself, see news.ts. */
export interface Listener {
  /** When it was first seen in the settings. Epoch ms. */
  readonly since: number;
  /** Times that it has not taken a message, one after the other, since the last tick. */
  tries: number;
  /** When it is tried again, or told the rest. Epoch ms; `null`: when there is something to tell. */
  againAt: number | null;
  /** Why it did not take the last message; `null`: it did. */
  why: string | null;
}

/** What there is to tell, and to whom. */
export interface Telling {
  /** By the name of the destination. */
  to: Record<string, Listener>;
  /** Something has happened since that may be worth a notice. */
  due: boolean;
  /** Builds that have ended and that not everybody was told of, and the number of the last one. */
  news: BuildNews[];
  newsSeq: number;
  /** What to do about refused credentials, until the API has let them in. */
  refused: string | null;
  /** When something was to be done and nothing was, for 15 minutes or more, until a run has gone well. */
  stalledAt: number | null;
  /** Why the last run failed, when it did, and the projects whose last scheduled build did, with its branch. */
  failedRun: string | null;
  failedBuilds: Record<string, string>;
}
