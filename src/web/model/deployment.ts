// The view models of one deployment and of what was found: see project.ts. Pure.

import type { DeploymentPage, Found } from '../../found.ts';
import { type ViewDeployment, type ViewProject, viewDeployment, viewProject } from './project.ts';

/** `/projects/:name/deployments/:id`. */
export interface ViewDeploymentPage extends Pick<DeploymentPage, 'gone' | 'rule' | 'log'> {
  readonly project: ViewProject;
  readonly deployment: ViewDeployment | null;
}

/** `/find`. */
export interface ViewFound
  extends Omit<Found, 'health' | 'checkedAt' | 'trouble' | 'projects' | 'deployments'> {
  readonly projects: readonly ViewProject[];
  readonly deployments: readonly ViewDeployment[];
}

/** One deployment. */
export function viewDeploymentPage(
  { summary, deployment, gone, rule, log }: DeploymentPage,
  now: number,
): ViewDeploymentPage {
  return {
    gone,
    rule,
    log,
    project: viewProject(summary, now),
    deployment: deployment && viewDeployment(deployment, summary.project, now),
  };
}

/** What was found. */
export function viewFound(
  { branches, gone, left, looked, page, more, ...found }: Found,
  now: number,
): ViewFound {
  return {
    ...{ branches, gone, left, looked, page, more },
    projects: found.projects.map((summary) => viewProject(summary, now)),
    deployments: found.deployments.map(({ project, judged }) => viewDeployment(judged, project, now)),
  };
}
