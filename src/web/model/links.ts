// Links that are built rather than received. Pure. Every part is encoded, and only https comes out.

import type { Deployment, Project } from '../../pages-api/model.ts';
import type { OverviewQuery, ProjectQuery, RunsQuery } from '../../reads.ts';
import { hostUrl, httpsUrl } from '../../words/text.ts';

const GIT_HOSTS: ReadonlyMap<string, string> = new Map([
  ['github', 'https://github.com/{repo}/commit/{hash}'],
  ['gitlab', 'https://gitlab.com/{repo}/-/commit/{hash}'],
]);

/** The commit at GitHub or GitLab; `null` for Direct Upload, for other hosts and where it is not a commit hash. */
export function commitUrl(project: Project, hash: string): string | null {
  const { source } = project;
  const form = GIT_HOSTS.get(source?.type ?? '');
  if (source === null || form === undefined || source.owner === '' || source.repo === '') return null;
  if (!/^[0-9a-f]{7,64}$/i.test(hash)) return null;
  // A GitLab owner may be a path of groups; `.` and `..` would climb out of it.
  const path = [...source.owner.split('/'), source.repo];
  if (path.some((part) => part === '' || part === '.' || part === '..')) return null;
  return form.replace('{repo}', () => path.map(encodeUriPart).join('/')).replace('{hash}', hash);
}

function encodeUriPart(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}

/** Pages cuts an alias here; what it then adds, where two branches would share one, cannot be known. */
const LONGEST_ALIAS = 28;

/** The part of a host that Pages makes of a branch's name; `''` where that is random: outside ASCII. */
function slugOf(branch: string): string {
  if (!/^[\x21-\x7e]+$/.test(branch)) return '';
  const slug = branch.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return slug.replace(/^-+/, '');
}

/** The alias of a preview branch as Pages derives it; `null` where it would be cut, or is random. */
export function branchAlias(branch: string, subdomain: string): string | null {
  const slug = slugOf(branch);
  if (slug.length > LONGEST_ALIAS) return null;
  const alias = slug.replace(/-+$/, '');
  return alias === '' ? null : hostUrl(`${alias}.${subdomain}`);
}

/** Those of these branches that are written otherwise and lead to the same alias: nobody knows whose it is. */
export function sharingAlias(branches: Iterable<string>): ReadonlySet<string> {
  const bySlug = Map.groupBy(new Set(branches), slugOf);
  return new Set([...bySlug.values()].filter((same) => same.length > 1).flat());
}

/**
 * The link that always shows the newest build of a deployment's branch: the alias it carries; else, for a build that
 * succeeded, the derived one (only the newest of a branch carries it, and the API forgets it half of the time).
 */
export function branchUrl(project: Project, deployment: Deployment, successful: boolean): string | null {
  if (deployment.environment === 'production') return hostUrl(project.subdomain);
  const own = deployment.aliases.map(httpsUrl).find((alias) => alias?.endsWith(`.${project.subdomain}`));
  if (own !== undefined && own !== null) return own;
  return successful ? branchAlias(deployment.branch, project.subdomain) : null;
}

/** A deployment in Cloudflare's dashboard, which finds the account by who is logged in: no account id is in it. */
export function dashboardUrl(project: string, id: string): string {
  return `https://dash.cloudflare.com/?to=/:account/pages/view/${encodeUriPart(project)}/${encodeUriPart(id)}`;
}

/** The page of a project. */
export function projectPath(name: string): string {
  return `/projects/${encodeUriPart(name)}`;
}

/** The page of a deployment. */
export function deploymentPath(project: string, id: string): string {
  return `${projectPath(project)}/deployments/${encodeUriPart(id)}`;
}

/** A path with a query; what is `null` is left out, and the first page, where one is anyway. */
function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const parts = Object.entries(query)
    .filter(
      ([name, value]) => value !== null && value !== undefined && (name !== 'page' || Number(value) > 1),
    )
    .map(([name, value]) => `${name}=${encodeUriPart(String(value))}`);
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

/** Looking for a text, from that page on. */
export function findPath(text: string, page: number): string {
  return withQuery('/find', { q: text, page });
}

/** The page of a run. */
export function runPath(id: string): string {
  return `/runs/${encodeUriPart(id)}`;
}

/** The overview, or its JSON, at `path`, with what is looked for. */
export function overviewPath(
  path: string,
  { find, status, page }: Pick<OverviewQuery, 'find' | 'status' | 'page'>,
): string {
  return withQuery(path, { q: find, status, page });
}

/** The runs, or their JSON, at `path`: of a day, and those that came before one. */
export function runsPath(path: string, { day, before }: Partial<RunsQuery>): string {
  return withQuery(path, { day, before });
}

/** Where the newest ready build of a branch is, whichever that is when it is asked. A branch may hold slashes. */
export function goPath(name: string, branch: string): string {
  return `/go/${encodeUriPart(name)}/${branch.split('/').map(encodeUriPart).join('/')}`;
}

/** A project's page, which is at `path`, with filters. */
export function filterPath(path: string, filter: Partial<ProjectQuery>): string {
  const { environment, status, verdict, branch, page } = filter;
  return withQuery(path, { env: environment, status, verdict, branch, page });
}

/** The URL of a deployment, if it is one of its own project's hosts; `null` otherwise: nobody is sent elsewhere. */
export function ownUrl(project: Project, deployment: Deployment): string | null {
  const url = deployment.environment === 'production' ? hostUrl(project.subdomain) : httpsUrl(deployment.url);
  const host = url === null ? '' : new URL(url).host;
  return host === project.subdomain || host.endsWith(`.${project.subdomain}`) ? url : null;
}
