// An entry of the overview: what is stored of a project for `/`. Types only.

import type { Project } from '../../pages-api/model.ts';
import type { ProjectFacts } from '../../policy/facts.ts';
import type { FailingCommit } from '../../policy/rebuild.ts';
import type { ProjectState } from './inventory.ts';

/** One project in the overview. Verdicts depend on the time, so what they need is kept, not the verdicts. */
export interface OverviewEntry {
  readonly project: Project;
  /** Facts of the branches of its live and its latest deployment only. */
  readonly facts: ProjectFacts | null;
  /** Deployments in its blocks, those deleted since included; `null` before they were all read. */
  readonly count: number | null;
  readonly plan: ProjectState['plan'];
  /** The last ones, newest last: how long each took (ms), and the places of those that failed. */
  readonly builds: { readonly took: readonly number[]; readonly failed: readonly number[] };
  readonly failedSinceLive: number;
  /** Whether nothing is live, and a build failed that was newer than the newest one; absent in rows of before: no. */
  readonly newestFailed?: boolean;
  /** The same; `null`: nobody can tell, since nothing is known to be live, or no build of production is known. */
  readonly behind: number | null;
  readonly failing: readonly FailingCommit[];
  /** Builds that were not needed, in a calendar month (UTC). */
  readonly saved: { readonly month: string; readonly saved: number } | null;
}
