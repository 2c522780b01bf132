// The API's routes for projects: list, get, create, change, delete, and the small ones beside them.
// Must not know about faults and limits.
import type { SimulatedProject } from './account.ts';
import { type Answer, listed, REFUSALS, Refusal, readPaging, success } from './envelope.ts';
import { projectWire } from './project-wire.ts';
import type { Context, Route } from './route.ts';
import { type Json, timestamp } from './wire.ts';

/** More projects on a page than this are refused. */
export const PROJECTS_PER_PAGE = 10;
/** A project with more deployments than this is not deleted. */
const DELETABLE_WITH = 100;

/** Where the projects are. */
export const PROJECTS = '/accounts/:account/pages/projects';

/** The project a path names, or the API's refusal. */
export function namedProject({ account, params }: Context): SimulatedProject {
  const project = account.find(params.name ?? '');
  if (!project) throw new Refusal(REFUSALS.project);
  return project;
}

/** A JSON body, whatever its content type says; `{}` for anything else. wrangler sends JSON as text/plain. */
export async function readJson(request: Request): Promise<Json> {
  try {
    const body: unknown = JSON.parse(await request.text());
    return typeof body === 'object' && body !== null ? (body as Json) : {};
  } catch {
    return {};
  }
}

function list({ account, query, now }: Context): Answer {
  const paging = readPaging(query, PROJECTS_PER_PAGE);
  const all = account.projects.toSorted((a, b) => b.createdAt - a.createdAt);
  const from = (paging.page - 1) * paging.perPage;
  const rows = all.slice(from, from + paging.perPage).map((project) => projectWire(project, now));
  return listed(rows, paging, all.length);
}

async function create(context: Context): Promise<Answer> {
  const { account, request, now } = context;
  const body = await readJson(request);
  const name = typeof body.name === 'string' ? body.name : '';
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new Refusal(REFUSALS.invented);
  if (account.find(name)) throw new Refusal(REFUSALS.exists);
  const type = (body.source as Json | undefined)?.type;
  const project = account.addProject({
    name,
    createdAt: now,
    source: type === 'github' || type === 'gitlab' ? type : null,
    productionBranch: typeof body.production_branch === 'string' ? body.production_branch : 'main',
  });
  return success(projectWire(project, now), true);
}

async function change(context: Context): Promise<Answer> {
  const project = namedProject(context);
  const body = await readJson(context.request);
  if (body.source && project.source === null) throw new Refusal(REFUSALS.upload);
  if (typeof body.production_branch === 'string') project.renameProductionBranch(body.production_branch);
  return success(projectWire(project, context.now), true);
}

function remove(context: Context): Answer {
  const project = namedProject(context);
  if (project.timeline(null).size > DELETABLE_WITH) throw new Refusal(REFUSALS.tooMany);
  context.account.deleteProject(project.name);
  return success(null, true);
}

function domains(context: Context): Answer {
  const project = namedProject(context);
  const rows = project.domains.map((name, at) => ({
    id: `${project.id.slice(0, -2)}${String(at).padStart(2, '0')}`,
    name,
    status: 'active',
    created_on: timestamp(project.createdAt),
  }));
  return success(rows);
}

/** The routes, for api.ts. */
export const PROJECT_ROUTES: readonly Route[] = [
  ['GET', PROJECTS, list],
  ['POST', PROJECTS, create],
  ['GET', `${PROJECTS}/:name`, (context) => success(projectWire(namedProject(context), context.now))],
  ['PATCH', `${PROJECTS}/:name`, change],
  ['DELETE', `${PROJECTS}/:name`, remove],
  ['GET', `${PROJECTS}/:name/domains`, domains],
  ['POST', `${PROJECTS}/:name/purge_build_cache`, (context) => namedProject(context) && success(null)],
  ['GET', '/accounts', ({ accountId }) => success([{ id: accountId, name: 'Simulated account' }])],
  ['GET', '/user/tokens/verify', ({ account }) => success({ id: account.tokenId, status: 'active' })],
  [
    'GET',
    '/accounts/:account/tokens/verify',
    ({ account }) => success({ id: account.tokenId, status: 'active' }),
  ],
];
