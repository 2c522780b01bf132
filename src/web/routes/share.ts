// `/share/…`: one project's page and feed for whoever has a link to it, and its badge for whoever has one to that, in every mode
// of the door; no other page, no run, no trouble of the Keeper's. A link that does not hold wakes nobody.

import type { ProjectQuery } from '../../reads.ts';
import { endOf, isShared, type Shared } from '../auth/share.ts';
import { statusBadge } from '../formats/badge.ts';
import { projectFeed } from '../formats/feeds.ts';
import { turnedAwayMessage } from '../html/message.ts';
import { sharedPage } from '../html/shared.ts';
import { isUnderWay, type ViewProjectPage, viewProjectPage } from '../model/project.ts';
import { readQuery } from '../query.ts';
import { frameData, respond, respondMessage, respondNotConfigured, respondPage } from '../respond.ts';
import type { Ask } from '../site.ts';
import { askBadge } from './project.ts';

const refuse = (c: Ask) => respondMessage(c, turnedAwayMessage('share'), 403);

/** Whether the link holds; then who came by it is a guest. */
async function enters(c: Ask, what: Shared): Promise<boolean> {
  const { project = '', until = '', signature = '' } = c.req.param();
  if (!(await isShared(c.env.shareKey, { project, until, signature }, c.env.now(), what))) return false;
  c.set('visitor', 'guest');
  return true;
}

/** The project of the link; `path`: where its page is. */
async function askShared(c: Ask, query: ProjectQuery, path: string): Promise<ViewProjectPage | null> {
  const data = await c.env.keeper().project(c.req.param('project') ?? '', query);
  if (data === null) return null;
  frameData(c, data);
  return viewProjectPage(data, c.var.frame.now, path);
}

/** `/share/:project/:until/:signature` */
export async function shared(c: Ask): Promise<Response> {
  if (!(await enters(c, 'share'))) return refuse(c);
  if (c.env.problems.length > 0) return respondNotConfigured(c);
  const query = readQuery(c);
  const view = await askShared(c, query, c.req.path);
  if (view === null) return refuse(c);
  const until = endOf(c.req.param('until') ?? '') ?? 0;
  return respondPage(c, sharedPage(c.var.frame, view, query, until), isUnderWay(view.project.status));
}

/** `/share/…/feed.atom` */
export async function sharedFeed(c: Ask): Promise<Response> {
  if (!(await enters(c, 'share'))) return refuse(c);
  if (c.env.problems.length > 0) return respondNotConfigured(c);
  const page = c.req.path.replace(/\/feed\.atom$/, '');
  const view = await askShared(c, readQuery(c), page);
  if (view === null) return refuse(c);
  const { origin } = new URL(c.req.url);
  const place = { title: view.project.name, origin, path: c.req.path, page, now: c.var.frame.now };
  return respond(c, 'atom', projectFeed(view.project, view.deployments, place));
}

/** `/share/…/badge.svg`: a picture in every case, for it stands in somebody's README. */
export async function sharedBadge(c: Ask): Promise<Response> {
  const holds = (await enters(c, 'badge')) && c.env.problems.length === 0;
  const svg = holds ? await askBadge(c, c.req.param('project') ?? '') : statusBadge(null, false);
  return respond(c, 'svg', svg, 200, { 'Cross-Origin-Resource-Policy': 'cross-origin' });
}
