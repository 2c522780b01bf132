// What is stored as one value a row, table by table: types only. A field added here is missing in rows stored earlier: it needs
// a default where it is read, or a migration (schema.ts).

import type { Wait } from '../../policy/hooks.ts';
import type { Undeletable } from '../../policy/verdict.ts';
import type { RunRecord } from '../../report.ts';
import type { Walk } from '../deployments/walk.ts';
import type { ProjectState } from './inventory.ts';
import type { OverviewEntry } from './overview-entry.ts';

/** The content as it was when a build was started from it. */
export interface ContentMark {
  /** SHA-256 of the URL, which may hold a key in its query. */
  readonly source: string;
  readonly branch: string;
  /** `ETag` and `Last-Modified`; `''` when they were not sent. */
  readonly etag: string;
  readonly lastModified: string;
  /** SHA-256 of the body. */
  readonly hash: string;
}

/** What is stored of one project's content. */
export interface ContentRow {
  /** As of the last build that succeeded; `null` before the first. */
  readonly mark: ContentMark | null;
  /** Builds that were not needed, in this calendar month (UTC). */
  readonly month: string;
  readonly saved: number;
}

/** What is known of a rebuild whose POST has left: kept as long as the runs, so that it is never asked for twice. */
export interface Posted {
  /** Ids at the head of the list before it was sent. */
  readonly seen: readonly string[];
  /** What the rule's `ifChanged` answered; `null` where it was not asked, or did not answer. */
  readonly content: ContentMark | null;
}

/** Builds of a project that are asked for by hooks or the button: at most 20 branches, and six times. */
export interface HookRow {
  readonly waits: readonly Wait[];
  /** When the last ones were started, oldest first. Epoch ms. */
  readonly started: readonly number[];
}

/** The tables. `posted` is keyed by the rebuild's key, `runs` by the run's id, all others by the project's. */
export interface Documents {
  projects: ProjectState;
  overview: OverviewEntry;
  refusals: Readonly<Record<string, Undeletable>>;
  walks: Walk;
  runs: RunRecord;
  content: ContentRow;
  hooks: HookRow;
  posted: Posted;
}
