// The overview: as a page, as JSON, as a feed.

import type { OverviewQuery } from '../../reads.ts';
import * as feeds from '../formats/feeds.ts';
import { statusJson } from '../formats/json.ts';
import { overviewPage } from '../html/overview.ts';
import { isUnderWay } from '../model/project.ts';
import { type ViewOverview, viewOverview } from '../model/runs.ts';
import { readOverviewQuery } from '../query.ts';
import { frameData, isKnown, respond, respondJson, respondPage, respondStarting } from '../respond.ts';
import type { Ask } from '../site.ts';

/** What a page says of how many projects and runs, the JSON, and the feed of newest builds. */
const ON_A_PAGE = { size: 50, runs: 1 };
const IN_JSON = { size: 100, runs: 20 };
const IN_FEED = { size: 50, runs: 20 };

async function askOverview(c: Ask, query: OverviewQuery): Promise<ViewOverview> {
  const data = await c.env.keeper().overview(query);
  frameData(c, data);
  return viewOverview(data, c.var.frame.now, isKnown(c));
}

/** `/` */
export async function overview(c: Ask): Promise<Response> {
  const query = readOverviewQuery(c, ON_A_PAGE);
  const view = await askOverview(c, query);
  const { frame } = c.var;
  if (frame.checkedAt === null) return respondStarting(c);
  const underWay = view.all.some(({ status }) => isUnderWay(status));
  return respondPage(c, overviewPage(frame, view, query), underWay);
}

/** `/status.json` */
export async function overviewJson(c: Ask): Promise<Response> {
  const query = readOverviewQuery(c, IN_JSON);
  const view = await askOverview(c, query);
  return c.var.frame.checkedAt === null ? respondStarting(c) : respondJson(c, statusJson(view, query));
}

/** `/feed.atom` */
export async function accountFeed(c: Ask): Promise<Response> {
  const newest = { ...IN_FEED, page: 1, find: null, status: null, order: 'newest' } as const;
  const { projects, runs } = await askOverview(c, newest);
  const { origin } = new URL(c.req.url);
  const place = { title: 'Pages status', origin, path: '/feed.atom', page: '/', now: c.var.frame.now };
  return respond(c, 'atom', feeds.accountFeed(projects, runs, place));
}
