// One build, read twice: the list of projects and a project's own deployments are asked for at different times. Pure.

import { type Deployment, isFinished, type Project } from '../../pages-api/model.ts';

// In the order in which Pages goes through them.
const STAGES = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'];

const howFar = (row: Deployment) => (isFinished(row) ? STAGES.length : STAGES.indexOf(row.stage));

/** Of two readings of one build the one that is further on: builds only go forward, so it is the newer one. */
export function further(row: Deployment, other: Deployment | undefined): Deployment {
  return other !== undefined && howFar(other) > howFar(row) ? other : row;
}

const sameAs = (row: Deployment) => (other: Deployment | null) =>
  row.id !== '' && other !== null && other.id === row.id;

/** The rows and the project as they are further on, so that no page says two things of one build. */
export function agree(
  project: Project,
  rows: readonly Deployment[],
): { project: Project; rows: Deployment[] } {
  const heads = [project.latest, project.canonical].filter((row) => row !== null);
  const newest = (row: Deployment | null) => row && further(row, rows.find(sameAs(row)));
  return {
    project: { ...project, latest: newest(project.latest), canonical: newest(project.canonical) },
    rows: rows.map((row) => further(row, heads.find(sameAs(row)))),
  };
}
