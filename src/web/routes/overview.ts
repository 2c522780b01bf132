// The overview: as a page, as JSON, as a feed.

import * as feeds from '../formats/feeds.ts';
import { statusJson } from '../formats/json.ts';
import { overviewPage } from '../html/overview.ts';
import { isUnderWay } from '../model/project.ts';
import { type ViewOverview, viewOverview } from '../model/runs.ts';
import { frameData, isKnown, respond, respondJson, respondPage, respondStarting } from '../respond.ts';
import type { Ask } from '../site.ts';

async function askOverview(c: Ask): Promise<ViewOverview> {
  const data = await c.env.keeper().overview();
  frameData(c, data);
  return viewOverview(data, c.var.frame.now, isKnown(c));
}

/** `/` */
export async function overview(c: Ask): Promise<Response> {
  const view = await askOverview(c);
  const { frame } = c.var;
  if (frame.checkedAt === null) return respondStarting(c);
  const underWay = view.projects.some(({ status }) => isUnderWay(status));
  return respondPage(c, overviewPage(frame, view), underWay);
}

/** `/status.json` */
export async function overviewJson(c: Ask): Promise<Response> {
  const view = await askOverview(c);
  return c.var.frame.checkedAt === null ? respondStarting(c) : respondJson(c, statusJson(view));
}

/** `/feed.atom` */
export async function accountFeed(c: Ask): Promise<Response> {
  const { projects, runs } = await askOverview(c);
  const { origin } = new URL(c.req.url);
  const place = { title: 'Pages status', origin, path: '/feed.atom', page: '/', now: c.var.frame.now };
  return respond(c, 'atom', feeds.accountFeed(projects, runs, place));
}
