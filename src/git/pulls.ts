// Asking GitHub or GitLab about one pull request (merge request). It is closed only where the answer says so, for that number and that
// repository; anything else says nothing.

import { record } from '../object.ts';
import type { PullApi, Repository } from './address.ts';
import type { Fetch } from './ask.ts';
import { readBytes } from './body.ts';

/**
 * What the host says. Times are epoch ms; `closedAt` is `null` while it is open. `unsaid`: nothing that counts; `down`:
 * of any other it would say no more. */
export type PullAnswer =
  | { readonly kind: 'said'; readonly openedAt: number; readonly closedAt: number | null }
  | { readonly kind: 'unsaid'; readonly why: string; readonly down: boolean };

const TIMEOUT_MS = 10_000;

/** Asks about pull request `number` of a repository. */
export async function askPull(
  fetch: Fetch,
  { kind, baseUrl }: PullApi,
  authorization: string,
  { path }: Pick<Repository, 'path'>,
  number: number,
): Promise<PullAnswer> {
  const at =
    kind === 'github'
      ? `/repos/${path.split('/').map(encodeURIComponent).join('/')}/pulls/${number}`
      : `/projects/${encodeURIComponent(path)}/merge_requests/${number}`;
  try {
    const response = await fetch(`${baseUrl}${at}`, {
      headers: { accept: 'application/json', 'user-agent': 'pages-keeper', authorization },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { kind: 'unsaid', why: `HTTP ${response.status}`, down: response.status !== 404 };
    }
    const bytes = await readBytes(response);
    if (bytes === null) return { kind: 'unsaid', why: 'its answer is too long', down: false };
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return kind === 'github' ? readGitHub(said, path, number) : readGitLab(said, path, number);
  } catch {
    return { kind: 'unsaid', why: 'no answer that can be read', down: true };
  }
}

const OTHER: PullAnswer = { kind: 'unsaid', why: 'its answer is about something else', down: false };

/** docs.github.com/rest/pulls: `state` is `open` or `closed`, of a merged one too. */
function readGitHub(said: unknown, path: string, number: number): PullAnswer {
  const pull = record(said);
  const base = record(record(pull.base).repo).full_name;
  if (pull.number !== number || !isSame(base, path)) return OTHER;
  return answer(pull, pull.state === 'open', pull.state === 'closed');
}

/** docs.gitlab.com/api/merge_requests: `state` is `opened`, `closed`, `merged` or `locked`, which says nothing. */
function readGitLab(said: unknown, path: string, number: number): PullAnswer {
  const pull = record(said);
  if (pull.iid !== number || !isSame(record(pull.references).full, `${path}!${number}`)) return OTHER;
  return answer(pull, pull.state === 'opened', pull.state === 'closed' || pull.state === 'merged');
}

function answer(pull: Readonly<Record<string, unknown>>, isOpen: boolean, isClosed: boolean): PullAnswer {
  const openedAt = timeOf(pull.created_at);
  const closedAt = timeOf(pull.merged_at) ?? timeOf(pull.closed_at);
  if (openedAt === null || !(isOpen || (isClosed && closedAt !== null))) return OTHER;
  return { kind: 'said', openedAt, closedAt: isOpen ? null : closedAt };
}

const isSame = (said: unknown, meant: string) =>
  typeof said === 'string' && said.toLowerCase() === meant.toLowerCase();

function timeOf(said: unknown): number | null {
  const at = typeof said === 'string' ? Date.parse(said) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}
