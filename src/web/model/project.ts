// The view model of projects and deployments, built field by field from the report. HTML, JSON, badge and feeds render
// this and nothing else, so what is not named here (environment variables, tokens) cannot get out. Pure.

import {
  type BuildStatus,
  buildStatus,
  type Deployment,
  type Environment,
  isSuccessful,
  type Project,
} from '../../pages-api/model.ts';
import type { Verdict } from '../../policy/verdict.ts';
import type { BuildPoint, JudgedDeployment, ProjectPage, ProjectSummary } from '../../report.ts';
import { clean, cut, hostUrl, httpsUrl } from '../../words/text.ts';
import { branchUrl, commitUrl, projectPath } from './links.ts';

/** One deployment, safe to show once escaped: texts are cleaned, links are https or `null`. */
export interface ViewDeployment {
  readonly id: string;
  readonly project: string;
  readonly url: string | null;
  readonly branchUrl: string | null;
  readonly aliases: readonly string[];
  readonly environment: Environment;
  readonly branch: string;
  /** The branch as the API names it: for links that filter by it, never for display. */
  readonly branchKey: string;
  readonly commit: {
    readonly hash: string;
    readonly message: string;
    readonly url: string | null;
    readonly dirty: boolean;
  };
  readonly trigger: string;
  readonly status: BuildStatus;
  readonly stage: string;
  readonly stageStatus: string;
  readonly skipReason: string | null;
  readonly createdAt: number | null;
  readonly finishedAt: number | null;
  readonly verdict: Verdict;
}

/** One project, likewise. */
export interface ViewProject {
  readonly name: string;
  /** The name as the API has it: for links, never for display. */
  readonly key: string;
  /** Of its page. */
  readonly path: string;
  readonly id: string;
  readonly subdomain: string;
  readonly domains: readonly { readonly name: string; readonly url: string | null }[];
  readonly productionUrl: string | null;
  /** Under way, else what became of production, else of the newest build: see `projectStatus`. */
  readonly status: BuildStatus;
  readonly live: ViewDeployment | null;
  readonly latest: ViewDeployment | null;
  readonly rolledBack: boolean;
  readonly failedSinceLive: number;
  readonly counts: { readonly total: number | null; readonly expired: number | null };
  readonly expiredIfStale: number | null;
  readonly plannedAt: number | null;
  readonly nextRebuildAt: number | null;
  readonly nextPruneAt: number | null;
  /** Why rebuilds wait: `main@abc1234`, and how often it has failed. */
  readonly paused: { readonly what: string; readonly failures: number } | null;
  readonly savedBuilds: number;
  readonly builds: readonly BuildPoint[];
  readonly reading: { readonly read: number; readonly of: number | null } | null;
  readonly dryRun: boolean;
  readonly pruned: boolean;
  readonly rebuilt: boolean;
}

/** `/projects/:name`. */
export interface ViewProjectPage {
  readonly project: ViewProject;
  readonly deployments: readonly ViewDeployment[];
  readonly page: number;
  readonly pages: number;
  readonly matching: number | null;
  readonly branches: readonly { readonly name: string; readonly key: string }[];
}

/** Whether a build is on its way. */
export function isUnderWay(status: BuildStatus): boolean {
  return status === 'queued' || status === 'building';
}

/** Picks what a page may show of one deployment. */
export function viewDeployment(judged: JudgedDeployment, project: Project, now: number): ViewDeployment {
  const { deployment, verdict } = judged;
  return {
    id: clean(deployment.id),
    project: clean(project.name),
    url: httpsUrl(deployment.url),
    branchUrl: branchUrl(project, deployment, isSuccessful(deployment)),
    aliases: deployment.aliases.map(httpsUrl).filter((alias) => alias !== null),
    environment: deployment.environment,
    branch: clean(deployment.branch),
    branchKey: deployment.branch,
    commit: viewCommit(deployment, project),
    trigger: clean(deployment.trigger),
    status: buildStatus(deployment, now),
    stage: clean(deployment.stage),
    stageStatus: clean(deployment.stageStatus),
    skipReason: deployment.skipReason === null ? null : clean(deployment.skipReason),
    createdAt: deployment.createdAt,
    finishedAt: deployment.finishedAt,
    verdict: { action: verdict.action, reason: verdict.reason, expiresAt: verdict.expiresAt },
  };
}

function viewCommit(deployment: Deployment, project: Project): ViewDeployment['commit'] {
  return {
    hash: clean(deployment.commitHash),
    message: clean(deployment.commitMessage),
    url: commitUrl(project, deployment.commitHash),
    dirty: deployment.commitDirty,
  };
}

/**
 * One word for a project: a build under way; else `failed` while production is behind; else how the newest build came
 * out. A preview that failed does not make a live project look broken, so a preview only counts before the first live.
 */
function projectStatus(
  live: ViewDeployment | null,
  latest: ViewDeployment | null,
  failedSinceLive: number,
): BuildStatus {
  if (latest !== null && isUnderWay(latest.status)) return latest.status;
  if (failedSinceLive > 0) return 'failed';
  if (latest === null) return live === null ? 'not-built' : 'ready';
  return latest.environment === 'preview' && live !== null ? 'ready' : latest.status;
}

function viewPaused(paused: ProjectSummary['paused']): ViewProject['paused'] {
  if (paused === null) return null;
  const what = `${cut(clean(paused.branch), 60)}@${clean(paused.commit).slice(0, 7)}`;
  return { what, failures: paused.failures };
}

/** Picks what a page may show of one project. */
export function viewProject(
  summary: ProjectSummary,
  now: number,
  path = projectPath(summary.project.name),
): ViewProject {
  const { project } = summary;
  const view = (judged: JudgedDeployment | null) =>
    judged === null ? null : viewDeployment(judged, project, now);
  const live = view(summary.live);
  const latest = view(summary.latest);
  return {
    name: clean(project.name),
    key: project.name,
    path,
    id: clean(project.id),
    subdomain: clean(project.subdomain),
    domains: project.domains.slice(0, 500).map((domain) => ({ name: clean(domain), url: hostUrl(domain) })),
    productionUrl: hostUrl(project.subdomain),
    status: projectStatus(live, latest, summary.failedSinceLive),
    live,
    latest,
    rolledBack: summary.rolledBack,
    failedSinceLive: summary.failedSinceLive,
    counts: { total: summary.total, expired: summary.expired },
    expiredIfStale: summary.expiredIfStale,
    plannedAt: summary.plannedAt,
    nextRebuildAt: summary.nextRebuildAt,
    nextPruneAt: summary.nextPruneAt,
    paused: viewPaused(summary.paused),
    savedBuilds: summary.savedBuilds,
    builds: summary.builds,
    reading: summary.reading,
    dryRun: summary.dryRun,
    pruned: summary.pruned,
    rebuilt: summary.rebuilt,
  };
}

/** Picks what a project's page may show; `path`: where it is, when not at its usual place. */
export function viewProjectPage(page: ProjectPage, now: number, path?: string): ViewProjectPage {
  const { project } = page.summary;
  return {
    project: viewProject(page.summary, now, path),
    deployments: page.deployments.map((judged) => viewDeployment(judged, project, now)),
    page: page.page,
    pages: page.pages,
    matching: page.matching,
    branches: page.branches.map((branch) => ({ name: clean(branch), key: branch })),
  };
}
