// What the status page may ask of the Keeper, and what it is answered. Types only; asking never deletes or builds anything.

import type { DeploymentPage, Found } from './found.ts';
import type { BuildStatus, Deployment, Project } from './pages-api/model.ts';
import type {
  BuildPoint,
  DayRecord,
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
  /** How many of the last runs, 20 at most. */
  readonly runs: number;
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
  /** The last ones, newest first: as many as were asked for. */
  readonly runs: readonly RunRecord[];
  /** The days of which runs are known, newest first; at most 92. */
  readonly days: readonly DayRecord[];
  /** Builds of this month (UTC) that were seen, and how many the plan includes. */
  readonly month: { readonly builds: number; readonly included: number };
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

/** When what is here goes, if nothing is built. */
export interface Forecast {
  /** How many on each of the next days, today (UTC) the first. */
  readonly days: readonly number[];
  /** Over how many of the newest deployments it looked, where there are more; `null`: over all. */
  readonly looked: number | null;
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
  /** Its last builds, newest last: forty of each at most. Those of deployments that are gone are among them. */
  readonly builds: { readonly production: readonly BuildPoint[]; readonly preview: readonly BuildPoint[] };
  /** With the first page of all of them; `null`: nothing is pruned, or it is not known. */
  readonly forecast: Forecast | null;
  /** What can be filtered by: at most 60 branches, newest first. */
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
  /** Of the plan, from 1; and projects of it on a page. */
  readonly page: number;
  readonly size: number;
}

/** `/runs`. */
export interface RunsPage {
  readonly health: Health;
  readonly checkedAt: number | null;
  /** Newest first: the last ones, or those that were asked for; at most 50. */
  readonly runs: readonly RunRecord[];
  /** For those that came before these: the id of the last of them; `null`: there are none. */
  readonly next: string | null;
  /** The days of which runs are known, newest first; at most 92. */
  readonly days: readonly DayRecord[];
  readonly progress: Progress | null;
  /** The plan as of now, per project that a rule prunes, of which most goes first: one page. */
  readonly plan: readonly ProjectSummary[];
  readonly planPage: PageOf;
  /** Deployments that it deletes, of all projects. */
  readonly planned: number;
  /** When the first of its projects is pruned; `null`: not known. */
  readonly nextPruneAt: number | null;
  readonly trouble: Trouble | null;
  readonly warnings: readonly string[];
}

/** `/runs/:id`. */
export interface RunPage {
  readonly health: Health;
  /** Of each of its lists what stands on this page: at most 100 entries. */
  readonly run: RunRecord;
  /** At most 100 of them a page, by project, in the order in which they went. */
  readonly deletions: readonly Deletion[];
  readonly page: number;
  /** As many as the longest list takes. */
  readonly pages: number;
  /** Deletions on all pages, those of hidden projects left out. */
  readonly total: number;
}

/** Everything the status page may ask of the Keeper. Asking never deletes or builds anything. */
export interface KeeperReads {
  overview(query: OverviewQuery): Promise<Overview>;
  /** `null`: no shown project of that name. */
  project(name: string, query: ProjectQuery): Promise<ProjectPage | null>;
  /** How it stands, without what it takes to show it; `null`: no shown project of that name. */
  standing(name: string): Promise<ProjectStanding | null>;
  /** Where a branch leads; `null`: no shown project of that name, or no deployment of that branch. */
  branchBuild(name: string, branch: string): Promise<BranchBuild | null>;
  runs(query: RunsQuery): Promise<RunsPage>;
  /** `null`: no such run. */
  run(id: string, page: number): Promise<RunPage | null>;
  /** `null`: no shown project of that name, or nothing is known of that id. `withLog`: the viewer may read build logs. */
  deployment(name: string, id: string, withLog: boolean): Promise<DeploymentPage | null>;
  /** `text`: in small letters; `page`: from 1. */
  find(text: string, page: number): Promise<Found>;
  health(): Promise<Health>;
}
