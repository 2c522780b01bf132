// Asking about the pull requests that previews belong to, right after their repository was asked for its branches. A token goes to that
// host's own API only. Sends requests to such APIs only, which count among an alarm's.

import { apiAuthorization, pullApiOf, type Repository } from '../../git/address.ts';
import { askPull } from '../../git/pulls.ts';
import type { GitKnown, GitProject } from '../../policy/git.ts';
import { pullsToAsk } from '../../policy/pulls.ts';
import type { PrunePolicy } from '../../policy/rules.ts';
import type { Calls } from '../calls.ts';
import type { Context } from '../context.ts';

/** What is known of the branches after asking; `why`: nothing was said, as the end of a sentence. */
export interface AskedPulls {
  readonly branches: GitKnown['branches'];
  readonly why: string | null;
}

/** Asks about at most ten, and stops where the API does not answer. `at`: the reading's time. */
export async function askPulls(
  { config }: Pick<Context, 'config'>,
  calls: Calls,
  { repository, policies }: { readonly repository: Repository; readonly policies: readonly PrunePolicy[] },
  known: Pick<GitKnown, 'branches'>,
  project: GitProject,
  at: number,
): Promise<AskedPulls> {
  const { branches } = known;
  const asking = pullsToAsk(known, project, policies);
  if (asking.size === 0) return { branches, why: null };
  const { host } = repository;
  const api = pullApiOf(host, config.git);
  const authorization = apiAuthorization(host, config.git);
  if (api === null)
    return {
      branches,
      why: `GITHUB_API_BASE_URL or GITLAB_API_BASE_URL must say where the API of ${host} is`,
    };
  if (authorization === null) return { branches, why: `GIT_TOKEN holds no token for ${host}` };
  const after = new Map(branches);
  let why: string | null = null;
  let isAnySaid = false;
  for (const [branch, number] of asking) {
    const fetch = calls.elsewhere();
    if (fetch === null) break;
    const answer = await askPull(fetch, api, authorization, repository, number);
    const said = answer.kind === 'said' ? answer : { openedAt: null, closedAt: null };
    const { openedAt, closedAt } = said;
    const before = after.get(branch) ?? { had: null, off: null, label: false };
    after.set(branch, { ...before, pull: { number, askedAt: at, openedAt, closedAt } });
    if (answer.kind === 'said') isAnySaid = true;
    else why = `pull request ${number}: ${answer.why}`;
    if (answer.kind === 'unsaid' && answer.down) return { branches: after, why };
  }
  return { branches: after, why: isAnySaid ? null : why };
}
