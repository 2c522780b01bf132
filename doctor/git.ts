// Asking Git for the doctor: of each repository that a rule wants to know about, which branches it has, and which of the projects' it has
// not. The Worker's own reader and belief; what it believes only by two readings is told as what one reading shows.

import { addressOf, gitAuthorization } from '../src/git/address.ts';
import { askHeads, type GitAnswer } from '../src/git/ask.ts';
import { Wanted } from '../src/git/wanted.ts';
import { branchOf } from '../src/policy/facts.ts';
import { doubtOf, type GitProject, noGit } from '../src/policy/git.ts';
import { gitProjectOf } from '../src/policy/git-project.ts';
import { asksGit, repositoryFor } from '../src/policy/repository.ts';
import type { Configured } from './findings.ts';
import type { ProjectPlan } from './project-plan.ts';
import type { Fetch } from './read-only.ts';

/** What Git says of one project. `why`: no branch would count as gone, as the end of a sentence. */
export type GitFinding = { readonly project: string; readonly address: string | null } & (
  | { readonly why: string }
  | {
      readonly why: null;
      /** Branches that the repository has. */
      readonly count: number;
      /** Preview branches that were pushed to it and that it has no more, and their deployments. */
      readonly missing: readonly { readonly branch: string; readonly deployments: number }[];
    }
);

/** Asks, once a repository, about the projects whose rules want to know. `fetch` must be one that only reads. */
export async function askGit(
  plans: readonly ProjectPlan[],
  { config }: Pick<Configured, 'config'>,
  fetch: Fetch,
): Promise<GitFinding[]> {
  const answers = new Map<string, Promise<GitAnswer>>();
  const asking = plans.filter(({ rule }) => asksGit(rule));
  const wanted = new Wanted([...new Set(asking.flatMap(namesOf))]);
  const findings: GitFinding[] = [];
  for (const plan of asking) {
    const { name } = plan.project;
    const asked = repositoryFor(plan.project, plan.rule);
    if (asked.repository === null) {
      findings.push({ project: name, address: null, why: asked.why });
      continue;
    }
    const address = addressOf(asked.repository);
    const authorization = gitAuthorization(asked.repository.host, config.git);
    const answer = answers.get(address) ?? askHeads(fetch, { address, authorization }, wanted);
    answers.set(address, answer);
    findings.push({ project: name, address, ...held(plan, await answer, asked.own) });
  }
  return findings;
}

function namesOf({ project, reading }: ProjectPlan): string[] {
  const branches = reading?.kind === 'whole' ? Object.keys(reading.facts.branches) : [];
  return [project.productionBranch, ...branches.map((key) => branchOf(key).branch)];
}

type Held = { readonly why: string } | Omit<Extract<GitFinding, { why: null }>, 'project' | 'address'>;

/** One answer, held against one project. */
function held({ project, reading }: ProjectPlan, answer: GitAnswer, own: boolean): Held {
  if (answer.kind === 'unread') return { why: answer.why };
  if (reading?.kind !== 'whole') return { why: 'its deployments are not known' };
  const commits = new Set(reading.rows.flatMap(({ commitHash }) => (commitHash === '' ? [] : [commitHash])));
  const known: GitProject = gitProjectOf({ project }, reading.facts, { commits, own });
  const why = doubtOf(noGit(''), answer, known);
  if (why !== null) return { why };
  const gone = [...known.branches].filter(([name, { pushed }]) => pushed && !answer.heads.met.has(name));
  const missing = gone.map(([branch]) => ({
    branch,
    deployments: reading.rows.filter((row) => row.environment === 'preview' && row.branch === branch).length,
  }));
  return { why: null, count: answer.heads.count, missing };
}
