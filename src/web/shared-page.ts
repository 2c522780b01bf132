// `/share/…`: one project's page for whoever has a link to it, in every mode of the door; no other page, no run, no trouble of
// the Keeper's. A link that does not hold wakes nobody.

import type { Hono } from 'hono';
import type { StatusDeps } from './app.ts';
import { isShared } from './auth/share.ts';
import { isStale } from './frame.ts';
import { NOT_CONFIGURED, refusalMessage } from './html/message.ts';
import { projectPage } from './html/project.ts';
import { isUnderWay, viewProjectPage } from './model/project.ts';
import { readQuery } from './query.ts';
import { emptyFrame, page, pathWithoutWatch, respondMessage } from './respond.ts';

/** Adds the route. */
export function addSharedPage(app: Pick<Hono, 'get'>, deps: StatusDeps): void {
  app.get('/share/:project/:until/:signature', async (c) => {
    const link = c.req.param();
    const refuse = () => respondMessage(c, deps, refusalMessage('share'), 403);
    if (!(await isShared(deps.shareKey ?? null, link, deps.now()))) return refuse();
    if (!deps.configured) return respondMessage(c, deps, NOT_CONFIGURED, 503);
    const query = readQuery((key) => c.req.query(key));
    const data = await deps.keeper().project(link.project, query);
    if (data === null) return refuse();
    const frame = emptyFrame(c, deps);
    const view = viewProjectPage(data, frame.now, c.req.path);
    const { checkedAt } = data;
    const known = {
      ...{ ...frame, checkedAt, stale: isStale(checkedAt, null, frame.now) },
      ...{ path: pathWithoutWatch(c), watching: c.req.query('watch') === '1' },
    };
    return page(c, known, projectPage(known, view, query, null, true), isUnderWay(view.project.status));
  });
}
