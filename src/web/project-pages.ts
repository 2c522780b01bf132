// The routes of one project: its page and JSON, its badge and feed, and the way to a branch's newest build.

import type { Context, Hono } from 'hono';
import type { ProjectPage, ProjectQuery } from '../report.ts';
import { clean } from '../words/text.ts';
import { answer } from './answer.ts';
import type { StatusDeps } from './app.ts';
import { envelopeOf, frameOf, missing } from './asking.ts';
import { badge } from './formats/badge.ts';
import { projectFeed } from './formats/feeds.ts';
import { projectPageJson } from './formats/json.ts';
import { projectPage } from './html/project.ts';
import { ownUrl, projectPath } from './model/links.ts';
import { isUnderWay, viewProjectPage } from './model/project.ts';
import { readBranch, readName, readQuery } from './query.ts';
import { json, page, split } from './respond.ts';

const queryOf = (c: Context): ProjectQuery => readQuery((key) => c.req.query(key));

async function ask(c: Context, deps: StatusDeps, text: string): Promise<ProjectPage | null> {
  const name = readName(text);
  return name === null ? null : deps.keeper().project(name, queryOf(c));
}

async function answerPage(c: Context, deps: StatusDeps, param: string): Promise<Response> {
  const { name, asJson } = split(param);
  const data = await ask(c, deps, name);
  if (data === null) return missing(c, deps);
  const frame = frameOf(c, deps, data);
  const view = viewProjectPage(data, frame.now);
  if (asJson) return json(c, projectPageJson(envelopeOf(deps, frame), view));
  const underWay = [view.project, ...view.deployments].some(({ status }) => isUnderWay(status));
  return page(c, frame, projectPage(frame, view, queryOf(c), data.progress), underWay);
}

async function answerFeed(c: Context, deps: StatusDeps, name: string): Promise<Response> {
  const data = await ask(c, deps, name);
  if (data === null) return missing(c, deps);
  const now = deps.now();
  const view = viewProjectPage(data, now);
  const path = projectPath(name);
  const { origin } = new URL(c.req.url);
  const title = `${clean(name)}: Pages status`;
  const place = { title, origin, path: `${path}/feed.atom`, page: path, now };
  return answer(c, { type: 'atom', body: projectFeed(view.project, view.deployments, place) });
}

async function goToBranch(c: Context, deps: StatusDeps, project: string, of: string): Promise<Response> {
  const name = readName(project);
  const branch = readBranch(of);
  const found = name === null || branch === null ? null : await deps.keeper().newestReady(name, branch);
  const url = found === null ? null : ownUrl(found.project, found.deployment);
  return url === null ? missing(c, deps) : c.redirect(url, 302);
}

/** Adds the routes. `app` has let the request in by the time one of them runs. */
export function createProjectPages(app: Pick<Hono, 'get'>, deps: StatusDeps): void {
  app.get('/projects/:name', (c) => answerPage(c, deps, c.req.param('name')));
  app.get('/projects/:name/badge.svg', async (c) => {
    const data = await ask(c, deps, c.req.param('name'));
    if (data === null) return missing(c, deps);
    return answer(c, { type: 'svg', body: badge(viewProjectPage(data, deps.now()).project) });
  });
  app.get('/projects/:name/feed.atom', (c) => answerFeed(c, deps, c.req.param('name')));
  app.get('/go/:name/:branch{.+}', (c) => goToBranch(c, deps, c.req.param('name'), c.req.param('branch')));
}
