// What the status page may ask of the Keeper, and what it is answered. Types only; asking never deletes or builds anything.

import type { BuildStatus, Deployment, Project } from './pages-api/model.ts';
import type {
  Deletion,
  Health,
  JudgedDeployment,
  Progress,
  ProjectStanding,
  ProjectSummary,
  RunRecord,
  Trouble,
} from './report.ts';

/** What a viewer asked to see of the overview; `page` counts from 1. */
export interface OverviewQuery {
  readonly page: number;
  /** Projects on a page. */
  readonly size: number;
  /** A part of the name, in letters of any case. */
  readonly find: string | null;
  readonly status: BuildStatus | null;
  /** What needs attention first, or the newest build. */
  readonly order: 'need' | 'newest';
}

/** Which page this is, of how many, and how much there is on all of them together. */
export interface PageOf {
  readonly number: number;
  readonly of: number;
  readonly total: number;
}

/** `/` and `/status.json`. */
export interface Overview {
  readonly health: Health;
  /** When the project list was last read; `null`: never. */
  readonly checkedAt: number | null;
  /** All projects of the account, shown or not; `null` before the first look. */
  readonly accountProjects: number | null;
  /** How all the shown ones stand, what needs attention first. */
  readonly all: readonly ProjectStanding[];
  /** Those of them that were asked for, of one page. */
  readonly projects: readonly ProjectSummary[];
  readonly page: PageOf;
  /** The last 20, newest first. */
  readonly runs: readonly RunRecord[];
  readonly trouble: Trouble | null;
  readonly progress: Progress | null;
  /** Rules and globs that match nothing, crons that have not ticked, …: sentences. */
  readonly warnings: readonly string[];
}

/** What a viewer asked to see of a project; `page` counts from 1. */
export interface ProjectQuery {
  readonly page: number;
  readonly branch: string | null;
  readonly environment: 'production' | 'preview' | null;
  readonly status: BuildStatus | null;
  /** What goes next, or what is kept as one of the latest. */
  readonly verdict: 'next' | 'latest' | null;
}

/** `/projects/:name`. */
export interface ProjectPage {
  readonly health: Health;
  readonly checkedAt: number | null;
  readonly summary: ProjectSummary;
  /** At most 25. */
  readonly deployments: readonly JudgedDeployment[];
  readonly page: number;
  readonly pages: number;
  /** Deployments that match the query; `null` while the whole is not known. */
  readonly matching: number | null;
  /** Over how many of the newest deployments a filter has looked, where there are more; `null`: over all. */
  readonly looked: number | null;
  /** What can be filtered by: at most 100 branches, newest first. */
  readonly branches: readonly string[];
  readonly trouble: Trouble | null;
  readonly progress: Progress | null;
}

/** `/go/:project/:branch`. */
export interface BranchBuild {
  readonly project: Project;
  /** The newest ready one of the branch; while none is ready, the newest of any status. */
  readonly deployment: Deployment;
}

/** What a viewer asked to see of the runs. */
export interface RunsQuery {
  /** Of this day only, `2026-11-25`. */
  readonly day: string | null;
  /** Those that came before the run of this id. */
  readonly before: string | null;
  /** Of the plan, from 1. */
  readonly page: number;
}

/** `/runs`. */
export interface RunsPage {
  readonly health: Health;
  readonly checkedAt: number | null;
  /** Newest first: the last ones, or those that were asked for; at most 50. */
  readonly runs: readonly RunRecord[];
  /** For those that came before these: the id of the last of them; `null`: there are none. */
  readonly next: string | null;
  /** The days of which runs are known, newest first, `2026-11-25`; at most 91. */
  readonly days: readonly string[];
  readonly progress: Progress | null;
  /** The plan as of now, per project that a rule prunes, of which most goes first: one page. */
  readonly plan: readonly ProjectSummary[];
  readonly planPage: PageOf;
  /** Deployments that it deletes, of all projects. */
  readonly planned: number;
  readonly trouble: Trouble | null;
  readonly warnings: readonly string[];
}

/** `/runs/:id`. */
export interface RunPage {
  readonly health: Health;
  readonly run: RunRecord;
  /** At most 100 of them a page, by project, in the order in which they went. */
  readonly deletions: readonly Deletion[];
  readonly page: number;
  readonly pages: number;
  /** Deletions on all pages, those of hidden projects left out. */
  readonly total: number;
}

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

/** Everything the status page may ask of the Keeper. Asking never deletes or builds anything. */
export interface KeeperReads {
  overview(query: OverviewQuery): Promise<Overview>;
  /** `null`: no shown project of that name. */
  project(name: string, query: ProjectQuery): Promise<ProjectPage | null>;
  /** Where a branch leads; `null`: no shown project of that name, or no deployment of that branch. */
  branchBuild(name: string, branch: string): Promise<BranchBuild | null>;
  runs(query: RunsQuery): Promise<RunsPage>;
  /** `null`: no such run. */
  run(id: string, page: number): Promise<RunPage | null>;
  /** `null`: no shown project of that name, or nothing is known of that id. */
  deployment(name: string, id: string): Promise<DeploymentPage | null>;
  /** `text`: in small letters; `page`: from 1. */
  find(text: string, page: number): Promise<Found>;
  health(): Promise<Health>;
}
