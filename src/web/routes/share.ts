// `/share/…`: one project's page for whoever has a link to it, in every mode of the door; no other page, no run, no trouble
// of the Keeper's. A link that does not hold wakes nobody.

import { isShared } from '../auth/share.ts';
import { turnedAwayMessage } from '../html/message.ts';
import { projectPage } from '../html/project.ts';
import { isUnderWay, viewProjectPage } from '../model/project.ts';
import { readQuery } from '../query.ts';
import { frameData, respondMessage, respondNotConfigured, respondPage } from '../respond.ts';
import type { Ask } from '../site.ts';

/** `/share/:project/:until/:signature` */
export async function shared(c: Ask): Promise<Response> {
  const { project = '', until = '', signature = '' } = c.req.param();
  const refuse = () => respondMessage(c, turnedAwayMessage('share'), 403);
  if (!(await isShared(c.env.shareKey, { project, until, signature }, c.env.now()))) return refuse();
  c.set('visitor', 'guest');
  if (c.env.problems.length > 0) return respondNotConfigured(c);
  const query = readQuery(c);
  const data = await c.env.keeper().project(project, query);
  if (data === null) return refuse();
  frameData(c, data);
  const view = viewProjectPage(data, c.var.frame.now, c.req.path);
  const page = projectPage(c.var.frame, { ...view, progress: null }, query, true);
  return respondPage(c, page, isUnderWay(view.project.status));
}
