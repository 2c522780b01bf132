// One project: its page and JSON, its badge and feed, and the way to a branch's newest build.

import { buildStatus, isSuccessful } from '../../pages-api/model.ts';
import { statusBadge } from '../formats/badge.ts';
import * as feeds from '../formats/feeds.ts';
import { projectPageJson } from '../formats/json.ts';
import { notReadyMessage } from '../html/message.ts';
import { projectPage } from '../html/project.ts';
import { ownUrl, projectPath } from '../model/links.ts';
import { isUnderWay, type ViewProjectPage, viewProjectPage } from '../model/project.ts';
import { nameOfFile, readBranch, readName, readQuery } from '../query.ts';
import { frameData, isKnown, respond, respondJson, respondMessage, respondPage } from '../respond.ts';
import type { Ask } from '../site.ts';
import { missing } from './missing.ts';

async function askProject(c: Ask, text: string | undefined): Promise<ViewProjectPage | null> {
  const name = readName(text);
  const data = name === null ? null : await c.env.keeper().project(name, readQuery(c));
  if (data === null) return null;
  frameData(c, data);
  return viewProjectPage(data, c.var.frame.now);
}

/** `/projects/:name` */
export async function project(c: Ask): Promise<Response> {
  const view = await askProject(c, c.req.param('name'));
  if (view === null) return missing(c);
  const underWay = [view.project, ...view.deployments].some(({ status }) => isUnderWay(status));
  const asking = { hooks: c.env.hookKey !== null, button: isKnown(c) && c.env.rebuildButton };
  return respondPage(c, projectPage(c.var.frame, view, readQuery(c), asking), underWay);
}

/** `/projects/:name.json` */
export async function projectJson(c: Ask): Promise<Response> {
  const view = await askProject(c, nameOfFile(c.req.param('file')));
  return view === null ? missing(c) : respondJson(c, projectPageJson(view, readQuery(c)));
}

/** The badge of a shown project; a grey one where there is none of that name. */
export async function askBadge({ env }: Ask, name: string): Promise<string> {
  const keeper = env.keeper();
  const [project, { ok }] = await Promise.all([keeper.standing(name), keeper.health()]);
  return statusBadge(project, ok);
}

/** `/projects/:name/badge.svg` */
export async function badge(c: Ask): Promise<Response> {
  const name = readName(c.req.param('name'));
  const svg = name === null ? statusBadge(null, false) : await askBadge(c, name);
  return respond(c, 'svg', svg, 200, { 'Cross-Origin-Resource-Policy': 'cross-origin' });
}

/** `/projects/:name/feed.atom` */
export async function projectFeed(c: Ask): Promise<Response> {
  const name = c.req.param('name') ?? '';
  const view = await askProject(c, name);
  if (view === null) return missing(c);
  const path = projectPath(name);
  const { origin } = new URL(c.req.url);
  const place = { title: `${name}: Pages status`, origin, path: `${path}/feed.atom`, page: path };
  const feed = feeds.projectFeed(view.project, view.deployments, { ...place, now: c.var.frame.now });
  return respond(c, 'atom', feed);
}

/** `/go/:project/:branch`: to the newest ready build; while there is none, why. */
export async function goToBranch(c: Ask): Promise<Response> {
  const name = readName(c.req.param('name'));
  const branch = readBranch(c.req.param('branch'));
  const found = name === null || branch === null ? null : await c.env.keeper().branchBuild(name, branch);
  if (found === null) return missing(c);
  const { project, deployment } = found;
  if (isSuccessful(deployment)) {
    const url = ownUrl(project, deployment);
    return url === null ? missing(c) : c.redirect(url, 302);
  }
  const now = c.env.now();
  const build = { ...deployment, status: buildStatus(deployment, now) };
  const message = notReadyMessage(build, deployment.branch, now);
  return isUnderWay(build.status)
    ? respondMessage(c, message, 503, { 'Retry-After': '30' })
    : respondMessage(c, message, 409);
}
