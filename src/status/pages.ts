// The routes behind the door: ask the Keeper, build the view model, render it. Reading this is reading section 8.

import type { Context, Hono } from 'hono';
import type { Overview, ProjectPage } from '../plan/report.ts';
import { answer } from './answer.ts';
import type { StatusDeps } from './app.ts';
import { badge } from './badge.ts';
import { accountFeed, projectFeed } from './feeds.ts';
import { type Frame, isStale } from './frame.ts';
import { type Envelope, projectPageJson, runPageJson, runsJson, statusJson } from './json.ts';
import { ownUrl, projectPath } from './links.ts';
import { isUnderWay, viewProjectPage } from './model.ts';
import { viewOverview, viewRunPage, viewRunsPage, viewTrouble } from './model-runs.ts';
import { readBranch, readName, readPage, readQuery } from './query.ts';
import { emptyFrame, json, page, pathWithoutWatch, respondMessage, split } from './respond.ts';
import { clean } from './text.ts';
import { iso } from './time.ts';
import { NOT_FOUND, startingMessage } from './views/message.ts';
import { overviewPage } from './views/overview.ts';
import { projectPage } from './views/project.ts';
import { runPage } from './views/run.ts';
import { runsPage } from './views/runs.ts';

type Dated = Pick<Overview, 'checkedAt' | 'trouble'>;

/** Adds the routes. `app` has let the request in by the time one of them runs. */
export function createPages(app: Pick<Hono, 'get'>, deps: StatusDeps): void {
  const detailed = deps.door.mode === 'password' || deps.door.mode === 'access';

  const frameOf = (c: Context, data: Dated | null): Frame => {
    const frame = emptyFrame(c, deps);
    if (data === null) return frame;
    const trouble = viewTrouble(data.trouble, detailed);
    return {
      ...frame,
      checkedAt: data.checkedAt,
      trouble,
      stale: isStale(data.checkedAt, trouble, frame.now),
      path: pathWithoutWatch(c),
      watching: c.req.query('watch') === '1',
    };
  };

  const envelope = (frame: Frame): Envelope => ({
    schemaVersion: 1,
    keeperVersion: deps.version,
    generatedAt: iso(frame.now) ?? '',
    stale: frame.stale,
  });

  const starting = (c: Context, frame: Frame) =>
    respondMessage(c, deps, startingMessage(frame), 503, { 'Retry-After': '10' });

  /** No such project or run; before the first look at the account nobody can say so. */
  const missing = async (c: Context) => {
    const { frame } = await overview(c);
    return frame.checkedAt === null ? starting(c, frame) : respondMessage(c, deps, NOT_FOUND, 404);
  };

  const overview = async (c: Context) => {
    const data = await deps.keeper().overview();
    const frame = frameOf(c, data);
    return { frame, view: viewOverview(data, frame.now, detailed) };
  };

  app.get('/', async (c) => {
    const { frame, view } = await overview(c);
    if (frame.checkedAt === null) return starting(c, frame);
    const underWay = view.projects.some((project) => isUnderWay(project.status));
    return page(c, frame, overviewPage(frame, view), underWay);
  });

  app.get('/status.json', async (c) => {
    const { frame, view } = await overview(c);
    return frame.checkedAt === null ? starting(c, frame) : json(c, statusJson(envelope(frame), view));
  });

  app.get('/feed.atom', async (c) => {
    const { frame, view } = await overview(c);
    const { origin } = new URL(c.req.url);
    const place = { title: 'Pages status', origin, path: '/feed.atom', page: '/', now: frame.now };
    return answer(c, { type: 'atom', body: accountFeed(view.projects, view.runs, place) });
  });

  const project = async (c: Context, text: string): Promise<ProjectPage | null> => {
    const name = readName(text);
    const query = readQuery((key) => c.req.query(key));
    return name === null ? null : deps.keeper().project(name, query);
  };

  app.get('/projects/:name', async (c) => {
    const { name, asJson } = split(c.req.param('name'));
    const data = await project(c, name);
    if (data === null) return missing(c);
    const frame = frameOf(c, data);
    const view = viewProjectPage(data, frame.now);
    if (asJson) return json(c, projectPageJson(envelope(frame), view));
    const query = readQuery((key) => c.req.query(key));
    const underWay =
      isUnderWay(view.project.status) || view.deployments.some((deployment) => isUnderWay(deployment.status));
    return page(c, frame, projectPage(frame, view, query, data.progress), underWay);
  });

  app.get('/go/:name/:branch{.+}', async (c) => {
    const name = readName(c.req.param('name'));
    const branch = readBranch(c.req.param('branch'));
    const found = name === null || branch === null ? null : await deps.keeper().newestReady(name, branch);
    const url = found === null ? null : ownUrl(found.project, found.deployment);
    return url === null ? missing(c) : c.redirect(url, 302);
  });

  app.get('/projects/:name/badge.svg', async (c) => {
    const data = await project(c, c.req.param('name'));
    if (data === null) return missing(c);
    return answer(c, { type: 'svg', body: badge(viewProjectPage(data, deps.now()).project) });
  });

  app.get('/projects/:name/feed.atom', async (c) => {
    const name = c.req.param('name');
    const data = await project(c, name);
    if (data === null) return missing(c);
    const now = deps.now();
    const view = viewProjectPage(data, now);
    const path = projectPath(name);
    const { origin } = new URL(c.req.url);
    const place = {
      title: `${clean(name)}: Pages status`,
      origin,
      path: `${path}/feed.atom`,
      page: path,
      now,
    };
    return answer(c, { type: 'atom', body: projectFeed(view.project, view.deployments, place) });
  });

  const runs = async (c: Context) => {
    const data = await deps.keeper().runs();
    const frame = frameOf(c, data);
    return { frame, view: viewRunsPage(data, frame.now, detailed) };
  };

  app.get('/runs', async (c) => {
    const { frame, view } = await runs(c);
    return page(c, frame, runsPage(frame, view), view.progress !== null);
  });

  app.get('/runs.json', async (c) => {
    const { frame, view } = await runs(c);
    return json(c, runsJson(envelope(frame), view));
  });

  app.get('/runs/:id', async (c) => {
    const { name, asJson } = split(c.req.param('id'));
    const id = readName(name);
    const data = id === null ? null : await deps.keeper().run(id, readPage(c.req.query('page')));
    if (data === null) return missing(c);
    const frame = frameOf(c, null);
    const view = viewRunPage(data, detailed);
    return asJson ? json(c, runPageJson(envelope(frame), view)) : page(c, frame, runPage(frame, view), false);
  });
}
