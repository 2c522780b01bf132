// The view model of projects and deployments: the report, with what a page derives from it. HTML, JSON, badge and feeds
// render this and nothing else. Texts stay as the API wrote them: they are cleaned and escaped where they become markup
// or JSON; links are https or `null` from here on. Pure.

import {
  type BuildStatus,
  buildStatus,
  type Deployment,
  isSuccessful,
  type Project,
} from '../../pages-api/model.ts';
import { projectStatus } from '../../policy/standing.ts';
import type { Verdict } from '../../policy/verdict.ts';
import type { ProjectPage } from '../../reads.ts';
import type { JudgedDeployment, ProjectSummary } from '../../report.ts';
import { hostUrl, httpsUrl } from '../../words/text.ts';
import { branchUrl, commitUrl, projectPath, sharingAlias } from './links.ts';

/** One deployment. */
export interface ViewDeployment extends Omit<Deployment, 'url'> {
  /** Name of its project. */
  readonly project: string;
  /** Of exactly this build, of its branch's newest build, of its commit; https, or `null` where there is none. */
  readonly url: string | null;
  readonly branchUrl: string | null;
  readonly commitUrl: string | null;
  readonly status: BuildStatus;
  readonly verdict: Verdict;
  readonly place: JudgedDeployment['place'];
}

/** One project. */
export interface ViewProject extends Omit<ProjectSummary, 'project' | 'live' | 'latest'> {
  readonly name: string;
  /** Of its page. */
  readonly path: string;
  readonly id: string;
  readonly subdomain: string;
  readonly domains: readonly { readonly name: string; readonly url: string | null }[];
  readonly productionUrl: string | null;
  /** Whether it has no repository: its deployments are uploaded. */
  readonly uploaded: boolean;
  /** Under way, else what became of production, else of the newest build: see `projectStatus`. */
  readonly status: BuildStatus;
  readonly live: ViewDeployment | null;
  readonly latest: ViewDeployment | null;
}

/** `/projects/:name`. */
export interface ViewProjectPage
  extends Pick<
    ProjectPage,
    'page' | 'pages' | 'matching' | 'looked' | 'builds' | 'forecast' | 'branches' | 'progress'
  > {
  readonly project: ViewProject;
  readonly deployments: readonly ViewDeployment[];
}

export { isNew, isUnderWay } from '../../policy/standing.ts';

const MOST_DOMAINS = 500;

/** Whether a build is, or may be, there to be looked at: one that failed, was skipped or is on its way never existed. */
export function isBuilt(status: BuildStatus): boolean {
  return status === 'ready' || status === 'unknown';
}

/** One deployment, with its links and its status at `now` (epoch ms). `sharing`: branches whose alias
 * may be another one's; `null`: the branches of its project are not known, so any may. */
export function viewDeployment(
  judged: JudgedDeployment,
  project: Project,
  now: number,
  sharing: ReadonlySet<string> | null = null,
): ViewDeployment {
  const { deployment, verdict, place } = judged;
  const isDerivable = isSuccessful(deployment) && sharing?.has(deployment.branch) === false;
  return {
    ...deployment,
    project: project.name,
    url: httpsUrl(deployment.url),
    branchUrl: branchUrl(project, deployment, isDerivable),
    commitUrl: commitUrl(project, deployment.commitHash),
    aliases: deployment.aliases.map(httpsUrl).filter((alias) => alias !== null),
    status: buildStatus(deployment, now),
    verdict,
    place,
  };
}

/** One project; `path`: where its page is, when not at its usual place. `sharing`: see `viewDeployment`. */
export function viewProject(
  summary: ProjectSummary,
  now: number,
  path?: string,
  sharing: ReadonlySet<string> | null = null,
): ViewProject {
  const { project, ...rest } = summary;
  const view = (judged: JudgedDeployment | null) => judged && viewDeployment(judged, project, now, sharing);
  const live = view(summary.live);
  const latest = view(summary.latest);
  return {
    ...rest,
    name: project.name,
    path: path ?? projectPath(project.name),
    id: project.id,
    subdomain: project.subdomain,
    domains: project.domains.slice(0, MOST_DOMAINS).map((name) => ({ name, url: hostUrl(name) })),
    productionUrl: hostUrl(project.subdomain),
    uploaded: project.source === null,
    status: projectStatus({ ...summary, live, latest }),
    live,
    latest,
  };
}

/** A project's page; `path`: where it is, when not at its usual place. */
export function viewProjectPage(data: ProjectPage, now: number, path?: string): ViewProjectPage {
  const { summary, branches } = data;
  const sharing = sharingAlias([...branches, ...data.deployments.map(({ deployment }) => deployment.branch)]);
  return {
    project: viewProject(summary, now, path, sharing),
    deployments: data.deployments.map((judged) => viewDeployment(judged, summary.project, now, sharing)),
    page: data.page,
    pages: data.pages,
    matching: data.matching,
    looked: data.looked,
    builds: data.builds,
    forecast: data.forecast,
    branches,
    progress: data.progress,
  };
}
