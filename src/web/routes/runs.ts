// The runs, and one of them: as pages and as JSON.

import { runPageJson, runsPageJson } from '../formats/json.ts';
import { runPage } from '../html/run.ts';
import { runsPage } from '../html/runs.ts';
import { type ViewRunPage, type ViewRunsPage, viewRunPage, viewRunsPage } from '../model/runs.ts';
import { nameOfFile, readName, readPage, readRunsQuery } from '../query.ts';
import { frameData, frameHealth, isKnown, respondJson, respondPage } from '../respond.ts';
import type { Ask } from '../site.ts';
import { missing } from './missing.ts';

/** Projects of the plan on a page, and in JSON. */
const PLANS = 25;
const PLANS_OF_JSON = 100;

async function askRuns(c: Ask, size: number): Promise<ViewRunsPage> {
  const data = await c.env.keeper().runs(readRunsQuery(c, size));
  frameData(c, data);
  return viewRunsPage(data, c.var.frame.now, isKnown(c));
}

async function askRun(c: Ask, text: string | undefined): Promise<ViewRunPage | null> {
  const id = readName(text);
  const data = id === null ? null : await c.env.keeper().run(id, readPage(c.req.query('page')));
  if (data === null) return null;
  frameHealth(c, data);
  return viewRunPage(data, isKnown(c));
}

/** `/runs` */
export async function runs(c: Ask): Promise<Response> {
  const view = await askRuns(c, PLANS);
  return respondPage(c, runsPage(c.var.frame, view, readRunsQuery(c, PLANS)), view.progress !== null);
}

/** `/runs.json` */
export async function runsJson(c: Ask): Promise<Response> {
  return respondJson(c, runsPageJson(await askRuns(c, PLANS_OF_JSON)));
}

/** `/runs/:id` */
export async function run(c: Ask): Promise<Response> {
  const view = await askRun(c, c.req.param('id'));
  return view === null ? missing(c) : respondPage(c, runPage(c.var.frame, view), false);
}

/** `/runs/:id.json` */
export async function runJson(c: Ask): Promise<Response> {
  const view = await askRun(c, nameOfFile(c.req.param('file')));
  return view === null ? missing(c) : respondJson(c, runPageJson(view));
}
