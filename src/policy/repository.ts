// Which repository Git is asked about for a project, and which rules want to know. Pure.

import { connectedTo, type Repository, repositoryAt } from '../git/address.ts';
import type { Project } from '../pages-api/model.ts';
import type { Rule } from './rules.ts';

/** The repository of a project. `own`: the rule names it, and the project is connected to none; `why`: Git is not asked. */
export type Asked =
  | { readonly repository: Repository; readonly own: boolean }
  | { readonly repository: null; readonly why: string };

/** Whether anything in a rule hangs on what Git says. */
export function asksGit(rule: Pick<Rule, 'prune' | 'rebuild'>): boolean {
  return (
    rule.rebuild?.ifBehind === true || rule.prune.some((policy) => policy.goneBranchesAfterDays !== null)
  );
}

/** The repository that counts for a project. Of a project that is connected, a rule may only name a mirror of the same owner and name. */
export function repositoryFor(project: Pick<Project, 'source'>, rule: Pick<Rule, 'repository'>): Asked {
  const { source } = project;
  const named = rule.repository === null ? null : repositoryAt(rule.repository);
  if (source === null) {
    if (named === null)
      return { repository: null, why: 'it is connected to no repository, and its rule names none' };
    return { repository: named, own: true };
  }
  const connected = connectedTo(source);
  if (connected === null)
    return { repository: null, why: 'the API names a repository for it that nobody can ask' };
  if (named === null) return { repository: connected, own: false };
  if (named.path.toLowerCase() !== connected.path.toLowerCase())
    return {
      repository: null,
      why: `it is connected to ${connected.path}, and its rule names another repository`,
    };
  return { repository: named, own: false };
}

/** How the deployments that were pushed to a repository name it; `''`: such a name there is not. */
export function pushedName(source: Project['source']): string {
  return source === null ? '' : `${source.type}:${source.owner}/${source.repo}`;
}
