// Where a repository is, and what is shown there to be let in. A token goes to the host that it was given for and to that host's own
// API, nowhere else. Pure: sends nothing.

/** A Git repository. */
export interface Repository {
  /** With the scheme; of https or of this very machine. */
  readonly origin: string;
  /** With the port, where one is named: what tokens are given for. */
  readonly host: string;
  /** Owner and name, `acme/docs`; at GitLab the owner may be several parts. */
  readonly path: string;
}

/** What of the settings is about Git. Holds tokens: never log or store it. */
export interface GitSettings {
  /** By host. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Where the APIs of other hosts are, without a trailing slash; `null`: there are none. */
  readonly githubApi: string | null;
  readonly gitlabApi: string | null;
}

/** A host's API for pull requests. */
export interface PullApi {
  readonly kind: 'github' | 'gitlab';
  readonly baseUrl: string;
}

const AT: Readonly<Record<string, string>> = { github: 'https://github.com', gitlab: 'https://gitlab.com' };
// The parts of a path: what could lead somewhere else, or end the path, addresses nothing.
const PART = /^(?!\.{1,2}$)[^/?#@\\\s%]+$/;

/** Whether owner and name can stand in a path. */
export function isPath(path: string): boolean {
  const parts = path.split('/');
  return parts.length >= 2 && parts.every((part) => PART.test(part));
}

/** The repository that a project is connected to; `null`: nobody can tell its address. */
export function connectedTo(source: {
  readonly type: string;
  readonly owner: string;
  readonly repo: string;
}): Repository | null {
  const origin = Object.hasOwn(AT, source.type) ? AT[source.type] : undefined;
  const path = `${source.owner}/${source.repo}`;
  const isOneOwner = source.type === 'gitlab' || !source.owner.includes('/');
  if (origin === undefined || !isOneOwner || source.repo.includes('/') || !isPath(path)) return null;
  return { origin, host: new URL(origin).host, path };
}

/** The repository at this URL, with `.git` at its end or without; `null`: there can be none. */
export function repositoryAt(url: string): Repository | null {
  const { origin, host, pathname } = new URL(url);
  const path = pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return isPath(path) ? { origin, host, path } : null;
}

/** A repository's address, by which it is told from others. GitLab redirects where `.git` is missing. */
export function addressOf({ origin, path }: Repository): string {
  return `${origin}/${path}.git`;
}

/** The API that a host has for pull requests; `null`: nobody said. */
export function pullApiOf(host: string, settings: GitSettings): PullApi | null {
  const isOf = (api: string | null) => api !== null && [host, `api.${host}`].includes(new URL(api).host);
  const { githubApi, gitlabApi } = settings;
  if (isOf(githubApi)) return { kind: 'github', baseUrl: githubApi ?? '' };
  if (isOf(gitlabApi)) return { kind: 'gitlab', baseUrl: gitlabApi ?? '' };
  if (host === 'github.com') return { kind: 'github', baseUrl: 'https://api.github.com' };
  if (host === 'gitlab.com') return { kind: 'gitlab', baseUrl: 'https://gitlab.com/api/v4' };
  return null;
}

/** What opens a host for Git: Basic, with the user name that the host's tokens go with. */
export function gitAuthorization(host: string, settings: GitSettings): string | null {
  const token = tokenOf(host, settings);
  if (token === null) return null;
  const user = pullApiOf(host, settings)?.kind === 'github' ? 'x-access-token' : 'oauth2';
  return `Basic ${btoa(token.includes(':') ? token : `${user}:${token}`)}`;
}

/** What opens a host's API. */
export function apiAuthorization(host: string, settings: GitSettings): string | null {
  const token = tokenOf(host, settings);
  return token === null ? null : `Bearer ${token.slice(token.indexOf(':') + 1)}`;
}

function tokenOf(host: string, { tokens }: GitSettings): string | null {
  return Object.hasOwn(tokens, host) ? (tokens[host] ?? null) : null;
}
