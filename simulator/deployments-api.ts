// The API's routes for deployments: list, get, create, delete, retry, rollback, logs, with the rules people report.
// Must not know about faults and limits.
import type { SimulatedDeployment, SimulatedProject } from './account.ts';
import { logOf } from './build-log.ts';
import { type Answer, failure, listed, REFUSALS, Refusal, readPaging, success } from './envelope.ts';
import { namedProject, PROJECTS, readJson } from './projects-api.ts';
import type { Context, Route } from './route.ts';
import { deploymentWire } from './wire.ts';

/** More deployments on a page than this are refused. */
export const DEPLOYMENTS_PER_PAGE = 25;

const DEPLOYMENTS = `${PROJECTS}/:name/deployments`;

function named(context: Context): { project: SimulatedProject; deployment: SimulatedDeployment } {
  const project = namedProject(context);
  const deployment = project.get(context.params.id ?? '');
  if (!deployment) throw new Refusal(REFUSALS.deployment);
  return { project, deployment };
}

function list(context: Context): Answer {
  const project = namedProject(context);
  const paging = readPaging(context.query, DEPLOYMENTS_PER_PAGE);
  const environment = context.query.get('env');
  if (environment !== null && environment !== 'production' && environment !== 'preview')
    throw new Refusal(REFUSALS.paging);
  const timeline = project.timeline(environment);
  const rows = timeline
    .newest((paging.page - 1) * paging.perPage, paging.perPage)
    .map((deployment) => deploymentWire(project, deployment, context.now));
  return listed(rows, paging, timeline.size);
}

function get(context: Context): Answer {
  const { project, deployment } = named(context);
  const files = deployment.upload ? { files: { '/index.html': '0123456789abcdef0123456789abcdef' } } : {};
  return success({ ...deploymentWire(project, deployment, context.now), ...files });
}

/** The fields of a POST: multipart, JSON (whatever its content type), or no body at all. */
async function readFields(request: Request): Promise<{ field(name: string): string | null }> {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  if (request.headers.get('content-type')?.startsWith('multipart/form-data')) {
    const form = await request.formData();
    return { field: (name) => text(form.get(name)) };
  }
  const json = await readJson(request);
  // A manifest in JSON is not seen by the real API either.
  return { field: (name) => (name === 'manifest' ? null : text(json[name])) };
}

async function create(context: Context): Promise<Answer> {
  const { call, now } = context;
  const project = namedProject(context);
  const { field } = await readFields(context.request);
  const branch = field('branch') ?? project.productionBranch;
  call.branch = branch;
  const upload = field('manifest') !== null;
  if (project.source === null && !upload) throw new Refusal(REFUSALS.manifest);
  const refusal = project.buildRefusal;
  if (refusal) return failure(refusal.status, refusal.code, refusal.message);
  // A build of a Git branch is one of its newest commit, whoever asks for it.
  const head = upload ? null : project.timeline(null).findNewest((row) => row.branch === branch);
  const message = field('commit_message') ?? head?.message ?? null;
  const hash = field('commit_hash') ?? head?.hash ?? null;
  const deployment = project.push(branch, now, {
    trigger: 'ad_hoc',
    upload,
    dirty: field('commit_dirty') === 'true',
    ...(upload ? { outcome: 'success' } : {}),
    ...(message === null ? {} : { message }),
    ...(hash === null ? {} : { hash }),
  });
  return success(deploymentWire(project, deployment, now), true);
}

/** Refused: what is live, forced or not; and what a branch's alias serves, unless forced. */
function remove(context: Context): Answer {
  const { project, deployment } = named(context);
  if (project.canonicalAt(context.now) === deployment) throw new Refusal(REFUSALS.live);
  const aliased = project.aliasHolder(deployment.branch, context.now) === deployment;
  if (aliased && !context.call.force) throw new Refusal(REFUSALS.aliased);
  project.remove(deployment.id);
  return success(null, true);
}

function retry(context: Context): Answer {
  const { project, deployment } = named(context);
  if (deployment.upload) throw new Refusal(REFUSALS.invented);
  const { branch, message, hash, environment } = deployment;
  const again = project.push(branch, context.now, { message, hash, environment, trigger: 'ad_hoc' });
  return success(deploymentWire(project, again, context.now), true);
}

function rollback(context: Context): Answer {
  const { project, deployment } = named(context);
  if (deployment.environment === 'preview' || !deployment.isSuccessful(context.now))
    throw new Refusal(REFUSALS.invented);
  project.rollback(deployment.id);
  return success(deploymentWire(project, deployment, context.now), true);
}

function logs(context: Context): Answer {
  const { deployment } = named(context);
  const data = logOf(deployment, context.now);
  return success({ total: data.length, includes_container_logs: true, data });
}

/** The routes, for api.ts. */
export const DEPLOYMENT_ROUTES: readonly Route[] = [
  ['GET', DEPLOYMENTS, list],
  ['POST', DEPLOYMENTS, create],
  ['GET', `${DEPLOYMENTS}/:id`, get],
  ['DELETE', `${DEPLOYMENTS}/:id`, remove],
  ['POST', `${DEPLOYMENTS}/:id/retry`, retry],
  ['POST', `${DEPLOYMENTS}/:id/rollback`, rollback],
  ['GET', `${DEPLOYMENTS}/:id/history/logs`, logs],
];
