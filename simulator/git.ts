// The repositories behind the simulated account's projects, as a Git server tells of their branches: the production branch and all that
// was deployed, less what somebody has removed. Speaks version 2 of the protocol, and of it the one question for branches.

import type { Account } from './account.ts';
import { OWNER } from './wire.ts';

const PATH = /^\/([^/]+)\/([^/]+)\.git\/(info\/refs|git-upload-pack)$/;

const packet = (line: string) =>
  (new TextEncoder().encode(line).length + 4).toString(16).padStart(4, '0') + line;

const GREETING = [
  `${packet('# service=git-upload-pack\n')}0000`,
  ...['version 2\n', 'ls-refs\n', 'object-format=sha1\n'].map(packet),
  '0000',
].join('');

/** The answer to a request for one of the repositories; `null`: it is for something else. */
export async function answerGit(account: Account, request: Request): Promise<Response | null> {
  const [, owner, name = '', what] = PATH.exec(new URL(request.url).pathname) ?? [];
  const project = owner === OWNER ? account.find(name) : null;
  if (project === null) return null;
  if (what === 'info/refs') return answer(GREETING, 'advertisement');
  const asked = [
    ...new TextDecoder().decode(await request.arrayBuffer()).matchAll(/ref-prefix (\S*)\n/g),
  ].map(([, prefix = '']) => prefix);
  // Newest first: a branch is at the commit of its newest deployment.
  const tips = new Map(project.deployments.toReversed().map(({ branch, hash }) => [branch, hash]));
  const refs = [...tips]
    .filter(([branch]) => !project.removedBranches.has(branch))
    .map(([branch, hash]) => ({ name: `refs/heads/${branch}`, hash }))
    .filter((ref) => asked.some((prefix) => ref.name.startsWith(prefix)));
  return answer(`${refs.map((ref) => packet(`${ref.hash} ${ref.name}\n`)).join('')}0000`, 'result');
}

function answer(text: string, what: 'advertisement' | 'result'): Response {
  return new Response(text, { headers: { 'content-type': `application/x-git-upload-pack-${what}` } });
}
