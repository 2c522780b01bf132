// The routes behind the door: ask the Keeper, build the view model, render it. Reading this is reading section 8.

import type { Context, Hono } from 'hono';
import { answer } from './answer.ts';
import type { StatusDeps } from './app.ts';
import { askOverview, envelopeOf, frameOf, isDetailed, missing, starting } from './asking.ts';
import { accountFeed } from './formats/feeds.ts';
import { runPageJson, runsJson, statusJson } from './formats/json.ts';
import { overviewPage } from './html/overview.ts';
import { runPage } from './html/run.ts';
import { runsPage } from './html/runs.ts';
import { isUnderWay } from './model/project.ts';
import { viewRunPage, viewRunsPage } from './model/runs.ts';
import { createProjectPages } from './project-pages.ts';
import { readName, readPage } from './query.ts';
import { emptyFrame, json, page, split } from './respond.ts';

async function askRuns(c: Context, deps: StatusDeps) {
  const data = await deps.keeper().runs();
  const frame = frameOf(c, deps, data);
  return { frame, view: viewRunsPage(data, frame.now, isDetailed(deps)) };
}

async function answerRun(c: Context, deps: StatusDeps, param: string): Promise<Response> {
  const { name, asJson } = split(param);
  const id = readName(name);
  const data = id === null ? null : await deps.keeper().run(id, readPage(c.req.query('page')));
  if (data === null) return missing(c, deps);
  const frame = emptyFrame(c, deps);
  const view = viewRunPage(data, isDetailed(deps));
  return asJson
    ? json(c, runPageJson(envelopeOf(deps, frame), view))
    : page(c, frame, runPage(frame, view), false);
}

/** Adds the routes. `app` has let the request in by the time one of them runs. */
export function createPages(app: Pick<Hono, 'get'>, deps: StatusDeps): void {
  app.get('/', async (c) => {
    const { frame, view } = await askOverview(c, deps);
    if (frame.checkedAt === null) return starting(c, deps, frame);
    const underWay = view.projects.some((project) => isUnderWay(project.status));
    return page(c, frame, overviewPage(frame, view), underWay);
  });

  app.get('/status.json', async (c) => {
    const { frame, view } = await askOverview(c, deps);
    if (frame.checkedAt === null) return starting(c, deps, frame);
    return json(c, statusJson(envelopeOf(deps, frame), view));
  });

  app.get('/feed.atom', async (c) => {
    const { frame, view } = await askOverview(c, deps);
    const { origin } = new URL(c.req.url);
    const place = { title: 'Pages status', origin, path: '/feed.atom', page: '/', now: frame.now };
    return answer(c, { type: 'atom', body: accountFeed(view.projects, view.runs, place) });
  });

  createProjectPages(app, deps);

  app.get('/runs', async (c) => {
    const { frame, view } = await askRuns(c, deps);
    return page(c, frame, runsPage(frame, view), view.progress !== null);
  });

  app.get('/runs.json', async (c) => {
    const { frame, view } = await askRuns(c, deps);
    return json(c, runsJson(envelopeOf(deps, frame), view));
  });

  app.get('/runs/:id', (c) => answerRun(c, deps, c.req.param('id')));
}
