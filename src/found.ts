// What the page is answered about one deployment, and about what is looked for: with reads.ts, types only.

import type { Deployment, Project } from './pages-api/model.ts';
import type { Deletion, Health, JudgedDeployment, ProjectSummary, Trouble } from './report.ts';

/** Which rule is a project's: its place in `RULES`, and the pattern of it that matches. */
export interface RuleName {
  readonly index: number;
  readonly pattern: string;
}

/** A deployment that a run dealt with, and which run. */
export interface Gone {
  readonly run: string;
  readonly deletion: Deletion;
}

/** The end of a failed build's log, as it is kept: what looks like a secret is masked. `at`: when it was asked for, epoch ms. */
export type BuildLog =
  | { readonly kind: 'read'; readonly at: number; readonly lines: readonly string[] }
  /** Longer than is read; or the API did not give it. */
  | { readonly kind: 'too-long' | 'unread'; readonly at: number };

/** `/projects/:name/deployments/:id`. */
export interface DeploymentPage {
  readonly health: Health;
  readonly checkedAt: number | null;
  readonly trouble: Trouble | null;
  readonly summary: ProjectSummary;
  /** `null`: it is no more. */
  readonly deployment: JudgedDeployment | null;
  /** What was recorded of its deletion; `null`: nothing. */
  readonly gone: Gone | null;
  readonly rule: RuleName;
  /** Only for those who may read it; `null`: there is none to be read. */
  readonly log: BuildLog | { readonly kind: 'asked' } | null;
}

/** A branch that was found, by its newest deployment (epoch ms; `null`: nobody knows). */
export interface FoundBranch {
  readonly project: string;
  readonly branch: string;
  readonly environment: Deployment['environment'];
  readonly newestAt: number | null;
}

/** `/find`: at most 20 of a kind. */
export interface Found {
  readonly health: Health;
  readonly checkedAt: number | null;
  readonly trouble: Trouble | null;
  readonly projects: readonly ProjectSummary[];
  readonly branches: readonly FoundBranch[];
  /** By the beginning of their id or commit. */
  readonly deployments: readonly { readonly project: Project; readonly judged: JudgedDeployment }[];
  readonly gone: readonly Gone[];
  /** How many more were found of these. */
  readonly left: { readonly projects: number; readonly branches: number; readonly gone: number };
  /** Deployments that this page was looked for in; `null`: none, for it is no commit and no id that was asked for. */
  readonly looked: number | null;
  readonly page: number;
  /** Whether there are deployments that only the next page looks at. */
  readonly more: boolean;
}
