// A project as what Git says is held against it: by the facts of its deployments. Pure.

import type { Project } from '../pages-api/model.ts';
import { branchKey, branchOf, type ProjectFacts } from './facts.ts';
import type { BranchDeployed, GitProject } from './git.ts';
import { pushedName } from './repository.ts';

/** A project as Git is held against it, as far as these facts reach. */
export function gitProjectOf(
  { project }: { readonly project: Pick<Project, 'source' | 'productionBranch'> },
  facts: ProjectFacts,
  { commits, own }: Pick<GitProject, 'commits' | 'own'>,
): GitProject {
  const name = pushedName(project.source).toLowerCase();
  const branches = new Map<string, BranchDeployed>();
  for (const [key, { newestAt, otherAt, pushedTo }] of Object.entries(facts.branches)) {
    const { branch } = branchOf(key);
    if (key !== branchKey('preview', branch)) continue;
    branches.set(branch, { newestAt, otherAt, pushed: name !== '' && pushedTo.toLowerCase() === name });
  }
  return { productionBranch: project.productionBranch, branches, commits, own };
}
